/*
Three kinds of iris by four lengths, in cm.

Made by flowc 0.1.0 from iris.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.

Shapes, for a batch of n tokens, one token a row; W[target, source]:
    x (n, 4)   p, y (n, 3)
    W (3, 4)   b (3,)

Elements of x, from x[0] on: sepal_length, sepal_width, petal_length,
petal_width.
Elements of p, from p[0] on: setosa, versicolor, virginica.
Arrays of tokens are numbers row by row, one token behind the other.
There is no self-test: differences of floats say too little; `--dtype float64`
has one.
*/

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The weights that learn; W[target][source]. */
struct weights {
    float W[3][4];
    float b[3];
};

/* Where learning starts. */
void initial_weights(struct weights *w)
{
    static const struct weights start = {
        .W = {
            {0.0f, 0.0f, 0.0f, 0.0f},
            {0.0f, 0.0f, 0.0f, 0.0f},
            {0.0f, 0.0f, 0.0f, 0.0f}
        },
        .b = {0.0f, 0.0f, 0.0f}
    };
    *w = start;
}

/* The output p of one token. */
void forward(const float x[4], const struct weights *w, float p[3])
{
    float xi_p[3];  /* iris.flow:10 */
    for (size_t i = 0; i < 3; i++) {
        float sum = 0.0f;
        for (size_t j = 0; j < 4; j++)
            sum += w->W[i][j] * x[j];
        xi_p[i] = sum + w->b[i];
    }
    float p_1 = xi_p[0];  /* softmax */
    for (size_t i = 0; i < 3; i++) {
        if (xi_p[i] > p_1 || xi_p[i] != xi_p[i])
            p_1 = xi_p[i];
    }
    float p_2[3];
    for (size_t i = 0; i < 3; i++)
        p_2[i] = expf(xi_p[i] - p_1);
    float p_3 = 0.0f;
    for (size_t i = 0; i < 3; i++)
        p_3 += p_2[i];
    for (size_t i = 0; i < 3; i++)
        p[i] = p_2[i] / p_3;
}

/* The same of n tokens: arrays in which one token stands behind the other. */
void forward_all(size_t n, const float *x, const struct weights *w, float *p)
{
    for (size_t t = 0; t < n; t++)
        forward(x + 4 * t, w, p + 3 * t);
}

/* The loss, and its derivative for every weight. */
float gradients(
    size_t n, const float *x, const float *y, const struct weights *w,
    struct weights *d
)
{
    *d = (struct weights){0};
    float L = 0.0f;
    for (size_t t = 0; t < n; t++) {
        /* forward */
        float xi_p[3];
        for (size_t i = 0; i < 3; i++) {
            float sum = 0.0f;
            for (size_t j = 0; j < 4; j++)
                sum += w->W[i][j] * x[4 * t + j];
            xi_p[i] = sum + w->b[i];
        }
        float p_1 = xi_p[0];
        for (size_t i = 0; i < 3; i++) {
            if (xi_p[i] > p_1 || xi_p[i] != xi_p[i])
                p_1 = xi_p[i];
        }
        float p_2[3];
        for (size_t i = 0; i < 3; i++)
            p_2[i] = expf(xi_p[i] - p_1);
        float p_3 = 0.0f;
        for (size_t i = 0; i < 3; i++)
            p_3 += p_2[i];
        float p[3];
        for (size_t i = 0; i < 3; i++)
            p[i] = p_2[i] / p_3;

        /* loss: cross_entropy = -ln p of the true class, the mean over
           tokens */
        float loss_1 = xi_p[0];
        for (size_t i = 0; i < 3; i++) {
            if (xi_p[i] > loss_1 || xi_p[i] != xi_p[i])
                loss_1 = xi_p[i];
        }
        float sum = 0.0f;
        for (size_t i = 0; i < 3; i++)
            sum += expf(xi_p[i] - loss_1);
        float loss_2 = logf(sum);
        float sum_ = 0.0f;
        for (size_t i = 0; i < 3; i++)
            sum_ += y[3 * t + i] * (xi_p[i] - loss_1 - loss_2);
        L -= sum_;

        /* backward: the same lines, read from the last to the first */
        float d_xi_p[3];
        for (size_t i = 0; i < 3; i++)
            d_xi_p[i] = (p[i] - y[3 * t + i]) / (float)n;
        for (size_t i = 0; i < 3; i++) {
            for (size_t j = 0; j < 4; j++)
                d->W[i][j] += d_xi_p[i] * x[4 * t + j];
        }
        for (size_t i = 0; i < 3; i++)
            d->b[i] += d_xi_p[i];
    }
    L /= (float)n;
    return L;
}

/* One step downhill: changes the weights, and returns the loss before it. */
float learn(
    struct weights *w, size_t n, const float *x, const float *y, float rate
)
{
    struct weights d;
    float L = gradients(n, x, y, w, &d);

    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 4; j++)
            w->W[i][j] -= rate * d.W[i][j];
    }
    for (size_t i = 0; i < 3; i++)
        w->b[i] -= rate * d.b[i];
    return L;
}

/* So many steps of gradient descent on the same tokens. */
void fit(
    struct weights *w, size_t n, const float *x, const float *y, float rate,
    size_t steps
)
{
    for (size_t k = 0; k < steps; k++)
        learn(w, n, x, y, rate);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--selftest") == 0) {
        printf("floats are not tested: `--dtype float64` has a self-test\n");
        return 0;
    }
    printf("%s\n", "Three kinds of iris by four lengths, in cm.");
    return 0;
}

/*
Two hidden neurons learn the exclusive or.

Made by flowc 0.1.0 from xor_learnt.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.

The weights start from what the seed 0 draws.
*/

#include <math.h>
#include <stddef.h>
#include <stdio.h>

/* 1 / (1 + exp(-xi)), which is 0 where the exponential is infinite. */
static double logistic(double xi)
{
    return 1 / (1 + exp(-xi));
}

/* ln(1 + exp(xi)), by the exponential that cannot overflow. */
static double softplus(double xi)
{
    return (xi > 0 ? xi : 0) + log1p(exp(-fabs(xi)));
}

/* The weights that learn. */
struct weights {
    double w_h1_x1;
    double w_h1_x2;
    double b_h1;
    double w_h2_x1;
    double w_h2_x2;
    double b_h2;
    double w_f_h1;
    double w_f_h2;
    double b_f;
};

/* Where learning starts. */
void initial_weights(struct weights *w)
{
    static const struct weights start = {
        .w_h1_x1 = 0.22353286526938343,
        .w_h1_x2 = 0.06461527458180327,
        .b_h1 = -0.1032344648837894,
        .w_h2_x1 = -0.29135333757708526,
        .w_h2_x2 = -0.2564688716881447,
        .b_h2 = -0.24865609230574592,
        .w_f_h1 = 0.13439503240172745,
        .w_f_h2 = -0.4670356226906225,
        .b_f = 0.34489000558588545
    };
    *w = start;
}

/* the data: 4 tokens */
static const double all_x1[4] = {0.0, 0.0, 1.0, 1.0};
static const double all_x2[4] = {0.0, 1.0, 0.0, 1.0};
static const double all_y[4] = {0.0, 1.0, 1.0, 0.0};

/* The output f of one token. */
double forward(double x1, double x2, const struct weights *w)
{
    /* xor_learnt.flow:8 */
    double xi1 = w->w_h1_x1 * x1 + w->w_h1_x2 * x2 + w->b_h1;
    double h1 = logistic(xi1);
    /* xor_learnt.flow:8 */
    double xi2 = w->w_h2_x1 * x1 + w->w_h2_x2 * x2 + w->b_h2;
    double h2 = logistic(xi2);
    /* xor_learnt.flow:9 */
    double xi_f = w->w_f_h1 * h1 + w->w_f_h2 * h2 + w->b_f;
    double f = logistic(xi_f);
    return f;
}

/* The loss, and its derivative for every weight. */
double gradients(
    size_t n, const double *x1, const double *x2, const double *y,
    const struct weights *w, struct weights *d
)
{
    *d = (struct weights){0};
    double L = 0.0;
    for (size_t t = 0; t < n; t++) {
        /* forward */
        double xi1 = w->w_h1_x1 * x1[t] + w->w_h1_x2 * x2[t] + w->b_h1;
        double h1 = logistic(xi1);
        double xi2 = w->w_h2_x1 * x1[t] + w->w_h2_x2 * x2[t] + w->b_h2;
        double h2 = logistic(xi2);
        double xi_f = w->w_f_h1 * h1 + w->w_f_h2 * h2 + w->b_f;
        double f = logistic(xi_f);

        /* loss: binary_cross_entropy, the mean over tokens */
        L += softplus(xi_f) - y[t] * xi_f;

        /* backward: the same lines, read from the last to the first */
        double d_xi_f = (f - y[t]) / (double)n;
        d->w_f_h1 += d_xi_f * h1;
        d->w_f_h2 += d_xi_f * h2;
        d->b_f += d_xi_f;
        double d_h2 = d_xi_f * w->w_f_h2;
        double d_xi2 = d_h2 * h2 * (1.0 - h2);
        d->w_h2_x1 += d_xi2 * x1[t];
        d->w_h2_x2 += d_xi2 * x2[t];
        d->b_h2 += d_xi2;
        double d_h1 = d_xi_f * w->w_f_h1;
        double d_xi1 = d_h1 * h1 * (1.0 - h1);
        d->w_h1_x1 += d_xi1 * x1[t];
        d->w_h1_x2 += d_xi1 * x2[t];
        d->b_h1 += d_xi1;
    }
    L /= (double)n;
    return L;
}

/* 5000 steps of gradient descent. */
void train(struct weights *w)
{
    static struct weights d;
    const double rate = 0.5;

    for (size_t t = 0; t < 5000; t++) {
        double L = gradients(4, all_x1, all_x2, all_y, w, &d);
        if (t % 100 == 99)
            printf("%lu %.17g\n", (unsigned long)t, L);

        /* one step downhill */
        w->w_h1_x1 -= rate * d.w_h1_x1;
        w->w_h1_x2 -= rate * d.w_h1_x2;
        w->b_h1 -= rate * d.b_h1;
        w->w_h2_x1 -= rate * d.w_h2_x1;
        w->w_h2_x2 -= rate * d.w_h2_x2;
        w->b_h2 -= rate * d.b_h2;
        w->w_f_h1 -= rate * d.w_f_h1;
        w->w_f_h2 -= rate * d.w_f_h2;
        w->b_f -= rate * d.b_f;
    }
}

int main(void)
{
    static struct weights w;
    initial_weights(&w);
    train(&w);

    printf("w_h1_x1 = %.4g\n", w.w_h1_x1);
    printf("w_h1_x2 = %.4g\n", w.w_h1_x2);
    printf("b_h1 = %.4g\n", w.b_h1);
    printf("w_h2_x1 = %.4g\n", w.w_h2_x1);
    printf("w_h2_x2 = %.4g\n", w.w_h2_x2);
    printf("b_h2 = %.4g\n", w.b_h2);
    printf("w_f_h1 = %.4g\n", w.w_f_h1);
    printf("w_f_h2 = %.4g\n", w.w_f_h2);
    printf("b_f = %.4g\n", w.b_f);

    int right = 0;
    for (size_t t = 0; t < 4; t++) {
        double f = forward(all_x1[t], all_x2[t], &w);
        right += (f >= 0.5) == (all_y[t] >= 0.5);
    }
    printf("f right: %d of 4\n", right);

    return 0;
}

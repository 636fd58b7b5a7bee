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
#include <string.h>

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

/* The same of n tokens: arrays in which one token stands behind the other. */
void forward_all(
    size_t n, const double *x1, const double *x2, const struct weights *w,
    double *f
)
{
    for (size_t t = 0; t < n; t++)
        f[t] = forward(x1[t], x2[t], w);
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

/* One step downhill: changes the weights, and returns the loss before it. The
   diagram's rate is 0.5. */
double learn(
    struct weights *w, size_t n, const double *x1, const double *x2,
    const double *y, double rate
)
{
    struct weights d;
    double L = gradients(n, x1, x2, y, w, &d);

    w->w_h1_x1 -= rate * d.w_h1_x1;
    w->w_h1_x2 -= rate * d.w_h1_x2;
    w->b_h1 -= rate * d.b_h1;
    w->w_h2_x1 -= rate * d.w_h2_x1;
    w->w_h2_x2 -= rate * d.w_h2_x2;
    w->b_h2 -= rate * d.b_h2;
    w->w_f_h1 -= rate * d.w_f_h1;
    w->w_f_h2 -= rate * d.w_f_h2;
    w->b_f -= rate * d.b_f;
    return L;
}

/* So many steps of gradient descent on the same tokens. */
void fit(
    struct weights *w, size_t n, const double *x1, const double *x2,
    const double *y, double rate, size_t steps
)
{
    for (size_t k = 0; k < steps; k++)
        learn(w, n, x1, x2, y, rate);
}

static const char *const rows[4] = {
    "0   0  | 0", "0   1  | 1", "1   0  | 1", "1   1  | 0"
};

/* Print the diagram's table, and the output f beside every row. */
static void table(void)
{
    static const double x1[4] = {0.0, 0.0, 1.0, 1.0};
    static const double x2[4] = {0.0, 1.0, 0.0, 1.0};
    struct weights w;
    initial_weights(&w);

    printf("%s\n", "x1  x2 | y | forward: f");
    for (size_t t = 0; t < 4; t++) {
        double f = forward(x1[t], x2[t], &w);
        printf("%s | %.4g\n", rows[t], f);
    }
}

/* A number between -1 and 1, always the same ones in the same order. */
static double noise(void)
{
    static unsigned long state = 1;

    state = (state * 1103515245UL + 12345UL) & 0x7fffffffUL;
    return (double)state / (double)0x40000000UL - 1;
}

/* The gradients of five drawn tokens, always the same. */
static double tried(const struct weights *w, struct weights *d)
{
    static double x1[5];
    static double x2[5];
    static double y[5];
    static int first = 1;

    if (first) {
        for (size_t k = 0; k < 5; k++)
            x1[k] = noise();
        for (size_t k = 0; k < 5; k++)
            x2[k] = noise();
        for (size_t k = 0; k < 5; k++)
            y[k] = noise() > 0.0 ? 1.0 : 0.0;
        first = 0;
    }
    return gradients(5, x1, x2, y, w, d);
}

/* The gradients against central differences along drawn directions. */
static int selftest(void)
{
    const size_t count = sizeof(struct weights) / sizeof(double);
    const double eps = 1e-6;
    static struct weights w, up, down, d, other;
    double *at = (double *)&w, *above = (double *)&up, *below = (double *)&down;

    initial_weights(&w);
    for (size_t i = 0; i < count; i++)
        at[i] += noise() / 10;
    for (int trial = 0; trial < 10; trial++) {
        for (size_t i = 0; i < count; i++) {
            double step = eps * noise();
            above[i] = at[i] + step;
            below[i] = at[i] - step;
        }
        double loss = tried(&w, &d);
        if (loss - loss != 0) {
            printf("the loss of drawn numbers is none: nothing is compared\n");
            return 0;
        }
        double change = tried(&up, &other) - tried(&down, &other);
        double expected = 0;
        for (size_t i = 0; i < count; i++)
            expected += ((double *)&d)[i] * (above[i] - below[i]);
        if (!(fabs(expected - change)
              <= 1e-4 * fabs(change) + 2e-13 * (1 + fabs(loss)))) {
            printf("the gradients say %g, not %g\n", expected, change);
            return 1;
        }
    }
    printf("ok\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--selftest") == 0)
        return selftest();
    table();
    return 0;
}

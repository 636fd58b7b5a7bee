/*
Vier Schriften.

Made by flowc 0.1.0 from four_scripts.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.

Shapes, for a batch of n tokens, one token a row; W[target, source]:
    gr_u00f6_u00dfe, x_u91cd_u307f, x_u20dd, x_u03be_gr_u00f6_u00dfe, x_u0302,
    xhat (n,)
    x_u0432_u0435_u0441 (n, 2)
    x_u0432_u044b_u0445_u043e_u0434, x_u0177 (n, 3)
    w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe, b__u03be_gr_u00f6_u00dfe,
    x_u03b1, x_u03b2, x__u0436 number
    w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441 (2,)
    w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe,
    w__u0432_u044b_u0445_u043e_u0434_xhat (3,)

Elements of x_u0432_u044b_u0445_u043e_u0434, from
x_u0432_u044b_u0445_u043e_u0434[0] on: Bär, ein Öl, ξ.
Arrays of tokens are numbers row by row, one token behind the other.
The weights start from what the seed 0 draws.

Names changed for C: gr_u00f6_u00dfe is größe, x_u0432_u0435_u0441 is вес,
x_u91cd_u307f is 重み, x_u20dd is x(U+20DD), x_u0177 is ŷ, x_u03b1 is α, x_u03b2
is β, x__u0436 is _ж, x_u03be_gr_u00f6_u00dfe is ξ_größe, x_u0302 is x̂,
x_u0432_u044b_u0445_u043e_u0434 is выход.
*/

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const double x__u0436 = 2.0;

/* The weights that learn; W[target][source]. */
struct weights {
    double w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe;
    double w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[2];
    double b__u03be_gr_u00f6_u00dfe;
    double x_u03b1;
    double x_u03b2;
    double w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[3];
    double w__u0432_u044b_u0445_u043e_u0434_xhat[3];
};

/* Where learning starts. */
void initial_weights(struct weights *w)
{
    static const struct weights start = {
        .w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe = -0.08208812838219665,
        .w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441 = {
            -0.653296095842108, -0.9068345980919569
        },
        .b__u03be_gr_u00f6_u00dfe = 0.0,
        .x_u03b1 = 0.3,
        .x_u03b2 = 0.1,
        .w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe = {
            -0.32419622646326446, -0.6613711103244877, -0.7127673919806956
        },
        .w__u0432_u044b_u0445_u043e_u0434_xhat = {0.5, 0.5, 0.5}
    };
    *w = start;
}

/* The output x_u0432_u044b_u0445_u043e_u0434 of one token. */
void forward(
    double gr_u00f6_u00dfe, const double x_u0432_u0435_u0441[2],
    double x_u91cd_u307f, double x_u20dd, const struct weights *w,
    double x_u0432_u044b_u0445_u043e_u0434[3]
)
{
    double sum = 0.0;  /* four_scripts.flow:9 */
    for (size_t i = 0; i < 2; i++) {
        sum += (
            w->w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[i]
            * x_u0432_u0435_u0441[i]
        );
    }
    double xi_x_u03be_gr_u00f6_u00dfe = (
        w->w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe * gr_u00f6_u00dfe + sum
        + w->b__u03be_gr_u00f6_u00dfe
    );
    double x_u03be_gr_u00f6_u00dfe = tanh(xi_x_u03be_gr_u00f6_u00dfe);
    /* four_scripts.flow:13 */
    double x_u0302 = (
        w->x_u03b1 * gr_u00f6_u00dfe + w->x_u03b2 * x_u91cd_u307f
        + x__u0436 * x_u20dd
    );
    /* four_scripts.flow:14 */
    double xhat = x_u0302 * x_u03be_gr_u00f6_u00dfe;
    double xi_x_u0432_u044b_u0445_u043e_u0434[3];  /* four_scripts.flow:17 */
    for (size_t i = 0; i < 3; i++) {
        xi_x_u0432_u044b_u0445_u043e_u0434[i] = (
            (
                w->w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i]
                * x_u03be_gr_u00f6_u00dfe
            )
            + w->w__u0432_u044b_u0445_u043e_u0434_xhat[i] * xhat
        );
    }
    /* softmax */
    double x_u0432_u044b_u0445_u043e_u0434_1 = (
        xi_x_u0432_u044b_u0445_u043e_u0434[0]
    );
    for (size_t i = 0; i < 3; i++) {
        if ((
            (
                xi_x_u0432_u044b_u0445_u043e_u0434[i]
                > x_u0432_u044b_u0445_u043e_u0434_1
            )
            || (
                xi_x_u0432_u044b_u0445_u043e_u0434[i]
                != xi_x_u0432_u044b_u0445_u043e_u0434[i]
            )
        )) {
            x_u0432_u044b_u0445_u043e_u0434_1 = (
                xi_x_u0432_u044b_u0445_u043e_u0434[i]
            );
        }
    }
    double x_u0432_u044b_u0445_u043e_u0434_2[3];
    for (size_t i = 0; i < 3; i++) {
        x_u0432_u044b_u0445_u043e_u0434_2[i] = exp(
            xi_x_u0432_u044b_u0445_u043e_u0434[i]
            - x_u0432_u044b_u0445_u043e_u0434_1
        );
    }
    double x_u0432_u044b_u0445_u043e_u0434_3 = 0.0;
    for (size_t i = 0; i < 3; i++) {
        x_u0432_u044b_u0445_u043e_u0434_3 += (
            x_u0432_u044b_u0445_u043e_u0434_2[i]
        );
    }
    for (size_t i = 0; i < 3; i++) {
        x_u0432_u044b_u0445_u043e_u0434[i] = (
            x_u0432_u044b_u0445_u043e_u0434_2[i]
            / x_u0432_u044b_u0445_u043e_u0434_3
        );
    }
}

/* The same of n tokens: arrays in which one token stands behind the other. */
void forward_all(
    size_t n, const double *gr_u00f6_u00dfe, const double *x_u0432_u0435_u0441,
    const double *x_u91cd_u307f, const double *x_u20dd,
    const struct weights *w, double *x_u0432_u044b_u0445_u043e_u0434
)
{
    for (size_t t = 0; t < n; t++) {
        forward(
            gr_u00f6_u00dfe[t],
            x_u0432_u0435_u0441 + 2 * t,
            x_u91cd_u307f[t],
            x_u20dd[t],
            w,
            x_u0432_u044b_u0445_u043e_u0434 + 3 * t
        );
    }
}

/* The loss, and its derivative for every weight. */
double gradients(
    size_t n, const double *gr_u00f6_u00dfe, const double *x_u0432_u0435_u0441,
    const double *x_u91cd_u307f, const double *x_u20dd, const double *x_u0177,
    const struct weights *w, struct weights *d
)
{
    *d = (struct weights){0};
    double L = 0.0;
    for (size_t t = 0; t < n; t++) {
        /* forward */
        double sum = 0.0;
        for (size_t i = 0; i < 2; i++) {
            sum += (
                w->w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[i]
                * x_u0432_u0435_u0441[2 * t + i]
            );
        }
        double xi_x_u03be_gr_u00f6_u00dfe = (
            w->w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe * gr_u00f6_u00dfe[t]
            + sum + w->b__u03be_gr_u00f6_u00dfe
        );
        double x_u03be_gr_u00f6_u00dfe = tanh(xi_x_u03be_gr_u00f6_u00dfe);
        double x_u0302 = (
            w->x_u03b1 * gr_u00f6_u00dfe[t] + w->x_u03b2 * x_u91cd_u307f[t]
            + x__u0436 * x_u20dd[t]
        );
        double xhat = x_u0302 * x_u03be_gr_u00f6_u00dfe;
        double xi_x_u0432_u044b_u0445_u043e_u0434[3];
        for (size_t i = 0; i < 3; i++) {
            xi_x_u0432_u044b_u0445_u043e_u0434[i] = (
                (
                    w->w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i]
                    * x_u03be_gr_u00f6_u00dfe
                )
                + w->w__u0432_u044b_u0445_u043e_u0434_xhat[i] * xhat
            );
        }
        double x_u0432_u044b_u0445_u043e_u0434_1 = (
            xi_x_u0432_u044b_u0445_u043e_u0434[0]
        );
        for (size_t i = 0; i < 3; i++) {
            if ((
                (
                    xi_x_u0432_u044b_u0445_u043e_u0434[i]
                    > x_u0432_u044b_u0445_u043e_u0434_1
                )
                || (
                    xi_x_u0432_u044b_u0445_u043e_u0434[i]
                    != xi_x_u0432_u044b_u0445_u043e_u0434[i]
                )
            )) {
                x_u0432_u044b_u0445_u043e_u0434_1 = (
                    xi_x_u0432_u044b_u0445_u043e_u0434[i]
                );
            }
        }
        double x_u0432_u044b_u0445_u043e_u0434_2[3];
        for (size_t i = 0; i < 3; i++) {
            x_u0432_u044b_u0445_u043e_u0434_2[i] = exp(
                xi_x_u0432_u044b_u0445_u043e_u0434[i]
                - x_u0432_u044b_u0445_u043e_u0434_1
            );
        }
        double x_u0432_u044b_u0445_u043e_u0434_3 = 0.0;
        for (size_t i = 0; i < 3; i++) {
            x_u0432_u044b_u0445_u043e_u0434_3 += (
                x_u0432_u044b_u0445_u043e_u0434_2[i]
            );
        }
        double x_u0432_u044b_u0445_u043e_u0434[3];
        for (size_t i = 0; i < 3; i++) {
            x_u0432_u044b_u0445_u043e_u0434[i] = (
                x_u0432_u044b_u0445_u043e_u0434_2[i]
                / x_u0432_u044b_u0445_u043e_u0434_3
            );
        }

        /* loss: cross_entropy = -ln p of the true class, the mean over
           tokens */
        double loss_1 = xi_x_u0432_u044b_u0445_u043e_u0434[0];
        for (size_t i = 0; i < 3; i++) {
            if ((
                xi_x_u0432_u044b_u0445_u043e_u0434[i] > loss_1
                || (
                    xi_x_u0432_u044b_u0445_u043e_u0434[i]
                    != xi_x_u0432_u044b_u0445_u043e_u0434[i]
                )
            )) {
                loss_1 = xi_x_u0432_u044b_u0445_u043e_u0434[i];
            }
        }
        double sum_ = 0.0;
        for (size_t i = 0; i < 3; i++)
            sum_ += exp(xi_x_u0432_u044b_u0445_u043e_u0434[i] - loss_1);
        double loss_2 = log(sum_);
        double sum_2 = 0.0;
        for (size_t i = 0; i < 3; i++) {
            sum_2 += (
                x_u0177[3 * t + i]
                * (xi_x_u0432_u044b_u0445_u043e_u0434[i] - loss_1 - loss_2)
            );
        }
        L -= sum_2;

        /* backward: the same lines, read from the last to the first */
        double d_xi_x_u0432_u044b_u0445_u043e_u0434[3];
        for (size_t i = 0; i < 3; i++) {
            d_xi_x_u0432_u044b_u0445_u043e_u0434[i] = (
                (x_u0432_u044b_u0445_u043e_u0434[i] - x_u0177[3 * t + i])
                / (double)n
            );
        }
        for (size_t i = 0; i < 3; i++) {
            d->w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i] += (
                d_xi_x_u0432_u044b_u0445_u043e_u0434[i]
                * x_u03be_gr_u00f6_u00dfe
            );
        }
        for (size_t i = 0; i < 3; i++) {
            d->w__u0432_u044b_u0445_u043e_u0434_xhat[i] += (
                d_xi_x_u0432_u044b_u0445_u043e_u0434[i] * xhat
            );
        }
        double d_xhat = 0.0;
        for (size_t i = 0; i < 3; i++) {
            d_xhat += (
                d_xi_x_u0432_u044b_u0445_u043e_u0434[i]
                * w->w__u0432_u044b_u0445_u043e_u0434_xhat[i]
            );
        }
        double d_x_u0302 = d_xhat * x_u03be_gr_u00f6_u00dfe;
        d->x_u03b1 += d_x_u0302 * gr_u00f6_u00dfe[t];
        d->x_u03b2 += d_x_u0302 * x_u91cd_u307f[t];
        double sum_3 = 0.0;
        for (size_t i = 0; i < 3; i++) {
            sum_3 += (
                d_xi_x_u0432_u044b_u0445_u043e_u0434[i]
                * w->w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i]
            );
        }
        double d_x_u03be_gr_u00f6_u00dfe = sum_3 + d_xhat * x_u0302;
        double d_xi_x_u03be_gr_u00f6_u00dfe = (
            d_x_u03be_gr_u00f6_u00dfe
            * (1.0 - x_u03be_gr_u00f6_u00dfe * x_u03be_gr_u00f6_u00dfe)
        );
        d->w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe += (
            d_xi_x_u03be_gr_u00f6_u00dfe * gr_u00f6_u00dfe[t]
        );
        for (size_t i = 0; i < 2; i++) {
            d->w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[i] += (
                d_xi_x_u03be_gr_u00f6_u00dfe * x_u0432_u0435_u0441[2 * t + i]
            );
        }
        d->b__u03be_gr_u00f6_u00dfe += d_xi_x_u03be_gr_u00f6_u00dfe;
    }
    L /= (double)n;
    return L;
}

/* One step downhill: changes the weights, and returns the loss before it. */
double learn(
    struct weights *w, size_t n, const double *gr_u00f6_u00dfe,
    const double *x_u0432_u0435_u0441, const double *x_u91cd_u307f,
    const double *x_u20dd, const double *x_u0177, double rate
)
{
    struct weights d;
    double L = gradients(
        n,
        gr_u00f6_u00dfe,
        x_u0432_u0435_u0441,
        x_u91cd_u307f,
        x_u20dd,
        x_u0177,
        w,
        &d
    );

    w->w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe -= (
        rate * d.w__u03be_gr_u00f6_u00dfe_gr_u00f6_u00dfe
    );
    for (size_t i = 0; i < 2; i++) {
        w->w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[i] -= (
            rate * d.w__u03be_gr_u00f6_u00dfe__u0432_u0435_u0441[i]
        );
    }
    w->b__u03be_gr_u00f6_u00dfe -= rate * d.b__u03be_gr_u00f6_u00dfe;
    w->x_u03b1 -= rate * d.x_u03b1;
    w->x_u03b2 -= rate * d.x_u03b2;
    for (size_t i = 0; i < 3; i++) {
        w->w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i] -= (
            rate * d.w__u0432_u044b_u0445_u043e_u0434__u03be_gr_u00f6_u00dfe[i]
        );
    }
    for (size_t i = 0; i < 3; i++) {
        w->w__u0432_u044b_u0445_u043e_u0434_xhat[i] -= (
            rate * d.w__u0432_u044b_u0445_u043e_u0434_xhat[i]
        );
    }
    return L;
}

/* So many steps of gradient descent on the same tokens. */
void fit(
    struct weights *w, size_t n, const double *gr_u00f6_u00dfe,
    const double *x_u0432_u0435_u0441, const double *x_u91cd_u307f,
    const double *x_u20dd, const double *x_u0177, double rate, size_t steps
)
{
    for (size_t k = 0; k < steps; k++) {
        learn(
            w,
            n,
            gr_u00f6_u00dfe,
            x_u0432_u0435_u0441,
            x_u91cd_u307f,
            x_u20dd,
            x_u0177,
            rate
        );
    }
}

static const char *const rows[2] = {
    "1      0.5     -1      2   0       | Bär",
    "-1     1       0.25    0   1       | ξ  "
};

/* Print the diagram's table, and the output x_u0432_u044b_u0445_u043e_u0434
   beside every row. */
static void table(void)
{
    static const double gr_u00f6_u00dfe[2] = {1.0, -1.0};
    static const double x_u0432_u0435_u0441[4] = {0.5, -1.0, 1.0, 0.25};
    static const double x_u91cd_u307f[2] = {2.0, 0.0};
    static const double x_u20dd[2] = {0.0, 1.0};
    struct weights w;
    initial_weights(&w);

    printf(
        "%s\n",
        "größe  вес[1]  вес[2]  重み  xU+20DD | ŷ   | forward: x_u0432_u044b_u0445_u043e_u0434"
    );
    for (size_t t = 0; t < 2; t++) {
        double x_u0432_u044b_u0445_u043e_u0434[3];
        forward(
            gr_u00f6_u00dfe[t],
            x_u0432_u0435_u0441 + 2 * t,
            x_u91cd_u307f[t],
            x_u20dd[t],
            &w,
            x_u0432_u044b_u0445_u043e_u0434
        );
        printf("%s |", rows[t]);
        for (size_t k = 0; k < 3; k++)
            printf(" %.4g", x_u0432_u044b_u0445_u043e_u0434[k]);
        printf("\n");
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
    static double gr_u00f6_u00dfe[5];
    static double x_u0432_u0435_u0441[10];
    static double x_u91cd_u307f[5];
    static double x_u20dd[5];
    static double x_u0177[15];
    static int first = 1;

    if (first) {
        for (size_t k = 0; k < 5; k++)
            gr_u00f6_u00dfe[k] = noise();
        for (size_t k = 0; k < 10; k++)
            x_u0432_u0435_u0441[k] = noise();
        for (size_t k = 0; k < 5; k++)
            x_u91cd_u307f[k] = noise();
        for (size_t k = 0; k < 5; k++)
            x_u20dd[k] = noise();
        for (size_t k = 0; k < 15; k++)
            x_u0177[k] = k % 3 == k / 3 % 3 ? 1.0 : 0.0;
        first = 0;
    }
    return gradients(
        5,
        gr_u00f6_u00dfe,
        x_u0432_u0435_u0441,
        x_u91cd_u307f,
        x_u20dd,
        x_u0177,
        w,
        d
    );
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

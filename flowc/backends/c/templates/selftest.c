#include <math.h>
#include <stddef.h>
#include <stdio.h>

typedef double real;

/* A number between -1 and 1, always the same ones in the same order. */
static real noise(void)
{
    static unsigned long state = 1;

    state = (state * 1103515245UL + 12345UL) & 0x7fffffffUL;
    return (real)state / (real)0x40000000UL - 1;
}

/* The gradients against central differences along drawn directions. */
static int selftest(void)
{
    const size_t count = sizeof(struct weights) / sizeof(real);
    const real eps = 1e-6;
    static struct weights w, up, down, d, other;
    real *at = (real *)&w, *above = (real *)&up, *below = (real *)&down;

    initial_weights(&w);
    for (size_t i = 0; i < count; i++)
        at[i] += noise() / 10;
    for (int trial = 0; trial < 10; trial++) {
        for (size_t i = 0; i < count; i++) {
            real step = eps * noise();
            above[i] = at[i] + step;
            below[i] = at[i] - step;
        }
        real loss = tried(&w, &d);
        if (loss - loss != 0) {
            printf("the loss of drawn numbers is none: nothing is compared\n");
            return 0;
        }
        real change = tried(&up, &other) - tried(&down, &other);
        real expected = 0;
        for (size_t i = 0; i < count; i++)
            expected += ((real *)&d)[i] * (above[i] - below[i]);
        if (!(fabs(expected - change)
              <= 1e-4 * fabs(change) + 2e-13 * (1 + fabs(loss)))) {
            printf("the gradients say %g, not %g\n", expected, change);
            return 1;
        }
    }
    printf("ok\n");
    return 0;
}

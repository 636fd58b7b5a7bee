#include <math.h>

typedef double real;

/* The sign of x, 0 where x is 0. */
static real sign_or_nan(real x)
{
    return x != x ? x : (real)((x > 0) - (x < 0));
}

/* The larger of x and 0. */
static real positive_part(real x)
{
    return x > 0 || x != x ? x : 0;
}

/* 1 / (1 + exp(-xi)), which is 0 where the exponential is infinite. */
static real logistic(real xi)
{
    return 1 / (1 + exp(-xi));
}

/* ln(1 + exp(xi)), by the exponential that cannot overflow. */
static real softplus(real xi)
{
    return (xi > 0 ? xi : 0) + log1p(exp(-fabs(xi)));
}

/* x * x, of what is computed once. */
static real square(real x)
{
    return x * x;
}

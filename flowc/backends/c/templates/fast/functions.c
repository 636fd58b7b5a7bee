#include <math.h>
#include <stdint.h>
#include <string.h>

typedef double real;
typedef uint64_t WORD;

/* The bits of a number. */
static inline WORD bits_of(real x)
{
    WORD bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The number of these bits. */
static inline real number_of(WORD bits)
{
    real x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2 to the power of a whole number, which is in the last bits of t. */
static inline real power_of_two(real t)
{
    return number_of((bits_of(t) + BIAS) << BITS);
}

/* The exponential, without a branch: 2^n e^r, where r is small. */
static inline real fast_exp(real x)
{
    x = x > EXP_TOP ? EXP_TOP : x;
    x = x < EXP_LOW ? EXP_LOW : x;
    const real t = x * LOG2_E + SHIFT, n = t - SHIFT;
    const real r = x - n * LN2_HIGH - n * LN2_LOW;
    const real e = 1 + (r + r * r * (EXP_SERIES));
    const real half = n * HALF + SHIFT;
    return e * power_of_two(half) * power_of_two(n - (half - SHIFT) + SHIFT);
}

/* exp(x) - 1, also of small x. */
static inline real fast_expm1(real x)
{
    real y = x > EXP_TOP ? EXP_TOP : x;
    y = y < EXPM1_LOW ? EXPM1_LOW : y;
    const real n = (y * LOG2_E + SHIFT) - SHIFT;
    const real r = y - n * LN2_HIGH - n * LN2_LOW;
    const real p = r + r * r * (EXP_SERIES);
    const real scale = power_of_two(n - 1 + SHIFT);
    y = (scale * p + (scale - HALF)) * 2;
    return fabs(x) < TINY ? x : y;
}

/* The hyperbolic tangent, from exp(2 x) - 1. */
static inline real fast_tanh(real x)
{
    real y = fabs(x) * 2;
    y = y > TANH_TOP ? TANH_TOP : y;
    const real t = y * LOG2_E + SHIFT, n = t - SHIFT;
    const real r = y - n * LN2_HIGH - n * LN2_LOW;
    const real p = r + r * r * (EXP_SERIES);
    const real scale = power_of_two(t);
    y = scale * p + (scale - 1);
    y = y / (y + 2);
    return number_of(bits_of(y) | (bits_of(x) & SIGN));
}

/* 1 / (1 + exp(-x)), by the exponential that cannot overflow. */
static inline real fast_logistic(real x)
{
    const real z = fast_exp(-fabs(x));
    return (x < 0 ? z : 1) / (1 + z);
}

/* The natural logarithm: n ln(2) + ln(m), where m is near 1. */
static inline real fast_log(real x)
{
    const real y = x < LEAST_NORMAL ? x * LARGE : x;
    const WORD bits = bits_of(y);
    const WORD e = (bits - ROOT_HALF + ((WORD)OFFSET << BITS)) >> BITS;
    const real n = number_of(e | WHOLE) - (x < LEAST_NORMAL ? WHOLE_SMALL : WHOLE_NORMAL);
    const real f = number_of(bits - ((e - OFFSET) << BITS)) - 1;
    const real s = f / (2 + f), z = s * s, h = f * f * HALF;
    const real log = n * LN2_HIGH - ((h - (s * (h + z * (LOG_SERIES)) + n * LN2_LOW)) - f);
    return x > LARGEST ? x : x > 0 ? log : x == 0 ? -INFINITY : NAN;
}

/* ln(1 + x), also of small x. */
static inline real fast_log1p(real x)
{
    const real u = 1 + x;
    real lost = (x - (u - 1)) / u;
    lost = u > 0 ? lost : 0;
    lost = u > LARGEST ? 0 : lost;
    return x == 0 ? x : fast_log(u) + lost;
}

/* ln(1 + exp(x)), by the exponential that cannot overflow. */
static inline real fast_softplus(real x)
{
    return (x > 0 ? x : 0) + fast_log1p(fast_exp(-fabs(x)));
}

/* The sine (quarter 0) or cosine (1) of what is not far from 0. */
static inline real turned(real x, WORD quarter)
{
    const real t = x * TWO_OVER_PI + SHIFT, n = t - SHIFT;
    const real r = x - n * PI_2_A - n * PI_2_B - n * PI_2_C PI_2_REST;
    const real z = r * r;
    const real s = r * (1 + z * (SIN_SERIES));
    const real c = 1 - z * HALF + z * z * (COS_SERIES);
    const WORD q = bits_of(t) + quarter;
    return number_of(bits_of(q & 1 ? c : s) ^ ((q & 2) << (SIGN_BIT - 1)));
}

/* Whether some of these numbers are so far from 0 that `turned` loses digits. */
static inline int any_far(size_t n, const real *x)
{
    WORD far = 0;
    for (size_t i = 0; i < n; i++)
        far |= FAR - (bits_of(x[i]) & ~SIGN);
    return (int)(far >> SIGN_BIT);
}

/* The sines of n numbers; y may be x. */
static void sin_rows(size_t n, const real *x, real *y)
{
    if (any_far(n, x)) {
        for (size_t i = 0; i < n; i++)
            y[i] = sin(x[i]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        y[i] = turned(x[i], 0);
}

/* The cosines of n numbers; y may be x. */
static void cos_rows(size_t n, const real *x, real *y)
{
    if (any_far(n, x)) {
        for (size_t i = 0; i < n; i++)
            y[i] = cos(x[i]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        y[i] = turned(x[i], 1);
}

/* The larger of x and 0. */
static inline real fast_positive_part(real x)
{
    return x < 0 ? 0 : x;
}

/* The sign of x, 0 where x is 0. */
static inline real fast_sign_or_nan(real x)
{
    return x > 0 ? 1 : x < 0 ? -1 : x;
}

/* x * x, of what is computed once. */
static inline real fast_square(real x)
{
    return x * x;
}

/* x * x * x. */
static inline real fast_cube(real x)
{
    return x * x * x;
}

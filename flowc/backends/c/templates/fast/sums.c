#include <stddef.h>

#ifdef __GNUC__
#define APART __attribute__((noinline))
#else
#define APART
#endif

typedef double real;

/* The sum of 16 numbers, by halves; a loop would go through memory. */
static inline real sum_of_16(const real *x)
{
    const real a = (x[0] + x[8]) + (x[4] + x[12]);
    const real b = (x[2] + x[10]) + (x[6] + x[14]);
    const real c = (x[1] + x[9]) + (x[5] + x[13]);
    const real d = (x[3] + x[11]) + (x[7] + x[15]);
    return (a + b) + (c + d);
}

/* The sum of n numbers, 16 at a time. */
static inline real total(size_t n, const real *x)
{
    real lanes[16] = {0}, rest = 0;
    const size_t most = n - n % 16;
    for (size_t u = 0; u < most; u += 16)
        for (size_t k = 0; k < 16; k++)
            lanes[k] += x[u + k];
    for (size_t u = most; u < n; u++)
        rest += x[u];
    return rest + sum_of_16(lanes);
}

/* The sum of n products. */
static inline real dot(size_t n, const real *x, const real *y)
{
    real lanes[16] = {0}, rest = 0;
    const size_t most = n - n % 16;
    for (size_t u = 0; u < most; u += 16)
        for (size_t k = 0; k < 16; k++)
            lanes[k] += x[u + k] * y[u + k];
    for (size_t u = most; u < n; u++)
        rest += x[u] * y[u];
    return rest + sum_of_16(lanes);
}

/* Adds to rows of m numbers, which begin `below` apart: to each the sum of
   `count` rows of x (`next` apart), each times a number of w. Four rows and 32
   columns at a time stay in registers. */
APART static void multiply(
    size_t m, size_t rows, size_t count, const real *w, size_t row, size_t column,
    const real *restrict x, size_t next, real *restrict out, size_t below
)
{
    const size_t most = m - m % 32;
    for (size_t i = 0; i < rows; i += 4) {
        const size_t left = rows - i;
        const size_t second = left > 1 ? row : 0, third = left > 2 ? 2 * row : 0;
        const size_t fourth = left > 3 ? 3 * row : 0;
        for (size_t u = 0; u < most; u += 32) {
            real a[32] = {0}, b[32] = {0}, c[32] = {0}, d[32] = {0};
            const real *q = w + i * row, *y = x + u;
            for (size_t j = 0; j < count; j++) {
                const real e = q[0], f = q[second], g = q[third], h = q[fourth];
                for (size_t k = 0; k < 32; k++)
                    a[k] += e * y[k];
                for (size_t k = 0; k < 32; k++)
                    b[k] += f * y[k];
                for (size_t k = 0; k < 32; k++)
                    c[k] += g * y[k];
                for (size_t k = 0; k < 32; k++)
                    d[k] += h * y[k];
                q += column;
                y += next;
            }
            real *o = out + below * i + u;
            for (size_t k = 0; k < 32; k++)
                o[k] += a[k];
            for (size_t k = 0; k < 32 && left > 1; k++)
                o[below + k] += b[k];
            for (size_t k = 0; k < 32 && left > 2; k++)
                o[2 * below + k] += c[k];
            for (size_t k = 0; k < 32 && left > 3; k++)
                o[3 * below + k] += d[k];
        }
    }
    if (most < m)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < count; j++)
                for (size_t u = most; u < m; u++)
                    out[below * i + u] += w[i * row + j * column] * x[next * j + u];
}

/* Adds the products of d and x, summed over m tokens, to a matrix. */
static void add_outer(
    size_t m, size_t rows, size_t columns, const real *d, const real *x,
    real *out
)
{
    static real turned_x[TILE * 64];
    for (size_t j = 0; j < columns; j += 64) {
        const size_t some = columns - j < 64 ? columns - j : 64;
        for (size_t k = 0; k < some; k++)
            for (size_t u = 0; u < m; u++)
                turned_x[64 * u + k] = x[TILE * (j + k) + u];
        multiply(some, rows, m, d, TILE, 1, turned_x, 64, out + j, columns);
    }
}

/* The rows of m tokens, `size` numbers each, as rows of a tile. */
static void into_tile(size_t m, size_t size, const real *restrict x, real *restrict rows)
{
    for (size_t j = 0; j < size; j += 8) {
        const size_t end = size - j < 8 ? size : j + 8;
        for (size_t u = 0; u < m; u++)
            for (size_t k = j; k < end; k++)
                rows[TILE * k + u] = x[size * u + k];
    }
}

/* The way back. */
static void out_of_tile(size_t m, size_t size, const real *restrict rows, real *restrict x)
{
    for (size_t u = 0; u < m; u++)
        for (size_t k = 0; k < size; k++)
            x[size * u + k] = rows[TILE * k + u];
}

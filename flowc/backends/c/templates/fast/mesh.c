#include <stddef.h>
#include <string.h>

typedef double real;

/* What the lines into a row bring, of m tokens, in their order; 64 tokens at a
   time stay in registers. */
static inline void sum_lines(
    size_t width, size_t m, size_t count, const real *w, const unsigned *source,
    const real *v, real *restrict xi
)
{
    const size_t most = m - m % 64;
    for (size_t u = 0; u < most; u += 64) {
        real a[32] = {0}, b[32] = {0};
        for (size_t k = 0; k < count; k++) {
            const real *x = v + width * source[k] + u, y = w[k];
            for (size_t i = 0; i < 32; i++)
                a[i] += y * x[i];
            for (size_t i = 0; i < 32; i++)
                b[i] += y * x[32 + i];
        }
        for (size_t i = 0; i < 32; i++)
            xi[u + i] = a[i];
        for (size_t i = 0; i < 32; i++)
            xi[u + 32 + i] = b[i];
    }
    for (size_t u = most; u < m; u++)
        xi[u] = 0;
    for (size_t k = 0; k < count && most < m; k++) {
        const real *x = v + width * source[k];
        for (size_t u = most; u < m; u++)
            xi[u] += w[k] * x[u];
    }
}

/* The same of one token. */
static inline real sum_of_lines(
    size_t count, const real *w, const unsigned *source, const real *v
)
{
    real sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += w[k] * v[source[k]];
    return sum;
}

/* The excitations of a level, in the rows of xi. Returns where the next begins. */
static inline const unsigned *sum_level(
    size_t width, size_t m, const struct mesh *mesh, const struct level *l,
    const unsigned *starts, const real *w, const real *v, real *xi
)
{
    const size_t rows = l->last - l->first, columns = l->high - l->low;
    real *first = xi + width * l->first;
    for (size_t i = 0; i < rows && !l->dense; i++, starts++) {
        const size_t count = starts[1] - starts[0];
        const unsigned *source = mesh->sources + starts[0];
        if (width == 1)
            first[i] = sum_of_lines(count, w + starts[0], source, v);
        else
            sum_lines(width, m, count, w + starts[0], source, v, first + width * i);
    }
    if (!l->dense)
        return starts;
    w += l->start;
    v += width * l->low;
    for (size_t i = 0; i < rows; i++)
        for (size_t u = 0; u < m; u++)
            first[width * i + u] = l->bias ? w[rows * columns + i] : 0;
    if (width > 1)
        multiply(m, rows, columns, w, columns, 1, v, width, first, width);
    for (size_t i = 0; i < rows && width == 1; i++)
        for (size_t j = 0; j < columns; j++)
            first[i] += w[i * columns + j] * v[j];
    return starts;
}

/* All values of a mesh, where those from outside are in their rows: so many
   numbers of each place lie side by side, and m of them are computed. */
static inline void mesh_values(
    size_t width, size_t m, const struct mesh *mesh, const real *w, real *v
)
{
    const struct group *g = mesh->groups;
    const unsigned *starts = mesh->starts;
    for (size_t n = 0; n < mesh->depth; n++) {
        const struct level *l = mesh->levels + n;
        starts = sum_level(width, m, mesh, l, starts, w, v, v);
        for (const struct group *end = g + l->groups; g < end; g++) {
            const size_t rows = g->last - g->first;
            real *xi = v + width * g->first;
            if (g->kept)
                memcpy(v + width * g->kept, xi, width * rows * sizeof *v);
            if (m == width)
                apply_function(g->function, m * rows, xi);
            else
                for (size_t i = 0; i < rows; i++)
                    apply_function(g->function, m, xi + width * i);
        }
    }
}

/* Over at most 16 lines that lead into one row back: adds to what arrives at
   their sources, and to slopes, where these are not NULL, what arrives at their
   weights. Sums are added up by halves, those of all lines together. */
static inline void push_lines(
    size_t m, size_t count, const real *w, const unsigned *source, const real *v,
    const real *restrict d, real *restrict back, real *slopes
)
{
    real lanes[16][16], halves[16][8], quarters[16][4], rest[16] = {0};
    const size_t most = m - m % 16;
    for (size_t k = 0; k < count; k++) {
        const real *x = v + TILE * source[k], y = w[k];
        real *restrict into = back + TILE * source[k], sums[16] = {0};
        for (size_t u = 0; u < most; u += 16)
            for (size_t i = 0; i < 16; i++) {
                into[u + i] += y * d[u + i];
                sums[i] += d[u + i] * x[u + i];
            }
        for (size_t u = most; u < m; u++) {
            into[u] += y * d[u];
            rest[k] += d[u] * x[u];
        }
        for (size_t i = 0; i < 16; i++)
            lanes[k][i] = sums[i];
    }
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < 8; i++)
            halves[k][i] = lanes[k][i] + lanes[k][i + 8];
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < 4; i++)
            quarters[k][i] = halves[k][i] + halves[k][i + 4];
    for (size_t k = 0; k < count && slopes; k++) {
        const real *x = quarters[k];
        slopes[k] += rest[k] + (x[0] + x[2] + (x[1] + x[3]));
    }
}

/* From the gradients of all values, in the rows of d, to those of the
   excitations, in place, and to those of the lines, which are added to slopes
   where these are not NULL. */
static void mesh_back(
    size_t m, const struct mesh *mesh, const real *w, const real *v, real *d,
    real *slopes
)
{
    const struct group *g = mesh->groups + mesh->kinds;
    const unsigned *starts = mesh->starts + mesh->rows;
    for (size_t n = mesh->depth; n-- > 0;) {
        const struct level *l = mesh->levels + n;
        const size_t rows = l->last - l->first, columns = l->high - l->low;
        for (const struct group *end = g - l->groups; g > end;) {
            g--;
            for (size_t i = g->first; i < g->last; i++) {
                const size_t kept = g->kept ? g->kept + i - g->first : i;
                real *here = d + TILE * i;
                apply_slope(g->function, m, v + TILE * kept, v + TILE * i, here);
                for (size_t u = 0; u < m && g->asked; u++)
                    here[u] += d[TILE * kept + u];
            }
        }
        real *first = d + TILE * l->first;
        if (l->dense) {
            const real *values = v + TILE * l->low;
            multiply(
                m, columns, rows, w + l->start, 1, columns, first, TILE,
                d + TILE * l->low, TILE
            );
            if (!slopes)
                continue;
            real *into = slopes + l->start;
            add_outer(m, rows, columns, first, values, into);
            for (size_t i = 0; i < rows && l->bias; i++)
                into[rows * columns + i] += total(m, first + TILE * i);
            continue;
        }
        starts -= rows;
        for (size_t i = 0; i < rows; i++)
            for (size_t k = starts[i]; k < starts[i + 1]; k += 16) {
                const size_t left = starts[i + 1] - k;
                push_lines(
                    m, left < 16 ? left : 16, w + k, mesh->sources + k, v,
                    first + TILE * i, d, slopes ? slopes + k : NULL
                );
            }
    }
}

/* Adds what m tokens bring to the gradients of the lines. */
static void mesh_slopes(
    size_t m, const struct mesh *mesh, const real *d, const real *v, real *slopes
)
{
    const unsigned *starts = mesh->starts;
    for (size_t n = 0; n < mesh->depth; n++) {
        const struct level *l = mesh->levels + n;
        const size_t rows = l->last - l->first, columns = l->high - l->low;
        const real *first = d + TILE * l->first;
        if (l->dense) {
            real *into = slopes + l->start;
            add_outer(m, rows, columns, first, v + TILE * l->low, into);
            for (size_t i = 0; i < rows && l->bias; i++)
                into[rows * columns + i] += total(m, first + TILE * i);
            continue;
        }
        for (size_t i = 0; i < rows; i++, starts++)
            for (size_t k = starts[0]; k < starts[1]; k++)
                slopes[k] += dot(m, first + TILE * i, v + TILE * mesh->sources[k]);
    }
}

/* What all lines carry back, from the excitations to every place. */
static void mesh_pull(
    size_t m, const struct mesh *mesh, const real *w, const real *d, real *out
)
{
    const unsigned *starts = mesh->starts;
    for (size_t n = 0; n < mesh->depth; n++) {
        const struct level *l = mesh->levels + n;
        const size_t rows = l->last - l->first, columns = l->high - l->low;
        const real *first = d + TILE * l->first;
        if (l->dense) {
            const real *b = w + l->start + rows * columns;
            multiply(
                m, columns, rows, w + l->start, 1, columns, first, TILE,
                out + TILE * l->low, TILE
            );
            if (l->bias)
                multiply(m, 1, rows, b, 1, 1, first, TILE, out, TILE);
            continue;
        }
        for (size_t i = 0; i < rows; i++, starts++)
            for (size_t k = starts[0]; k < starts[1]; k++)
                for (size_t u = 0; u < m; u++)
                    out[TILE * mesh->sources[k] + u] += w[k] * first[TILE * i + u];
    }
}

/* The excitations of all nodes, in their rows. */
static void mesh_sums(
    size_t m, const struct mesh *mesh, const real *w, const real *v, real *xi
)
{
    const unsigned *starts = mesh->starts;
    for (size_t n = 0; n < mesh->depth; n++)
        starts = sum_level(TILE, m, mesh, mesh->levels + n, starts, w, v, xi);
}

/* A multilayer perceptron forward, 784-256-128-10, as one writes it by hand for
   speed: 64 tokens at a time, turned so that these lie side by side, and four
   rows of 32 tokens in registers. */

#include <stddef.h>

enum { INPUTS = 784, FIRST = 256, SECOND = 128, OUTPUTS = 10, TOKENS = 64 };

struct weights {
    float W1[FIRST][INPUTS], b1[FIRST];
    float W2[SECOND][FIRST], b2[SECOND];
    float W3[OUTPUTS][SECOND], b3[OUTPUTS];
};

static float x_tile[INPUTS][TOKENS], h1[FIRST][TOKENS], h2[SECOND][TOKENS], f_tile[OUTPUTS][TOKENS];

static inline void four_rows(
    size_t columns, const float *restrict w, const float *restrict b,
    float (*restrict x)[TOKENS], float (*restrict out)[TOKENS], int relu
)
{
    for (size_t t = 0; t < TOKENS; t += 32) {
        float s[4][32];
        for (size_t r = 0; r < 4; r++)
            for (size_t k = 0; k < 32; k++)
                s[r][k] = b[r];
        for (size_t j = 0; j < columns; j++) {
            const float *y = x[j] + t;
            for (size_t k = 0; k < 32; k++)
                s[0][k] += w[j] * y[k];
            for (size_t k = 0; k < 32; k++)
                s[1][k] += w[columns + j] * y[k];
            for (size_t k = 0; k < 32; k++)
                s[2][k] += w[2 * columns + j] * y[k];
            for (size_t k = 0; k < 32; k++)
                s[3][k] += w[3 * columns + j] * y[k];
        }
        for (size_t r = 0; r < 4; r++)
            for (size_t k = 0; k < 32; k++)
                out[r][t + k] = relu && s[r][k] < 0 ? 0 : s[r][k];
    }
}

void forward_all(size_t n, const float *x, const struct weights *w, float *f)
{
    for (size_t first = 0; first + TOKENS <= n; first += TOKENS) {
        for (size_t j = 0; j < INPUTS; j += 8)
            for (size_t t = 0; t < TOKENS; t++)
                for (size_t k = j; k < j + 8; k++)
                    x_tile[k][t] = x[(first + t) * INPUTS + k];
        for (size_t i = 0; i < FIRST; i += 4)
            four_rows(INPUTS, w->W1[i], w->b1 + i, x_tile, h1 + i, 1);
        for (size_t i = 0; i < SECOND; i += 4)
            four_rows(FIRST, w->W2[i], w->b2 + i, h1, h2 + i, 1);
        for (size_t i = 0; i < 8; i += 4)
            four_rows(SECOND, w->W3[i], w->b3 + i, h2, f_tile + i, 0);
        for (size_t i = 8; i < OUTPUTS; i++)
            for (size_t t = 0; t < TOKENS; t++) {
                float sum = w->b3[i];
                for (size_t j = 0; j < SECOND; j++)
                    sum += w->W3[i][j] * h2[j][t];
                f_tile[i][t] = sum;
            }
        for (size_t t = 0; t < TOKENS; t++)
            for (size_t i = 0; i < OUTPUTS; i++)
                f[(first + t) * OUTPUTS + i] = f_tile[i][t];
    }
}

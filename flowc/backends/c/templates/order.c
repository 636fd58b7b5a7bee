#include <stddef.h>
#include <stdint.h>

enum { TOKENS = 3, LENGTH = 1 };
#define KEY 1

/* The next number between 0 and 1 of the Mersenne Twister (Matsumoto and Nishimura 1998), seeded as Python's
   random.Random(SEED) is, by what that text and its SHA-512 are as whole numbers. */
static double random_number(void)
{
    static const uint32_t key[LENGTH] = {KEY};
    static uint32_t state[624];
    static size_t place = 0;

    if (!place) {
        state[0] = 19650218;
        for (size_t k = 1; k < 624; k++)
            state[k] = (uint32_t)(1812433253 * (state[k - 1] ^ state[k - 1] >> 30) + k);
        size_t i = 1;
        for (size_t k = 0; k < 624 + 623; k++) {
            size_t j = k % LENGTH;
            uint32_t before = state[i - 1] ^ state[i - 1] >> 30;
            if (k < 624)
                state[i] = (state[i] ^ before * 1664525) + key[j] + (uint32_t)j;
            else
                state[i] = (state[i] ^ before * 1566083941) - (uint32_t)i;
            i = i % 623 + 1;
            if (i == 1)
                state[0] = state[623];
        }
        state[0] = 0x80000000;
        place = 624;
    }
    uint32_t parts[2];
    for (size_t part = 0; part < 2; part++) {
        if (place == 624) {
            for (size_t k = 0; k < 624; k++) {
                uint32_t y = (state[k] & 0x80000000) | (state[(k + 1) % 624] & 0x7fffffff);
                state[k] = state[(k + 397) % 624] ^ y >> 1 ^ (y & 1 ? 0x9908b0df : 0);
            }
            place = 0;
        }
        uint32_t y = state[place++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        parts[part] = y ^ y >> 18;
    }
    return ((parts[0] >> 5) * 67108864.0 + (parts[1] >> 6)) / 9007199254740992.0;
}

/* The next token. Every epoch takes all of them, in an order that is shuffled anew from that of the epoch before. */
static size_t shuffled_token(void)
{
    static size_t order[TOKENS], place = TOKENS, begun = 0;

    for (; begun < TOKENS; begun++)
        order[begun] = begun;
    if (place == TOKENS) {
        for (size_t last = TOKENS - 1; last > 0; last--) {
            size_t chosen = (size_t)(random_number() * (double)(last + 1)), token = order[last];
            order[last] = order[chosen];
            order[chosen] = token;
        }
        place = 0;
    }
    return order[place++];
}

/* The next token, drawn among all. */
static size_t drawn_token(void)
{
    return (size_t)(random_number() * TOKENS);
}

/* The next token, in the order of the data, over and over. */
static size_t token_in_order(void)
{
    static size_t place = TOKENS;

    place = place < TOKENS - 1 ? place + 1 : 0;
    return place;
}

/* Whether the largest of `size` numbers stands where the largest of others does. */
static int same_class(size_t size, const real *output, const real *target)
{
    size_t chosen = 0, expected = 0;

    for (size_t k = 1; k < size; k++) {
        if (output[k] > output[chosen])
            chosen = k;
        if (target[k] > target[expected])
            expected = k;
    }
    return chosen == expected;
}

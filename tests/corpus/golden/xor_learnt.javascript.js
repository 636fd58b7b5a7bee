/*
Two hidden neurons learn the exclusive or.

Made by flowc 0.1.0 from xor_learnt.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.
*/

/**
 * The weights that learn.
 * @typedef {object} Weights
 * @property {number} w_h1_x1
 * @property {number} w_h1_x2
 * @property {number} b_h1
 * @property {number} w_h2_x1
 * @property {number} w_h2_x2
 * @property {number} b_h2
 * @property {number} w_f_h1
 * @property {number} w_f_h2
 * @property {number} b_f
 */

/**
 * Uniform between plus and minus 1/sqrt(fan_in), as torch.nn.Linear.
 * @param {number} [seed]
 * @returns {Weights}
 */
export function initial_weights(seed = 0) {
    return {
        w_h1_x1: uniform(seed, "w_h1_x1", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        w_h1_x2: uniform(seed, "w_h1_x2", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        b_h1: uniform(seed, "b_h1", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        w_h2_x1: uniform(seed, "w_h2_x1", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        w_h2_x2: uniform(seed, "w_h2_x2", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        b_h2: uniform(seed, "b_h2", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        w_f_h1: uniform(seed, "w_f_h1", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        w_f_h2: uniform(seed, "w_f_h2", -1 / Math.sqrt(2), 1 / Math.sqrt(2)),
        b_f: uniform(seed, "b_f", -1 / Math.sqrt(2), 1 / Math.sqrt(2))
    };
}

/**
 * 1 / (1 + exp(-xi)), by the exponential that cannot overflow.
 * @param {number} xi
 * @returns {number}
 */
function logistic(xi) {
    const e = exp(-Math.abs(xi));
    return (xi >= 0 ? 1 : e) / (1 + e);
}

/**
 * The output f of one token.
 * @param {number} x1
 * @param {number} x2
 * @param {Weights} weights
 * @returns {number}
 */
export function forward(
    x1, x2, { w_h1_x1, w_h1_x2, b_h1, w_h2_x1, w_h2_x2, b_h2, w_f_h1, w_f_h2,
    b_f }
) {
    const xi1 = w_h1_x1 * x1 + w_h1_x2 * x2 + b_h1;  // xor_learnt.flow:8
    const h1 = logistic(xi1);
    const xi2 = w_h2_x1 * x1 + w_h2_x2 * x2 + b_h2;  // xor_learnt.flow:8
    const h2 = logistic(xi2);
    const xi_f = w_f_h1 * h1 + w_f_h2 * h2 + b_f;  // xor_learnt.flow:9
    const f = logistic(xi_f);
    return f;
}

/**
 * The loss, and its derivative for every weight.
 * @param {ArrayLike<number>} x1
 * @param {ArrayLike<number>} x2
 * @param {ArrayLike<number>} y
 * @param {Weights} weights
 * @returns {{ loss: number, gradients: Weights }}
 */
export function gradients(
    x1, x2, y, { w_h1_x1, w_h1_x2, b_h1, w_h2_x1, w_h2_x2, b_h2, w_f_h1,
    w_f_h2, b_f }
) {
    const n = x1.length;
    const L = [], d_w_f_h1 = [], d_w_f_h2 = [], d_b_f = [], d_w_h2_x1 = [],
        d_w_h2_x2 = [], d_b_h2 = [], d_w_h1_x1 = [], d_w_h1_x2 = [],
        d_b_h1 = [];
    for (let t = 0; t < n; t++) {
        // forward
        const xi1 = w_h1_x1 * x1[t] + w_h1_x2 * x2[t] + b_h1;
        const h1 = logistic(xi1);
        const xi2 = w_h2_x1 * x1[t] + w_h2_x2 * x2[t] + b_h2;
        const h2 = logistic(xi2);
        const xi_f = w_f_h1 * h1 + w_f_h2 * h2 + b_f;
        const f = logistic(xi_f);

        // loss: binary_cross_entropy, the mean over tokens
        L.push(softplus(xi_f) - y[t] * xi_f);

        // backward: the same lines, read from the last to the first
        const d_xi_f = (f - y[t]) / n;
        d_w_f_h1.push(d_xi_f * h1);
        d_w_f_h2.push(d_xi_f * h2);
        d_b_f.push(d_xi_f);
        const d_h2 = d_xi_f * w_f_h2;
        const d_xi2 = d_h2 * h2 * (1 - h2);
        d_w_h2_x1.push(d_xi2 * x1[t]);
        d_w_h2_x2.push(d_xi2 * x2[t]);
        d_b_h2.push(d_xi2);
        const d_h1 = d_xi_f * w_f_h1;
        const d_xi1 = d_h1 * h1 * (1 - h1);
        d_w_h1_x1.push(d_xi1 * x1[t]);
        d_w_h1_x2.push(d_xi1 * x2[t]);
        d_b_h1.push(d_xi1);
    }
    return {
        loss: mean(L),
        gradients: {
            w_h1_x1: sum(d_w_h1_x1),
            w_h1_x2: sum(d_w_h1_x2),
            b_h1: sum(d_b_h1),
            w_h2_x1: sum(d_w_h2_x1),
            w_h2_x2: sum(d_w_h2_x2),
            b_h2: sum(d_b_h2),
            w_f_h1: sum(d_w_f_h1),
            w_f_h2: sum(d_w_f_h2),
            b_f: sum(d_b_f)
        }
    };
}

/**
 * One step downhill; the loss is that before the step.
 * @param {Weights} weights
 * @param {ArrayLike<number>} x1
 * @param {ArrayLike<number>} x2
 * @param {ArrayLike<number>} y
 * @param {number} [rate]
 * @returns {{ loss: number, weights: Weights }}
 */
export function learn(weights, x1, x2, y, rate = 0.5) {
    const { loss, gradients: d } = gradients(x1, x2, y, weights);
    return { loss, weights: moved(weights, d, -rate) };
}

/**
 * The weights after so many steps of gradient descent on these tokens.
 * @param {Weights} weights
 * @param {ArrayLike<number>} x1
 * @param {ArrayLike<number>} x2
 * @param {ArrayLike<number>} y
 * @param {number} [rate]
 * @param {number} [steps]
 * @returns {Weights}
 */
export function fit(
    { w_h1_x1, w_h1_x2, b_h1, w_h2_x1, w_h2_x2, b_h2, w_f_h1, w_f_h2, b_f },
    x1, x2, y, rate = 0.5, steps = 5000
) {
    const n = x1.length;
    const d_w_f_h1 = [], d_w_f_h2 = [], d_b_f = [], d_w_h2_x1 = [],
        d_w_h2_x2 = [], d_b_h2 = [], d_w_h1_x1 = [], d_w_h1_x2 = [],
        d_b_h1 = [];
    for (let k = 0; k < steps; k++) {
        for (let t = 0; t < n; t++) {
            // forward
            const xi1 = w_h1_x1 * x1[t] + w_h1_x2 * x2[t] + b_h1;
            const h1 = logistic(xi1);
            const xi2 = w_h2_x1 * x1[t] + w_h2_x2 * x2[t] + b_h2;
            const h2 = logistic(xi2);
            const xi_f = w_f_h1 * h1 + w_f_h2 * h2 + b_f;
            const f = logistic(xi_f);

            // backward: the same lines, read from the last to the first
            const d_xi_f = (f - y[t]) / n;
            d_w_f_h1[t] = d_xi_f * h1;
            d_w_f_h2[t] = d_xi_f * h2;
            d_b_f[t] = d_xi_f;
            const d_h2 = d_xi_f * w_f_h2;
            const d_xi2 = d_h2 * h2 * (1 - h2);
            d_w_h2_x1[t] = d_xi2 * x1[t];
            d_w_h2_x2[t] = d_xi2 * x2[t];
            d_b_h2[t] = d_xi2;
            const d_h1 = d_xi_f * w_f_h1;
            const d_xi1 = d_h1 * h1 * (1 - h1);
            d_w_h1_x1[t] = d_xi1 * x1[t];
            d_w_h1_x2[t] = d_xi1 * x2[t];
            d_b_h1[t] = d_xi1;
        }
        w_h1_x1 -= rate * sum(d_w_h1_x1);
        w_h1_x2 -= rate * sum(d_w_h1_x2);
        b_h1 -= rate * sum(d_b_h1);
        w_h2_x1 -= rate * sum(d_w_h2_x1);
        w_h2_x2 -= rate * sum(d_w_h2_x2);
        b_h2 -= rate * sum(d_b_h2);
        w_f_h1 -= rate * sum(d_w_f_h1);
        w_f_h2 -= rate * sum(d_w_f_h2);
        b_f -= rate * sum(d_b_f);
    }
    return {
        w_h1_x1, w_h1_x2, b_h1, w_h2_x1, w_h2_x2, b_h2, w_f_h1, w_f_h2, b_f
    };
}

const ROWS = [
    "0   0  | 0",
    "0   1  | 1",
    "1   0  | 1",
    "1   1  | 0",
];

/** The diagram's table: inputs, then what should come out. */
export function data() {
    const x1 = [0, 0, 1, 1];
    const x2 = [0, 1, 0, 1];
    const y = [0, 1, 1, 0];
    return { x1, x2, y };
}

/** Print the diagram's table, and the output f beside every row. */
export function table() {
    const columns = data();
    const weights = initial_weights();
    console.log("x1  x2 | y | forward: f");
    for (let t = 0; t < ROWS.length; t++) {
        const f = forward(columns.x1[t], columns.x2[t], weights);
        console.log(ROWS[t], "|", shown(f));
    }
}

/**
 * The gradients of 5 drawn tokens, always the same.
 * @param {Weights} weights
 */
function tried(weights) {
    const next = noise();
    const x1 = Array.from({ length: 5 }, next);
    const x2 = Array.from({ length: 5 }, next);
    const y = Array.from({ length: 5 }, () => (next() > 0 ? 1 : 0));
    return gradients(x1, x2, y, weights);
}

// --------------------------- what is called above ---------------------------

/** 2^k for all k from -1022 to 1023, which are exact.
 * @type {() => Float64Array} */
function powers_of_two() {
    const powers = new Float64Array(2046).fill(1);
    for (let k = 1023; k < 2046; k++)
        powers[k] = 2 * powers[k - 1];
    for (let k = 1021; k >= 0; k--)
        powers[k] = powers[k + 1] / 2;
    return powers;
}

/** 2^k, for k from -1022 to 1023.
 * @type {(k: number) => number} */
function power_of_two(k) {
    const once = /** @type {any} */ (power_of_two);  // keeps what is made once
    once.table ??= powers_of_two();
    return once.table[k + 1022];
}

/** x * 2^k, rounded once.
 * @type {(x: number, k: number) => number} */
function scaled(x, k) {
    const half = k >> 1;
    return x * power_of_two(half) * power_of_two(k - half);
}

/** e^x, by its series between powers of two: the same number on every engine.
 * The parts of the series wait for nothing but powers of r, and divide nothing
 * but constants.
 * @type {(x: number) => number} */
function exp(x) {
    if (!(x > -745.2 && x < 709.8))
        return x > 0 ? Infinity : x < 0 ? 0 : x;
    const big = 6755399441055744;  // what is added to it loses its fraction
    const k = x * 1.4426950408889634 + big - big;
    const a = x - k * 0.693147180559663, b = k * 2.8235290563031577e-13;
    const r = a - b, r2 = r * r, r4 = r2 * r2;
    const first = r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120));
    const middle = 1 / 720 + r * (1 / 5040)
        + r2 * (1 / 40320 + r * (1 / 362880));
    const last = 1 / 3628800 + r * (1 / 39916800)
        + r2 * (1 / 479001600 + r * (1 / 6227020800));
    const series = 1 / 2 + (first + r4 * (middle + r4 * last));
    const sum = 1 + r, left = 1 - sum + r + (a - r - b + r2 * series);
    const size = sum + left;
    return Math.abs(k) < 1023 ? size * power_of_two(k) : scaled(size, k);
}

/** The larger of x and 0.
 * @type {(x: number) => number} */
function positive_part(x) {
    return x > 0 || x !== x ? x : 0;
}

/** a + b, rounded, and what the rounding left away. Of the two the first is
 * the larger.
 * @type {(a: number, b: number) => [number, number]} */
function two_sum(a, b) {
    const sum = a + b;
    return [sum, a - sum + b];
}

/** a * b, rounded, and what the rounding left away (Dekker 1971).
 * @type {(a: number, b: number) => [number, number]} */
function two_product(a, b) {
    const product = a * b;
    const a_long = a * 134217729, b_long = b * 134217729;
    const a_high = a_long - (a_long - a), b_high = b_long - (b_long - b);
    const a_low = a - a_high, b_low = b - b_high;
    const left = a_high * b_high - product + a_high * b_low + a_low * b_high;
    return [product, left + a_low * b_low];
}

/** [a, b]: ln(1 + f) is a + b, where b is small, for f between -0.3 and 0.42;
 * 2 artanh(s), where s is f / (2 + f).
 * @type {(f: number) => [number, number]} */
function log1p_parts(f) {
    const [below, rest] = two_sum(2, f);
    const s = f / below;
    const [product, left] = two_product(s, below);
    const error = (f - product - left - s * rest) / below;
    const z = s * s;
    const series = z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9
        + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17
        + z * (1 / 19 + z * (1 / 21 + z / 23))))))))));
    return [2 * s, 2 * (error + s * series)];
}

/** [k, f]: x is 2^k * (1 + f), where f is between -0.3 and 0.42.
 * @type {(x: number) => [number, number]} */
function mantissa(x) {
    let k = Math.floor(Math.log2(x));  // or beside it: all the same
    let m = scaled(x, -k);
    for (; m >= 1.4142135623730951; k++)
        m /= 2;
    for (; m < 0.7071067811865476; k--)
        m *= 2;
    return [k, m - 1];
}

/** [a, b]: ln x is a + b, where b is small.
 * @type {(x: number) => [number, number]} */
function log_parts(x) {
    const [k, f] = mantissa(x);
    const [a, b] = log1p_parts(f);
    const [sum, left] = k ? two_sum(k * 0.693147180559663, a) : [a, 0];
    return [sum, left + (b + k * 2.8235290563031577e-13)];
}

/** ln(1 + x), near 0 too.
 * @type {(x: number) => number} */
function log1p(x) {
    if (!(x > -1 && x < Infinity))
        return x === -1 ? -Infinity : x > 0 || x === 0 ? x : NaN;
    if (x > -0.29 && x < 0.41) {
        const [a, b] = log1p_parts(x);
        return a + b || x;
    }
    const [sum, left] = x > 1 ? two_sum(x, 1) : two_sum(1, x);
    const [a, b] = log_parts(sum);
    return a + (b + left / sum);
}

/** ln(1 + exp(xi)), by the exponential that cannot overflow.
 * @type {(xi: number) => number} */
function softplus(xi) {
    return positive_part(xi) + log1p(exp(-Math.abs(xi)));
}

/** Of eight and more from the first on: one of eight goes into each of eight
 * sums; long ones by halves.
 * @type {(terms: ArrayLike<number>, first: number, count: number)
 *     => number} */
function partial_sum(terms, first, count) {
    if (count > 128) {
        const half = (count >> 1) - (count >> 1) % 8;
        return partial_sum(terms, first, half)
            + partial_sum(terms, first + half, count - half);
    }
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    let k = first;
    for (; k + 8 <= first + count; k += 8) {
        a += terms[k];
        b += terms[k + 1];
        c += terms[k + 2];
        d += terms[k + 3];
        e += terms[k + 4];
        f += terms[k + 5];
        g += terms[k + 6];
        h += terms[k + 7];
    }
    let total = a + b + (c + d) + (e + f + (g + h));
    for (; k < first + count; k++)
        total += terms[k];
    return total;
}

/** The sum of numbers in the order of numpy, which is that of their halves.
 * @type {(terms: ArrayLike<number>) => number} */
function sum(terms) {
    if (terms.length >= 8)
        return partial_sum(terms, 0, terms.length);
    let total = 0;
    for (let k = 0; k < terms.length; k++)
        total += terms[k];
    return total;
}

/** The mean of numbers.
 * @type {(terms: ArrayLike<number>) => number} */
function mean(terms) {
    return sum(terms) / terms.length;
}

/** w + by * v, for all numbers of an object or an array.
 * @type {(w: any, v: any, by: number) => any} */
function moved(w, v, by) {
    if (typeof w === "number")
        return w + by * v;
    if (Array.isArray(w))
        return w.map((/** @type {any} */ x, k) => moved(x, v[k], by));
    return Object.fromEntries(
        Object.keys(w).map((name) => [name, moved(w[name], v[name], by)]));
}

/** The whole number of bytes, of which the first is the largest part.
 * @type {(bytes: number[]) => bigint} */
function whole_number(bytes) {
    return bytes.reduce((x, byte) => (x << 8n) | BigInt(byte), 0n);
}

/** The first prime numbers.
 * @type {(count: number) => number[]} */
function first_primes(count) {
    const primes = [2];
    for (let n = 3; primes.length < count; n += 2) {
        if (primes.every((p) => n % p !== 0))
            primes.push(n);
    }
    return primes;
}

/** The first 64 digits, in base 2, behind the point of a root of p, by Newton.
 * @type {(p: number, degree: bigint) => bigint} */
function root_digits(p, degree) {
    const goal = BigInt(p) << (64n * degree);
    let root = 0n, next = 8n << 64n;  // of numbers up to 409 no root is larger
    do {
        root = next;
        next = ((degree - 1n) * root + goal / root ** (degree - 1n)) / degree;
    } while (next < root);
    return root & ((1n << 64n) - 1n);
}

/** 64 digits in base 2, turned to the right by so many.
 * @type {(x: bigint, by: bigint) => bigint} */
function turned(x, by) {
    return ((x << (64n - by)) | (x >> by)) & ((1n << 64n) - 1n);
}

/** What SHA-512 makes of bytes (FIPS 180-4), as a whole number.
 * @type {(bytes: number[]) => bigint} */
function sha512(bytes) {
    const mask = (1n << 64n) - 1n;
    const once = /** @type {any} */ (sha512);  // keeps what is made once
    once.start ??= first_primes(8).map((p) => root_digits(p, 2n));
    once.constants ??= first_primes(80).map((p) => root_digits(p, 3n));
    /** @type {bigint[]} */
    const constants = once.constants;
    /** @type {bigint[]} */
    let state = once.start;
    const zeros = new Array((239 - bytes.length % 128) % 128 + 8).fill(0);
    const padded = [...bytes, 128, ...zeros];
    for (let shift = 56n; shift >= 0n; shift -= 8n)
        padded.push(Number((BigInt(8 * bytes.length) >> shift) & 255n));
    for (let block = 0; block < padded.length; block += 128) {
        const words = Array.from({ length: 16 }, (_, k) =>
            whole_number(padded.slice(block + 8 * k, block + 8 * k + 8)));
        let [a, b, c, d, e, f, g, h] = state;
        for (let t = 0; t < 80; t++) {
            if (t > 15) {
                const x = words[t - 15], y = words[t - 2];
                const left = turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n);
                const right = turned(y, 19n) ^ turned(y, 61n) ^ (y >> 6n);
                const next = words[t - 16] + left + words[t - 7] + right;
                words.push(next & mask);
            }
            const choice = (e & f) ^ ((mask ^ e) & g);
            const first = h + choice + constants[t] + words[t]
                + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n));
            const majority = (a & b) ^ (a & c) ^ (b & c);
            const second = majority
                + (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n));
            [h, g, f, e] = [g, f, e, (d + first) & mask];
            [d, c, b, a] = [c, b, a, (first + second) & mask];
        }
        state = [a, b, c, d, e, f, g, h].map((x, k) => (x + state[k]) & mask);
    }
    return state.reduce((x, part) => (x << 64n) | part, 0n);
}

/** The next 624 numbers of the Mersenne Twister.
 * @type {(state: Uint32Array) => void} */
function twist(state) {
    for (let k = 0; k < 624; k++) {
        const high = state[k] & 0x80000000, next = state[(k + 1) % 624];
        const y = high | (next & 0x7fffffff);
        const odd = y & 1 ? 0x9908b0df : 0;
        state[k] = state[(k + 397) % 624] ^ (y >>> 1) ^ odd;
    }
}

/** Numbers between 0 and 1, those of Python's random.Random(text): the
 * Mersenne Twister (Matsumoto and Nishimura 1998), seeded by its array.
 * @type {(text: string) => () => number} */
function stream(text) {
    const bytes = [...new TextEncoder().encode(text)];
    const key = [], state = new Uint32Array(624);
    let seed = (whole_number(bytes) << 512n) | sha512(bytes);
    for (; seed > 0n; seed >>= 32n)
        key.push(Number(seed & 0xffffffffn));
    state[0] = 19650218;
    const before = (/** @type {number} */ k) =>
        state[k - 1] ^ (state[k - 1] >>> 30);
    for (let k = 1; k < 624; k++)
        state[k] = Math.imul(before(k), 1812433253) + k;
    let i = 1;
    const stir = (/** @type {number} */ by, /** @type {number} */ more) => {
        state[i] = (state[i] ^ Math.imul(before(i), by)) + more;
        i = i % 623 + 1;
        if (i === 1)
            state[0] = state[623];
    };
    for (let k = 0; k < Math.max(624, key.length); k++)
        stir(1664525, key[k % key.length] + k % key.length);
    for (let k = 0; k < 623; k++)
        stir(1566083941, -i);
    state[0] = 2147483648;
    let place = 624;
    const bits = () => {
        if (place === 624)
            twist(state);
        place = place % 624 + 1;
        let y = state[place - 1];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return (y ^ (y >>> 18)) >>> 0;
    };
    return () => {
        const high = bits() >>> 5, low = bits() >>> 6;
        return (high * 67108864 + low) / 9007199254740992;
    };
}

/** Numbers in rows: an array of this shape, of one without axes the number.
 * @type {(numbers: number[], shape: number[]) => any} */
function nested(numbers, shape) {
    if (!shape.length)
        return numbers[0];
    const [length, ...rest] = shape, size = numbers.length / length;
    return Array.from({ length }, (_, k) =>
        nested(numbers.slice(k * size, (k + 1) * size), rest));
}

/** Numbers between low and high, from the weight's own stream.
 * @type {(seed: number, name: string, low: number, high: number,
 *     shape?: number[]) => any} */
function uniform(seed, name, low, high, shape = []) {
    const random = stream(`${seed}/${name}`);
    const count = shape.reduce((n, size) => n * size, 1);
    const draw = () => low + (high - low) * random();
    return nested(Array.from({ length: count }, draw), shape);
}

/** Numbers in four digits, with blanks between them.
 * @type {(values: any) => string} */
function shown(values) {
    return [values].flat(9).map((x) => Number(x.toPrecision(4))).join(" ");
}

/** Numbers between -1 and 1, always the same ones in the same order.
 * @type {() => () => number} */
function noise() {
    let state = 1;
    return () => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        return state / 0x40000000 - 1;
    };
}

/** As many numbers as an object or an array has, drawn.
 * @type {(w: any, next: () => number) => any} */
function drawn_like(w, next) {
    if (typeof w === "number")
        return next();
    if (Array.isArray(w))
        return w.map((x) => drawn_like(x, next));
    return Object.fromEntries(
        Object.keys(w).map((name) => [name, drawn_like(w[name], next)]));
}

/** The sum of the products of all numbers of two objects or arrays.
 * @type {(a: any, b: any) => number} */
function inner(a, b) {
    if (typeof a === "number")
        return a * b;
    const names = Object.keys(a);
    return names.reduce((total, k) => total + inner(a[k], b[k]), 0);
}

/** The gradients against central differences along drawn directions: "ok", or
 * what is wrong.
 * @type {(eps?: number) => string} */
export function selftest(eps = 1e-6) {
    const next = noise();
    const start = initial_weights();
    const weights = moved(start, drawn_like(start, next), 0.1);
    const { loss, gradients: d } = tried(weights);
    if (!Number.isFinite(loss))
        return "the loss of drawn numbers is none: nothing is compared";
    for (let k = 0; k < 10; k++) {
        const v = drawn_like(start, next);
        const up = tried(moved(weights, v, eps)).loss;
        const down = tried(moved(weights, v, -eps)).loss;
        const slope = (up - down) / (2 * eps), expected = inner(d, v);
        const limit = 1e-4 * Math.abs(slope) + 1e-7 * (1 + Math.abs(loss));
        if (!(Math.abs(expected - slope) <= limit))
            return `the gradients say ${expected}, not ${slope}`;
    }
    return "ok";
}

const node = /** @type {any} */ (globalThis).process;
const script = node?.argv?.[1]?.replaceAll("\\", "/");
if (script && decodeURIComponent(import.meta.url).endsWith(script)) {
    if (node.argv.includes("--selftest")) {
        const result = selftest();
        console.log(result);
        node.exitCode = result.startsWith("the gradients") ? 1 : 0;
    } else {
        table();
    }
}

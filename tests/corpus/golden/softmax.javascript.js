/*
Softmax layer and cross-entropy.

Made by flowc 0.1.0 from softmax.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.

Shapes, for a batch of n tokens, one token a row; W[target, source]:
    x (n, 2)   p, y (n, 3)
    W (3, 2)   b (3,)

Elements of p, from p[0] on: cat, dog, bird.
*/

/**
 * The weights that learn; W[target][source].
 * @typedef {object} Weights
 * @property {number[][]} W
 * @property {number[]} b
 */

/**
 * Where learning starts.
 * @param {number} [seed]
 * @returns {Weights}
 */
export function initial_weights(seed = 0) {
    return {
        W: [[0, 0], [0, 0], [0, 0]],
        b: [0, 0, 0]
    };
}

/**
 * The output p of one token.
 * @param {ArrayLike<number>} x
 * @param {Weights} weights
 * @returns {number[]}
 */
export function forward(x, { W, b }) {
    const xi_p = zeros(3);  // softmax.flow:8
    for (let i = 0; i < 3; i++)
        xi_p[i] = dot(W[i], x) + b[i];
    const p_1 = Math.max(...xi_p);  // softmax
    const p_2 = zeros(3);
    for (let i = 0; i < 3; i++)
        p_2[i] = exp(xi_p[i] - p_1);
    const p_3 = sum(p_2);
    const p = zeros(3);
    for (let i = 0; i < 3; i++)
        p[i] = p_2[i] / p_3;
    return p;
}

/**
 * The loss, and its derivative for every weight.
 * @param {ArrayLike<ArrayLike<number>>} x
 * @param {ArrayLike<ArrayLike<number>>} y
 * @param {Weights} weights
 * @returns {{ loss: number, gradients: Weights }}
 */
export function gradients(x, y, { W, b }) {
    const n = x.length;
    const L = [];
    const d_W = Array.from({ length: 3 }, () => zeros(2));
    const d_b = zeros(3);
    for (let t = 0; t < n; t++) {
        // forward
        const xi_p = zeros(3);
        for (let i = 0; i < 3; i++)
            xi_p[i] = dot(W[i], x[t]) + b[i];
        const p_1 = Math.max(...xi_p);
        const p_2 = zeros(3);
        for (let i = 0; i < 3; i++)
            p_2[i] = exp(xi_p[i] - p_1);
        const p_3 = sum(p_2);
        const p = zeros(3);
        for (let i = 0; i < 3; i++)
            p[i] = p_2[i] / p_3;

        // loss: -ln p of the true class
        const loss_1 = Math.max(...xi_p);
        let total = 0;
        for (let i = 0; i < 3; i++)
            total += exp(xi_p[i] - loss_1);
        const loss_2 = log(total);
        let total_ = 0;
        for (let i = 0; i < 3; i++)
            total_ += y[t][i] * (xi_p[i] - loss_1 - loss_2);
        L.push(-total_);

        // backward: the same lines, read from the last to the first
        const d_xi_p = zeros(3);
        for (let i = 0; i < 3; i++)
            d_xi_p[i] = (p[i] - y[t][i]) / n;
        for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 2; j++)
                d_W[i][j] += d_xi_p[i] * x[t][j];
        }
        for (let i = 0; i < 3; i++)
            d_b[i] += d_xi_p[i];
    }
    return { loss: mean(L), gradients: { W: d_W, b: d_b } };
}

/**
 * One step downhill; the loss is that before the step.
 * @param {Weights} weights
 * @param {ArrayLike<ArrayLike<number>>} x
 * @param {ArrayLike<ArrayLike<number>>} y
 * @param {number} [rate]
 * @returns {{ loss: number, weights: Weights }}
 */
export function learn(weights, x, y, rate = 0.5) {
    const { loss, gradients: d } = gradients(x, y, weights);
    return { loss, weights: moved(weights, d, -rate) };
}

/**
 * The weights after so many steps of gradient descent on these tokens.
 * @param {Weights} weights
 * @param {ArrayLike<ArrayLike<number>>} x
 * @param {ArrayLike<ArrayLike<number>>} y
 * @param {number} [rate]
 * @param {number} [steps]
 * @returns {Weights}
 */
export function fit({ W, b }, x, y, rate = 0.5, steps = 100) {
    const n = x.length;
    const xi_p = new Float64Array(3);
    const p_2 = new Float64Array(3);
    const p = new Float64Array(3);
    const d_xi_p = new Float64Array(3);
    for (let k = 0; k < steps; k++) {
        const d_W = Array.from({ length: 3 }, () => zeros(2));
        const d_b = zeros(3);
        for (let t = 0; t < n; t++) {
            // forward
            for (let i = 0; i < 3; i++)
                xi_p[i] = dot(W[i], x[t]) + b[i];
            const p_1 = Math.max(...xi_p);
            for (let i = 0; i < 3; i++)
                p_2[i] = exp(xi_p[i] - p_1);
            const p_3 = sum(p_2);
            for (let i = 0; i < 3; i++)
                p[i] = p_2[i] / p_3;

            // backward: the same lines, read from the last to the first
            for (let i = 0; i < 3; i++)
                d_xi_p[i] = (p[i] - y[t][i]) / n;
            for (let i = 0; i < 3; i++) {
                for (let j = 0; j < 2; j++)
                    d_W[i][j] += d_xi_p[i] * x[t][j];
            }
            for (let i = 0; i < 3; i++)
                d_b[i] += d_xi_p[i];
        }
        W = moved(W, d_W, -rate);
        b = moved(b, d_b, -rate);
    }
    return { W, b };
}

const ROWS = [
    "0     1    | cat ",
    "1     0    | dog ",
    "1     1    | bird",
    "0     2    | cat ",
    "2     0    | dog ",
    "2     2    | bird",
];

/** The diagram's table: inputs, then what should come out. */
export function data() {
    const x = [[0, 1], [1, 0], [1, 1], [0, 2], [2, 0], [2, 2]];
    const y = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1]
    ];
    return { x, y };
}

/** Print the diagram's table, and the output p beside every row. */
export function table() {
    const columns = data();
    const weights = initial_weights();
    console.log("x[1]  x[2] | y    | forward: p");
    for (let t = 0; t < ROWS.length; t++) {
        const p = forward(columns.x[t], weights);
        console.log(ROWS[t], "|", shown(p));
    }
}

/**
 * The gradients of 5 drawn tokens, always the same.
 * @param {Weights} weights
 */
function tried(weights) {
    const next = noise();
    const x = nested(Array.from({ length: 10 }, next), [5, 2]);
    const y = nested(
        Array.from(
            { length: 15 }, (_, k) => (k % 3 === Math.floor(k / 3) % 3 ? 1 : 0)
        ),
        [5, 3]
    );
    return gradients(x, y, weights);
}

// --------------------------- what is called above ---------------------------

/** The sum of the products of two rows, one after the other.
 * @type {(a: ArrayLike<number>, b: ArrayLike<number>) => number} */
function dot(a, b) {
    let total = 0;
    for (let k = 0; k < a.length; k++)
        total += a[k] * b[k];
    return total;
}

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

/** So many zeros.
 * @type {(length: number) => number[]} */
function zeros(length) {
    return new Array(length).fill(0);
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

/** [a, b]: ln x is a + b, where b is small.
 * @type {(x: number) => [number, number]} */
function log_parts(x) {
    const [k, f] = mantissa(x);
    const [a, b] = log1p_parts(f);
    const [sum, left] = k ? two_sum(k * 0.693147180559663, a) : [a, 0];
    return [sum, left + (b + k * 2.8235290563031577e-13)];
}

/** ln x, the same number on every engine, whatever its own log2 says.
 * @type {(x: number) => number} */
function log(x) {
    if (!(x > 0 && x < Infinity))
        return x === 0 ? -Infinity : x > 0 ? x : NaN;
    const [a, b] = log_parts(x);
    return a + b;
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

/** Numbers in rows: an array of this shape, of one without axes the number.
 * @type {(numbers: number[], shape: number[]) => any} */
function nested(numbers, shape) {
    if (!shape.length)
        return numbers[0];
    const [length, ...rest] = shape, size = numbers.length / length;
    return Array.from({ length }, (_, k) =>
        nested(numbers.slice(k * size, (k + 1) * size), rest));
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

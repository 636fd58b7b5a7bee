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

/** 2^k, by squares, for k between -1022 and 1023.
 * @type {(k: number) => number} */
function power_of_two(k) {
    let power = 1, square = k < 0 ? 0.5 : 2;
    for (let n = Math.abs(k); n > 0; n >>= 1) {
        if (n & 1)
            power *= square;
        square *= square;
    }
    return power;
}

/** x * 2^k, rounded once.
 * @type {(x: number, k: number) => number} */
function scaled(x, k) {
    const half = k >> 1;
    return x * power_of_two(half) * power_of_two(k - half);
}

/** [k, r, s]: e^x is 2^k * (1 + r + s), where r is at most 0.35, s smaller.
 * @type {(x: number) => [number, number, number]} */
function exp_parts(x) {
    const k = Math.round(x * 1.4426950408889634);
    const [r, rest] = two_sum(
        x - k * 0.693147180559663, -k * 2.8235290563031577e-13);
    const series = 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120
        + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880
        + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600
        + r * (1 / 6227020800 + r / 87178291200)))))))))));
    return [k, r, rest + r * r * series];
}

/** e^x, by its series between powers of two: the same number on every engine.
 * @type {(x: number) => number} */
function exp(x) {
    if (x !== x || x > 709.8)
        return x !== x ? x : Infinity;
    if (x < -745.2)
        return 0;
    const [k, r, s] = exp_parts(x);
    const [sum, left] = two_sum(1, r);
    return scaled(sum + (left + s), k);
}

/** [a, b]: e^x - 1 is a + b, where b is small, for x between -40 and 40.
 * @type {(x: number) => [number, number]} */
function expm1_parts(x) {
    const [k, r, s] = exp_parts(x);
    if (k === 0)
        return two_sum(r, s);
    const [sum, left] = two_sum(1, r);
    const power = scaled(1, k), a = sum * power;
    const [high, low] = k > 0 ? two_sum(a, -1) : two_sum(-1, a);
    return two_sum(high, low + (left + s) * power);
}

/** e^x - 1, near 0 too.
 * @type {(x: number) => number} */
function expm1(x) {
    if (!(Math.abs(x) < 40))
        return x > 0 ? exp(x) : x < 0 ? -1 : x;
    const [a, b] = expm1_parts(x);
    return a + b || x;
}

/** The hyperbolic tangent, e / (e + 2), where e is e^2x - 1.
 * @type {(x: number) => number} */
function tanh(x) {
    if (!(Math.abs(x) < 20))
        return x > 0 ? 1 : x < 0 ? -1 : x;
    const [a, b] = expm1_parts(2 * Math.abs(x));
    const [below, rest] = a > 2 ? two_sum(a, 2) : two_sum(2, a);
    const quotient = a / below;
    const [product, left] = two_product(quotient, below);
    const error = a - product - left + b - quotient * (rest + b);
    const h = quotient + error / below;
    return (x < 0 ? -h : h) || x;
}

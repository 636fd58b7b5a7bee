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

/** 2^k, for k from -1022 to 1023.
 * @type {(k: number) => number} */
function power_of_two(k) {
    const once = /** @type {any} */ (power_of_two);  // keeps what is made once
    once.table ??= powers_of_two();
    return once.table[k + 1022];
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

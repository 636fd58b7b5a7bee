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

/** ln x, the same number on every engine, whatever its own log2 says.
 * @type {(x: number) => number} */
function log(x) {
    if (!(x > 0 && x < Infinity))
        return x === 0 ? -Infinity : x > 0 ? x : NaN;
    const [a, b] = log_parts(x);
    return a + b;
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

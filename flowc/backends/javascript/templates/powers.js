/** (a + b) * (c + d), where a and c are rounded, b and d what that left away.
 * @type {(x: [number, number], y: [number, number]) => [number, number]} */
function pair_product([a, b], [c, d]) {
    const [product, left] = two_product(a, c);
    return two_sum(product, left + (a * d + b * c));
}

/** [a, b]: ln x is a + b, in twice as many digits; k ln 2 + 2 artanh(s), where
 * s is f / (2 + f).
 * @type {(x: number) => [number, number]} */
function long_log(x) {
    const [k, f] = mantissa(x);
    const [below, rest] = two_sum(2, f);
    const quotient = f / below;
    const [product, left] = two_product(quotient, below);
    const error = f - product - left - quotient * rest;
    const s = two_sum(quotient, error / below);
    const z = pair_product(s, s);
    /** @type {[number, number]} */
    let series = [0, 0];
    for (let n = 41; n > 0; n -= 2) {
        const [near, far] = two_product(1 / n, n);
        const [sum, lost] = two_sum(1 / n, series[0]);
        series = two_sum(sum, lost + series[1] + (1 - near - far) / n);
        if (n > 1)
            series = pair_product(z, series);
    }
    const [a, b] = pair_product([2 * s[0], 2 * s[1]], series);
    const [high, first] = k ? two_sum(k * 0.693147180559663, a) : [a, 0];
    const [low, last] = two_product(k, 2.8235290563031577e-13);
    const [sum, second] = two_sum(high, low);
    return two_sum(sum, first + second + b + last);
}

/** x^n for a whole n, by squares.
 * @type {(x: number, n: number) => number} */
function whole_power(x, n) {
    /** @type {[number, number]} */
    let power = [1, 0];
    /** @type {[number, number]} */
    let square = [x, 0];
    for (let rest = Math.abs(n); ; square = pair_product(square, square)) {
        if (rest & 1)
            power = pair_product(power, square);
        rest >>= 1;
        if (rest === 0)
            break;
    }
    const [a, b] = power;
    if (n > 0)
        return a;
    const inverse = 1 / a, [product, left] = two_product(inverse, a);
    return inverse + (1 - product - left - inverse * b) * inverse;
}

/** x^y, the same number on every engine; what has no value is NaN, as in C.
 * @type {(x: number, y: number) => number} */
function power(x, y) {
    if (y === 0 || x === 1)
        return 1;
    const size = Math.abs(x), grows = size > 1 === y > 0;
    if (x !== x || y !== y || x < 0 && size < Infinity && Math.abs(y % 1) > 0)
        return NaN;
    const sign = (x < 0 || 1 / x < 0) && Math.abs(y % 2) === 1 ? -1 : 1;
    if (size === 1)
        return sign;
    if (size === 0 || size === Infinity || Math.abs(y) > 1e18)
        return grows ? sign * Infinity : sign * 0;
    const near = Math.abs(y) < 64 && Math.abs(y * mantissa(size)[0]) < 900;
    if (near && y % 1 === 0)
        return sign * whole_power(size, y);
    const [a, b] = long_log(size);
    const [exponent, error] = two_product(y, a);
    if (Math.abs(exponent) > 800)
        return grows ? sign * Infinity : sign * 0;
    const [k, r, s] = exp_parts(exponent);
    const [sum, left] = two_sum(1, r);
    return sign * scaled(sum + (left + s + (error + y * b) * (sum + s)), k);
}

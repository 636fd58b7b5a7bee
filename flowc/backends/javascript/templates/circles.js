/** [q, r, s]: x is q right angles and r + s, where s is small; of q only the
 * last two digits in base 2.
 * @type {(x: number) => [number, number, number]} */
function angle_parts(x) {
    if (Math.abs(x) > 1e6)
        return far_angle_parts(x);
    const q = Math.round(x * 0.6366197723675814);
    const [a, a_rest] = difference(
        x - q * 1.5707963267341256, q * 6.077100506303966e-11);
    const [b, b_rest] = difference(a, q * 2.0222662487111665e-21);
    const [r, s] = two_sum(b, a_rest + b_rest - q * 8.4784276603689e-32);
    return [q & 3, r, s];
}

/** a - b, rounded, and what the rounding left away, whichever is larger
 * (Knuth).
 * @type {(a: number, b: number) => [number, number]} */
function difference(a, b) {
    const result = a - b, part = a - result;
    return [result, a - (result + part) - (b - part)];
}

/** The same of large x, with so many digits of pi (Machin 1706) that none is
 * missing.
 * @type {(x: number) => [number, number, number]} */
function far_angle_parts(x) {
    const one = 1n << 1300n;
    const artan = (/** @type {bigint} */ n) => {
        let sum = 0n;
        for (let power = one / n, k = 1n; power !== 0n; k += 2n) {
            sum += power / k;
            power /= -n * n;
        }
        return sum;
    };
    const right = 2n * (4n * artan(5n) - artan(239n));
    let k = 0, m = Math.abs(x);
    for (; m % 1; k--)
        m *= 2;
    for (; m >= 9007199254740992; k++)
        m /= 2;
    const whole = (BigInt(m) * one) << BigInt(k);
    const q = (whole + right / 2n) / right, rest = whole - q * right;
    const digits = rest >> 400n, high = Number(digits);
    const low = Number(digits - BigInt(high));
    const sign = Math.sign(x), unit = scaled(1, -900);
    return [Number(q & 3n) * sign & 3, sign * high * unit, sign * low * unit];
}

/** The sine of a small angle r + s.
 * @type {(r: number, s: number) => number} */
function small_sine(r, s) {
    const z = r * r;
    const series = -1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880
        + z * (-1 / 39916800 + z * (1 / 6227020800 + z * (-1 / 1307674368000
        + z / 355687428096000))))));
    return r + (s * (1 - z / 2) + r * z * series);
}

/** The cosine of a small angle r + s.
 * @type {(r: number, s: number) => number} */
function small_cosine(r, s) {
    const [z, rest] = two_product(r, r);
    const series = 1 / 24 + z * (-1 / 720 + z * (1 / 40320 + z * (-1 / 3628800
        + z * (1 / 479001600 + z * (-1 / 87178291200 + z / 20922789888000)))));
    const [sum, left] = two_sum(1, -z / 2);
    return sum + (left - rest / 2 - r * s + z * z * series);
}

/** The sine of x, the same number on every engine.
 * @type {(x: number) => number} */
function sin(x) {
    if (!(Math.abs(x) < Infinity))
        return NaN;
    const [q, r, s] = angle_parts(x);
    const value = q & 1 ? small_cosine(r, s) : small_sine(r, s);
    return (q & 2 ? -value : value) || x;
}

/** The cosine of x, the same number on every engine.
 * @type {(x: number) => number} */
function cos(x) {
    if (!(Math.abs(x) < Infinity))
        return NaN;
    const [q, r, s] = angle_parts(x);
    const value = q & 1 ? small_sine(r, s) : small_cosine(r, s);
    return q === 1 || q === 2 ? -value : value;
}

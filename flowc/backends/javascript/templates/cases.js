/** The sign of x, 0 where x is 0.
 * @type {(x: number) => number} */
function sign_or_nan(x) {
    return x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x;
}

/** The larger of x and 0.
 * @type {(x: number) => number} */
function positive_part(x) {
    return x > 0 || x !== x ? x : 0;
}

/** ln(1 + exp(xi)), by the exponential that cannot overflow.
 * @type {(xi: number) => number} */
function softplus(xi) {
    return positive_part(xi) + log1p(exp(-Math.abs(xi)));
}

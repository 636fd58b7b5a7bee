/** Numbers in four digits, with blanks between them.
 * @type {(values: any) => string} */
function shown(values) {
    return [values].flat(9).map((x) => Number(x.toPrecision(4))).join(" ");
}

/** How many numbers are further from those expected than the limit, or not
 * there.
 * @type {(values: any, expected: any, limit: number) => number} */
function count_far(values, expected, limit) {
    const others = [expected].flat(9);
    const is_far = (/** @type {number} */ x, /** @type {number} */ k) =>
        !(Math.abs(x - others[k]) <= limit);
    return [values].flat(9).filter(is_far).length;
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

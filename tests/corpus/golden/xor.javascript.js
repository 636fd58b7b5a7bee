/*
The exclusive or of two bits.

Made by flowc 0.1.0 from xor.flow:
    flowc compile FILE
You may edit this file; making it again overwrites it.
*/

/**
 * The unit step u: 1 where xi >= 0, else 0.
 * @param {number} xi
 * @returns {number}
 */
function step(xi) {
    return xi >= 0 ? 1 : 0;
}

/**
 * The output f of one token.
 * @param {number} x1
 * @param {number} x2
 * @returns {number}
 */
export function forward(x1, x2) {
    const xi1 = 0.5 - x1 - x2;  // xor.flow:6
    const h1 = step(xi1);  // neither of them
    const xi2 = -1.5 + x1 + x2;  // xor.flow:8
    const h2 = step(xi2);  // both of them
    const xi3 = 0.5 - h1 - h2;  // xor.flow:10
    const f = step(xi3);  // neither, nor both: one of them
    return f;
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
    const f = [0, 1, 1, 0];
    return { x1, x2, f };
}

/**
 * Print the diagram's table, and the output f beside every row. Returns how
 * many numbers are not what the table expects.
 * @returns {number}
 */
export function table() {
    const columns = data();
    let wrong = 0;
    console.log("x1  x2 | f | forward: f");
    for (let t = 0; t < ROWS.length; t++) {
        const f = forward(columns.x1[t], columns.x2[t]);
        console.log(ROWS[t], "|", shown(f));
        wrong += count_far(f, columns.f[t], 5e-07);
    }
    console.log("numbers that are not what the table expects:", wrong);
    return wrong;
}

// --------------------------- what is called above ---------------------------

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

const node = /** @type {any} */ (globalThis).process;
const script = node?.argv?.[1]?.replaceAll("\\", "/");
if (script && decodeURIComponent(import.meta.url).endsWith(script)) {
    node.exitCode = table() ? 1 : 0;
}

/** So many zeros.
 * @type {(length: number) => number[]} */
function zeros(length) {
    return new Array(length).fill(0);
}

/** x * x, of what is computed once.
 * @type {(x: number) => number} */
function square(x) {
    return x * x;
}

/** The sum of the products of two rows, one after the other.
 * @type {(a: ArrayLike<number>, b: ArrayLike<number>) => number} */
function dot(a, b) {
    let total = 0;
    for (let k = 0; k < a.length; k++)
        total += a[k] * b[k];
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

/** The mean of numbers.
 * @type {(terms: ArrayLike<number>) => number} */
function mean(terms) {
    return sum(terms) / terms.length;
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

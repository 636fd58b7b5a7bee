/** What SHA-512 makes of bytes (FIPS 180-4), as a whole number.
 * @type {(bytes: number[]) => bigint} */
function sha512(bytes) {
    const mask = (1n << 64n) - 1n;
    const once = /** @type {any} */ (sha512);  // keeps what is made once
    once.start ??= first_primes(8).map((p) => root_digits(p, 2n));
    once.constants ??= first_primes(80).map((p) => root_digits(p, 3n));
    /** @type {bigint[]} */
    const constants = once.constants;
    /** @type {bigint[]} */
    let state = once.start;
    const zeros = new Array((239 - bytes.length % 128) % 128 + 8).fill(0);
    const padded = [...bytes, 128, ...zeros];
    for (let shift = 56n; shift >= 0n; shift -= 8n)
        padded.push(Number((BigInt(8 * bytes.length) >> shift) & 255n));
    for (let block = 0; block < padded.length; block += 128) {
        const words = Array.from({ length: 16 }, (_, k) =>
            whole_number(padded.slice(block + 8 * k, block + 8 * k + 8)));
        let [a, b, c, d, e, f, g, h] = state;
        for (let t = 0; t < 80; t++) {
            if (t > 15) {
                const x = words[t - 15], y = words[t - 2];
                const left = turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n);
                const right = turned(y, 19n) ^ turned(y, 61n) ^ (y >> 6n);
                const next = words[t - 16] + left + words[t - 7] + right;
                words.push(next & mask);
            }
            const choice = (e & f) ^ ((mask ^ e) & g);
            const first = h + choice + constants[t] + words[t]
                + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n));
            const majority = (a & b) ^ (a & c) ^ (b & c);
            const second = majority
                + (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n));
            [h, g, f, e] = [g, f, e, (d + first) & mask];
            [d, c, b, a] = [c, b, a, (first + second) & mask];
        }
        state = [a, b, c, d, e, f, g, h].map((x, k) => (x + state[k]) & mask);
    }
    return state.reduce((x, part) => (x << 64n) | part, 0n);
}

/** 64 digits in base 2, turned to the right by so many.
 * @type {(x: bigint, by: bigint) => bigint} */
function turned(x, by) {
    return ((x << (64n - by)) | (x >> by)) & ((1n << 64n) - 1n);
}

/** The first prime numbers.
 * @type {(count: number) => number[]} */
function first_primes(count) {
    const primes = [2];
    for (let n = 3; primes.length < count; n += 2) {
        if (primes.every((p) => n % p !== 0))
            primes.push(n);
    }
    return primes;
}

/** The first 64 digits, in base 2, behind the point of a root of p, by Newton.
 * @type {(p: number, degree: bigint) => bigint} */
function root_digits(p, degree) {
    const goal = BigInt(p) << (64n * degree);
    let root = 0n, next = 8n << 64n;  // of numbers up to 409 no root is larger
    do {
        root = next;
        next = ((degree - 1n) * root + goal / root ** (degree - 1n)) / degree;
    } while (next < root);
    return root & ((1n << 64n) - 1n);
}

/** The whole number of bytes, of which the first is the largest part.
 * @type {(bytes: number[]) => bigint} */
function whole_number(bytes) {
    return bytes.reduce((x, byte) => (x << 8n) | BigInt(byte), 0n);
}

/** Numbers between 0 and 1, those of Python's random.Random(text): the
 * Mersenne Twister (Matsumoto and Nishimura 1998), seeded by its array.
 * @type {(text: string) => () => number} */
function stream(text) {
    const bytes = [...new TextEncoder().encode(text)];
    const key = [], state = new Uint32Array(624);
    let seed = (whole_number(bytes) << 512n) | sha512(bytes);
    for (; seed > 0n; seed >>= 32n)
        key.push(Number(seed & 0xffffffffn));
    state[0] = 19650218;
    const before = (/** @type {number} */ k) =>
        state[k - 1] ^ (state[k - 1] >>> 30);
    for (let k = 1; k < 624; k++)
        state[k] = Math.imul(before(k), 1812433253) + k;
    let i = 1;
    const stir = (/** @type {number} */ by, /** @type {number} */ more) => {
        state[i] = (state[i] ^ Math.imul(before(i), by)) + more;
        i = i % 623 + 1;
        if (i === 1)
            state[0] = state[623];
    };
    for (let k = 0; k < Math.max(624, key.length); k++)
        stir(1664525, key[k % key.length] + k % key.length);
    for (let k = 0; k < 623; k++)
        stir(1566083941, -i);
    state[0] = 2147483648;
    let place = 624;
    const bits = () => {
        if (place === 624)
            twist(state);
        place = place % 624 + 1;
        let y = state[place - 1];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return (y ^ (y >>> 18)) >>> 0;
    };
    return () => {
        const high = bits() >>> 5, low = bits() >>> 6;
        return (high * 67108864 + low) / 9007199254740992;
    };
}

/** The next 624 numbers of the Mersenne Twister.
 * @type {(state: Uint32Array) => void} */
function twist(state) {
    for (let k = 0; k < 624; k++) {
        const high = state[k] & 0x80000000, next = state[(k + 1) % 624];
        const y = high | (next & 0x7fffffff);
        const odd = y & 1 ? 0x9908b0df : 0;
        state[k] = state[(k + 397) % 624] ^ (y >>> 1) ^ odd;
    }
}

/** Numbers between low and high, from the weight's own stream.
 * @type {(seed: number, name: string, low: number, high: number,
 *     shape?: number[]) => any} */
function uniform(seed, name, low, high, shape = []) {
    const random = stream(`${seed}/${name}`);
    const count = shape.reduce((n, size) => n * size, 1);
    const draw = () => low + (high - low) * random();
    return nested(Array.from({ length: count }, draw), shape);
}

/** Normally distributed numbers, from the weight's own stream.
 * @type {(seed: number, name: string, mean: number, sd: number,
 *     shape?: number[]) => any} */
function normal(seed, name, mean, sd, shape = []) {
    const random = stream(`${seed}/${name}`);
    const count = shape.reduce((n, size) => n * size, 1);
    const draw = () => mean + sd * normal_quantile(random() || 2 ** -54);
    return nested(Array.from({ length: count }, draw), shape);
}

/** The number below which a share p of all normally distributed numbers is
 * (Wichura 1988, algorithm AS 241).
 * @type {(p: number) => number} */
function normal_quantile(p) {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
        const r = 0.180625 - q * q;
        return polynomial(r, [
            2509.0809287301227, 33430.57558358813, 67265.7709270087,
            45921.95393154987, 13731.69376550946, 1971.5909503065513,
            133.14166789178438, 3.3871328727963665
        ]) * q / polynomial(r, [
            5226.495278852854, 28729.085735721943, 39307.89580009271,
            21213.794301586597, 5394.196021424751, 687.1870074920579,
            42.31333070160091, 1
        ]);
    }
    const r = Math.sqrt(-log(q <= 0 ? p : 1 - p));
    const x = r <= 5
        ? polynomial(r - 1.6, [
            0.0007745450142783414, 0.022723844989269184, 0.2417807251774506,
            1.2704582524523684, 3.6478483247632045, 5.769497221460691,
            4.630337846156546, 1.4234371107496835
        ]) / polynomial(r - 1.6, [
            1.0507500716444169e-09, 0.0005475938084995345,
            0.015198666563616457, 0.14810397642748008, 0.6897673349851,
            1.6763848301838038, 2.053191626637759, 1
        ])
        : polynomial(r - 5, [
            2.0103343992922881e-07, 2.7115555687434876e-05,
            0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
            1.7848265399172913, 5.463784911164114, 6.657904643501103
        ]) / polynomial(r - 5, [
            2.0442631033899397e-15, 1.421511758316446e-07,
            1.8463183175100548e-05, 0.0007868691311456133,
            0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1
        ]);
    return q < 0 ? -x : x;
}

/** The value of a polynomial at x, from its highest coefficient on.
 * @type {(x: number, coefficients: number[]) => number} */
function polynomial(x, coefficients) {
    return coefficients.reduce((y, c) => y * x + c);
}

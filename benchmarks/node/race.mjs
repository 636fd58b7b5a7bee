/* What node takes for so many steps of learning: a printed file, the same with Math.exp, and the playground's way. Reads numbers from the
standard input, writes the weights after those steps, and seconds, as JSON; also of as many exponentials as the steps take, alone. Beside it lie the files: printed.mjs, engine.mjs. */

import { readFileSync } from "node:fs";
import * as engine from "./engine.mjs";
import * as playground from "./playground.mjs";
import * as printed from "./printed.mjs";

const { columns, points, labels, places, rate, steps, rounds } = JSON.parse(readFileSync(0, "utf8"));
const start = printed.initial_weights(0);

/** The number of a weight, by its name and its place in the array that it is. */
const at = (weights, [name, ...place]) => place.reduce((array, k) => array[k], weights[name]);
const inLayers = (weights) => places.map((rows) => rows.map((row) => row.map((place) => at(weights, place))));

const works = {
    printed: () => inLayers(printed.fit(start, ...columns, labels, rate, steps)),
    engine: () => inLayers(engine.fit(start, ...columns, labels, rate, steps)),
    playground() {
        const layers = playground.build(points[0].length, inLayers(start), playground.logistic);
        playground.fit(layers, points, labels, rate, steps);
        return playground.weightsOf(layers);
    },
};
const results = Object.fromEntries(Object.keys(works).map((name) => [name, works[name]().flat(2)]));

/** As many as the steps take: one for each node and point. */
const count = steps * points.length * places.flat().length;
const exponentials = (exp) => {
    let total = 0;
    for (let k = 0; k < count; k++)
        total += exp(-(k % 100) / 25);
    return total;
};
works.printed_exp = () => exponentials(printed.exp);
works.engine_exp = () => exponentials((x) => Math.exp(x));

const names = Object.keys(works);
const seconds = Object.fromEntries(names.map((name) => [name, []]));
for (let round = -3; round < rounds; round++) {  // three to warm up
    for (const name of round % 2 ? names.toReversed() : names) {
        const started = performance.now();
        works[name]();
        if (round >= 0)
            seconds[name].push((performance.now() - started) / 1000);
    }
}
console.log(JSON.stringify({ results, seconds }));

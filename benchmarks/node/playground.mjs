/* Backpropagation with an object for each node and each link, as TensorFlow Playground has it; written anew, from what it computes. */

export const logistic = {
    value: (x) => 1 / (1 + Math.exp(-x)),
    slope(x) {
        const y = this.value(x);
        return y * (1 - y);
    },
};

/** Layers of nodes, fully connected. `weights`: for each layer behind the first a row of each node, its bias before its links. */
export function build(inputs, weights, activation) {
    const layers = [Array.from({ length: inputs }, () => node(0, activation))];
    for (const rows of weights) {
        const sources = layers.at(-1);
        layers.push(rows.map(([bias, ...row]) => {
            const target = node(bias, activation);
            row.forEach((weight, k) => connect(sources[k], target, weight));
            return target;
        }));
    }
    return layers;
}

function node(bias, activation) {
    return { inputs: [], outputs: [], bias, activation, total: 0, value: 0, slope: 0, inputSlope: 0, slopes: 0, count: 0 };
}

function connect(source, target, weight) {
    const link = { source, target, weight, slope: 0, slopes: 0, count: 0 };
    source.outputs.push(link);
    target.inputs.push(link);
}

/** The weights as `build` takes them. */
export function weightsOf(layers) {
    return layers.slice(1).map((layer) => layer.map((node) => [node.bias, ...node.inputs.map((link) => link.weight)]));
}

/** So many steps of gradient descent on the binary cross-entropy, from all points each. */
export function fit(layers, points, labels, rate, steps) {
    for (let step = 0; step < steps; step++) {
        for (let k = 0; k < points.length; k++) {
            const f = forward(layers, points[k]);
            backward(layers, (f - labels[k]) / (f * (1 - f)));
        }
        update(layers, rate);
    }
}

function forward(layers, point) {
    const first = layers[0];
    for (let k = 0; k < first.length; k++)
        first[k].value = point[k];
    for (let depth = 1; depth < layers.length; depth++) {
        for (const node of layers[depth]) {
            node.total = node.bias;
            for (const link of node.inputs)
                node.total += link.weight * link.source.value;
            node.value = node.activation.value(node.total);
        }
    }
    return layers[layers.length - 1][0].value;
}

function backward(layers, slope) {
    layers[layers.length - 1][0].slope = slope;
    for (let depth = layers.length - 1; depth > 0; depth--) {
        for (const node of layers[depth]) {
            node.inputSlope = node.slope * node.activation.slope(node.total);
            node.slopes += node.inputSlope;
            node.count++;
            for (const link of node.inputs) {
                link.slope = node.inputSlope * link.source.value;
                link.slopes += link.slope;
                link.count++;
            }
        }
        if (depth === 1)
            return;
        for (const node of layers[depth - 1]) {
            node.slope = 0;
            for (const link of node.outputs)
                node.slope += link.weight * link.target.inputSlope;
        }
    }
}

function update(layers, rate) {
    for (let depth = 1; depth < layers.length; depth++) {
        for (const node of layers[depth]) {
            node.bias -= rate * node.slopes / node.count;
            node.slopes = node.count = 0;
            for (const link of node.inputs) {
                link.weight -= rate * link.slopes / link.count;
                link.slopes = link.count = 0;
            }
        }
    }
}

"""The meaning of a network by its docstrings alone, in a few lines of numpy: what the tests compare with."""

import numpy as np

from flowc.graph.network import Draw, Network

FUNCTIONS = {
    "identity": lambda x: x,
    "step": lambda x: (x >= 0) * 1.0,
    "sign": np.sign,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "relu": lambda x: np.maximum(x, 0),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "argmax": lambda x: np.eye(len(x))[np.argmax(x)],
    "sum": np.sum,
    "mean": np.mean,
    "quotient": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "dot": lambda a, b: np.dot(a, b),
    "mse": lambda a, b: np.mean((a - b) ** 2),
    "sse": lambda a, b: np.sum((a - b) ** 2),
    "mae": lambda a, b: np.mean(abs(a - b)),
}
FOLDS = {"product": np.multiply, "max": np.maximum, "min": np.minimum}


def taken(array, index):
    return array[tuple(i if isinstance(i, int) else slice(*i) for i in index)]


def weights_of(network: Network, seed: int = 0) -> dict:
    random = np.random.default_rng(seed)
    found = {}
    for weight in network.weights:
        start = random.normal(size=weight.shape) if isinstance(weight.start, Draw) else np.array(weight.start)
        found[weight.name] = np.broadcast_to(start, weight.shape).astype(float)
    return found


def evaluate(network: Network, given: dict, weights: dict) -> dict:
    """Every node's value for one token."""
    values = {"1": np.array(1.0)}
    for node in network.nodes:
        if node.role in ("input", "target"):
            values[node.name] = np.asarray(given[node.name], float)
            assert values[node.name].shape == node.shape
            continue
        if node.operands:
            operands = [taken(values[o.node], o.index) if o.node else o.number for o in node.operands]
            fold = FOLDS.get(node.function)
            if fold is None:
                value = FUNCTIONS[node.function](*operands)
            elif len(operands) == 1:
                value = fold.reduce(operands[0], axis=None)
            else:
                value = operands[0]
                for operand in operands[1:]:
                    value = fold(value, operand)
        else:
            value = FUNCTIONS[node.function](excitation(node, values, weights))
        values[node.name] = np.broadcast_to(value, node.shape)
        assert values[node.name].shape == node.shape
    return values


def excitation(node, values, weights):
    total = np.zeros(node.shape)
    for arrow in node.arrows:
        source = taken(values[arrow.source], arrow.source_index)
        inputs, target = str(arrow.spec).split("->")
        if arrow.weight is not None:
            factor = taken(weights[arrow.weight], arrow.weight_index)
        else:
            factor = np.array(1.0 if arrow.literal is None else arrow.literal)
        repeated = "".join(c for c in target if c not in inputs)
        value = np.einsum(inputs + "->" + target.replace(repeated, "") if repeated else str(arrow.spec), source, factor)
        view = taken(total, arrow.target_index)
        shape = view.shape if not arrow.target_index or view.ndim else ()
        for axis, letter in enumerate(target):
            if letter in repeated:
                value = np.expand_dims(value, axis)
        added = arrow.coefficient * np.broadcast_to(value, shape)
        if arrow.target_index and all(isinstance(i, int) for i in arrow.target_index):
            total[arrow.target_index] += added
        elif node.shape == ():
            total = total + added
        else:
            view += added
    return total

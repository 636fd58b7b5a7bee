"""Functions and losses as a textbook writes them, with no thought for large numbers: for tests alone."""

from __future__ import annotations

import numpy as np


def logistic(x, *_):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def argmax(x):
    return np.eye(x.shape[-1])[x.argmax(axis=-1)]


ACTIVATIONS = {
    "identity": lambda x: x,
    "step": lambda x: np.where(x >= 0, 1.0, 0.0),
    "sign": np.sign,
    "logistic": logistic,
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)) if np.max(np.abs(x)) < 300 else np.tanh(x),
    "relu": lambda x: np.where(x > 0, x, 0.0),
    "leaky_relu": lambda x, a=0.01: np.where(x > 0, x, a * x),
    "elu": lambda x, a=1.0: np.where(x > 0, x, a * (np.exp(x) - 1)),
    "gelu": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x * logistic(x),
    "softplus": lambda x: np.where(x > 30, x, np.log(1 + np.exp(np.minimum(x, 30)))),
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "square": lambda x: x * x,
    "sin": np.sin,
    "cos": np.cos,
    "softmax": softmax,
    "log_softmax": lambda x: np.log(softmax(x)),
    "argmax": argmax,
}
for alias, name in {
    "u": "step", "sgn": "sign", "sigmoid": "logistic", "ReLU": "relu", "swish": "silu", "ln": "log", "ln_softmax": "log_softmax",
}.items():  # fmt: skip
    ACTIVATIONS[alias] = ACTIVATIONS[name]

OPERATIONS = {  # over the last axis
    "sum": lambda x: x.sum(axis=-1),
    "mean": lambda x: x.mean(axis=-1),
    "max": lambda x: x.max(axis=-1),
    "min": lambda x: x.min(axis=-1),
    "product": lambda x: x.prod(axis=-1),
}

LOSSES = {  # of f, y and xi, (n, elements); one number a token
    "mse": lambda f, y, xi: ((f - y) ** 2).mean(axis=-1),
    "mae": lambda f, y, xi: np.abs(f - y).mean(axis=-1),
    "hinge": lambda f, y, xi: np.maximum(0, 1 - y * f).mean(axis=-1),
    "cross_entropy": lambda p, y, xi: -(y * np.log(p)).sum(axis=-1),
    "binary_cross_entropy": lambda p, y, xi: -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=-1),
    "perceptron": lambda f, y, xi: (xi * (f - y)).sum(axis=-1),
}

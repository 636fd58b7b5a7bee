"""Small functions of a file of numpy."""

import numpy as np

kind = np.float64


def placed(x, shape, index):
    """Zeros of this shape, with x at this index."""
    zeros = np.zeros(shape, *kind)
    zeros[index] = x
    return zeros


def others(x):
    """For every element the product of all the others."""
    ones = np.ones_like(x[..., :1])
    before = np.concatenate([ones, x[..., :-1]], axis=-1).cumprod(axis=-1)
    after = np.concatenate([ones, x[..., :0:-1]], axis=-1).cumprod(axis=-1)
    return before * after[..., ::-1]


# Two calls and a sum, a quarter of the time of choosing between two exponentials; tanh(xi / 2) would lose the digits of
# small values.
def logistic(xi):
    """1 / (1 + exp(-xi)), which is 0 where the exponential overflows."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-xi))


# np.sign(nan) is nan; two conditions and their difference are as fast, and 0 there, as the diagram's sign is.
def sign(xi):
    """-1, 0 or 1: the sign of xi."""
    return np.subtract(xi > 0, xi < 0, dtype=kind)

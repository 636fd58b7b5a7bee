"""Where weights start."""

from __future__ import annotations

from math import prod

import numpy as np

from flowc.graph.network import Draw, Weight
from flowc.maths.initialisers import INITIALISERS, draw


def start(weight: Weight, seed: int) -> np.ndarray:
    """The float64 array, of the weight's shape, that a weight starts from; draws come from its own stream."""
    if not isinstance(weight.start, Draw):
        return np.array(np.broadcast_to(np.array(weight.start, float), weight.shape))
    how = INITIALISERS[weight.start.initialiser]
    first, second = how.bounds(*weight.start.parameters, fan_in=weight.start.fan_in, fan_out=weight.start.fan_out)
    numbers = draw(weight.name, seed, prod(weight.shape), how.distribution, first, second)
    return np.array(numbers, float).reshape(weight.shape)

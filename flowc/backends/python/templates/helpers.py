"""Functions of a printed file, whatever its library."""

import random
from math import prod
from pathlib import Path
from statistics import NormalDist
from zlib import crc32

import numpy as np

# What a library has: an array of numbers in rows, the shape of one, its bytes, and the arrays of a file.
array, shape, read, load_file = np.reshape, np.shape, bytes, np.load
SHAPES: dict[str, tuple[int | str, ...]] = {}


def uniform(seed, name, low, high, shape):
    """Numbers between low and high, from the weight's own stream."""
    stream = random.Random(f"{seed}/{name}")
    draws = [stream.random() for _ in range(prod(shape))]
    numbers = [low + (high - low) * u for u in draws]
    return array(numbers, shape)


def normal(seed, name, mean, sd, shape):
    """Normally distributed numbers, from the weight's own stream."""
    stream = random.Random(f"{seed}/{name}")
    inverse = NormalDist().inv_cdf
    draws = [stream.random() or 2**-54 for _ in range(prod(shape))]
    numbers = [mean + sd * inverse(u) for u in draws]
    return array(numbers, shape)


def load_numbers(name, checksum):
    """The arrays of the file beside this one; ValueError for another's."""
    path = Path(__file__).with_name(name)
    arrays, found = load_file(path), 0
    for _, array in sorted(arrays.items()):
        found = crc32(read(array), found)
    if found != checksum:
        raise ValueError(
            f"{path} holds other numbers than this file was made with; "
            "make both again"
        )
    return arrays


def check_shapes(**arrays):
    """Raises ValueError for an array of another shape than the mesh reads."""
    for name, array in arrays.items():
        found, needed = shape(array), SHAPES[name]
        fits = needed in (found, ("n", *found[1:]))
        if len(found) != len(needed) or not fits:
            needed = str(needed).replace("'", "")
            raise ValueError(f"{name} has the shape {found}, needs {needed}")

"""The weights of a file: a struct of those that learn, constants for the others, and the numbers from which they start."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from flowc.backends.backend import Refused
from flowc.backends.c.words import CWords
from flowc.backends.code.tree import Expression
from flowc.backends.code.typed import Braces
from flowc.graph.network import Draw, Weight
from flowc.maths.initialisers import INITIALISERS, draw
from flowc.program.values import Shape

MOST = 200_000  # numbers that a file writes out


def braces(numbers: Sequence[float], shape: Shape, words: CWords) -> Expression:
    """Numbers, row by row, as an array of C is initialised."""
    if not shape:
        return words.number(numbers[0])
    size = prod(shape[1:])
    return Braces(tuple(braces(numbers[k * size : (k + 1) * size], shape[1:], words) for k in range(shape[0])))


def start_numbers(weight: Weight, seed: int) -> list[float]:
    """The numbers that a weight starts from, row by row; of a draw those of the seed."""
    count = prod(weight.shape)
    if count > MOST:
        raise Refused(f"`{weight.name}` has {count} numbers; a C file writes out at most {MOST}")
    if isinstance(weight.start, Draw):
        how = INITIALISERS[weight.start.initialiser]
        first, second = how.bounds(*weight.start.parameters, fan_in=weight.start.fan_in, fan_out=weight.start.fan_out)
        return list(draw(weight.name, seed, count, how.distribution, first, second))
    numbers = _flattened(weight.start)
    return numbers * count if len(numbers) == 1 else numbers


def _flattened(numbers: Any) -> list[float]:
    return [x for row in numbers for x in _flattened(row)] if isinstance(numbers, tuple) else [float(numbers)]

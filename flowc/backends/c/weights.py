"""The weights of a file: a struct of those that learn, constants for the others, and the numbers from which they start."""

from __future__ import annotations

from math import prod

from flowc.backends.backend import Refused
from flowc.backends.loops.loops import flattened
from flowc.graph.network import Draw, Weight
from flowc.maths.initialisers import INITIALISERS, draw
from flowc.program.mesh.mesh import Pack

MOST = 200_000  # numbers that a file writes out


def start_numbers(weight: Weight, seed: int, most: int = MOST) -> list[float]:
    """The numbers that a weight starts from, row by row; of a draw those of the seed."""
    count = prod(weight.shape)
    if count > most:
        raise Refused(f"`{weight.name}` has {count} numbers; a C file writes out at most {most}")
    if isinstance(weight.start, Draw):
        how = INITIALISERS[weight.start.initialiser]
        first, second = how.bounds(*weight.start.parameters, fan_in=weight.start.fan_in, fan_out=weight.start.fan_out)
        return list(draw(weight.name, seed, count, how.distribution, first, second))
    if isinstance(weight.start, Pack):
        return _packed_numbers(weight.start, seed)
    numbers = flattened(weight.start)
    return numbers * count if len(numbers) == 1 else numbers


def _packed_numbers(pack: Pack, seed: int) -> list[float]:
    """Those of a vector of lines: each starts as the weight does that it is an element of."""
    numbers: list[float] = pack.numbers.tolist()
    drawn: dict[str, list[float]] = {}
    for place, weight, element in pack.drawn:
        if weight.name not in drawn:
            drawn[weight.name] = start_numbers(weight, seed, len(numbers))
        numbers[place] = drawn[weight.name][element]
    return numbers

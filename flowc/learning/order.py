"""Which tokens each step takes: the same on every backend and in printed files, since Python's own streams draw."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence


def batches(
    tokens: int, size: int, seed: int, replace: bool = False, in_order: bool = False
) -> Iterator[Sequence[int]]:  # fmt: skip
    """The numbers of the tokens of one step after another, without end.

    Every epoch is shuffled anew, from the order of the epoch before, and cut into batches; the last one may be smaller.
    `replace`: each step draws its tokens among all. `in_order`: epochs keep the order of the data, as they do where one
    batch is all of them.
    """
    stream = random.Random(f"{seed}/order")
    order: Sequence[int] = range(tokens)
    while True:
        if replace:
            yield [int(stream.random() * tokens) for _ in range(size)]
            continue
        if not in_order and size < tokens:
            order = shuffled(order, stream)
        yield from (order[first : first + size] for first in range(0, tokens, size))


def shuffled(order: Sequence[int], stream: random.Random) -> list[int]:
    """By Durstenfeld's form of Fisher and Yates' shuffle (Algorithm 235, CACM 1964)."""
    found = list(order)
    for last in range(len(found) - 1, 0, -1):
        chosen = int(stream.random() * (last + 1))
        found[last], found[chosen] = found[chosen], found[last]
    return found


def steps_of(epochs: int, tokens: int, size: int) -> int:
    """How many steps so many epochs are."""
    return epochs * -(-tokens // size)

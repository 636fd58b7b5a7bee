"""Which tokens each step takes: the same on every backend and in printed files, since Python's own streams draw."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence


def draw_batches(
    tokens: int, size: int, seed: int, replace: bool = False, in_order: bool = False
) -> Iterator[Sequence[int]]:  # fmt: skip
    """The numbers of the tokens of one step after another, without end: `size` each time, at most `tokens`.

    Every epoch is shuffled anew, from the order of the epoch before. Where it does not end with a batch, its rest and
    the first tokens of the next make one: a smaller batch would be a noisier step. `replace`: each step draws its
    tokens among all. `in_order`: epochs keep the order of the data, as they do where a batch is all of them.
    """
    stream = random.Random(f"{seed}/order")
    order: Sequence[int] = range(tokens)
    while size == tokens and not replace:
        yield order
    while replace:
        yield [int(stream.random() * tokens) for _ in range(size)]
    waiting: list[int] = []
    first = 0
    while True:
        if len(waiting) < first + size:
            order = order if in_order else shuffle_tokens(order, stream)
            waiting, first = [*waiting[first:], *order], 0
        yield waiting[first : first + size]
        first += size


def shuffle_tokens(order: Sequence[int], stream: random.Random) -> list[int]:
    """By Durstenfeld's form of Fisher and Yates' shuffle (Algorithm 235, CACM 1964)."""
    places = list(order)
    for last in range(len(places) - 1, 0, -1):
        chosen = int(stream.random() * (last + 1))
        places[last], places[chosen] = places[chosen], places[last]
    return places


def steps_of(epochs: int, tokens: int, size: int) -> int:
    """How many steps so many epochs are; the last one may begin another."""
    return -(-epochs * tokens // size)

"""Where chance comes from: hypothesis, which shrinks, or a seed, which is quick."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """What a generator asks. The first option is the simplest, and hypothesis shrinks towards it."""

    def one(self, options: Sequence[T]) -> T: ...

    def count(self, low: int, high: int) -> int: ...

    def chance(self, share: float = 0.5) -> bool: ...


class Random:
    """Choices of a seed: quicker, for long runs."""

    def __init__(self, seed: int | str):
        self._random = random.Random(seed)

    def one(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def count(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def chance(self, share: float = 0.5) -> bool:
        return self._random.random() < share


def stream(pick: Choices) -> random.Random:
    """Many numbers for one choice, where shrinking each of them would gain nothing."""
    return random.Random(pick.count(0, 9999))

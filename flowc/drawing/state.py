"""A state of a picture: the numbers that stand in it. The structure has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowc.drawing.diagram import Key
from flowc.drawing.label import Label
from flowc.drawing.layout import Link

Pair = tuple[float | None, float | None]  # above and below in a circle: ξ and h, or δ and ∂L/∂h


@dataclass(frozen=True)
class State:
    """`circles`: the numbers in them; `arrows`, `biases`: those on arrows, by the circles at their ends; an arrow of
    `backward` shows the gradient's way; `active`: what has just been computed. `legend`: what the numbers are, first in circles, then on arrows."""

    circles: Mapping[Key, Pair] = field(default_factory=dict)
    arrows: Mapping[Link, float] = field(default_factory=dict)
    biases: Mapping[Key, float] = field(default_factory=dict)
    backward: frozenset[Link] = frozenset()
    active: frozenset[Key] = frozenset()
    legend: tuple[Label, ...] = ()
    says: str = ""  # for the description

    @property
    def empty(self) -> bool:
        return not self.circles


STRUCTURE = State()

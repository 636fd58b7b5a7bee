"""A state of a picture: the numbers that stand in it. The structure has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flowc.drawing.diagram import Arrow, Bias, Key
from flowc.drawing.label import DIGITS, Label, number
from flowc.drawing.layout import Link

Number = float | Label  # a number, or what stands in its place
Pair = tuple[Number | None, Number | None]  # above and below in a circle: ξ and h, δ and ∂L/∂h, or h and δ
LabelLine = tuple[Label, str]  # a label on an arrow, and its look


@dataclass(frozen=True)
class State:
    """`circles`: the numbers in them; `arrows`, `biases`: those on arrows in place of their labels, by the circles at their
    ends; `slopes`, `bias_slopes`: gradients below those. An arrow of `backward` shows the gradient's way. `active`: what has
    just been computed. `together`: in circles gradients stand below values. `digits`: those that count. `legend`: what the
    numbers are, first in circles, then on arrows."""

    circles: Mapping[Key, Pair] = field(default_factory=dict)
    arrows: Mapping[Link, Number] = field(default_factory=dict)
    biases: Mapping[Key, Number] = field(default_factory=dict)
    slopes: Mapping[Link, Number] = field(default_factory=dict)
    bias_slopes: Mapping[Key, Number] = field(default_factory=dict)
    backward: frozenset[Link] = frozenset()
    active: frozenset[Key] = frozenset()
    together: bool = False
    digits: int = DIGITS
    legend: tuple[Label, ...] = ()
    says: str = ""  # for the description
    phase: Literal["", "given", "forward", "backward"] = ""  # of a step, in which the active circles were computed

    @property
    def empty(self) -> bool:
        return not self.circles

    def on_arrow(self, arrow: Arrow) -> tuple[LabelLine, ...]:
        """What stands on an arrow, one line below the other."""
        link = (arrow.source, arrow.target)
        return tuple(self._lines(arrow.label, self.arrows.get(link), self.slopes.get(link), link in self.backward))

    def on_bias(self, bias: Bias) -> tuple[LabelLine, ...]:
        """Likewise, on the arrow of a bias."""
        key = bias.target
        return tuple(self._lines(bias.label, self.biases.get(key), self.bias_slopes.get(key), (key, key) in self.backward))

    def label_of(self, number_or_label: Number) -> Label:
        return number_or_label if isinstance(number_or_label, Label) else number(number_or_label, self.digits)

    def _lines(self, label: Label | None, value: Number | None, slope: Number | None, back: bool) -> Iterator[LabelLine]:
        """A number in place of the label; no label where the gradient passes a weight that does not learn."""
        if value is not None:
            yield self.label_of(value), "text"
        elif label is not None and not back:
            yield label, "text"
        if slope is not None:
            yield self.label_of(slope), "gradient"


STRUCTURE = State()

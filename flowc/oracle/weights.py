"""The weights: learnt ones as they are given, fixed ones as the text says. They are the same for every token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from flowc.oracle.declarations import Declarations
from flowc.oracle.expressions import Expressions
from flowc.oracle.functions import Calculus
from flowc.oracle.tensor import Axis, Tensor, count_axis
from flowc.oracle.traced import Traced
from flowc.syntax import tree as t

Axes = tuple[Axis, ...]


class Weights(Expressions):
    """`learnt`: numbers by name. `drawn`: the axes of a weight that an arrow names, by the weight."""

    def __init__(
        self, calculus: Calculus, declarations: Declarations, learnt: Mapping[str, np.ndarray],
        drawn: Callable[[str], Axes],
    ):  # fmt: skip
        super().__init__(calculus, declarations)
        self.learnt = {name: self._make_leaves(np.asarray(value)) for name, value in learnt.items()}
        self._drawn = drawn
        self._weights: dict[str, Tensor] = {}

    def _make_leaves(self, value: np.ndarray) -> Tensor:
        numbers = [Traced(self.number(x)) for x in value.ravel().tolist()]
        return Tensor(tuple(count_axis(n) for n in value.shape), numbers)

    def named(self, name: str) -> Tensor:
        if name not in self._weights:
            is_named = name in self.declarations.weights  # else it is a fresh one, which the loss may use
            self._weights[name] = self._start_weight(name, self.declarations.weights[name]) if is_named else self.learnt[name]
        return self._weights[name]

    def _start_weight(self, name: str, start: t.Start) -> Tensor:
        axes = self.declarations.axes[name] if name in self.declarations.axes else self._drawn(name)
        if start.kind == "learnt":
            return Tensor(axes, self.learnt[name].items)
        assert start.value is not None
        return self.value(start.value).of_size(axes)

    def element(self, name: str, place: int) -> Any:
        return self.learnt[name].items[place]

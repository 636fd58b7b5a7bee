"""Hypothesis strategies: valid diagrams as text, and numbers for their weights, inputs and targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st

from flowc.nets.verifying.diagram import Shape
from flowc.nets.verifying.numbers import some_inputs, some_weights
from flowc.testing.choices import Random
from flowc.testing.diagram import Diagram
from flowc.testing.make import GATED, make

__all__ = ["Drawn", "Random", "diagrams", "inputs", "make", "some_inputs", "some_weights", "weights"]

T = TypeVar("T")


class Drawn:
    """Choices made, and shrunk, by hypothesis."""

    def __init__(self, draw: st.DrawFn):
        self._draw = draw

    def one(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def count(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def chance(self, share: float = 0.5) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 * (1 - share)


@st.composite
def diagrams(
    draw: st.DrawFn, exact: bool = False, most_nodes: int = 5, depth: int = 2, loss: bool | None = None,
    odd_names: bool = True, scalars: bool = False, most_inputs: int = 3, without: Collection[str] = GATED,
) -> Diagram:  # fmt: skip
    """Valid diagrams; the options are those of `make`. They shrink to a single arrow."""
    return make(Drawn(draw), exact, most_nodes, depth, loss, odd_names, scalars, most_inputs, without)


def weights(shapes: Mapping[str, Shape], exact: bool = False) -> st.SearchStrategy[dict[str, np.ndarray]]:
    """Numbers from -2 to 2 for weights of these shapes (as `net.weights` gives them)."""
    return st.integers(0, 2**32 - 1).map(lambda seed: some_weights(shapes, seed, exact))


def inputs(diagram: Diagram, batch: int = 4) -> st.SearchStrategy[dict[str, np.ndarray]]:
    """Numbers for the inputs and targets of a diagram, a token a row; targets of the form that their loss takes."""
    return st.integers(0, 2**32 - 1).map(lambda seed: some_inputs(diagram, seed, batch))

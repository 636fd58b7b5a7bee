"""Hypothesis strategies: valid diagrams as text, and numbers for their weights, inputs and targets."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st

from flowc.doors.verifying.diagram import Diagram, Shape
from flowc.doors.verifying.numbers import some_inputs, some_weights
from flowc.testing.arrows import arrow_nodes
from flowc.testing.diagram import Sketch, Vertex
from flowc.testing.expressions import equation_node
from flowc.testing.losses import add_loss

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


class Random:
    """Choices of a seed: quicker, for long runs."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def one(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def count(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def chance(self, share: float = 0.5) -> bool:
        return self._random.random() < share


def make(
    pick: Drawn | Random, exact: bool = False, most_nodes: int = 5, depth: int = 2, loss: bool | None = None,
    odd_names: bool = True, scalars: bool = False, most_inputs: int = 3,
) -> Diagram:  # fmt: skip
    """A diagram by that choice: up to `most_inputs` inputs, up to `most_nodes` steps of one to four nodes each, and perhaps a loss.

    `exact`: only identity, step, relu, max and min, so that sums of multiples of 1/16 are exact. `depth` is how deep
    an equation nests. `loss`: with one, without, or (None) as chance has it. `scalars`: scalar nodes alone, those of one
    statement with one activation, as meshes and layers gather them.
    """
    sketch = Sketch(pick, exact, odd_names, scalars)
    for _ in range(pick.count(1, most_inputs)):
        sketch.declare("input", Vertex(sketch.name("x"), sketch.axes(2)))
    inputs = tuple((v.name, v.shape) for v in sketch.nodes)
    results: list[Vertex] = []
    steps = pick.count(1, most_nodes)
    for step in range(steps):
        role = "output" if step == steps - 1 or pick.chance(0.2) else "node"
        made = equation_node(sketch, role, depth) if pick.chance() else arrow_nodes(sketch, role)
        results += [made] if role == "output" else []
    if pick.chance(0.7) if loss is None else loss:
        add_loss(sketch, results)
    return Diagram(sketch.text(), inputs, tuple(sketch.targets), exact)


@st.composite
def diagrams(
    draw: st.DrawFn, exact: bool = False, most_nodes: int = 5, depth: int = 2, loss: bool | None = None,
    odd_names: bool = True, scalars: bool = False, most_inputs: int = 3,
) -> Diagram:  # fmt: skip
    """Valid diagrams; the options are those of `make`. They shrink to a single arrow."""
    return make(Drawn(draw), exact, most_nodes, depth, loss, odd_names, scalars, most_inputs)


def weights(shapes: Mapping[str, Shape], exact: bool = False) -> st.SearchStrategy[dict[str, np.ndarray]]:
    """Numbers from -2 to 2 for weights of these shapes (as `net.weights` gives them)."""
    return st.integers(0, 2**32 - 1).map(lambda seed: some_weights(shapes, seed, exact))


def inputs(diagram: Diagram, batch: int = 4) -> st.SearchStrategy[dict[str, np.ndarray]]:
    """Numbers for the inputs and targets of a diagram, a token a row; targets of the form that their loss takes."""
    return st.integers(0, 2**32 - 1).map(lambda seed: some_inputs(diagram, seed, batch))

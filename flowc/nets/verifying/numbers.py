"""Numbers for weights, inputs and targets, by a seed: the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowc.maths.function import Form
from flowc.nets.verifying.diagram import Diagram, Shape


def some_weights(shapes: Mapping[str, Shape], seed: int, exact: bool = False) -> dict[str, np.ndarray]:
    """The weights of a seed; seed 0 gives ones."""
    return {name: _draw_numbers(f"{seed}/{name}", seed, shape, exact) for name, shape in shapes.items()}


def some_inputs(diagram: Diagram, seed: int, batch: int = 4) -> dict[str, np.ndarray]:
    """The inputs and targets of a seed, (batch, *shape); seed 0 gives ones for all that is a number."""
    values = {n: _draw_numbers(f"{seed}/{n}", seed, (batch, *shape), diagram.exact) for n, shape in diagram.inputs}
    for name, shape, form in diagram.targets:
        values[name] = _draw_target(f"{seed}/{name}", seed, (batch, *shape), form, diagram.exact)
    return values


def _generator_of(name: str) -> np.random.Generator:
    return np.random.default_rng(list(name.encode()))


def _draw_numbers(name: str, seed: int, shape: Shape, exact: bool) -> np.ndarray:
    if seed == 0:
        return np.ones(shape)
    if exact:
        return _generator_of(name).integers(-32, 33, shape) / 16
    return _generator_of(name).uniform(-2, 2, shape)


def _draw_target(name: str, seed: int, shape: Shape, form: Form, exact: bool) -> np.ndarray:
    generator = _generator_of(name)
    if form == "number":
        return _draw_numbers(name, seed, shape, exact)
    if form == "class":
        return np.eye(shape[-1])[generator.integers(0, shape[-1], shape[:-1])]
    bits = generator.integers(0, 2, shape).astype(float)
    return bits if form == "bit" else 2 * bits - 1


def start_values(start: object, shape: Shape) -> np.ndarray:
    """A weight's fixed value: one number for all, or rows of them."""
    return np.array(np.broadcast_to(np.asarray(start, dtype=float), shape))

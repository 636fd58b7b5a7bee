"""Elements called by the name of their size, x_D for the last of D."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.graph.network import Axis
from flowc.program.notation import Element, Letter, Place


def symbolic(element: tuple[int, ...], axes: Sequence[Axis], sizes: frozenset[str]) -> Element:
    """An element, the last of an axis by the name of its size, if that is one of `sizes`."""
    return tuple(_place_in(axis, place, sizes) for place, axis in zip(element, axes)) if axes else element


def _place_in(axis: Axis, place: int, sizes: frozenset[str]) -> Place:
    last = axis.names is None and place == len(axis) - 1
    return Letter(axis.index) if last and axis.index is not None and axis.index in sizes else place

"""The arrows of a diagram as lines between scalars: from where, to where, times what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from flowc.oracle.declarations import Declarations, Drawn, Listed
from flowc.oracle.ends import End, Place, end_of, open_axes
from flowc.oracle.tensor import Axis
from flowc.oracle.traced import Scalar
from flowc.oracle.weights import Weights
from flowc.syntax import tree as t

Axes = tuple[Axis, ...]


class Line(NamedTuple):
    source: Place
    target: Place
    weight: Scalar


class Wiring:
    """`axes_of` are those of a node."""

    def __init__(self, declarations: Declarations, axes_of: Callable[[str], Axes]):
        self.declarations, self.axes_of = declarations, axes_of

    def ends(self, drawn: Drawn) -> tuple[tuple[End, ...], tuple[End, ...]]:
        """The sources and the targets."""
        sources, targets = (
            tuple(end_of(self.declarations, e, self.axes_of(e.name) if isinstance(e, t.Ref) else ()) for e in side)
            for side in (drawn.sources, drawn.targets)
        )
        return sources, targets

    def axes_of_weight(self, name: str) -> Axes:
        """Of a weight that an arrow names: those of its variables, or the target's and then the source's."""
        for drawn in self.declarations.arrows:
            if isinstance(drawn, Drawn) and drawn.carried.name and drawn.carried.name.name == name:
                sources, targets = self.ends(drawn)
                variables = _index_variables(sources, targets)
                index = drawn.carried.name.index
                if index is not None or variables:
                    return tuple(variables[i.name] for i in index or () if isinstance(i, t.Ref))
                return (*open_axes(targets), *open_axes(sources))
        raise KeyError(name)

    def lines(self, weights: Weights) -> Iterator[Line]:
        """All of them, in the order of the statements and of the rows of files."""
        used = {*self.declarations.names}
        for arrow in self.declarations.arrows:
            if isinstance(arrow, Listed):
                yield from _listed_lines(arrow, weights)
            elif arrow.carried.start and not arrow.carried.name:
                yield from self._fresh_lines(arrow, weights, used)
            else:
                yield from self._carried_lines(arrow, weights)

    def _carried_lines(self, arrow: Drawn, weights: Weights) -> Iterator[Line]:
        """For every place of the variables the block from all sources to all targets."""
        sources, targets = self.ends(arrow)
        weight = arrow.carried.name or arrow.carried.expression
        assert weight is not None
        variables = _index_variables(sources, targets)
        for places in product(*(range(len(axis)) for axis in variables.values())):
            binding = dict(zip(variables, places, strict=True))
            into = [place for end in targets for place in end.places(binding)]
            out = [place for end in sources for place in end.places(binding)]
            numbers = weights.value(weight, binding).items
            block = numbers if len(numbers) == len(into) * len(out) else [numbers[0]] * (len(into) * len(out))
            for (target, source), number in zip(product(into, out), block, strict=True):
                yield Line(source, target, number)

    def _fresh_lines(self, arrow: Drawn, weights: Weights, taken: set[str]) -> Iterator[Line]:
        """A weight for every pair of ends: the target's axes, then those of the source that no variable ties to them."""
        sources, targets = self.ends(arrow)
        for target, source in product(targets, sources):
            learnt = weights.learnt[_fresh_name(target, source, taken)].items
            variables = _index_variables((source,), (target,))
            places: dict[tuple[Place, ...], None] = {}
            for at in product(*(range(len(axis)) for axis in variables.values())):
                binding = dict(zip(variables, at, strict=True))
                places |= dict.fromkeys(product(target.places(binding), source.places(binding)))
            in_order = sorted(places, key=lambda pair: (pair[0][1], pair[1][1]))
            for (into, out), number in zip(in_order, learnt, strict=True):
                yield Line(out, into, number)


def _fresh_name(target: End, source: End, taken: set[str]) -> str:
    """`W_h_x` between two that have axes, else `w_h1_x1`, `b_h` for a bias; `_` behind it if there is that name."""
    tied = source.variables.keys() & target.variables.keys()
    kind = "W" if source.open and target.open and not tied else "w"
    name = f"b_{target.spelled}" if source.name == "1" else f"{kind}_{target.spelled}_{source.spelled}"
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _listed_lines(arrow: Listed, weights: Weights) -> Iterator[Line]:
    learnt = 0
    for edge in arrow.edges:
        weight = weights.number(edge.weight)
        if edge.learnt:
            weight = weights.element(arrow.weight, learnt)
            learnt += 1
        yield Line((edge.source, ()), (edge.target, ()), weight)


def _index_variables(sources: tuple[End, ...], targets: tuple[End, ...]) -> dict[str, Axis]:
    """The target's first."""
    return {name: axis for end in (*targets, *sources) for name, axis in end.variables.items()}

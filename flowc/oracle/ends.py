"""The ends of an arrow: a node, some of its elements, or the constant 1; an index that is no element's name is a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from flowc.oracle.declarations import Declarations
from flowc.oracle.tensor import Axis
from flowc.syntax import tree as t

Place = tuple[str, tuple[int, ...]]  # of a scalar: its node, "1" for the constant, and where it is in there
Pick = int | tuple[int, ...] | str  # an element, a run of them, a variable
Binding = Mapping[str, int]  # where each variable stands


@dataclass(frozen=True)
class End:
    name: str
    axes: tuple[Axis, ...]
    picks: tuple[Pick, ...]

    @property
    def open(self) -> tuple[tuple[Pick, Axis], ...]:
        """What is left as axes: runs and variables."""
        return tuple((p, axis) for p, axis in zip(self.picks, self.axes, strict=True) if not isinstance(p, int))

    @property
    def variables(self) -> dict[str, Axis]:
        return {p: axis for p, axis in zip(self.picks, self.axes, strict=True) if isinstance(p, str)}

    def places(self, binding: Binding) -> list[Place]:
        """The scalars, row by row."""
        along = [_places_along(pick, binding) for pick in self.picks]
        return [(self.name, place) for place in product(*along)]

    @property
    def spelled(self) -> str:
        """Its part of the name of a fresh weight: the node, then the elements that are picked."""
        words = []
        for pick, axis in zip(self.picks, self.axes, strict=True):
            if isinstance(pick, int):
                words.append(axis[pick])
            elif isinstance(pick, tuple) and len(pick) < len(axis):
                words += [axis[pick[0]], axis[pick[-1]]]
        return "_".join([self.name, *("".join(c if c.isalnum() or c == "_" else "_" for c in word) for word in words)])


def _places_along(pick: Pick, binding: Binding) -> tuple[int, ...]:
    if isinstance(pick, str):
        return (binding[pick],)
    return (pick,) if isinstance(pick, int) else pick


def end_of(declarations: Declarations, e: t.Ref | t.Number, axes: tuple[Axis, ...]) -> End:
    """`axes` are the node's."""
    if isinstance(e, t.Number):
        return End("1", (), ())
    picks = tuple(pick_of(declarations, axis, index) for axis, index in zip(axes, e.index or (), strict=False))
    rest = tuple(tuple(range(len(axis))) for axis in axes[len(picks) :])
    return End(e.name, axes, (*picks, *rest))


def pick_of(declarations: Declarations, axis: Axis, index: t.Expression | t.Range) -> Pick:
    if isinstance(index, t.Range):
        low, high = (declarations.position(axis, bound) for bound in (index.low, index.high))
        assert low is not None and high is not None
        return tuple(range(low, high + 1))
    place = declarations.position(axis, index)
    if place is not None:
        return place
    assert isinstance(index, t.Ref), index
    return index.name


def open_axes(ends: tuple[End, ...]) -> tuple[Axis, ...]:
    """The axes of a block of lines on one side: of one end its own, of several one for all of their scalars."""
    if len(ends) == 1:
        return tuple(tuple(axis[k] for k in _run_of_pick(pick, axis)) for pick, axis in ends[0].open)
    return (tuple(str(k + 1) for k in range(sum(_size_of_end(end) for end in ends))),)


def _run_of_pick(pick: Pick, axis: Axis) -> tuple[int, ...]:
    return pick if isinstance(pick, tuple) else tuple(range(len(axis)))


def _size_of_end(end: End) -> int:
    size = 1
    for pick, axis in end.open:
        size *= len(_run_of_pick(pick, axis))
    return size

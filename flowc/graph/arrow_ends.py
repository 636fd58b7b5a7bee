"""The ends of arrows: nodes, parts of nodes, the constant 1, and the letters of their axes."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.graph.draft import Draft, DraftNode
from flowc.graph.namespace import kind_of
from flowc.graph.network import Arrow, Axis, Index, Numbers
from flowc.graph.problems import Abandon
from flowc.graph.sizes import (
    Axes,
    Pick,
    Variable,
    as_index,
    picked_axes,
    picks_of,
    shown,
)
from flowc.graph.unknown_names import report_unknown
from flowc.maths.index_map import AXIS_LETTERS, arrow_map
from flowc.records import Record
from flowc.source import Span
from flowc.syntax import tree as t


class End(Record):
    """One end of an arrow: a node or a part of it; "1" has no axes. `axes` are those that are left."""

    name: str
    all_axes: Axes
    picks: tuple[Pick, ...]
    span: Span

    @property
    def axes(self) -> Axes:
        return picked_axes(self.all_axes, self.picks)

    @property
    def index(self) -> Index:
        return as_index(self.picks, self.all_axes)

    @property
    def variables(self) -> tuple[Variable | None, ...]:
        """The variable of each axis that is left, None where it has none."""
        return tuple(p if isinstance(p, Variable) else None for p in self.picks if not isinstance(p, int))

    @property
    def elements(self) -> int:
        count = 1
        for axis in self.axes:
            count *= len(axis)
        return count


def read_ends(draft: Draft, ends: tuple[t.Ref | t.Number, ...], place: int) -> list[End] | None:
    read: list[End] = []
    fine = True
    for end in ends:
        try:
            read.append(end_of(draft, end, target=place > 0))
        except Abandon:
            fine = False
    return read if fine else None


def end_of(draft: Draft, end: t.Ref | t.Number, target: bool) -> End:
    """The node, or the constant 1, at one end of an arrow. `target`: something points at it."""
    if isinstance(end, t.Number):
        if end.value != 1 or target:
            raise draft.problems.fail(
                "constant-target" if target else "constant-source",
                f"`{end.text}` cannot be an end of an arrow: the only constant is `1`, and only as a source",
                end.span,
                hint="put the number in the weight: `1 -> h : 0.5`",
            )
        return End("1", (), (), end.span)
    node = draft.nodes.get(end.name)
    if node is None or node.role == "loss":
        if end.name not in draft.places:
            report_unknown(draft, end)
            raise Abandon
        what = kind_of(draft, end.name)
        way = f"a weight stands after the colon: `x -> h : {end.name}`" if what == "a weight" else ""
        raise draft.problems.fail("not-a-node", f"`{end.name}` is {what}, and no end of an arrow", end.span, hint=way)
    if target:
        _check_target(draft, node, end)
    if node.axes is None:
        raise Abandon
    picks = picks_of(draft, end, node.axes, variables=True)
    seen: set[str] = set()
    for pick in picks:
        if isinstance(pick, Variable):
            if pick.name in seen:
                raise draft.problems.fail(
                    "index-variable", f"`{pick.name}` stands twice in `{draft.text(end.span)}`", pick.span
                )
            seen.add(pick.name)
    return End(end.name, node.axes, picks, end.span)


def _check_target(draft: Draft, node: DraftNode, end: t.Ref) -> None:
    if node.role in ("input", "target"):
        raise draft.problems.fail(
            "arrow-into-input",
            f"`{node.name}` is {kind_of(draft, node.name)}: its values come from the data, and no arrow leads into it",
            end.span,
            notes=(("it is declared here", node.name_span),),
        )
    equation = draft.equations.get(node.name)
    if equation is not None:
        written = draft.text(equation.right.span)
        raise draft.problems.fail(
            "equation-and-arrow",
            f"`{node.name}` has an equation, which is the whole node, and an arrow into it",
            end.span,
            notes=(("the equation is here", equation.span),),
            hint=f"add a term to `{node.name} = {written}`, or draw all of it by arrows" if len(written) < 40 else "",
        )


def check_variables(draft: Draft, sources: list[End], targets: list[End]) -> None:
    """The same variable runs over the same range wherever it stands."""
    seen: dict[str, tuple[Variable, End]] = {}
    for end in (*sources, *targets):
        for variable in end.variables:
            if variable is None:
                continue
            first, where = seen.setdefault(variable.name, (variable, end))
            a, b = first.axis, variable.axis
            if not same_range(a, b):
                raise draft.problems.fail(
                    "shape-mismatch",
                    f"`{variable.name}` runs over {shown(a)} in `{draft.text(where.span)}` "
                    f"and over {shown(b)} in `{draft.text(end.span)}`",
                    variable.span,
                    hint="two variables, as `i` and `j`, run over all pairs",
                )


def same_range(a: Axis, b: Axis) -> bool:
    """Whether one variable can run over both: elements of one name, or of one number; numbers stand for any names."""
    shifted = a.names is None and b.names is None and a.low != b.low
    renamed = a.names is not None and b.names is not None and a.names != b.names
    return len(a) == len(b) and not shifted and not renamed


class Pair:
    """One source and one target: letters for their axes, where a variable on both sides is one letter."""

    def __init__(self, source: End, target: End) -> None:
        self.source, self.target = source, target
        letters = iter(AXIS_LETTERS)
        self.of_variable: dict[str, str] = {}
        self.source_letters = self._letters(source, letters)
        self.target_letters = self._letters(target, letters)
        self.tied = bool(set(self.source_letters) & set(self.target_letters))

    def _letters(self, end: End, letters: Iterator[str]) -> str:
        spelled = ""
        for variable in end.variables:
            if variable is None:
                spelled += next(letters)
            else:
                if variable.name not in self.of_variable:
                    self.of_variable[variable.name] = next(letters)
                spelled += self.of_variable[variable.name]
        return spelled

    @property
    def letters_and_axes(self) -> tuple[str, Axes]:
        """A weight's letters and axes: the target's, then those of the source that are not tied to them."""
        rest = [(c, a) for c, a in zip(self.source_letters, self.source.axes) if c not in self.target_letters]
        letters = self.target_letters + "".join(c for c, _ in rest)
        return letters, (*self.target.axes, *(a for _, a in rest))

    def arrow(
        self,
        span: Span,
        letters: str = "",
        weight: str | None = None,
        literal: Numbers | None = None,
        coefficient: float = 1.0,
        index: Index = (),
    ) -> Arrow:
        spec = arrow_map(self.source_letters, letters, self.target_letters)
        source, target = self.source, self.target
        return Arrow(source.name, spec, coefficient, weight, literal, span, source.index, index, target.index)

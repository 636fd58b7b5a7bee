"""The inverse of `graph/arrows`: an arrow of the network as one of the text, `x[i] -> h[j] : w[j, i]`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flowc.graph.arrow_ends import same_range
from flowc.graph.network import Arrow, Axis, Draw, Index, Node, Weight
from flowc.graph.sizes import picked_axes
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.spelling import brackets, element, literal, name, number
from flowc.records import Record
from flowc.source import NOWHERE
from flowc.syntax import tree as t
from flowc.syntax.expressions import unparse

VARIABLES = "ijklmnopqrstuvwxyz"


class Line(Record):
    """`source -> target : carried`, each as it is written. `makes`: the weight that this line may make, and how it is then written."""

    source: str
    target: str
    carried: str
    makes: str | None = None
    making: str = ""
    chains: bool = True  # whether a chain may carry it
    lists: bool = True  # ... and an arrow between lists: not what is cut into blocks there
    block: tuple[str, str, int] | None = None  # of the lines that share one weight block by block
    runs: tuple[Axis, ...] = ()  # what its variables run over, at the source and at the target


class Lines:
    """Writes arrows over the nodes and weights of a network; `taken` are all of its names."""

    def __init__(self, nodes: Mapping[str, Node], weights: Mapping[str, Weight], taken: Collection[str]) -> None:
        self.nodes, self.weights = nodes, weights
        elements = {word for node in nodes.values() for axis in node.axes for word in axis.names or ()}
        self.variables = [letter for letter in VARIABLES if letter not in taken and letter not in elements]

    def line(self, arrow: Arrow, target: Node) -> Line:
        """Raises NoText where an equation alone means the arrow."""
        if arrow.source != "1" and self.nodes[arrow.source].anonymous:
            raise NoText("it starts in an expression")
        return _Pair(self, arrow, target).line()


class _Pair:
    """One arrow, with the axes that are left at both ends and the letters of each."""

    def __init__(self, lines: Lines, arrow: Arrow, target: Node) -> None:
        self.arrow, self.target, self.lines = arrow, target, lines
        self.source_axes = () if arrow.source == "1" else lines.nodes[arrow.source].axes
        self.source_letters, self.letters = arrow.spec.letters
        self.target_letters = arrow.spec.target
        self.tied = set(self.source_letters) & set(self.target_letters)

    def line(self) -> Line:
        arrow = self.arrow
        weight = self.lines.weights[arrow.weight] if arrow.weight else None
        if arrow.literal is not None:
            if arrow.coefficient != 1 or self.tied or self.letters != self._block_letters:
                raise NoText("numbers stand on an arrow for targets × sources alone")
            return replace(self._line_with((), unparse(literal(arrow.literal))), lists=False)
        if weight is None:
            return self._line_with(self._all_variables() if self._two_vectors else (), unparse(number(arrow.coefficient)))
        if not weight.declared:
            return self._fresh_line(weight)
        if not self.letters:
            there = self._all_variables() if self._two_vectors else ()
            here = name(weight.name, brackets(arrow.weight_index, weight.axes))
            makes = weight.axes == () and bool(there or not self._block_letters)
            return self._line_with(there, self._times(here), weight.name if makes else None, weight.name)
        turned = len(self.letters) == 2 and self.letters == self._block_letters[::-1]
        as_array = not self.tied and (turned or self.letters == self._block_letters)
        return self._whole_weight(weight) if as_array else self._by_variables(weight)

    # ------------------------------------------------------------- what it carries

    def _fresh_line(self, weight: Weight) -> Line:
        """`~`, with its start."""
        rest = "".join(c for c in self.source_letters if c not in self.target_letters)
        if self.arrow.coefficient != 1 or self.arrow.weight_index or self.letters != self.target_letters + rest:
            raise NoText(f"the weight `{weight.name}` is fresh, and no text can name it")
        line = self._line_with("".join(c for c in self.source_letters if c in self.tied), start_of(weight))
        return replace(line, lists=not isinstance(weight.start, tuple))

    def _whole_weight(self, weight: Weight) -> Line:
        """`W`, or `W^T`"""
        here: t.Expression = name(weight.name, brackets(self.arrow.weight_index, weight.axes))
        if self.letters != self._block_letters:
            return replace(self._line_with((), self._times(t.Transpose(here, NOWHERE))), lists=False)
        ends = (*left_axes(self.arrow.target_index, self.target.axes), *left_axes(self.arrow.source_index, self.source_axes))
        makes = weight.axes == ends and not self.arrow.weight_index
        return replace(self._line_with((), self._times(here), weight.name if makes else None, weight.name), lists=False)

    def _by_variables(self, weight: Weight) -> Line:
        """`w[j, i]`: an axis of the weight for a variable."""
        used = [letter for letter in dict.fromkeys(self.source_letters + self.target_letters)]
        named = self._variable_names([c for c in used if c in self.letters or c in self.tied])
        runs = {**dict(zip(self.source_letters, left_axes(self.arrow.source_index, self.source_axes)))}
        runs |= {c: a for c, a in zip(self.target_letters, left_axes(self.arrow.target_index, self.target.axes)) if c not in runs}
        letters = iter(self.letters)
        entries: list[t.Expression | t.Range] = []
        axes: list[Axis] = []
        for axis, pick in zip(weight.axes, self.arrow.weight_index or [(0, len(a)) for a in weight.axes]):
            if isinstance(pick, int):
                entries.append(brackets((pick,), (axis,))[0])
                continue
            letter = next(letters)
            if pick != (0, len(axis)) or letter not in named or not same_range(runs[letter], axis):
                raise NoText("an index variable runs over the whole of an axis")
            entries.append(name(named[letter]))
            axes.append(runs[letter])
        here = name(weight.name, tuple(entries))
        makes = weight.axes == tuple(axes)
        return self._line_with(tuple(named), self._times(here), weight.name if makes else None, unparse(here))

    def _times(self, weight: t.Expression) -> str:
        return times(self.arrow.coefficient, weight)

    # --------------------------------------------------------------------- ends

    @property
    def _block_letters(self) -> str:
        """The letters of targets × sources."""
        return self.target_letters + self.source_letters

    @property
    def _two_vectors(self) -> bool:
        return bool(self.source_letters and self.target_letters)

    def _all_variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.source_letters + self.target_letters))

    def _variable_names(self, letters: Collection[str]) -> dict[str, str]:
        """A variable for each letter."""
        if len(letters) > len(self.lines.variables):
            raise NoText("every letter that an index variable could have is a name")
        return dict(zip(letters, self.lines.variables))

    def _line_with(self, letters: Collection[str], carried: str, makes: str | None = None, making: str = "") -> Line:
        """The line, with variables for these letters."""
        named = self._variable_names(letters)
        axes = dict(zip(self.source_letters, left_axes(self.arrow.source_index, self.source_axes)))
        others = dict(zip(self.target_letters, left_axes(self.arrow.target_index, self.target.axes)))
        if not all(same_range(axes.get(letter, axis), axis) for letter, axis in others.items()):
            raise NoText("the elements of the two ends have other names")
        runs = tuple(side[letter] for side in (axes, others) for letter in named if letter in side)
        source, target = self.arrow.source, self.target.name
        if source != "1":
            source += _end_brackets(self.arrow.source_index, self.source_axes, self.source_letters, named)
        target += _end_brackets(self.arrow.target_index, self.target.axes, self.target_letters, named)
        unscaled = self.arrow.coefficient == 1
        return Line(source, target, carried, makes if unscaled else None, making, chains=not letters, runs=runs)


def times(factor: float, weight: t.Expression) -> str:
    """`W`, `-W`, `2*W`"""
    if factor == 1:
        return unparse(weight)
    return unparse(t.Negative(weight, NOWHERE) if factor == -1 else t.Binary("*", number(factor), weight, NOWHERE))


def start_of(weight: Weight) -> str:
    """`~ normal(0, 1)`, `~`, `= 0.5`: what stands behind a weight's name."""
    sign = "~" if weight.learnt else "="
    if not isinstance(weight.start, Draw):
        return f"{sign} {unparse(literal(weight.start))}"
    if weight.start.initialiser == "default":
        return sign
    numbers = ", ".join(unparse(number(p)) for p in weight.start.parameters)
    return f"{sign} {weight.start.initialiser}({numbers})" if numbers else f"{sign} {weight.start.initialiser}"


def left_axes(index: Index, axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """The axes that an index leaves, as the text has them."""
    return picked_axes(axes, index) if index else axes


def _end_brackets(index: Index, axes: tuple[Axis, ...], letters: str, named: Mapping[str, str]) -> str:
    """The brackets of an end: elements, ranges, and variables for the letters that have one."""
    rest = iter(letters)
    entries: list[t.Expression | t.Range | None] = []
    for pick, axis in zip(index or [(0, len(a)) for a in axes], axes):
        letter = "" if isinstance(pick, int) else next(rest)
        if letter in named:
            if pick != (0, len(axis)):
                raise NoText("an index variable runs over the whole of an axis")
            entries.append(name(named[letter]))
        else:
            entries += brackets((pick,), (axis,)) or (None,)
    while entries and entries[-1] is None:
        entries.pop()
    # A whole axis before others is named by its ends.
    inside = tuple(_whole_range(axis) if e is None else e for e, axis in zip(entries, axes))
    return unparse(t.Ref("", inside, NOWHERE)) if inside else ""


def _whole_range(axis: Axis) -> t.Range:
    return t.Range(element(axis, 0), element(axis, len(axis) - 1), NOWHERE)


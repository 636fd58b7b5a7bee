"""What an expression is worth: a number, a sum of terms, or an operation that is not yet a node."""

from __future__ import annotations

from dataclasses import replace

from flowc.graph.constants import shape_of
from flowc.graph.draft import DraftNode
from flowc.graph.network import Arrow, Axis, Index, Numbers, Operand
from flowc.maths.index_map import AXIS_LETTERS, arrow_map
from flowc.records import Record
from flowc.source import Span

Axes = tuple[Axis, ...]


class Term(Record):
    """One term of a sum, as an arrow will carry it. Letters are the term's own until `arrow` names them anew.

    `into` are the letters of the result; none where a scalar is repeated into a vector.
    """

    coefficient: float
    source: str
    source_index: Index
    source_letters: str
    into: str
    span: Span
    weight: str | None = None
    literal: Numbers | None = None
    weight_index: Index = ()
    weight_letters: str = ""

    @property
    def has_array(self) -> bool:
        return self.weight is not None or self.literal is not None

    @property
    def is_elementwise(self) -> bool:
        """Whether its array multiplies element by element, so that it can leave a product."""
        return set(self.source_letters) <= set(self.into) and set(self.weight_letters) <= set(self.into)


class Num(Record):
    """A number, or rows of numbers."""

    value: Numbers

    @property
    def axes(self) -> Axes:
        return tuple(Axis(1, n) for n in shape_of(self.value))


class Sum(Record):
    """An affine combination of nodes."""

    terms: tuple[Term, ...]
    axes: Axes


class Apply(Record):
    """An activation of a sum."""

    function: str
    parameters: tuple[float, ...]
    argument: Sum
    axes: Axes


class Operation(Record):
    """A function of several nodes, or of the elements of one."""

    function: str
    operands: tuple[Operand, ...]
    axes: Axes
    parameters: tuple[float, ...] = ()


class Stack(Record):
    """A list of scalars, which is a vector."""

    items: tuple[Sum, ...]

    @property
    def axes(self) -> Axes:
        return (Axis(1, len(self.items)),)


Value = Num | Sum | Apply | Operation | Stack


def bare(name: str, axes: Axes, span: Span, index: Index = ()) -> Sum:
    """A node alone, or a part of it; `axes` are those that are left."""
    letters = AXIS_LETTERS[: len(axes)]
    return Sum((Term(1.0, name, index, letters, letters, span),), axes)


def constant(value: Numbers, span: Span) -> Sum:
    """Numbers, as an arrow from 1."""
    if not isinstance(value, tuple):
        return Sum((Term(value, "1", (), "", "", span),), ())
    axes = Num(value).axes
    letters = AXIS_LETTERS[: len(axes)]
    return Sum((Term(1.0, "1", (), "", letters, span, literal=value, weight_letters=letters),), axes)


def as_array(value: Value, span: Span) -> Term | None:
    """The one term of a bare weight or literal, with its factor; None for anything else."""
    if isinstance(value, Num) and isinstance(value.value, tuple):
        value = constant(value.value, span)
    if isinstance(value, Sum) and len(value.terms) == 1:
        term = value.terms[0]
        if term.source == "1" and term.has_array:
            return term
    return None


def as_node(value: Value) -> Operand | None:
    """The operand of a bare node, a part of one, or a number; None where a node must be made for it."""
    if isinstance(value, Num) and not isinstance(value.value, tuple):
        return Operand(None, (), value.value)
    if isinstance(value, Sum) and len(value.terms) == 1:
        term = value.terms[0]
        if term.source != "1" and term.coefficient == 1 and not term.has_array and len(term.into) == len(value.axes):
            return Operand(term.source, term.source_index)
    return None


def scaled(sum_: Sum, factor: float) -> Sum:
    return replace(sum_, terms=tuple(replace(t, coefficient=t.coefficient * factor) for t in sum_.terms))


def arrow(term: Term, axes: Axes, target_index: Index = ()) -> Arrow:
    """The arrow that adds a term into a node (or the part of it at `target_index`) with `axes`."""
    into = term.into
    if len(into) < len(axes):
        unused = (letter for letter in AXIS_LETTERS if letter not in term.source_letters + term.weight_letters)
        into = "".join(next(unused) for _ in axes)
    return Arrow(
        term.source,
        arrow_map(term.source_letters, term.weight_letters, into),
        term.coefficient,
        term.weight,
        term.literal,
        term.span,
        term.source_index,
        term.weight_index,
        target_index,
    )


def fill(node: DraftNode, value: Value, span: Span) -> None:
    """Give a node what its value says: arrows, a function, operands."""
    axes = node.axes or ()
    if isinstance(value, Num):
        value = constant(value.value, span)
    if isinstance(value, Sum):
        _add_terms(node, value.terms, axes)
    elif isinstance(value, Apply):
        node.function, node.parameters = value.function, value.parameters
        _add_terms(node, value.argument.terms, axes)
    elif isinstance(value, Operation):
        node.function, node.operands, node.parameters = value.function, value.operands, value.parameters
    else:
        for k, item in enumerate(value.items):
            _add_terms(node, item.terms, (), (k,))


def _add_terms(node: DraftNode, terms: tuple[Term, ...], axes: Axes, target_index: Index = ()) -> None:
    for term in terms:
        node.add(arrow(term, axes, target_index))

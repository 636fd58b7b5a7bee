"""What products, functions and losses need of the reader of an equation, which calls them."""

from __future__ import annotations

from typing import Protocol

from flowc.graph.draft import Draft
from flowc.graph.expression_values import Sum, Value
from flowc.graph.network import Axis, Operand
from flowc.graph.problems import Abandon
from flowc.source import Span
from flowc.syntax import tree as t


class Reader(Protocol):
    """`in_loss`: losses may be called."""

    draft: Draft
    in_loss: bool

    def value(self, e: t.Expression) -> Value:
        """What an expression is worth."""
        ...

    def numbers(self) -> Reader:
        """A reader of what is no part of this equation: the numbers in a function's brackets."""
        ...

    def fail(self, code: str, message: str, span: Span, hint: str = "") -> Abandon: ...

    def common(self, a: tuple[Axis, ...], b: tuple[Axis, ...], span: Span) -> tuple[Axis, ...]:
        """The axes of an elementwise operation: equal sizes, or one of them scalar."""
        ...

    def times_number(self, value: Value, factor: float, span: Span) -> Value: ...

    def power(self, base: Value, exponent: Value, span: Span) -> Value: ...

    def as_sum(self, value: Value, span: Span) -> Sum:
        """The value as terms; an operation becomes a node of its own."""
        ...

    def node_of(self, value: Value, span: Span) -> Sum:
        """A node without a name that holds the value."""
        ...

    def operand(self, value: Value, span: Span) -> Operand:
        """The value as an operand; what is more than a bare node becomes one."""
        ...

"""From the grammar's rules for expressions to their nodes of the tree; `build.py` has those for statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lark import Token

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Span
from flowc.syntax import checks, numbers
from flowc.syntax import tree as t
from flowc.syntax.names import Names, all_plain

Children = list[Any]


def span_of(first: Token, last: Token | None = None) -> Span:
    return Span(first.start_pos or 0, (last or first).end_pos or 0)


class ExpressionBuild:
    """The callbacks for what stands inside statements. One text at a time: `begin` forgets the text before."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, text: str) -> None:
        self._plain = all_plain(text)  # no name needs a look
        self.names = Names()
        self.problems: list[Diagnostic] = []
        self.comments: list[Token] = []

    # Lexer

    def comment(self, token: Token) -> Token:
        self.comments.append(token)
        return token

    # Shared parts

    def _read_name(self, token: Token) -> str:
        return token.value if self._plain else self.names.fold(token.value, span_of(token))

    def _report_problem(self, problem: Diagnostic | None) -> None:
        if problem:
            self.problems.append(problem)

    def _check_expressions(self, *expressions: t.Expression) -> None:
        for expression in expressions:
            self._report_problem(checks.levels(expression))

    def _read_text(self, token: Token) -> str:
        return token[1:-1]

    def binary(self, c: Children) -> t.Binary:
        left, op, right = c
        return t.Binary("-" if op.type == "MINUS" else op.value, left, right, left.span.to(right.span))

    def negative(self, c: Children) -> t.Negative:
        sign, operand = c
        return t.Negative(operand, span_of(sign).to(operand.span))

    def positive(self, c: Children) -> t.Expression:
        expression: t.Expression = c[1]
        return expression

    def transpose(self, c: Children) -> t.Transpose:
        operand, mark = c
        return t.Transpose(operand, Span(operand.span.start, mark.end_pos))

    def number(self, c: Children) -> t.Number:
        (token,) = c
        text = token.value
        span = span_of(token)
        if not (text.isdigit() and len(text) < 2):
            self._report_problem(numbers.problem(text, span))
        return t.Number(numbers.value(text), text, span)

    def group(self, c: Children) -> t.Expression:
        opening, inner, closing = c
        return checks.with_span(inner, span_of(opening, closing))

    def list(self, c: Children) -> t.List:
        opening, *items, closing = c
        return t.List(tuple(items), span_of(opening, closing))

    def call(self, c: Children) -> t.Call:
        name, *arguments, closing = c
        args, keywords, problems = checks.arguments(arguments)
        self.problems += problems
        return t.Call(self._read_name(name), args, keywords, span_of(name, closing), span_of(name))

    def keyword(self, c: Children) -> tuple[str, t.Expression, Span]:
        name, value = c
        return self._read_name(name), value, span_of(name)

    def ref(self, c: Children) -> t.Ref:
        name, index = c
        if index is None:
            return t.Ref(self._read_name(name), None, span_of(name))
        return t.Ref(self._read_name(name), index[0], Span(name.start_pos, index[1]))

    def index(self, c: Children) -> tuple[Sequence[Any], int]:
        *subscripts, closing = c
        return tuple(subscripts), closing.end_pos

    def slice(self, c: Children) -> t.Range:
        low, high = c
        return t.Range(low, high, low.span.to(high.span))

    def text(self, c: Children) -> t.Text:
        return t.Text(self._read_text(c[0]), span_of(c[0]))

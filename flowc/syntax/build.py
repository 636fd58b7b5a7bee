"""From the grammar's rules to the tree. Every method is named after a rule of `grammar/flow.lark`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from lark import Token

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Span
from flowc.syntax import checks, numbers
from flowc.syntax import tree as t
from flowc.syntax.expressions import quote
from flowc.syntax.names import Names
from flowc.syntax.tables import table

Children = list[Any]

# What a line of PLAIN_ARROWS holds; the terminal has made sure of its form.
_PLAIN_ARROW = re.compile(r"(?m)^([ \t]*)([^\s:>→-]+)[ \t]*(?:->|→)[ \t]*([^\s:]+)[ \t]*:[ \t]*([^\s;#]+)")
_ROLES = {"INPUT": "input", "TARGET": "target", "NODE": "node", "OUTPUT": "output"}


def _span(first: Token, last: Token | None = None) -> Span:
    return Span(first.start_pos, (last or first).end_pos)  # type: ignore[arg-type]


class Build:
    """The reductions' callbacks. One text at a time: `begin` forgets the text before.

    Parts that are no node of the tree are passed upwards as tuples, with the offset of their end where it is needed.
    """

    def __init__(self) -> None:
        self.begin("")

    def begin(self, text: str) -> None:
        self._ascii = text.isascii()
        self.names = Names()
        self.problems: list[Diagnostic] = []
        self.comments: list[Token] = []

    # Lexer

    def comment(self, token: Token) -> Token:
        self.comments.append(token)
        return token

    # Shared parts

    def _name(self, token: Token) -> str:
        return token.value if self._ascii else self.names.fold(token.value, _span(token))

    def _report(self, problem: Diagnostic | None) -> None:
        if problem:
            self.problems.append(problem)

    def _check(self, *expressions: t.Expression) -> None:
        for expression in expressions:
            self._report(checks.levels(expression))

    def _text(self, token: Token) -> str:
        return token.value[1:-1]

    def start(self, c: Children) -> tuple[t.Statement, ...]:
        return tuple(c)

    # Declarations

    def header(self, c: Children) -> t.Header:
        word, name, title = c
        return t.Header(self._name(name), title and self._text(title), _span(word, title or name), _span(name))

    def indices(self, c: Children) -> t.Indices:
        word, *parts = c
        items, problems = checks.index_ranges(parts)
        self.problems += problems
        return t.Indices(items, Span(word.start_pos, parts[-1][-1].end))

    def index_range(self, c: Children) -> tuple[str, Any, Span]:
        name, what = c
        last = what[-1] if isinstance(what, tuple) else what.span
        return self._name(name), what, Span(name.start_pos, last.end)

    def count(self, c: Children) -> t.Number:
        return self.number(c)

    def range(self, c: Children) -> t.Range:
        low, high = c
        return t.Range(low, high, low.span.to(high.span))

    def bound(self, c: Children) -> t.Expression:
        minus, number = c
        size = self.number([number])
        return t.Negative(size, _span(minus, number)) if minus else size

    def element(self, c: Children) -> tuple[str, Span]:
        (token,) = c
        name = self._text(token) if token.type == "STRING" else self._name(token)
        return name, _span(token)

    def declaration(self, c: Children) -> t.Declaration:
        role, *nodes = c
        items: list[t.DeclaredNode] = []
        following: t.Activation | None = None
        for name, size, label, activation, _ in reversed(nodes):
            following = activation or following
            items.append(t.DeclaredNode(self._name(name), size, label, following, _span(name)))
        return t.Declaration(_ROLES[role.type], tuple(reversed(items)), Span(role.start_pos, nodes[-1][-1]))  # type: ignore[arg-type]

    def node(self, c: Children) -> tuple[Token, Any, str | None, t.Activation | None, int]:
        name, size, label, activation = c
        last = activation.span.end if activation else label.end_pos if label else size[1] if size else name.end_pos
        return name, size and size[0], label and self._text(label), activation, last

    def activation(self, c: Children) -> t.Activation:
        name, *rest = c
        if not rest:
            return t.Activation(self._name(name), (), (), _span(name))
        call = self.call(c)
        self._check(call)
        return t.Activation(call.name, call.args, call.keywords, call.span)

    def weights(self, c: Children) -> t.Weights:
        word, *weights = c
        items: list[t.DeclaredWeight] = []
        following: t.Start | None = None
        for name, size, start, _ in reversed(weights):
            following = start or following
            here = following or t.Start("learnt", None, _span(name))
            items.append(t.DeclaredWeight(self._name(name), size, here, _span(name)))
        return t.Weights(tuple(reversed(items)), Span(word.start_pos, weights[-1][-1]))

    def weight(self, c: Children) -> tuple[Token, Any, t.Start | None, int]:
        name, size, start = c
        last = start.span.end if start else size[1] if size else name.end_pos
        return name, size and size[0], start, last

    def start_fixed(self, c: Children) -> t.Start:
        self._check(c[0])
        return t.Start("fixed", c[0], c[0].span)

    def start_learnt(self, c: Children) -> t.Start:
        tilde, value = c
        if value is None:
            return t.Start("learnt", None, _span(tilde))
        self._check(value)
        return t.Start("learnt", value, _span(tilde).to(value.span))

    def size(self, c: Children) -> tuple[tuple[Any, ...], int]:
        *axes, closing = c
        for axis in axes:
            self._report(checks.axis(axis))
        return tuple(axes), closing.end_pos

    def axis_name(self, c: Children) -> t.Ref:
        return t.Ref(self._name(c[0]), None, _span(c[0]))

    # Arrows and equations

    def arrows(self, c: Children) -> t.Arrows:
        *ends, carried = c
        self._check(*(end for nodes in ends for end in nodes))
        for problem in checks.constants(ends):
            self._report(problem)
        last = carried.span if carried else ends[-1][-1].span
        return t.Arrows(tuple(ends), carried, ends[0][0].span.to(last))

    def ends(self, c: Children) -> tuple[t.Ref | t.Number, ...]:
        return tuple(c)

    def carried_value(self, c: Children) -> t.Carried:
        self._check(c[0])
        return t.Carried(c[0], None, None, c[0].span)

    def carried_start(self, c: Children) -> t.Carried:
        return t.Carried(None, None, c[0], c[0].span)

    def carried_weight(self, c: Children) -> t.Carried:
        name, start = c
        return t.Carried(None, name, start, name.span.to(start.span))

    def plain_arrows(self, c: Children) -> t.PlainArrows:
        (run,) = c
        text = run.value.replace("−", "-")
        lines = text.split("\n")
        starts = accumulate((len(line) + 1 for line in lines), initial=run.start_pos)
        arrows = [
            (source, target, float(number), start + len(space), start + len(line.rstrip()))
            for (space, source, target, number), line, start in zip(_PLAIN_ARROW.findall(text), lines, starts)
        ]
        if not self._ascii:
            arrows = [self._folded_arrow(arrow, text, run.start_pos) for arrow in arrows]
        return t.PlainArrows(tuple(arrows), _span(run))

    def _folded_arrow(
        self, arrow: tuple[str, str, float, int, int], text: str, offset: int
    ) -> tuple[str, str, float, int, int]:
        source, target, number, start, end = arrow
        at = text.index(target, start - offset + len(source)) + offset
        if source != "1":
            source = self.names.fold(source, Span(start, start + len(source)))
        target = self.names.fold(target, Span(at, at + len(target)))
        return source, target, number, start, end

    def equation(self, c: Children) -> t.Equation:
        left, right = c
        self._check(left, right)
        return t.Equation(left, right, left.span.to(right.span))

    def left(self, c: Children) -> t.Ref:
        return self.ref(c)

    def first(self, c: Children) -> Token:
        return c[0]

    # Loss, data, training

    def named_loss(self, c: Children) -> t.Loss:
        word, name, expression = c
        self._check(expression)
        return t.Loss(self._name(name), expression, _span(word).to(expression.span), _span(name))

    def unnamed_loss(self, c: Children) -> t.Loss:
        word, expression = c
        self._check(expression)
        return t.Loss(None, expression, _span(word).to(expression.span))

    def data_file(self, c: Children) -> t.DataFile:
        word, part, path = c
        return t.DataFile(self._part(part), self._text(path), _span(word, path), _span(path))

    def data_formulas(self, c: Children) -> t.DataFormulas:
        word, part, formulas, closing = c
        return t.DataFormulas(self._part(part), formulas, _span(word, closing))

    def data_table(self, c: Children) -> t.DataTable:
        word, part, (columns, bar), rows, closing = c
        cells, problems = table(columns, bar, rows)
        self.problems += problems
        return t.DataTable(self._part(part), columns, bar, cells, _span(word, closing))

    def _part(self, token: Token | None) -> str | None:
        if token is None:
            return None
        self._report(checks.part(token.value, _span(token)))
        return token.value

    def formulas(self, c: Children) -> tuple[tuple[t.Ref, t.Expression], ...]:
        return tuple(c)

    def formula(self, c: Children) -> tuple[t.Ref, t.Expression]:
        self._check(*c)
        return c[0], c[1]

    def columns(self, c: Children) -> tuple[tuple[t.Column, ...], int | None]:
        bar = next((i for i, part in enumerate(c) if isinstance(part, Token)), None)
        return tuple(part for part in c if not isinstance(part, Token)), bar

    def column(self, c: Children) -> t.Column:
        (head,) = c
        if isinstance(head, Token):
            return t.Column(self._text(head), None, _span(head))
        self._check(head)
        return t.Column(checks.spelling(head), head, head.span)

    def rows(self, c: Children) -> Children:
        return c

    def row(self, c: Children) -> Children:
        return c

    def cell(self, c: Children) -> t.Cell:
        (token,) = c
        text = token.value
        if token.type == "SIGNED":
            text = text.replace("−", "-")
            self._report(checks.cell_number(text, _span(token)))
            return t.Cell(numbers.value(text), text, _span(token))
        if token.type == "STRING":
            return t.Cell(text[1:-1], quote(text[1:-1]), _span(token))
        name = self._name(token)
        return t.Cell(name, name, _span(token))

    def train(self, c: Children) -> t.Train:
        word, method = c
        name = Span(method.span.start, method.span.start + len(method.name))
        call = t.Call(method.name, method.args, method.keywords, method.span, name)
        return t.Train(call, _span(word).to(method.span))

    # Expressions

    def binary(self, c: Children) -> t.Binary:
        left, op, right = c
        return t.Binary("-" if op.type == "MINUS" else op.value, left, right, left.span.to(right.span))

    def negative(self, c: Children) -> t.Negative:
        sign, operand = c
        return t.Negative(operand, _span(sign).to(operand.span))

    def positive(self, c: Children) -> t.Expression:
        return c[1]

    def transpose(self, c: Children) -> t.Transpose:
        operand, mark = c
        return t.Transpose(operand, Span(operand.span.start, mark.end_pos))

    def number(self, c: Children) -> t.Number:
        (token,) = c
        text = token.value
        span = _span(token)
        if not (text.isdigit() and len(text) < 2):
            self._report(numbers.problem(text, span))
        return t.Number(numbers.value(text), text, span)

    def group(self, c: Children) -> t.Expression:
        opening, inner, closing = c
        return checks.with_span(inner, _span(opening, closing))

    def list(self, c: Children) -> t.List:
        opening, *items, closing = c
        return t.List(tuple(items), _span(opening, closing))

    def call(self, c: Children) -> t.Call:
        name, *arguments, closing = c
        args, keywords, problems = checks.arguments(arguments)
        self.problems += problems
        return t.Call(self._name(name), args, keywords, _span(name, closing), _span(name))

    def keyword(self, c: Children) -> tuple[str, t.Expression, Span]:
        name, value = c
        return self._name(name), value, _span(name)

    def ref(self, c: Children) -> t.Ref:
        name, index = c
        if index is None:
            return t.Ref(self._name(name), None, _span(name))
        return t.Ref(self._name(name), index[0], Span(name.start_pos, index[1]))

    def index(self, c: Children) -> tuple[Sequence[Any], int]:
        *subscripts, closing = c
        return tuple(subscripts), closing.end_pos

    def slice(self, c: Children) -> t.Range:
        low, high = c
        return t.Range(low, high, low.span.to(high.span))

    def text(self, c: Children) -> t.Text:
        return t.Text(self._text(c[0]), _span(c[0]))

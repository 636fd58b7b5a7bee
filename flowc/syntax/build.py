"""From the grammar's rules to the tree. Every method is named after a rule of `grammar/flow.lark`."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from lark import Token

from flowc.source import Span
from flowc.syntax import checks, numbers
from flowc.syntax import tree as t
from flowc.syntax.build_expressions import Children, ExpressionBuild, span_of
from flowc.syntax.expressions import quote
from flowc.syntax.tables import table

_BARE_NAME = re.compile(r"[^\s,]+")  # of BARE_NAMES
# What a line of PLAIN_ARROWS holds; the terminal has made sure of its form.
_PLAIN_ARROW = re.compile(r"(?m)^([ \t]*)([^\s:>→-]+)[ \t]*(?:->|→)[ \t]*([^\s:]+)[ \t]*:[ \t]*([^\s;#]+)")
_ROLES: dict[str, t.Role] = {"INPUT": "input", "TARGET": "target", "NODE": "node", "OUTPUT": "output"}


class Build(ExpressionBuild):
    """The reductions' callbacks, those for statements here.

    Parts that are no node of the tree are passed upwards as tuples, with the offset of their end where it is needed.
    """

    def start(self, c: Children) -> tuple[t.Statement, ...]:
        return tuple(c)

    # Declarations

    def header(self, c: Children) -> t.Header:
        word, name, title = c
        return t.Header(self._read_name(name), title and self._read_text(title), span_of(word, title or name), span_of(name))

    def indices(self, c: Children) -> t.Indices:
        word, *parts = c
        items, problems = checks.index_ranges(parts)
        self.problems += problems
        return t.Indices(items, Span(word.start_pos, parts[-1][-1].end))

    def index_range(self, c: Children) -> tuple[str, Any, Span]:
        name, what = c
        last = what[-1] if isinstance(what, tuple) else what.span
        return self._read_name(name), what, Span(name.start_pos, last.end)

    def count(self, c: Children) -> t.Number:
        return self.number(c)

    def range(self, c: Children) -> t.Range:
        low, high = c
        return t.Range(low, high, low.span.to(high.span))

    def bound(self, c: Children) -> t.Expression:
        minus, number = c
        size = self.number([number])
        return t.Negative(size, span_of(minus, number)) if minus else size

    def element(self, c: Children) -> tuple[str, Span]:
        (token,) = c
        name = self._read_text(token) if token.type == "STRING" else self._read_name(token)
        return name, span_of(token)

    def declaration(self, c: Children) -> t.Declaration:
        role, *nodes = c
        items: list[t.DeclaredNode] = []
        following: t.Activation | None = None
        for node in reversed(nodes):
            if isinstance(node, list):
                items += [t.DeclaredNode(name, None, None, following, span) for name, span in reversed(node)]
                continue
            name, size, label, activation, _ = node
            following = activation or following
            items.append(t.DeclaredNode(self._read_name(name), size, label, following, span_of(name)))
        return t.Declaration(_ROLES[role.type], tuple(reversed(items)), Span(role.start_pos, nodes[-1][-1]))

    def bare_names(self, c: Children) -> list[tuple[str, Span]]:
        (run,) = c
        places = [(m[0], Span(run.start_pos + m.start(), run.start_pos + m.end())) for m in _BARE_NAME.finditer(run)]
        return places if self._plain else [(self.names.fold(name, span), span) for name, span in places]

    def node(self, c: Children) -> tuple[Token, Any, str | None, t.Activation | None, int]:
        name, size, label, activation = c
        last = activation.span.end if activation else label.end_pos if label else size[1] if size else name.end_pos
        return name, size and size[0], label and self._read_text(label), activation, last

    def activation(self, c: Children) -> t.Activation:
        name, *rest = c
        if not rest:
            return t.Activation(self._read_name(name), (), (), span_of(name))
        call = self.call(c)
        self._check_expressions(call)
        return t.Activation(call.name, call.args, call.keywords, call.span)

    def nodes(self, c: Children) -> t.NodesFile:
        word, path = c
        return t.NodesFile(self._read_text(path), span_of(word, path), span_of(path))

    def weights(self, c: Children) -> t.Weights:
        word, *weights = c
        items: list[t.DeclaredWeight] = []
        following: t.Start | None = None
        for name, size, label, start, _ in reversed(weights):
            following = start or following
            here = following or t.Start("learnt", None, span_of(name))
            items.append(t.DeclaredWeight(self._read_name(name), size, here, span_of(name), label))
        return t.Weights(tuple(reversed(items)), Span(word.start_pos, weights[-1][-1]))

    def weight(self, c: Children) -> tuple[Token, Any, str | None, t.Start | None, int]:
        name, size, label, start = c
        last = start.span.end if start else label.end_pos if label else size[1] if size else name.end_pos
        return name, size and size[0], label and self._read_text(label), start, last

    def start_fixed(self, c: Children) -> t.Start:
        self._check_expressions(c[0])
        return t.Start("fixed", c[0], c[0].span)

    def start_learnt(self, c: Children) -> t.Start:
        tilde, value = c
        if value is None:
            return t.Start("learnt", None, span_of(tilde))
        self._check_expressions(value)
        return t.Start("learnt", value, span_of(tilde).to(value.span))

    def size(self, c: Children) -> tuple[tuple[Any, ...], int]:
        *axes, closing = c
        for axis in axes:
            self._report_problem(checks.axis(axis))
        return tuple(axes), closing.end_pos

    def axis_name(self, c: Children) -> t.Ref:
        return t.Ref(self._read_name(c[0]), None, span_of(c[0]))

    # Arrows and equations

    def arrows(self, c: Children) -> t.Arrows:
        *ends, carried = c
        self._check_expressions(*(end for nodes in ends for end in nodes))
        for problem in checks.constants(ends):
            self._report_problem(problem)
        last = carried.span if carried else ends[-1][-1].span
        return t.Arrows(tuple(ends), carried, ends[0][0].span.to(last))

    def ends(self, c: Children) -> tuple[t.Ref | t.Number, ...]:
        return tuple(c)

    def carried_value(self, c: Children) -> t.Carried:
        self._check_expressions(c[0])
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
        if not self._plain:
            arrows = [self._folded_arrow(arrow, text, run.start_pos) for arrow in arrows]
        return t.PlainArrows(tuple(arrows), span_of(run))

    def _folded_arrow(
        self, arrow: tuple[str, str, float, int, int], text: str, offset: int
    ) -> tuple[str, str, float, int, int]:
        source, target, number, start, end = arrow
        at = text.index(target, start - offset + len(source)) + offset
        if source != "1":
            source = self.names.fold(source, Span(start, start + len(source)))
        target = self.names.fold(target, Span(at, at + len(target)))
        return source, target, number, start, end

    def edges(self, c: Children) -> t.EdgesFile:
        word, path = c
        return t.EdgesFile(self._read_text(path), span_of(word, path), span_of(path))

    def equation(self, c: Children) -> t.Equation:
        left, right = c
        self._check_expressions(left, right)
        return t.Equation(left, right, left.span.to(right.span))

    def left(self, c: Children) -> t.Ref:
        return self.ref(c)

    def first(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    # Loss, data, training

    def named_loss(self, c: Children) -> t.Loss:
        word, name, expression = c
        self._check_expressions(expression)
        return t.Loss(self._read_name(name), expression, span_of(word).to(expression.span), span_of(name))

    def unnamed_loss(self, c: Children) -> t.Loss:
        word, expression = c
        self._check_expressions(expression)
        return t.Loss(None, expression, span_of(word).to(expression.span))

    def data_file(self, c: Children) -> t.DataFile:
        word, part, path = c
        return t.DataFile(self._read_part(part), self._read_text(path), span_of(word, path), span_of(path))

    def data_formulas(self, c: Children) -> t.DataFormulas:
        word, part, formulas, closing = c
        return t.DataFormulas(self._read_part(part), formulas, span_of(word, closing))

    def data_table(self, c: Children) -> t.DataTable:
        word, part, (columns, bar), rows, closing = c
        cells, problems = table(columns, bar, rows)
        self.problems += problems
        return t.DataTable(self._read_part(part), columns, bar, cells, span_of(word, closing))

    def _read_part(self, token: Token | None) -> str | None:
        if token is None:
            return None
        part = str(token)
        self._report_problem(checks.part(part, span_of(token)))
        return part

    def formulas(self, c: Children) -> tuple[tuple[t.Ref, t.Expression], ...]:
        return tuple(c)

    def formula(self, c: Children) -> tuple[t.Ref, t.Expression]:
        self._check_expressions(*c)
        return c[0], c[1]

    def columns(self, c: Children) -> tuple[tuple[t.Column, ...], int | None]:
        bar = next((i for i, part in enumerate(c) if isinstance(part, Token)), None)
        return tuple(part for part in c if not isinstance(part, Token)), bar

    def column(self, c: Children) -> t.Column:
        (head,) = c
        if isinstance(head, Token):
            return t.Column(self._read_text(head), None, span_of(head))
        self._check_expressions(head)
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
            self._report_problem(checks.cell_number(text, span_of(token)))
            return t.Cell(numbers.value(text), text, span_of(token))
        if token.type == "STRING":
            return t.Cell(text[1:-1], quote(text[1:-1]), span_of(token))
        name = self._read_name(token)
        return t.Cell(name, name, span_of(token))

    def train(self, c: Children) -> t.Train:
        word, method = c
        name = Span(method.span.start, method.span.start + len(method.name))
        call = t.Call(method.name, method.args, method.keywords, method.span, name)
        return t.Train(call, span_of(word).to(method.span))

"""Statements of plain Python: loops over tokens, sums that grow."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign, in_row
from flowc.backends.code.layout import WIDTH
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.printer import Comments, Line, assignments
from flowc.program.ops import Reduce


def loop_over_tokens(
    targets: Sequence[Expression], lists: Sequence[Expression], body: Sequence[t.Statement], called: str = "tokens"
) -> list[t.Statement]:  # fmt: skip
    """`for x1, x2 in zip(x1, x2, strict=True):` the names of one token stand for its lists. All tokens are `called` so
    where that is too long for a line."""
    if len(lists) > 1:
        source = e.call("zip", *lists, strict="True")
    else:
        source = e.call("list", lists[0]) if lists[0] == targets[0] else lists[0]
    names = in_row(targets)
    if len(f"    ) in {e.flat(source)}:") <= WIDTH:
        return [t.For(names, source, tuple(body))]
    return [assign(called, source), t.For(names, e.atom(called), tuple(body))]


def start_sums(lines: Sequence[Line]) -> list[t.Statement]:
    """`a = b = 0.0`, for what grows in these lines of a loop."""
    sums = dict.fromkeys(t.Name(line.name) for line in lines if isinstance(line.step.op, Reduce))
    return [t.Assign(tuple(sums), e.atom("0.0"))] if sums else []


def statements_of(lines: Sequence[Line], grows: bool = False, comments: Comments | None = None) -> list[t.Statement]:
    """Lines as statements. A sum over the tokens `grows`."""
    code = zip(lines, assignments(lines, comments), strict=True)
    return [_add_to_sum(line) if grows and isinstance(line.step.op, Reduce) else one for line, one in code]


def _add_to_sum(line: Line) -> t.Statement:
    if isinstance(line.expression, t.Negative):
        return assign(line.name, line.expression.operand, "-")
    return assign(line.name, line.expression, "+")

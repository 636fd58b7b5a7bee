"""Flat runs of operations: `a + b - c` is one sum of three, however deep its tree."""

from __future__ import annotations

from flowc.syntax import tree as t

_RANKS = {"+": 0, "-": 0, "*": 1, "/": 1, "@": 1}


def chain(e: t.Binary) -> tuple[t.Expression, list[t.Binary]]:
    """The first operand of a run from the left, and its operations in the order of the text.

    Each operation's `op` and `right` are what follows. A sum has thousands of terms, so nobody recurses into `left`;
    parentheses around the beginning of a run change nothing, and are not seen. A power is a run of one.
    """
    operations = [e]
    first = e.left
    while isinstance(first, t.Binary) and first.op != "^" and _RANKS[first.op] == _RANKS.get(e.op):
        operations.append(first)
        first = first.left
    operations.reverse()
    return first, operations


def operands(expression: t.Expression | t.Range) -> tuple[t.Expression | t.Range, ...]:
    """What it is made of, one level below; of a run all that it holds."""
    match expression:
        case t.Binary():
            first, operations = chain(expression)
            return first, *(operation.right for operation in operations)
        case t.Negative() | t.Transpose():
            return (expression.operand,)
        case t.Call():
            return *expression.args, *(value for _, value, _ in expression.keywords)
        case t.List():
            return expression.items
        case t.Range():
            return expression.low, expression.high
        case t.Ref():
            return expression.index or ()
    return ()

"""Where the lines of generated code end: at most 79 columns, broken inside brackets."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.python.expression import PRIMARY, SIGN, Expression
from flowc.backends.python.text import quoted

WIDTH = 79


def laid_out(expression: Expression, prefix: str, after: str = "", inner: bool = False) -> list[str]:
    """The lines of `prefix expression after`, at most WIDTH wide where there is a place to break.

    `prefix` carries the indentation; `inner`: brackets are open around the expression, so a chain may break as it is.
    """
    if len(prefix) + len(expression.flat) + len(after) <= WIDTH:
        return [prefix + expression.flat + after]
    if expression.key:
        return laid_out(expression.inside[0], prefix + expression.key, after, inner)
    pad = " " * (len(prefix) - len(prefix.lstrip(" ")))
    if expression.inside and (len(prefix) + len(expression.before) <= WIDTH or not _takes_brackets(prefix)):
        return _broken_call(expression, prefix, pad, after)
    if not expression.chain:
        return (
            _enclosed(expression, prefix, pad, after) if _takes_brackets(prefix) else [prefix + expression.flat + after]
        )
    if expression.level == SIGN:
        return laid_out(expression.chain[0][1], prefix + "-", after)
    if inner:
        return _filled(expression, prefix, pad, after)
    return [prefix + "(", *_filled(expression, pad + "    ", pad + "    ", ""), pad + ")" + after]


def text_lines(text: str, prefix: str, after: str) -> list[str]:
    """The lines of `prefix "text" after`; a text that is too wide is several literals in brackets, cut behind blanks."""
    line = f"{prefix}{quoted(text)}{after}"
    if len(line) <= WIDTH:
        return [line]
    from textwrap import wrap

    margin = " " * (len(prefix) - len(prefix.lstrip()))
    pad = margin + "    "
    pieces = wrap(text, WIDTH - len(pad) - 2, drop_whitespace=False, break_on_hyphens=False)
    first, last = (prefix, after) if prefix.endswith("(") else (f"{prefix}(", f"){after}")
    return [first, *(f"{pad}{quoted(piece)}" for piece in pieces), f"{margin}{last}"]


def _takes_brackets(prefix: str) -> bool:
    """Whether a value follows, which may stand in brackets: there a long name has a line to itself."""
    return prefix.endswith(("= ", ": ", "return "))


def _enclosed(expression: Expression, prefix: str, pad: str, after: str) -> list[str]:
    return [prefix + "(", *laid_out(expression, pad + "    ", inner=True), pad + ")" + after]


def _broken_call(expression: Expression, prefix: str, pad: str, after: str) -> list[str]:
    only = expression.inside[0]
    if len(expression.inside) == 1 and only.before in ("[", "{") and not only.after[1:] and not only.key:
        whole = Expression("", PRIMARY, (), expression.before + only.before, only.inside, only.after + expression.after)
        return _broken_call(whole, prefix, pad, after)
    deeper = pad + "    "
    together = ", ".join(e.flat for e in expression.inside)
    first, last = prefix + expression.before, pad + expression.after + after
    if len(deeper) + len(together) <= WIDTH:
        return [first, deeper + together, last]
    if len(expression.inside) == 1:
        return [first, *laid_out(expression.inside[0], deeper, inner=True), last]
    if all(len(e.flat) <= 12 and not (e.inside[0] if e.key else e).inside for e in expression.inside):
        return [first, *_packed([e.flat + "," for e in expression.inside], deeper), last]
    lines = [line for e in expression.inside for line in laid_out(e, deeper, ",", inner=True)]
    return [first, *lines, last]


def _packed(pieces: Sequence[str], pad: str) -> list[str]:
    lines, current = [], pad + pieces[0]
    for piece in pieces[1:]:
        if len(current) + 1 + len(piece) <= WIDTH:
            current += " " + piece
        else:
            lines.append(current)
            current = pad + piece
    return [*lines, current]


def _filled(expression: Expression, prefix: str, pad: str, after: str) -> list[str]:
    """The operands, as many on a line as fit, a new line before an operator."""
    lines, current, broken = [], prefix, False
    last = len(expression.chain) - 1
    for i, (operator, operand) in enumerate(expression.chain):
        tail = after if i == last else ""
        glue = f" {operator} " if i else operator
        if i and not broken and len(current) + len(glue) + len(operand.flat) + len(tail) <= WIDTH:
            current += glue + operand.flat
            continue
        if i:
            lines.append(current)
            current = pad
        *full, current = laid_out(operand, current + glue.lstrip(" "), tail)
        broken = bool(full)
        lines += full
        if tail:
            return [*lines, current]
    return [*lines, current + after]

"""Python expressions as they are put together: text that knows how tightly it binds and where its line may end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 79

COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY = range(6)

_SIMPLE = re.compile(r"-?[\w.]+")
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Expression:
    """`flat` is the whole on one line; `level` the precedence of its outermost operator.

    Where a line may end: `chain` are operands, each with the operator before it; `inside` are the arguments
    between `before`, an opening bracket at its end, and `after`.
    """

    flat: str
    level: int = PRIMARY
    chain: tuple[tuple[str, Expression], ...] = ()
    before: str = ""
    inside: tuple[Expression, ...] = ()
    after: str = ""

    @property
    def is_name(self) -> bool:
        return _NAME.fullmatch(self.flat) is not None

    def __str__(self) -> str:
        return self.flat


def atom(text: str) -> Expression:
    """A name or an unsigned number; a signed number binds as a sign does."""
    return Expression(text, SIGN if text.startswith("-") else PRIMARY)


def bracketed(before: str, inside: Sequence[Expression], after: str) -> Expression:
    flat = before + ", ".join(e.flat for e in inside) + after
    return Expression(flat, PRIMARY, before=before, inside=tuple(inside), after=after)


def call(function: str, *arguments: Expression | str, **named: str) -> Expression:
    """`function(arguments, named)`."""
    inside = [atom(a) if isinstance(a, str) else a for a in arguments]
    inside += [atom(f"{name}={value}") for name, value in named.items()]
    return bracketed(f"{function}(", inside, ")")


def group(expression: Expression) -> Expression:
    return bracketed("(", [expression], ")")


def at_least(expression: Expression, level: int) -> Expression:
    """The expression, in parentheses if it binds less tightly than `level`."""
    return expression if expression.level >= level else group(expression)


def suffix(expression: Expression, text: str) -> Expression:
    """`expression.T`, `expression[:, 0]`: a trailer, which binds most tightly."""
    inner = at_least(expression, PRIMARY)
    if re.fullmatch(r"\d+", inner.flat):
        inner = group(inner)
    return Expression(inner.flat + text, PRIMARY, before=inner.before, inside=inner.inside, after=inner.after + text)


def method(expression: Expression, name: str, *arguments: str, **named: str) -> Expression:
    """`expression.name(arguments)`."""
    inside = ", ".join([*arguments, *(f"{key}={value}" for key, value in named.items())])
    return suffix(expression, f".{name}({inside})")


def _chained(level: int, parts: Sequence[tuple[str, Expression]]) -> Expression:
    flat = "".join(f" {operator} {e.flat}" if i else operator + e.flat for i, (operator, e) in enumerate(parts))
    return Expression(flat, level, chain=tuple(parts))


def total(terms: Sequence[tuple[int, Expression]]) -> Expression:
    """± a ± b ± ..., added from the left. A sum in first place needs no parentheses: it is added first anyway."""
    parts: list[tuple[str, Expression]] = []
    for sign, term in terms:
        if term.level == SIGN and parts and term.flat.startswith("-"):
            sign, term = -sign, atom(term.flat[1:]) if not term.chain else _unsigned(term)
        if not parts and sign > 0 and term.level == SUM:
            parts += term.chain
            continue
        term = at_least(term, PRODUCT)
        if parts:
            parts.append(("+" if sign > 0 else "-", term))
        elif sign > 0:
            parts.append(("", term))
        else:
            parts.append(("", negative(term)))
    return _chained(SUM, parts) if len(parts) > 1 else parts[0][1]


def _unsigned(expression: Expression) -> Expression:
    return expression.chain[0][1]


def negative(expression: Expression) -> Expression:
    """`-a`; of a product it is the sign of the first factor, which is the same number."""
    if expression.level == SIGN and expression.flat.startswith("-"):
        return group_sign(expression)
    if expression.level == PRODUCT:
        first, *rest = expression.chain
        return _chained(PRODUCT, [("", negative(first[1])), *rest])
    inner = at_least(expression, POWER)
    return Expression("-" + inner.flat, SIGN, chain=(("-", inner),))


def group_sign(expression: Expression) -> Expression:
    """The negative of a negative."""
    return _unsigned(expression) if expression.chain else atom(expression.flat[1:])


def product(factors: Sequence[Expression], operator: str = "*") -> Expression:
    """a * b * ..., from the left."""
    first, *rest = factors
    parts = list(first.chain) if first.level == PRODUCT else [("", at_least(first, SIGN))]
    parts += [(operator, at_least(e, SIGN)) for e in rest]
    return _chained(PRODUCT, parts)


def flattened(factors: Sequence[Expression]) -> Expression:
    """a * (b * c) as a * b * c: equal up to the last digit, as the textbook writes a gradient."""
    parts: list[tuple[str, Expression]] = []
    for e in factors:
        if e.level == PRODUCT and all(operator in ("", "*") for operator, _ in e.chain):
            first, *rest = e.chain
            parts += [("*" if parts else "", first[1]), *rest]
        elif e.level == PRODUCT and not parts:
            parts += e.chain
        else:
            parts.append(("*" if parts else "", at_least(e, SIGN)))
    return _chained(PRODUCT, parts)


def quotient(a: Expression, b: Expression) -> Expression:
    return product([a, at_least(b, SIGN)], "/")


def matmul(a: Expression, b: Expression) -> Expression:
    return product([a if a.level == PRODUCT and a.chain[-1][0] == "@" else at_least(a, SIGN), b], "@")


def power(a: Expression, b: Expression) -> Expression:
    """a**b, with spaces around the operator where an operand is more than a name or a number."""
    base, exponent = at_least(a, PRIMARY), at_least(b, SIGN)
    tight = _SIMPLE.fullmatch(base.flat) and _SIMPLE.fullmatch(exponent.flat)
    if tight:
        return Expression(f"{base.flat}**{exponent.flat}", POWER)
    return _chained(POWER, [("", base), ("**", exponent)])


def compare(a: Expression, operator: str, b: Expression) -> Expression:
    return _chained(COMPARE, [("", at_least(a, SUM)), (operator, at_least(b, SUM))])


def laid_out(expression: Expression, prefix: str, after: str = "", inner: bool = False) -> list[str]:
    """The lines of `prefix expression after`, at most WIDTH wide where there is a place to break.

    `prefix` carries the indentation; `inner`: brackets are open around the expression, so a chain may break as it is.
    """
    if len(prefix) + len(expression.flat) + len(after) <= WIDTH:
        return [prefix + expression.flat + after]
    pad = " " * (len(prefix) - len(prefix.lstrip(" ")))
    if expression.inside:
        return _broken_call(expression, prefix, pad, after)
    if not expression.chain:
        return [prefix + expression.flat + after]
    if expression.level == SIGN:
        return laid_out(expression.chain[0][1], prefix + "-", after)
    if inner:
        return _filled(expression, prefix, pad, after)
    return [prefix + "(", *_filled(expression, pad + "    ", pad + "    ", ""), pad + ")" + after]


def _broken_call(expression: Expression, prefix: str, pad: str, after: str) -> list[str]:
    only = expression.inside[0]
    if len(expression.inside) == 1 and only.before in ("[", "{") and not only.after[1:]:
        whole = Expression("", PRIMARY, (), expression.before + only.before, only.inside, only.after + expression.after)
        return _broken_call(whole, prefix, pad, after)
    deeper = pad + "    "
    together = ", ".join(e.flat for e in expression.inside)
    first, last = prefix + expression.before, pad + expression.after + after
    if len(deeper) + len(together) <= WIDTH:
        return [first, deeper + together, last]
    if len(expression.inside) == 1:
        return [first, *laid_out(expression.inside[0], deeper, inner=True), last]
    if all(len(e.flat) <= 12 and not e.inside for e in expression.inside):
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

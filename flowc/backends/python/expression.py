"""Python expressions as they are put together: text that knows how tightly it binds and where its line may end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowc.backends.python.text import quoted

COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY = range(6)

_SIMPLE = re.compile(r"-?[\w.]+")
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Expression:
    """`flat` is the whole on one line; `level` the precedence of its outermost operator.

    Where a line may end: `chain` are operands, each with the operator before it; `inside` are the arguments
    between `before`, an opening bracket at its end, and `after`. With a `key` it is `key: value` of a dictionary,
    whose value is `inside`.
    """

    flat: str
    level: int = PRIMARY
    chain: tuple[tuple[str, Expression], ...] = ()
    before: str = ""
    inside: tuple[Expression, ...] = ()
    after: str = ""
    key: str = ""

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


def entry(key: str, value: Expression) -> Expression:
    """`"key": value` of a dictionary."""
    before = f"{quoted(key)}: "
    return Expression(before + value.flat, inside=(value,), key=before)


def repeated(item: Expression, variable: str, values: Expression) -> Expression:
    """`[item for variable in values]`."""
    parts = (("", item), (f"for {variable} in", values))
    return bracketed("[", [Expression(f"{item.flat} for {variable} in {values.flat}", COMPARE, chain=parts)], "]")


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


def method(expression: Expression, name: str, *arguments: Expression | str, **named: str) -> Expression:
    """`expression.name(arguments)`, broken inside the brackets that come first."""
    own = call(f".{name}", *arguments, **named)
    whole = suffix(expression, own.flat)
    return (
        whole
        if whole.inside
        else replace(
            whole, before=f"{whole.flat.removesuffix(own.flat)}{own.before}", inside=own.inside, after=own.after
        )
    )


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

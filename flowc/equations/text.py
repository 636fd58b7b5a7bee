"""Equations as plain text: in Unicode, one line each, aligned at the sign of equality; in ASCII on request."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from flowc.equations.ascii import HIGH, MINUS, in_ascii
from flowc.equations.document import Document, Equation, Gap, Group, Range, Remark, Row
from flowc.equations.latex import gap
from flowc.equations.precedence import is_open, number, tightness
from flowc.equations.tree import (
    Both,
    Call,
    Cases,
    Chain,
    Compare,
    Derivative,
    Dots,
    Expr,
    Fraction,
    Matrix,
    Name,
    Norm,
    Number,
    Power,
    Product,
    Sum,
    Total,
    Transpose,
    Truth,
    Word,
)
from flowc.formulas.powers import split_power
from flowc.formulas.precedence import CASES, LEAF, POWER, PRODUCT, SUM, signed_term
from flowc.maths.symbols import BELOW

FUNCTIONS = {"step": "u", "logistic": "σ", "sign": "sgn", "log": "ln", "gelu_slope": "gelu′"}


def as_text(document: Document, ascii: bool = False) -> str:
    """`ascii`: for terminals that have no other signs."""
    title = f"{document.name}: {document.title}" if document.title else document.name
    blocks = [[title], *(_group_lines(group) for group in document.groups)]
    if document.where:
        blocks.append(["where", *(f"  {_spell_note(note)}" for note in document.where)])
    text = "\n\n".join("\n".join(block) for block in blocks) + "\n"
    return in_ascii(text) if ascii else text


def _group_lines(group: Group) -> list[str]:
    says = "".join(p if isinstance(p, str) else formula(p) for p in group.says)
    return [group.title + (f", {says}" if says else ""), *_align_rows(group.rows)]


def _spell_note(note: Equation | Remark) -> str:
    if isinstance(note, Equation):
        return f"{formula(note.left)} {note.sign} {_spell_right(note)}"
    return "".join(p if isinstance(p, str) else formula(p) for p in note.parts)


def _align_rows(rows: tuple[Row, ...]) -> Iterator[str]:
    lefts = [formula(row.left) if isinstance(row, Equation) else "" for row in rows]
    wide = max(map(width, lefts), default=0)
    for row, left in zip(rows, lefts, strict=True):
        if isinstance(row, Gap):
            yield f"  … {gap(row)}"
        else:
            yield f"  {left}{' ' * (wide - width(left))} {row.sign} {_spell_right(row)}"


def width(text: str) -> int:
    """How many columns it takes: what is set above another sign takes none."""
    return sum(not unicodedata.combining(c) for c in text)


def _spell_right(row: Equation) -> str:
    spans = ", ".join(_spell_range(r) for r in row.ranges)
    return " = ".join(map(formula, (row.right, *row.chain))) + (f"   for {spans}" if spans else "")


def _spell_range(r: Range) -> str:
    between = ", " if r.high - r.low <= 1 else ", …, "
    return (f"{r.letter} = {r.low}" + ("" if r.low == r.high else f"{between}{r.high}")).replace("-", MINUS)


# -------------------------------------------------------------------------------------------------------------- formulas


def formula(x: Expr, least: int = CASES) -> str:
    """Parentheses where it is looser than its place."""
    if tightness(x) < least:
        return f"({formula(x)})"
    match x:
        case Name():
            return x.text
        case Number(value):
            return _spell_number(value)
        case Word(text):
            return text
        case Dots(way):
            return {"v": "⋮", "d": "⋱"}.get(way, "⋯")
        case Sum(terms):
            return "".join(signed_term(k, sign, formula(term, PRODUCT), MINUS) for k, (sign, term) in enumerate(terms))
        case Product():
            return _spell_product(x)
        case Chain(factors):
            return _spell_product(Product(factors))
        case Fraction(a, b):
            return f"{_spell_divided(a)}/{formula(b, POWER)}"
        case Power(a, b):
            return _spell_power(a, b)
        case Transpose(a):
            return f"({formula(a)})ᵀ" if isinstance(a, Derivative) else f"{formula(a, LEAF)}ᵀ"
        case Norm(a):
            return f"‖{formula(a)}‖²"
        case Total():
            return _spell_total(x)
        case Call():
            return _spell_call(x)
        case Derivative(a, b):
            return f"∂{formula(a)}/∂{formula(b, LEAF)}"
        case Matrix(rows):
            return f"[{'; '.join(', '.join(formula(e) for e in row) for row in rows)}]"
    return _spell_condition(x)


def _spell_number(value: float) -> str:
    """`10⁻⁷`, `2·10⁻⁹`: with a power of ten where its digits are far from the point."""
    digits, ten = split_power(number(value))
    power = "10" + str(ten).replace("-", "⁻").translate(HIGH) if ten is not None else ""
    return "·".join(filter(None, (digits.replace("-", MINUS), power)))


def _spell_condition(x: Expr) -> str:
    match x:
        case Compare(a, sign, b):
            return f"{formula(a, SUM)} {sign} {formula(b, SUM)}"
        case Both(conditions):
            return " and ".join(map(formula, conditions))
        case Truth(condition):
            return f"[{formula(condition)}]"
        case Cases(cases):
            return " else ".join(formula(v, SUM) + (f" if {formula(c)}" if c else "") for v, c in cases)
    raise AssertionError(f"a formula of {type(x).__name__}")


def _spell_divided(x: Expr) -> str:
    """What is divided: a product whose end is open, as Σ, in parentheses."""
    end = x.factors[-1] if isinstance(x, Product) else x
    return f"({formula(x)})" if is_open(end) else formula(x, PRODUCT)


def _spell_product(x: Product) -> str:
    if x.elementwise:
        return " ⊙ ".join(formula(f, POWER) for f in x.factors)
    first, *rest = x.factors
    if isinstance(first, Fraction) and isinstance(first.over, Number) and not is_open(rest[-1]):
        over = [*([] if first.over.value == 1 else [first.over]), *rest]
        return f"{_spell_beside(over)}/{formula(first.under, POWER)}"
    return _spell_beside(list(x.factors))


def _spell_beside(factors: list[Expr]) -> str:
    signs = []
    for k, factor in enumerate(factors):
        last = k == len(factors) - 1
        closed = is_open(factor) and not last or isinstance(factor, Fraction) and k or _is_each(factor)
        closed = closed or isinstance(factor, Derivative | Chain) and not last  # ∂L/∂p p would be by p p
        signs.append(f"({formula(factor)})" if closed else formula(factor, PRODUCT))
    return " ".join(signs)


def _is_each(x: Expr) -> bool:
    return isinstance(x, Product) and x.elementwise


def _spell_power(a: Expr, b: Expr) -> str:
    base = formula(a, LEAF)
    if any(c in base[-1:] for c in "⁾ᵀ") or base[-1:] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        base = f"({base})"
    if isinstance(b, Number) and b.value == int(b.value) and b.value > 0:
        return base + number(b.value).translate(HIGH)
    return f"{base}^{formula(b, LEAF)}"


def _spell_total(x: Total) -> str:
    sign = "∏" if x.sign == "product" else "Σ"
    body = formula(x.body, PRODUCT)
    if x.high is None:
        return f"{sign}{x.letter.translate(BELOW)} {body}"
    span, high = f"{x.letter}={x.low}".replace("-", MINUS), formula(x.high)
    small = span.replace("=", "₌").translate(BELOW)
    if set(small) & set(span) or set(high.translate(HIGH)) & set(high):
        return f"{sign}[{span}…{high}] {body}"
    return f"{sign}{small}{high.translate(HIGH)} {body}"


def _spell_call(x: Call) -> str:
    name = FUNCTIONS.get(x.function, x.function)
    if x.below:
        small = x.below.translate(BELOW)
        return f"{name}{small if small != x.below else '_' + x.below} {formula(x.arguments[0], PRODUCT)}"
    arguments = ", ".join(map(formula, x.arguments))
    if x.function == "abs":
        return f"|{arguments}|"
    if x.function == "floor":
        return f"⌊{arguments}⌋"
    if x.function == "sqrt":
        plain = isinstance(x.arguments[0], Number) and arguments.isdigit() or arguments == "π"
        return f"√{arguments}" if plain else f"√({arguments})"
    return f"{name} {arguments}" if is_open(x) else f"{name}({arguments})"

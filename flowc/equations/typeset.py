"""Formulas in LaTeX."""

from __future__ import annotations

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
from flowc.formulas.latex import function_name, powers_of_ten
from flowc.formulas.precedence import CASES, LEAF, POWER, PRODUCT, SUM, signed_term
from flowc.maths.symbols import latex_text

WORDS = ("\\mathrm", "\\mathtt", "\\text")  # which keep a distance from what they multiply
COMPARED = {"≥": r"\ge", "≤": r"\le"}


def formula(x: Expr, least: int = CASES) -> str:
    """Parentheses where it is looser than its place."""
    if tightness(x) < least and not (isinstance(x, Fraction) and least <= PRODUCT):
        return bracketed(formula(x))
    match x:
        case Name():
            return x.latex
        case Number(value):
            return powers_of_ten(number(value))
        case Word(text):
            return latex_text(text)
        case Dots(way):
            return f"\\{way}dots"
        case Sum(terms):
            return "".join(signed(k, sign, term) for k, (sign, term) in enumerate(terms))
        case Product():
            return _set_product(x)
        case Chain(factors):
            return _set_product(Product(factors))
        case Fraction(a, b):
            return f"\\frac{{{formula(a)}}}{{{formula(b)}}}"
        case Power(a, b):
            return f"{_set_base(a)}^{{{formula(b)}}}"
        case Transpose(a):
            return _set_transposed(a)
        case Norm(a):
            return f"\\left\\lVert {formula(a)} \\right\\rVert^{{2}}"
        case Total():
            return _set_total(x)
        case Call():
            return _set_call(x)
        case Derivative(a, b):
            return f"\\frac{{\\partial {formula(a)}}}{{\\partial {formula(b, LEAF)}}}"
        case Matrix(rows):
            inside = r" \\ ".join(" & ".join(formula(e) for e in row) for row in rows)
            return f"\\begin{{bmatrix}} {inside} \\end{{bmatrix}}"
    return _set_condition(x)


def bracketed(text: str) -> str:
    """In parentheses, as large as it is."""
    large = any(sign in text for sign in ("\\frac", "\\sum", "\\prod", "\\begin", "^{(", "\\sqrt"))
    return f"\\left({text}\\right)" if large else f"({text})"


def _set_condition(x: Expr) -> str:
    match x:
        case Compare(a, sign, b):
            return f"{formula(a, SUM)} {COMPARED.get(sign, sign)} {formula(b, SUM)}"
        case Both(conditions):
            return r" \text{ and } ".join(map(formula, conditions))
        case Truth(condition):
            return f"[{formula(condition)}]"
        case Cases(cases):
            rows = [
                f"{formula(v)} & " + (f"\\text{{if }} {formula(c)}" if c else r"\text{otherwise}") for v, c in cases
            ]
            return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
    raise AssertionError(f"a formula of {type(x).__name__}")


def signed(k: int, sign: int, term: Expr) -> str:
    return signed_term(k, sign, formula(term, PRODUCT))


def _set_product(x: Product) -> str:
    if x.elementwise:
        return r" \odot ".join(formula(f, POWER) if not isinstance(f, Fraction) else formula(f) for f in x.factors)
    latex = ""
    for k, factor in enumerate(x.factors):
        last = k == len(x.factors) - 1
        closed = (is_open(factor) or isinstance(factor, Chain)) and not last or isinstance(factor, Product) and factor.elementwise
        ends = isinstance(factor, Cases) and last and k
        text = bracketed(formula(factor)) if closed else formula(factor, CASES if ends else PRODUCT)
        latex += (_space_between(latex, text) if k else "") + text
    return latex


def _space_between(before: str, after: str) -> str:
    if after[0].isdigit():
        return r" \cdot "
    return r" \, " if after.startswith(WORDS) or before.rsplit(" ", 1)[-1].startswith(WORDS) else " "


def _set_base(x: Expr) -> str:
    """Of a power: what has an index above stands in parentheses."""
    text = formula(x, LEAF)
    if isinstance(x, Name) and "^" in x.latex or isinstance(x, Derivative | Fraction):
        return bracketed(text)
    return text


def _set_transposed(x: Expr) -> str:
    text = formula(x, LEAF) if not isinstance(x, Derivative) else bracketed(formula(x))
    if isinstance(x, Name) and "^{(" in text and text.endswith(")}"):
        return text[:-1] + r"\top}"
    return f"{text}^{{\\top}}"


def _set_total(x: Total) -> str:
    sign = r"\prod" if x.sign == "product" else r"\sum"
    span = f"_{{{x.letter}}}" if x.high is None else f"_{{{x.letter} = {x.low}}}^{{{formula(x.high)}}}"
    return f"{sign}{span} {formula(x.body, PRODUCT)}"


def _set_call(x: Call) -> str:
    name = function_name(x.function)
    if x.below:
        starred = name.replace(r"\operatorname{", r"\operatorname*{")
        return f"{starred}_{{{x.below}}} {formula(x.arguments[0], PRODUCT)}"
    arguments = ", ".join(map(formula, x.arguments))
    if x.function == "abs":
        return f"\\left|{arguments}\\right|"
    if x.function == "sqrt":
        return f"\\sqrt{{{arguments}}}"
    if x.function == "floor":
        return f"\\left\\lfloor {arguments} \\right\\rfloor"
    return f"{name} {arguments}" if is_open(x) else name + bracketed(arguments)

"""Formulas as a line of text, in names or in the numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable

from flowc.learning.trace.formula import Call, Formula, Leaf, Number, Power, Product, Quantity, Quotient, Rest, Sum
from flowc.learning.trace.model import Line, Trace

SUM, PRODUCT, POWER, LEAF = range(1, 5)  # how tightly a formula holds together
TOGETHER = {"sum": "together", "product": "together", "max": "at most", "min": "at least"}


def tightness(formula: Formula) -> int:
    match formula:
        case Sum():
            return SUM
        case Product() | Quotient():
            return PRODUCT
        case Power():
            return POWER
    return LEAF


def pieces(line: Line, trace: Trace) -> list[str]:
    """`h1`, `step(xi1)`, `step(-0.5)`, `0`: what stands between the signs of equality, nothing twice."""
    texts = [trace.names.text(line.left)]
    if line.formula is not None:
        texts += [in_names(trace, line.formula), in_numbers(trace, line.formula)]
    texts.append(trace.written[line.left])
    return [piece for k, piece in enumerate(texts) if k == 0 or piece != texts[k - 1]]


def in_names(trace: Trace, formula: Formula) -> str:
    """`w1*i1 + w2*i2 + b1`."""

    def leaf(q: Leaf) -> str:
        return trace.names.text(q) if isinstance(q, Quantity) else trace.written[q]

    return _Spelling(trace, leaf, numbers=False).spelled(formula)


def in_numbers(trace: Trace, formula: Formula) -> str:
    """`0.15*0.05 + 0.2*0.1 + 0.35`."""
    return _Spelling(trace, trace.written.__getitem__, numbers=True).spelled(formula)


class _Spelling:
    """Parentheses where a formula is looser than its place, and around a number with a minus, but at the start."""

    def __init__(self, trace: Trace, leaf: Callable[[Leaf], str], numbers: bool):
        self.trace, self.leaf, self.numbers = trace, leaf, numbers

    def spelled(self, formula: Formula, least: int = SUM, start: bool = True) -> str:
        if tightness(formula) < least:
            return f"({self.spelled(formula)})"
        match formula:
            case Sum(terms):
                return "".join(self._term(k, sign, term, start) for k, (sign, term) in enumerate(terms))
            case Product(factors):
                first, *others = factors
                return "*".join([self.spelled(first, PRODUCT, start), *(self.spelled(f, POWER, False) for f in others)])
            case Quotient(a, b):
                return f"{self.spelled(a, PRODUCT, start)}/{self.spelled(b, POWER, False)}"
            case Power(a, b):
                return f"{self.spelled(a, LEAF, False)}^{self.spelled(b, LEAF, False)}"
            case Call():
                return self._call(formula)
            case Rest(count, how, together):
                return f"({count} more{f', {TOGETHER[how]} {self.leaf(together)}' if self.numbers else ''})"
            case Quantity() | Number():
                text = self.leaf(formula)
                return f"({text})" if text.startswith("-") and not start else text

    def _term(self, k: int, sign: int, term: Formula, start: bool) -> str:
        if k:
            return (" + " if sign == 1 else " - ") + self.spelled(term, PRODUCT, False)
        return self.spelled(term, PRODUCT, start) if sign == 1 else "-" + self.spelled(term, PRODUCT, False)

    def _call(self, call: Call) -> str:
        arguments = [self.spelled(a) for a in call.arguments]
        text = f"{call.function}({', '.join([*arguments, *(f'{p:g}' for p in call.parameters)])})"
        return f"{text}[{self.trace.names.asked(call)}]" if call.function == "argmax" else text

"""Formulas as a line of text, in names or in the numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable

from flowc.formulas.precedence import LEAF, POWER, PRODUCT, SUM, signed_term
from flowc.learning.trace.formula import Call, Formula, Leaf, Number, Power, Product, Quantity, Quotient, Rest, Sum
from flowc.learning.trace.model import Line, Trace

TOGETHER = {"sum": "together", "product": "together", "max": "at most", "min": "at least"}


def tightness_of(formula: Formula) -> int:
    match formula:
        case Sum():
            return SUM
        case Product() | Quotient():
            return PRODUCT
        case Power():
            return POWER
    return LEAF


def pieces_of_line(line: Line, trace: Trace) -> list[str]:
    """`h1`, `step(xi1)`, `step(-0.5)`, `0`: what stands between the signs of equality, nothing twice."""
    texts = [trace.names.name_of(line.left)]
    if line.formula is not None:
        texts += [in_names(trace, line.formula), in_numbers(trace, line.formula)]
    texts.append(trace.written[line.left])
    return [piece for k, piece in enumerate(texts) if k == 0 or piece != texts[k - 1]]


def in_names(trace: Trace, formula: Formula) -> str:
    """`w1*i1 + w2*i2 + b1`."""

    def name_of_leaf(q: Leaf) -> str:
        return trace.names.name_of(q) if isinstance(q, Quantity) else trace.written[q]

    return FormulaPrinter(trace, name_of_leaf).print_formula(formula)


def in_numbers(trace: Trace, formula: Formula) -> str:
    """`0.15*0.05 + 0.2*0.1 + 0.35`."""
    return FormulaPrinter(trace, trace.written.__getitem__, numbers=True).print_formula(formula)


class FormulaPrinter:
    """As text. Parentheses where a formula is looser than its place, and around a number with a minus, but at the start.
    `leaf` says how a name, or a number, is written; `numbers`: these are numbers."""

    dot = "*"

    def __init__(self, trace: Trace, leaf: Callable[[Leaf], str], numbers: bool = False):
        self.trace, self.leaf, self.numbers = trace, leaf, numbers

    def print_formula(self, formula: Formula, least: int = SUM, start: bool = True) -> str:
        if tightness_of(formula) < least:
            return self.put_in_brackets(self.print_formula(formula))
        match formula:
            case Sum(terms):
                return "".join(self.print_term(k, sign, term, start) for k, (sign, term) in enumerate(terms))
            case Product(factors):
                first, *others = factors
                behind = [self.print_formula(f, POWER, False) for f in others]
                return self.dot.join([self.print_formula(first, PRODUCT, start), *behind])
            case Quotient(a, b):
                return self.print_quotient(a, b, start)
            case Power(a, b):
                return self.print_power(a, b)
            case Call():
                return self.print_call(formula)
            case Rest(count, how, together):
                return self.print_rest(f"{count} more", f"{TOGETHER[how]} ", together)
            case Quantity() | Number():
                text = self.leaf(formula)
                return self.put_in_brackets(text) if text.startswith("-") and not start else text

    def print_term(self, place: int, sign: int, term: Formula, start: bool) -> str:
        """A term of a sum, behind its sign."""
        return signed_term(place, sign, self.print_formula(term, PRODUCT, start and not place and sign == 1))

    def print_arguments(self, call: Call) -> str:
        return ", ".join([*(self.print_formula(a) for a in call.arguments), *(f"{p:g}" for p in call.parameters)])

    def put_in_brackets(self, text: str) -> str:
        return f"({text})"

    def print_quotient(self, above: Formula, below: Formula, start: bool) -> str:
        return f"{self.print_formula(above, PRODUCT, start)}/{self.print_formula(below, POWER, False)}"

    def print_power(self, base: Formula, exponent: Formula) -> str:
        return f"{self.print_formula(base, LEAF, False)}^{self.print_formula(exponent, LEAF, False)}"

    def print_call(self, call: Call) -> str:
        text = f"{call.function}({self.print_arguments(call)})"
        return f"{text}[{self.trace.names.asked_element(call)}]" if call.function == "argmax" else text

    def print_rest(self, count: str, how: str, together: Quantity) -> str:
        return f"({count}, {how}{self.leaf(together)})" if self.numbers else f"({count})"

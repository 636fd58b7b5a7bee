"""Formulas set in LaTeX, in names or in the numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable

from flowc.learning.trace.formula import Call, Formula, Leaf, Number, Power, Product, Quantity, Quotient, Rest, Sum
from flowc.learning.trace.model import Trace
from flowc.learning.trace.spell import LEAF, POWER, PRODUCT, SUM, TOGETHER, in_numbers, tightness
from flowc.maths.symbols import latex, latex_text, latex_words

WIDE = 64  # signs of text, for which a line has room

FUNCTIONS = {"exp": r"\exp", "log": r"\ln", "max": r"\max", "min": r"\min"}
FUNCTIONS |= {name: f"\\{name}" for name in ("sin", "cos", "tanh")}


def quantity(trace: Trace, q: Quantity) -> str:
    """`\\frac{\\partial L}{\\partial \\xi_{1}}` for a gradient; an element as the diagram writes it, in brackets."""
    name, index = trace.names.whole(q)
    element = f"[{','.join(_label(k) for k in index)}]" if index else ""
    symbol = _symbol(trace, name) + element
    if q.kind == "d":
        return f"\\frac{{\\partial {_symbol(trace, trace.loss)}}}{{\\partial {symbol}}}"
    if q.kind == "'":
        return f"{{{symbol}}}'"
    if q.kind.endswith("'"):
        return f"{_function(q.kind[:-1])}'\\left({symbol}\\right)"
    return symbol if not q.kind else latex(f"{q.kind}_{name}") + element


def number(text: str) -> str:
    """`1.2 \\cdot 10^{-7}` for `1.2e-7`."""
    digits, _, exponent = text.partition("e")
    return f"{digits} \\cdot 10^{{{exponent}}}" if exponent else text


def in_symbols(trace: Trace) -> Setting:
    return Setting(trace, lambda q: quantity(trace, q) if isinstance(q, Quantity) else number(trace.written[q]))


def in_figures(trace: Trace) -> Setting:
    return Setting(trace, lambda leaf: number(trace.written[leaf]), figures=True)


def _symbol(trace: Trace, name: str) -> str:
    """Of a loss without a name of its own: L."""
    return "L" if name == trace.loss and name in ("loss", "loss_") else latex(name)


def _label(element: str) -> str:
    return element if element.lstrip("-").isdigit() else latex_text(element)


def _function(name: str) -> str:
    return FUNCTIONS.get(name) or f"\\operatorname{{{latex_words(name)}}}"


class Setting:
    """Sets formulas; `leaf` says how a name, or a number, is set. `figures`: these are numbers."""

    def __init__(self, trace: Trace, leaf: Callable[[Leaf], str], figures: bool = False):
        self.trace, self.leaf, self.figures = trace, leaf, figures

    def lines(self, formula: Formula) -> list[str]:
        """A sum that is too wide for a line in several, each from its sign on."""
        if not isinstance(formula, Sum):
            return [self.set(formula)]
        rows, wide = [""], 0
        for k, (sign, term) in enumerate(formula.terms):
            size = len(in_numbers(self.trace, term)) + 3
            if wide and wide + size > WIDE:
                rows, wide = [*rows, ""], 0
            rows[-1] += self._term(k, sign, term, True)
            wide += size
        return [line.strip() for line in rows]

    def set(self, formula: Formula, least: int = SUM, start: bool = True) -> str:
        """Parentheses as in text, but around a fraction."""
        if tightness(formula) < least:
            return f"\\left({self.set(formula)}\\right)"
        match formula:
            case Sum(terms):
                return "".join(self._term(k, sign, term, start) for k, (sign, term) in enumerate(terms))
            case Product(factors):
                first, *others = factors
                return " \\cdot ".join([self.set(first, PRODUCT, start), *(self.set(f, POWER, False) for f in others)])
            case Quotient(a, b):
                return f"\\frac{{{self.set(a)}}}{{{self.set(b)}}}"
            case Power(a, b):
                return f"{{{self.set(a, LEAF, False)}}}^{{{self.set(b)}}}"
            case Call():
                return self._call(formula)
            case Rest(count, how, together):
                value = f", {TOGETHER[how]} }}{self.leaf(together)}" if self.figures else "}"
                return f"\\left(\\text{{{count} more{value}\\right)"
            case Quantity() | Number():
                text = self.leaf(formula)
                return f"\\left({text}\\right)" if text.startswith("-") and not start else text

    def _term(self, k: int, sign: int, term: Formula, start: bool) -> str:
        if k:
            return (" + " if sign == 1 else " - ") + self.set(term, PRODUCT, False)
        return self.set(term, PRODUCT, start) if sign == 1 else "-" + self.set(term, PRODUCT, False)

    def _call(self, call: Call) -> str:
        arguments = ", ".join([*(self.set(a) for a in call.arguments), *(f"{p:g}" for p in call.parameters)])
        if call.function == "abs":
            return f"\\left|{arguments}\\right|"
        if call.function == "sqrt":
            return f"\\sqrt{{{arguments}}}"
        text = f"{_function(call.function)}\\left({arguments}\\right)"
        return f"{text}[{_label(self.trace.names.asked(call))}]" if call.function == "argmax" else text

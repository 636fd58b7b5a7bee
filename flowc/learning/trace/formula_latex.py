"""Formulas set in LaTeX, in names or in the numbers as they are written."""

from __future__ import annotations

from flowc.formulas.latex import function_name, powers_of_ten
from flowc.formulas.precedence import LEAF
from flowc.learning.trace.formula import Call, Formula, Quantity, Sum
from flowc.learning.trace.formula_text import FormulaPrinter, in_numbers
from flowc.learning.trace.model import Trace
from flowc.maths.symbols import latex, latex_text

WIDE = 64  # signs of text, for which a line has room


def quantity_in_latex(trace: Trace, q: Quantity) -> str:
    """`\\frac{\\partial L}{\\partial \\xi_{1}}` for a gradient; an element as the diagram writes it, in brackets."""
    name, index = trace.names.name_and_index(q)
    element = f"[{','.join(_element_in_latex(k) for k in index)}]" if index else ""
    symbol = _symbol_in_latex(trace, name) + element
    if q.kind == "d":
        return f"\\frac{{\\partial {_symbol_in_latex(trace, trace.loss)}}}{{\\partial {symbol}}}"
    if q.kind == "'":
        return f"{{{symbol}}}'"
    if q.kind.endswith("'"):
        return f"{function_name(q.kind[:-1])}'\\left({symbol}\\right)"
    return symbol if not q.kind else latex(f"{q.kind}_{name}") + element


def in_symbols(trace: Trace) -> Setting:
    return Setting(trace, lambda q: quantity_in_latex(trace, q) if isinstance(q, Quantity) else powers_of_ten(trace.written[q]))


def in_figures(trace: Trace) -> Setting:
    return Setting(trace, lambda leaf: powers_of_ten(trace.written[leaf]), numbers=True)


def _symbol_in_latex(trace: Trace, name: str) -> str:
    """Of a loss without a name of its own: L."""
    return "L" if name == trace.loss and name in ("loss", "loss_") else latex(name)


def _element_in_latex(element: str) -> str:
    return element if element.lstrip("-").isdigit() else latex_text(element)


class Setting(FormulaPrinter):
    """Sets formulas, as in text but for fractions."""

    dot = " \\cdot "

    def break_lines(self, formula: Formula) -> list[str]:
        """A sum that is too wide for a line in several, each from its sign on."""
        if not isinstance(formula, Sum):
            return [self.print_formula(formula)]
        rows, wide = [""], 0
        for k, (sign, term) in enumerate(formula.terms):
            size = len(in_numbers(self.trace, term)) + 3
            if wide and wide + size > WIDE:
                rows, wide = [*rows, ""], 0
            rows[-1] += self.print_term(k, sign, term, True)
            wide += size
        return [line.strip() for line in rows]

    def put_in_brackets(self, text: str) -> str:
        return f"\\left({text}\\right)"

    def print_quotient(self, above: Formula, below: Formula, start: bool) -> str:
        return f"\\frac{{{self.print_formula(above)}}}{{{self.print_formula(below)}}}"

    def print_power(self, base: Formula, exponent: Formula) -> str:
        return f"{{{self.print_formula(base, LEAF, False)}}}^{{{self.print_formula(exponent)}}}"

    def print_call(self, call: Call) -> str:
        arguments = self.print_arguments(call)
        if call.function == "abs":
            return f"\\left|{arguments}\\right|"
        if call.function == "sqrt":
            return f"\\sqrt{{{arguments}}}"
        text = function_name(call.function) + self.put_in_brackets(arguments)
        return f"{text}[{_element_in_latex(self.trace.names.asked_element(call))}]" if call.function == "argmax" else text

    def print_rest(self, count: str, how: str, together: Quantity) -> str:
        return self.put_in_brackets(f"\\text{{{count}, {how}}}{self.leaf(together)}" if self.numbers else f"\\text{{{count}}}")

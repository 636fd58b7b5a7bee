"""Formulas set in LaTeX, in names or in the numbers as they are written."""

from __future__ import annotations

from flowc.formulas.latex import function_name, powers_of_ten
from flowc.formulas.precedence import LEAF
from flowc.learning.trace.formula import Call, Formula, Quantity, Sum
from flowc.learning.trace.formula_text import FormulaPrinter, in_numbers
from flowc.learning.trace.model import Trace
from flowc.learning.trace.symbols import TraceSymbols
from flowc.maths.symbols import latex_text

WIDE = 64  # signs of text, for which a line has room


def quantity_in_latex(symbols: TraceSymbols, q: Quantity) -> str:
    """`\\delta_{1}`, as pictures and equations have it; its words where mathematics has no such letters."""
    label = symbols.label_quantity(q)
    return label.latex if label.latex is not None else latex_text(label.text)


def in_symbols(trace: Trace, symbols: TraceSymbols) -> Setting:
    return Setting(trace, lambda q: quantity_in_latex(symbols, q) if isinstance(q, Quantity) else powers_of_ten(trace.written[q]))


def in_figures(trace: Trace) -> Setting:
    return Setting(trace, lambda leaf: powers_of_ten(trace.written[leaf]), numbers=True)


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
        text = self.print_formula(base, LEAF, False)
        raised = "^" in text and not text.startswith("\\left(")  # what has something above already
        return f"{{{self.put_in_brackets(text) if raised else text}}}^{{{self.print_formula(exponent)}}}"

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

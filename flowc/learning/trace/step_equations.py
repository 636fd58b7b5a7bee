"""The lines of a trace as the equations of a picture's steps, in the picture's symbols and in the numbers as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate

from flowc.drawing.captions import Equation
from flowc.drawing.label import Label
from flowc.drawing.state import State
from flowc.formulas.latex import powers_of_ten
from flowc.graph.network import Network
from flowc.learning.trace.formula import Formula, Leaf, Quantity, Sum
from flowc.learning.trace.formula_latex import Setting
from flowc.learning.trace.formula_text import FormulaPrinter
from flowc.learning.trace.model import Line, Trace
from flowc.learning.trace.symbols import TraceSymbols

PHASES = {"given": ("forward", "loss"), "forward": ("forward", "loss"), "backward": ("backward",)}  # of a step: the sections
SHOWN = {"given": ("given",), "forward": ("excitation", "on the way", "value"), "backward": ("arrives", "delta")}
GROWING = re.compile(r"\\(left|right)(?![a-z])")
DEEP = 2
UNARY = re.compile(r"(^|[=(]|\\cdot|[{}]) ?-(?=\S)")  # a minus that subtracts from nothing


class StepEquations:
    """What is computed in each step of a picture, by the trace of its token."""

    def __init__(self, network: Network, trace: Trace):
        self._trace = trace
        self._symbols = TraceSymbols(network, trace)

    def equations_of_step(self, state: State) -> tuple[Equation, ...]:
        """Of the circles that a step lights, in the order of the trace."""
        if state.phase == "backward" and (self._trace.loss, ()) in state.active:
            return (Equation(self._symbols.label_quantity(Quantity("d", self._trace.loss)), ((Label("1", "1"),),)),)
        return tuple(self._equation_of_line(line) for line in self._lines_of_step(state))

    def _lines_of_step(self, state: State) -> Iterator[Line]:
        places = {(name, element) for node, element in state.active for name in (node, self._trace.xi.get(node, node))}
        names = {name for name, _ in places}
        for section in self._trace.sections:
            if section.name in PHASES.get(state.phase, ()):
                for line in section.lines():
                    left = line.left
                    # a number on the way, as the sum of a softmax, is of all elements
                    here = (left.name, left.index) in places or line.what == "on the way" and left.name in names and not left.index
                    if here and line.what in SHOWN[state.phase]:
                        yield line

    def _equation_of_line(self, line: Line) -> Equation:
        result = self._written(line.left)
        sides: list[tuple[Label, ...]] = []
        if line.formula is not None:
            sides = [self._parts_of(line.formula, self._named), self._parts_of(line.formula, self._written, numbers=True)]
        texts = ["".join(part.text for part in side) for side in (*sides, (result,))]
        different = [side for k, side in enumerate(sides) if texts[k] not in texts[k + 1 :]]
        left = self._symbols.label_quantity(line.left)
        return Equation(left, (*different, (_label_part(result.text, result.latex or ""),)), "=" if self._trace.holds(line) else "≈")

    def _parts_of(self, formula: Formula, label: Callable[[Leaf], Label], numbers: bool = False) -> tuple[Label, ...]:
        """The terms of a sum with their signs, else all in one."""
        aloud = _Aloud(self._trace, lambda leaf: label(leaf).text, numbers)
        latex = _OnRows(self._trace, lambda leaf: label(leaf).latex or "", numbers)
        if not isinstance(formula, Sum):
            return (_label_part(aloud.print_formula(formula), latex.print_formula(formula)),)
        terms = enumerate(formula.terms)
        return tuple(
            _label_part(aloud.print_term(k, sign, term, True), latex.print_term(k, sign, term, True)) for k, (sign, term) in terms
        )

    def _named(self, leaf: Leaf) -> Label:
        return self._symbols.label_quantity(leaf) if isinstance(leaf, Quantity) else self._written(leaf)

    def _written(self, leaf: Leaf) -> Label:
        return Label(self._trace.written[leaf], powers_of_ten(self._trace.written[leaf]))


def _label_part(text: str, latex: str) -> Label:
    """With the sign of subtraction, and a minus before a number close to it. Of brackets that grow within brackets the words."""
    words = text.replace("-", "−")
    return Label(words, UNARY.sub(r"\1{-}", latex) if _depth_of_brackets(latex) <= DEEP else None)


def _depth_of_brackets(latex: str) -> int:
    """Of those that grow."""
    return max(accumulate((1 if side == "left" else -1 for side in GROWING.findall(latex)), initial=0))


class _OnRows(Setting):
    """Brackets grow only around a fraction: to set those that grow within others takes very long."""

    def put_in_brackets(self, text: str) -> str:
        return super().put_in_brackets(text) if r"\frac" in text else f"({text})"


class _Aloud(FormulaPrinter):
    """As it is read aloud."""

    dot = "·"

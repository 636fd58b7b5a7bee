"""The numbers of a trace by the symbols of pictures and equations: ξ₁, w₁₂, δ₁, ∂L/∂h₁."""

from __future__ import annotations

from dataclasses import replace

from flowc.drawing.label import Label
from flowc.formulas.latex import function_name
from flowc.graph.network import Network
from flowc.learning.trace.formula import Quantity
from flowc.learning.trace.model import Trace
from flowc.maths.symbols import Sign, signs
from flowc.program.notation import XI, Notation, Symbol


class TraceSymbols:
    """`deltas`: the loss's derivative by an excitation is δ, else it is written out."""

    def __init__(self, network: Network, trace: Trace, deltas: bool = True):
        self._deltas = deltas
        self._notation = Notation(network)
        self._trace = trace
        self._nodes = {node.name for node in network.nodes}
        self._owners = {name: owner for owner, name in trace.xi.items()}

    def label_quantity(self, q: Quantity) -> Label:
        if q.kind == "d":
            return self._label_gradient(q)
        if q.kind == "'":  # after a step
            symbol = self._symbol(q)
            return Label(f"{symbol.text}′", f"{{{symbol.latex}}}'")
        if q.kind.endswith("'"):  # the slope of a function
            inner = self._symbol(q)
            name = q.kind.removesuffix("'")
            return Label(f"{name}′({inner.text})", rf"{function_name(name)}'\left({inner.latex}\right)")
        symbol = self._symbol(q) if not q.kind else self._symbol_on_the_way(q)
        return Label(symbol.text, symbol.latex)

    def _symbol(self, q: Quantity) -> Symbol:
        """Of a value, an excitation or a weight."""
        if q.name in self._owners and q.name not in self._nodes:
            return self._notation.excitation(self._owners[q.name], q.index)
        return self._notation.node(q.name, q.index) if q.name in self._nodes else self._notation.weight(q.name, q.index)

    def _symbol_on_the_way(self, q: Quantity) -> Symbol:
        """`e` of a softmax, with the indices of the excitation."""
        excitation = self._notation.excitation(q.name, q.index)
        letter, *below = signs(q.kind)
        if excitation.base == XI:
            return replace(excitation, base=letter, below=(*below, *excitation.below))
        return Symbol(letter, tuple(below)).at(Sign(excitation.latex, excitation.text))

    def _label_gradient(self, q: Quantity) -> Label:
        if self._deltas and q.name in self._owners and q.name not in self._nodes:
            delta = self._notation.delta(self._owners[q.name], q.index)
            return Label(delta.text, delta.latex)
        loss, symbol = self._notation.node(self._trace.loss), self._symbol(replace(q, kind=""))
        return Label(f"∂{loss.text}/∂{symbol.text}", rf"\frac{{\partial {loss.latex}}}{{\partial {symbol.latex}}}")

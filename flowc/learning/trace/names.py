"""How the quantities of a trace are called, as generated code calls them: `xi1`, `h[2]`, `d_W_h_x[1,2]`."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.graph.files.arrow_names import arrow_names
from flowc.graph.network import Axis, Network
from flowc.graph.sizes import element_name
from flowc.learning.trace.formula import Call, Quantity
from flowc.syntax.names import free


class Names:
    """Names of quantities: those of the diagram first, derived ones give way to them. `xi` names excitations."""

    def __init__(self, network: Network, xi: Mapping[str, str]):
        nodes = {node.name: node for node in network.nodes}
        self._axes: dict[str, tuple[Axis, ...]] = {n.name: n.axes for n in network.nodes}
        self._axes |= {name: nodes[owner].axes for owner, name in xi.items()}
        self._axes |= {w.name: w.axes for w in network.weights}
        self._arrows: dict[str, list[str]] = {e.weight: arrow_names(e) for e in network.edges if e.weight}
        self.loss = network.loss
        self._taken = {*self._axes}
        self._derived: dict[tuple[str, str], str] = {}

    def name_of(self, q: Quantity) -> str:
        """`d_h[1]`."""
        name, index = self.name_and_index(q)
        element = f"[{','.join(index)}]" if index else ""
        if q.kind == "'":
            return f"{name}{element}'"
        return f"{q.kind}({name}{element})" if q.kind.endswith("'") else self.base_name(q.kind, name) + element

    def name_and_index(self, q: Quantity) -> tuple[str, tuple[str, ...]]:
        """The name of what it is of, and how its element is written there."""
        if q.name in self._arrows:
            return self._arrows[q.name][q.index[0]], ()
        axes = self._axes.get(q.name, ()) or (Axis(1, 1),) * len(q.index)
        return q.name, tuple(element_name(axis, k) for axis, k in zip(axes, q.index))

    def asked_element(self, call: Call) -> str:
        """How the element is written that `argmax` is asked about."""
        asked = call.arguments[call.place]
        assert isinstance(asked, Quantity)
        return self.name_and_index(asked)[1][-1]

    def base_name(self, kind: str, name: str) -> str:
        """`d_h` for the gradients of h."""
        if not kind:
            return name
        if (kind, name) not in self._derived:
            derived = free(f"{kind}_{name}", self._taken)
            self._taken.add(derived)
            self._derived[kind, name] = derived
        return self._derived[kind, name]

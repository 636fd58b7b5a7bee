"""The code beside a picture's steps: a function as numpy's file has it, and which of its lines belong to a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowc import pipeline
from flowc.backends.backend import Options
from flowc.backends.numpy.backend import NumpyBackend
from flowc.program.batch_loss import belongs_to_loss

if TYPE_CHECKING:
    from flowc.drawing.state import State
    from flowc.graph.network import Network
    from flowc.program.ir import Symbol


class StepCode:
    """`gradients` where the steps lead back, else `forward`."""

    def __init__(self, network: Network, backward: bool):
        self._network = network
        program = pipeline.plan(network)
        part = "gradients" if backward and any(w.learnt for w in network.weights) else "forward"
        self._lines = NumpyBackend().list_part(network, program, Options(), part)
        self.text = tuple(line.text for line in self._lines)

    def lines_of_step(self, state: State) -> frozenset[int]:
        """The places of the lines that compute what a step shows, from 0."""
        names = {name for name, _ in state.active} if state.phase != "given" else set()
        nodes = [node for node in self._network.nodes if node.name in names]
        owners = names | ({self._network.loss} if any(belongs_to_loss(self._network, n) for n in nodes) else set())
        backward = state.phase == "backward"
        if backward:
            owners |= {arrow.weight for node in nodes for arrow in node.arrows if arrow.weight is not None}
        return frozenset(
            k for k, line in enumerate(self._lines)
            if line.symbol is not None and _owner_of(line.symbol) in owners and (line.symbol.kind == "gradient") == backward
        )  # fmt: skip


def _owner_of(symbol: Symbol) -> str:
    """Whose value it is, or whose gradient."""
    return symbol.of.owner if symbol.of is not None else symbol.owner

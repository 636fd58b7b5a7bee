"""The loss over a batch: term by term, tokens are averaged; `sse` adds them up; terms of weights alone count once."""

from __future__ import annotations

from flowc.graph.network import Arrow, Network, Node
from flowc.maths.functions import lookup
from flowc.program.ir import Arg, Symbol, Type
from flowc.program.lower_arrows import Terms
from flowc.program.lower_operations import Operations
from flowc.program.ops import Apply, Copy
from flowc.program.ops.operation import How
from flowc.program.values import type_of


def belongs_to_loss(network: Network, node: Node) -> bool:
    """The loss node, and the anonymous nodes of its expression."""
    return node.role == "loss" or (node.anonymous and node.owner == network.loss)


class Loss:
    """Writes the loss, after all other nodes."""

    def __init__(self, network: Network, terms: Terms, operations: Operations):
        self.network, self.terms, self.operations = network, terms, operations
        self.builder, self.values = terms.builder, terms.values
        self.nodes = {n.name: n for n in network.nodes}

    def loss(self) -> Symbol | None:
        """The symbol of the loss, a number for the batch."""
        if self.network.loss is None:
            return None
        node = self.nodes[self.network.loss]
        self.builder.span = node.span
        total = self._over_batch(node)
        symbol = Symbol("loss", node.name, Type(False, ()))
        if not isinstance(total, Symbol):
            total = self.builder.emit(Copy(), total)
        return self.builder.name(total, symbol, node.span, node.comment)

    def _over_batch(self, node: Node) -> Arg:
        """A loss term's value for the whole batch."""
        if node.function == "identity" and not node.operands and node.arrows and belongs_to_loss(self.network, node):
            return self.builder.add(tuple(self._share_of_arrow(arrow) for arrow in node.arrows))
        function = lookup(node.function)
        how = function.over_batch if function and function.kind == "loss" else "mean"
        return self._reduce_token(how, self._loss_of_token(node))

    def _share_of_arrow(self, arrow: Arrow) -> Arg:
        """One arrow into the loss: its weight times its source's value for the batch."""
        node = self.nodes.get(arrow.source)  # None: the constant 1
        if node is None or not arrow.spec.is_scalar or arrow.source_index or not belongs_to_loss(self.network, node):
            return self._reduce_token("mean", self.terms.term(arrow))
        source, weight = self._over_batch(node), self.terms.weight(arrow)
        return self.terms.scaled(arrow.coefficient, source if weight is None else self.builder.multiply(weight, source))

    def _loss_of_token(self, node: Node) -> Arg:
        """The value for one token; the loss node itself has none that is stored."""
        if node.role != "loss":
            return self.values[node.name]
        if node.operands:
            return self.operations.operation(node)
        assert node.arrows
        xi = self.terms.sum(node)
        return self.builder.emit(Apply(node.function, node.parameters), xi)

    def _reduce_token(self, how: How, token: Arg) -> Arg:
        return self.builder.reduce(how, token, batch=True) if type_of(token).batched else token

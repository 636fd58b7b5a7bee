"""Network to program: each circle's sum, then its function; then the loss, put together over the batch."""

from __future__ import annotations

from flowc.graph.network import Network, Node
from flowc.program.batch_loss import Loss, belongs_to_loss
from flowc.program.builder import Builder, alive
from flowc.program.ir import Arg, Program, Symbol, Type
from flowc.program.lower_arrows import Terms
from flowc.program.lower_operations import Operations
from flowc.program.ops import Apply, Copy
from flowc.program.values import type_of
from flowc.source import Span


def lower(network: Network) -> Program:
    """The program of a valid network: forward and, where there is one, the loss."""
    return Lowered(network).program()


class Lowered:
    """The program of a network while it is being written."""

    def __init__(self, network: Network):
        self.network = network
        self.builder = Builder()
        self.weights = {w.name: Symbol("weight", w.name, Type(False, w.shape)) for w in network.weights}
        self.values: dict[str, Arg] = {}  # each node's value; for anonymous nodes perhaps a number
        self.excitations: dict[str, Symbol] = {}
        self.terms = Terms(self.builder, self.weights, self.values)
        self.operations = Operations(self.terms, self.excitations)

    def program(self) -> Program:
        self._lower_inputs()
        self._lower_nodes()
        loss = Loss(self.network, self.terms, self.operations).loss()
        named = {n: s for n, s in self.values.items() if isinstance(s, Symbol) and s.kind != "temporary"}
        return Program(
            inputs=self._of_role("input"),
            targets=self._of_role("target"),
            weights=tuple(self.weights.values()),
            steps=alive(self.builder.steps, set(named.values())),
            outputs=self._of_role("output"),
            loss=loss,
            excitations=self.excitations,
            activations=named,
            learning=self._learning_symbols(loss),
        )

    def _of_role(self, role: str) -> tuple[Symbol, ...]:
        return tuple(self._symbol_of(n.name) for n in self.network.nodes if n.role == role)

    def _symbol_of(self, name: str) -> Symbol:
        """The value of a node, which has a name."""
        value = self.values[name]
        assert isinstance(value, Symbol)
        return value

    def _learning_symbols(self, loss: Symbol | None) -> frozenset[Symbol]:
        """What follows from a target, and what serves the loss alone."""
        tainted: set[Symbol] = {s for s in self._of_role("target")} | ({loss} if loss else set())
        for node in self.network.nodes:
            if node.learning_only and not belongs_to_loss(self.network, node):
                symbols = (self.values.get(node.name), self.excitations.get(node.name))
                tainted.update(s for s in symbols if isinstance(s, Symbol))
        for step in self.builder.steps:
            if any(a in tainted for a in step.args if isinstance(a, Symbol)):
                tainted.add(step.symbol)
        return frozenset(tainted)

    # ---------------------------------------------------------------- nodes

    def _lower_inputs(self) -> None:
        """The values that come from the data."""
        for node in self.network.nodes:
            if node.role in ("input", "target"):
                self.values[node.name] = Symbol(node.role, node.name, Type(True, node.shape))

    def _lower_nodes(self) -> None:
        """All other nodes, in order of evaluation."""
        for node in self.network.nodes:
            self.builder.span = node.span
            if node.role not in ("input", "target", "loss"):
                self._lower_node(node)

    def _lower_node(self, node: Node) -> None:
        """The excitation, then the activation; or the operation on the operands."""
        symbol = Symbol("activation", node.name, Type(True, node.shape), anonymous=node.anonymous)
        if node.operands:
            self._finish_node(node, self.operations.operation(node), symbol)
        elif node.function == "identity":
            self._finish_node(node, self.terms.sum(node), symbol)
        else:
            xi = symbol._replace(kind="excitation")
            xi = self._name_value(node, self.terms.sum(node), xi, node.excitation_span, node.excitation_comment)
            self.excitations[node.name] = xi
            result = self.builder.emit(Apply(node.function, node.parameters), xi)
            self._finish_node(node, result, symbol)

    def _finish_node(self, node: Node, result: Arg, symbol: Symbol) -> None:
        if node.anonymous and (not isinstance(result, Symbol) or belongs_to_loss(self.network, node)):
            self.values[node.name] = result  # a part of the loss needs no name
        else:
            self.values[node.name] = self._name_value(node, result, symbol, node.span, node.comment)

    def _name_value(self, node: Node, result: Arg, symbol: Symbol, span: Span, comment: str | None) -> Symbol:
        """Declared nodes always have a batch axis; an anonymous sum of weights alone needs none."""
        result_type = type_of(result)
        free = node.anonymous and not result_type.batched and result_type.shape == node.shape
        node_type = Type(False, node.shape) if free else symbol.type
        if free and not isinstance(result, Symbol):
            result = self.builder.emit(Copy(), result)
        result = self.builder.spread(result, node_type)
        where = span if span.end else node.span
        return self.builder.name(result, symbol._replace(type=node_type), where, comment)

"""Network to program, scalar nodes of one level and one activation gathered into a layer; the rest as in `lower.py`.

A layer is a vector; the lines into it from one source, an earlier layer or a stack of scalars, are one matrix.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import product
from os.path import commonprefix
from typing import Literal

from flowc.graph.files.lazy_arrows import source_names
from flowc.graph.network import Arrow, Index, Network, Node, Numbers
from flowc.maths.index_map import index_map
from flowc.program.builder import Builder
from flowc.program.differentiate import differentiate
from flowc.program.exact_sums import inexact
from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.lower import Lowered
from flowc.program.lowering import gathered
from flowc.program.ops import Apply, Assemble, Constant, Contract, Select, Stack
from flowc.records import Record
from flowc.source import NOWHERE, Span
from flowc.syntax.names import free

SCALAR = Type(True, ())
Kind = Literal["activation", "excitation"]
Place = tuple[Symbol, int]  # a vector, and one element of it
Lines = dict[tuple[int, ...], Arrow]  # place in a matrix or vector -> the line with the weight there


def layered(network: Network) -> Program:
    """The program of a valid network, its scalar nodes in layers."""
    return Layered(network).program()


class Layer(Record):
    """Nodes of one level and one activation. The symbols of its parts are called after `name`."""

    name: str
    nodes: tuple[Node, ...]


class Layered(Lowered):
    """A program in which scalar nodes are gathered into layers, while it is being written."""

    def __init__(self, network: Network):
        super().__init__(network)
        self.order = ordered(network)
        self.taken = {n.name for n in network.nodes} | {w.name for w in network.weights}
        self.places: dict[str, Place] = {}  # scalar node -> where it stands in a vector
        self.singles: dict[tuple[str, Index], Symbol] = {}  # scalars that stand in none
        self.elements: dict[tuple[str, Index], Symbol] = {}  # weights, and elements of weights

    def program(self) -> Program:
        return replace(super().program(), lowering="layers")

    def _lower_nodes(self) -> None:
        """By levels: a layer at the place of its first node."""
        layers = [some for some in self.order if len(some) > 1]
        self._stack_inputs(layers)
        for some in self.order:
            self.builder.span = some[0].span
            if len(some) == 1:
                self._lower_node(some[0])
            else:
                self._lower_layer(Layer(self._common_name(some, f"layer{layers.index(some) + 1}"), some))

    def _stack_inputs(self, layers: Sequence[tuple[Node, ...]]) -> None:
        """The scalar inputs that layers read, as one vector."""
        read = {name for layer in layers for node in layer for name in source_names(node.arrows)}
        inputs = [n for n in self.network.nodes if n.role == "input" and not n.shape and n.name in read]
        if len(inputs) > 1:
            self._stack_nodes(inputs, "inputs" if "x" in self.taken else "x")

    def _stack_nodes(self, nodes: Sequence[Node], otherwise: str) -> None:
        values = [self.builder.spread(self.values[n.name], SCALAR) for n in nodes]
        vector = self._name_line("activation", self._common_name(nodes, otherwise), self.builder.emit(Stack(), *values))
        self.places |= {n.name: (vector, k) for k, n in enumerate(nodes)}

    # ---------------------------------------------------------------- names

    def _common_name(self, nodes: Sequence[Node], otherwise: str) -> str:
        """What the names of the nodes begin with; if that is nothing or taken, something else."""
        common = commonprefix([n.name for n in nodes]).rstrip("0123456789_. ")
        return self._free_name(common if common and common not in self.taken else otherwise)

    def _free_name(self, wanted: str) -> str:
        name = free(wanted, self.taken)
        self.taken.add(name)
        return name

    def _name_line(self, kind: Kind, name: str, value: Symbol, span: Span = NOWHERE, comment: str = "") -> Symbol:
        """A line of its own."""
        return self.builder.name(value, Symbol(kind, name, value.type), span, comment or None)

    # --------------------------------------------------------------- layers

    def _lower_layer(self, layer: Layer) -> None:
        """The excitations of all nodes, then the activations."""
        first = layer.nodes[0]
        self._gather_singles(layer)
        total = self.builder.spread(self._sum_lines(layer), Type(True, (len(layer.nodes),)))
        if first.function != "identity":
            xi = self._name_line("excitation", layer.name, total, first.span, comments(layer.nodes, "excitation_comment"))
            self._name_elements("excitation", layer, xi)
            total = self.builder.emit(Apply(first.function, first.parameters), xi)
        vector = self._name_line("activation", layer.name, total, first.span, comments(layer.nodes, "comment"))
        self._name_elements("activation", layer, vector)
        self.places |= {n.name: (vector, k) for k, n in enumerate(layer.nodes)}

    def _name_elements(self, kind: Kind, layer: Layer, vector: Symbol) -> None:
        """Every node by its own name."""
        values = self.values if kind == "activation" else self.excitations
        for k, node in enumerate(layer.nodes):
            symbol = Symbol(kind, node.name, SCALAR)
            self.builder.steps.append(Step(symbol, Select((k,)), (vector,), node.span))
            values[node.name] = symbol

    def _gather_singles(self, layer: Layer) -> None:
        """The scalars that this layer reads from outside of layers, if they are several, as one vector."""
        read = {name for node in layer.nodes for name in source_names(node.arrows)} - self.places.keys()
        nodes = [n for n in self.network.nodes if n.name in read and not n.shape]
        if len(nodes) > 1:
            self._stack_nodes(nodes, f"into_{layer.name}")

    def _sum_lines(self, layer: Layer) -> Arg:
        """Source by source the matrix times it; the biases at the end."""
        groups: dict[Symbol | None, Lines] = {}
        for row, node in enumerate(layer.nodes):
            for arrow in node.arrows:
                source, column = self._source_of(arrow)
                groups.setdefault(source, {})[(row, column) if source and source.type.shape else (row,)] = arrow
        biases = groups.pop(None, {})
        terms = [self._multiply_lines(layer, source, lines) for source, lines in groups.items() if source]
        if biases:
            terms.append(self._weights_of_lines(f"b_{layer.name}", (len(layer.nodes),), biases))
        return self.builder.add(tuple(terms))

    def _source_of(self, arrow: Arrow) -> tuple[Symbol | None, int]:
        """The vector that a line comes from and the element of it, or a scalar that stands in none."""
        if arrow.source == "1":
            return None, 0
        if arrow.source in self.places:
            return self.places[arrow.source]
        value = self.values[arrow.source]
        if isinstance(value, Symbol) and len(value.type.shape) == 1:
            (place,) = arrow.source_index
            assert isinstance(place, int)
            return value, place
        key = arrow.source, arrow.source_index
        if key not in self.singles:
            self.singles[key] = self.builder.spread(self.terms.part(value, arrow.source_index), SCALAR)
        return self.singles[key], 0

    def _multiply_lines(self, layer: Layer, source: Symbol, lines: Lines) -> Arg:
        """A matrix times a vector, or a vector of weights times a scalar."""
        rows, name = len(layer.nodes), f"{layer.name}_{source.owner}"
        if not source.type.shape:
            weights = self._weights_of_lines(f"w_{name}", (rows,), lines)
            return self.builder.multiply(self.terms.lifted(source, "", "j"), weights)
        matrix = self._weights_of_lines(f"W_{name}", (rows, source.type.shape[0]), lines)
        return self.builder.emit(Contract(index_map("i,ji->j")), source, matrix)

    def _weights_of_lines(self, name: str, shape: tuple[int, ...], lines: Lines) -> Symbol:
        """The lines' weights in one array, 0 where there is no line."""
        args: dict[Symbol, int] = {}
        entries = []
        for index in product(*map(range, shape)):
            factor, weight = self._weight_of_line(lines[index]) if index in lines else (0.0, None)
            entries.append((factor, None if weight is None else args.setdefault(weight, len(args))))
        if args:
            array = self.builder.emit(Assemble(shape, tuple(entries)), *args)
        else:
            array = self.builder.emit(Constant(rows_of([factor for factor, _ in entries], shape)))
        return self._name_line("activation", self._free_name(name), array)

    def _weight_of_line(self, arrow: Arrow) -> tuple[float, Symbol | None]:
        """The number in front, and the weight if there is one."""
        if arrow.weight is None:
            return arrow.factor, None
        key = arrow.weight, arrow.weight_index
        if key not in self.elements:
            self.elements[key] = self.terms.picked(self.weights[arrow.weight], arrow.weight_index)
        return arrow.coefficient, self.elements[key]


def rows_of(numbers: Sequence[float], shape: tuple[int, ...]) -> tuple[Numbers, ...]:
    """The numbers of a vector or, row by row, of a matrix."""
    if len(shape) == 1:
        return tuple(numbers)
    return tuple(tuple(numbers[k : k + shape[1]]) for k in range(0, len(numbers), shape[1]))


def comments(nodes: Sequence[Node], which: str) -> str:
    """What the author says of the nodes, each with its name."""
    words: dict[str, str] = {node.name: getattr(node, which) for node in nodes if getattr(node, which)}
    if len(set(words.values())) == 1 and len(words) == len(nodes):
        return next(iter(words.values()))
    return "; ".join(f"{name}: {comment}" for name, comment in words.items())


# ------------------------------------------------------------------ order


def ordered(network: Network) -> list[tuple[Node, ...]]:
    """All nodes in order of evaluation, those of a layer together."""
    depth = depths(network)
    alone = inexact(network)
    inside = {n.name for n in gathered(network) if not n.anonymous and n.name not in alone and not doubled(n)}
    groups: dict[object, list[Node]] = {}
    for node in network.nodes:
        if node.role not in ("input", "target", "loss"):
            key = (depth[node.name], node.function, node.parameters) if node.name in inside else node.name
            groups.setdefault(key, []).append(node)
    layers = [some for group in groups.values() for some in sharing(group)]
    if all(len(some) == 1 for some in layers):
        return [(n,) for n in network.nodes if n.role not in ("input", "target", "loss")]
    return sorted(layers, key=lambda some: depth[some[0].name])


def sharing(nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
    """The nodes that have sources in common, directly or over others: without any, a matrix would say nothing."""
    groups: list[tuple[set[str], list[Node]]] = []
    for node in nodes:
        sources, together = {*source_names(node.arrows)} - {"1"}, [node]
        for other in [some for some in groups if some[0] & sources]:
            groups.remove(other)
            sources |= other[0]
            together = other[1] + together
        groups.append((sources, together))
    place = {n.name: k for k, n in enumerate(nodes)}
    return [tuple(sorted(some, key=lambda n: place[n.name])) for _, some in groups]


def depths(network: Network) -> dict[str, int]:
    """For each node the most nodes between it and the inputs."""
    depth_of: dict[str, int] = {}
    for node in network.nodes:
        before = [*source_names(node.arrows), *(o.node for o in node.operands if o.node)]
        depth_of[node.name] = max((depth_of.get(name, 0) for name in before), default=0) + (node.role != "input")
    return depth_of


def doubled(node: Node) -> bool:
    """Like terms, as `a*x + b*x`: a matrix has one number for them."""
    ends = [(arrow.source, arrow.source_index) for arrow in node.arrows]
    return len(set(ends)) < len(ends)


# -------------------------------------------------------------- gradients


def with_slopes(program: Program, of: Symbol, wrt: Iterable[Symbol]) -> Program:
    """As `differentiate`; of a node in a layer all that arrives at its place in the vector."""
    symbols = tuple(dict.fromkeys(wrt))
    makers = {s.symbol: s for s in program.steps}
    nodes = {*program.activations.values(), *program.excitations.values()}
    inside = {s: makers[s] for s in symbols if s in makers and is_element(makers[s], nodes)}
    vectors = {s: vector for s, step in inside.items() if isinstance(vector := step.args[0], Symbol)}
    differentiated = differentiate(program, of, [vectors.get(s, s) for s in symbols])
    builder = Builder(differentiated.steps, first=1 + max((s.symbol.number for s in differentiated.steps), default=0))
    gradients = dict(differentiated.gradients)
    for symbol, step in inside.items():
        value = builder.emit(step.op, differentiated.gradients[vectors[symbol]])
        name = Symbol("gradient", symbol.owner, SCALAR, of=symbol, number=1)
        gradients[symbol] = builder.name(value, name)
    return replace(differentiated, steps=tuple(builder.steps), gradients={s: gradients[s] for s in symbols})


def is_element(step: Step, nodes: Collection[Symbol]) -> bool:
    """A node's value taken out of its layer, which is no node itself."""
    source = step.args[0] if isinstance(step.op, Select) else None
    kinds = {"activation", "excitation"}
    return isinstance(source, Symbol) and source not in nodes and {source.kind, step.symbol.kind} <= kinds

"""Network to program, scalar nodes gathered into meshes; everything else as in `lower.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import prod
from typing import Literal

import numpy as np

from flowc.graph.files.lazy_arrows import source_names, weights_of
from flowc.graph.network import Index, Network, Node, Weight
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Step, Symbol, Type
from flowc.program.lower import Lowered
from flowc.program.lowering import Matrices, gathered
from flowc.program.mesh.arrows import ONE, Columns, columns, flat
from flowc.program.mesh.mesh import Lines, Part
from flowc.program.mesh.pack import free_name, pack_weights, record, scalars
from flowc.program.mesh.schedule import Arranged, Outside, arrange, before_thresholds
from flowc.program.ops import MeshValues, Select, Take, WeightVector
from flowc.program.values import TOKENS, type_of


def gather(network: Network, matrices: Matrices = "auto", pack: bool = False) -> Program:
    """The program of a valid network, its scalar nodes in meshes. Nodes that only meshes need are in `Program.parts`.

    `pack`: scalar inputs, targets and outputs are the columns of one array each, and the learnt weights of the lines
    the elements of one vector: what a file wants that may have a million of them.
    """
    return (Packing if pack else Gathered)(network, matrices).program()


class Gathered(Lowered):
    """A program in which scalar nodes are gathered, while it is being written."""

    def __init__(self, network: Network, matrices: Matrices):
        super().__init__(network)
        self.matrices = matrices
        self.parts: dict[str, Part] = {}
        self.asked = asked(network)

    def program(self) -> Program:
        return replace(super().program(), parts=self.parts, lowering="mesh")

    def _lower_nodes(self) -> None:
        """By stages: what a mesh needs, the mesh, what needs it, and so on."""
        others, meshes = stages(self.network)
        for k in range(max([*others, *meshes, 0]) + 1):
            for node in others.get(k, ()):
                self.builder.span = node.span
                self._lower_node(node)
            if k in meshes:
                self._lower_mesh(meshes[k])

    def _lower_mesh(self, nodes: Sequence[Node]) -> None:
        self.builder.span = nodes[0].span
        self.nodes = nodes
        lines_into = columns(self.network, nodes)
        arguments, outside = self._outside_values(lines_into)
        excited = np.array([node.name in self.asked for node in nodes], bool)
        arranged = arrange(lines_into, outside, before_thresholds(self.network, lines_into), excited, self.matrices)
        lines = self._line_weights(arranged)
        computed = self.builder.emit(MeshValues(arranged.mesh), lines, *arguments)
        name = "v" if not self.parts else f"v_{nodes[0].name}"
        values = self.builder.name(computed, Symbol("mesh", name, computed.type), nodes[0].span)
        self._take_parts(nodes, arranged, values)

    def _outside_values(self, found: Columns) -> tuple[list[Symbol], Outside]:
        """The values that lines come from, each whole, and the place of every scalar among them."""
        first: dict[Symbol, int] = {}
        following = 1
        places = []
        for end in found.outside:
            if end == ONE:
                places.append(0)
                continue
            array, offset = self._array_of_scalar(*end)
            if array not in first:
                first[array] = following
                following += prod(array.type.shape)
            places.append(first[array] + offset)
        if not first:  # constants alone; how many tokens there are is known from anything given
            array = self._token_source()
            first[array] = following
            following += prod(array.type.shape)
        return list(first), Outside(np.array(places, np.int64), following)

    def _token_source(self) -> Symbol:
        inputs = [n.name for n in self.network.nodes if n.role == "input"]
        return self._array_of_scalar(inputs[0], ())[0] if inputs else self.builder.spread(0.0, Type(True, ()))

    def _array_of_scalar(self, name: str, index: Index) -> tuple[Symbol, int]:
        """The array that a scalar is in, for every token, and its place there."""
        shape = type_of(self.values[name]).shape
        value = self.builder.spread(self.values[name], Type(True, shape))
        return value, flat(index, shape) if index else 0

    def _line_weights(self, arranged: Arranged) -> Symbol:
        """The weight vector: a weight itself where it is just that."""
        return self._weight_vector(arranged.lines, [self.weights[w.name] for w in self.network.weights])

    def _weight_vector(self, lines: Lines, weights: Sequence[Symbol]) -> Symbol:
        used = np.unique(lines.arguments[lines.arguments >= 0])
        symbols: list[Symbol] = [weights[k] for k in used]
        if len(used) == 1 and is_whole(lines, symbols[0]):
            return symbols[0]
        place = np.full(len(weights) + 1, -1, np.int64)
        place[used] = np.arange(len(used))
        vector = self.builder.emit(WeightVector(replace(lines, arguments=place[lines.arguments])), *symbols)
        name = "lines" if not self.parts else f"lines_{self.nodes[0].name}"
        return self.builder.name(vector, Symbol("mesh", name, vector.type), self.nodes[0].span)

    def _take_parts(self, nodes: Sequence[Node], arranged: Arranged, values: Symbol) -> None:
        """The values that others need, taken out of the mesh at once; where the others are found."""
        places = dict(zip((node.name for node in nodes), arranged.places.tolist(), strict=True))
        needed = needed_outside(self.network, places.keys())
        out = [node for node in nodes if node.name in needed]
        excited = [node for node in nodes if node.name in self.asked]
        taken_places = [places[n.name] for n in out] + [arranged.excitations[places[n.name]] for n in excited]
        self.parts |= {name: Part(values, place) for name, place in places.items()}
        if not taken_places:
            return
        values_taken = self.builder.emit(Take(tuple(taken_places)), values)
        self._select_nodes("activation", out, values_taken, 0)
        self._select_nodes("excitation", excited, values_taken, len(out))

    def _select_nodes(
        self, kind: Literal["activation", "excitation"], nodes: Sequence[Node], whole: Symbol, first: int
    ) -> None:
        """Nodes by their names, whose values or excitations are the elements from `first` on."""
        for k, node in enumerate(nodes, first):
            symbol = Symbol(kind, node.name, TOKENS, anonymous=node.anonymous)
            self.builder.steps.append(Step(symbol, Select((k,)), (whole,), node.span, node.comment))
            (self.values if kind == "activation" else self.excitations)[node.name] = symbol


class Packing(Gathered):
    """The same for a file: what is very many is packed into arrays."""

    def __init__(self, network: Network, matrices: Matrices):
        super().__init__(network, matrices)
        self.packs: dict[str, Symbol] = {}  # role -> the array of its scalars
        self.within: dict[str, tuple[Symbol, int]] = {}
        self.records: dict[str, Weight] = {}
        self.packed_weights: set[str] = set()
        self.learnt = {w.name for w in network.weights if w.learnt}

    def program(self) -> Program:
        program = super().program()
        weights = tuple(w for w in program.weights if w.owner not in self.packed_weights and not self._is_constant(w))
        vectors = [Symbol("weight", w.name, Type(False, w.shape)) for w in self.records.values()]
        packed_weights = {w.owner for w in weights}
        records = (*self.records.values(), *(w for w in self.network.weights if w.name in packed_weights))
        columns = {role: tuple(scalars(self.network, role)) for role in self.packs}
        return replace(program, weights=(*vectors, *weights), records=records, columns=columns)

    def _is_constant(self, weight: Symbol) -> bool:
        """A fixed weight that has become numbers."""
        return weight.owner not in self.learnt and not any(weight in step.args for step in self.builder.steps)

    def _lower_inputs(self) -> None:
        super()._lower_inputs()
        self._pack_nodes("input", "x")
        self._pack_nodes("target", "y")

    def _pack_nodes(self, role: Literal["input", "target"], name: str) -> None:
        """The scalar nodes of a role as one array."""
        names = scalars(self.network, role)
        if names:
            symbol = Symbol(role, free_name(name, self.network), Type(True, (len(names),)))
            self.packs[role] = symbol
            for k, node in enumerate(names):
                self.within[node] = symbol, k
                self.values[node] = self.builder.emit(Select((k,)), symbol)

    def _array_of_scalar(self, name: str, index: Index) -> tuple[Symbol, int]:
        return self.within.get(name) or super()._array_of_scalar(name, index)

    def _line_weights(self, arranged: Arranged) -> Symbol:
        packing = pack_weights(self.network, arranged.lines, self._used_elsewhere())
        weights = [self.weights[w.name] for w in self.network.weights]
        if len(packing.arguments):
            name = free_name("w" if not self.records else f"w_{self.nodes[0].name}", self.network)
            self.records[name] = record(name, self.network, packing)
            self.packed_weights |= {self.network.weights[k].name for k in np.unique(packing.arguments)}
            weights.append(Symbol("weight", name, Type(False, self.records[name].shape)))
        return self._weight_vector(packing.lines, weights)

    def _used_elsewhere(self) -> set[str]:
        """The weights that are used outside of this mesh."""
        inside = {node.name for node in self.nodes}
        return {w for n in self.network.nodes if n.name not in inside for w in weights_of(n.arrows)}

    def _of_role(self, role: str) -> tuple[Symbol, ...]:
        others = [n.name for n in self.network.nodes if n.role == role and (n.shape or role not in self.packs)]
        symbols = [self.packs[role]] if role in self.packs else []
        return (*symbols, *map(self._symbol_of, others))

    def _take_parts(self, nodes: Sequence[Node], arranged: Arranged, values: Symbol) -> None:
        """The outputs as one array, where all scalar ones are in this mesh; the rest as otherwise."""
        super()._take_parts(nodes, arranged, values)
        outputs = scalars(self.network, "output")
        places = {name: part.place for name, part in self.parts.items() if part.mesh == values}
        if not outputs or any(name not in places for name in outputs):
            return
        array = self.builder.emit(Take(tuple(places[name] for name in outputs)), values)
        name = free_name("f", self.network)
        self.packs["output"] = self.builder.name(array, Symbol("activation", name, array.type), nodes[0].span)
        for k, output in enumerate(outputs):
            self.values[output] = self.builder.emit(Select((k,)), self.packs["output"])


def is_whole(lines: Lines, weight: Symbol) -> bool:
    """Whether the lines' weights are that vector as it is."""
    count = len(lines.numbers)
    same = weight.type.shape == (count,) and bool((lines.arguments >= 0).all()) and bool((lines.numbers == 1).all())
    return same and bool((lines.elements == np.arange(count)).all())


def asked(network: Network) -> set[str]:
    """The nodes whose excitation a loss takes."""
    names = set()
    for node in network.nodes:
        function = lookup(node.function)
        if node.operands and function is not None and function.of_excitation and node.operands[0].node:
            names.add(node.operands[0].node)
    return names


def needed_outside(network: Network, inside: Collection[str]) -> set[str]:
    """The names that something outside of a mesh reads: operations, vectors, losses, other meshes, whoever asks."""
    names = {node.name for node in network.nodes if node.role == "output"}
    for node in network.nodes:
        if node.name not in inside:
            names |= before(node)
    return names


def before(node: Node) -> set[str]:
    """The names that a node is computed from."""
    return set(source_names(node.arrows)) | {o.node for o in node.operands if o.node}


def stages(network: Network) -> tuple[dict[int, list[Node]], dict[int, list[Node]]]:
    """The other nodes, and the gathered ones, by stage: the others of a stage need earlier meshes alone."""
    inside = {node.name for node in gathered(network)}
    stage: dict[str, int] = {}
    others: dict[int, list[Node]] = {}
    meshes: dict[int, list[Node]] = {}
    for node in network.nodes:
        if node.role in ("input", "target", "loss"):
            continue
        other = node.name not in inside
        here = max((stage.get(name, 0) + (other and name in inside) for name in before(node)), default=0)
        stage[node.name] = here
        (meshes if node.name in inside else others).setdefault(here, []).append(node)
    return others, meshes

"""Network to program, scalar nodes gathered into meshes; everything else as in `lower.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from flowc.graph.network import Network, Node
from flowc.maths.functions import lookup
from flowc.program.columns import ONE, Columns, columns, flat
from flowc.program.ir import Program, Step, Symbol, Type
from flowc.program.levels import Arranged, Outside, arrange, before_thresholds
from flowc.program.lower import Lowered
from flowc.program.lowering import Matrices, gathered
from flowc.program.mesh import Lines, Part
from flowc.program.types import type_of


def gather(network: Network, matrices: Matrices = "auto") -> Program:
    """The program of a valid network, its scalar nodes in meshes. Nodes that only meshes need are in `Program.parts`."""
    return Gathered(network, matrices).program()


class Gathered(Lowered):
    """A program in which scalar nodes are gathered, while it is being written."""

    def __init__(self, network: Network, matrices: Matrices):
        super().__init__(network)
        self.matrices = matrices
        self.parts: dict[str, Part] = {}
        self.asked = asked(network)

    def program(self) -> Program:
        return replace(super().program(), parts=self.parts, lowering="mesh")

    def _nodes(self) -> None:
        """By stages: what a mesh needs, the mesh, what needs it, and so on."""
        others, meshes = stages(self.network)
        for k in range(max([*others, *meshes, 0]) + 1):
            for node in others.get(k, ()):
                self.builder.span = node.span
                self._node(node)
            if k in meshes:
                self._mesh(meshes[k])

    def _mesh(self, nodes: Sequence[Node]) -> None:
        self.builder.span = nodes[0].span
        found = columns(self.network, nodes)
        arguments, outside = self._outside(found)
        excited = np.array([node.name in self.asked for node in nodes], bool)
        arranged = arrange(found, outside, before_thresholds(self.network, found), excited, self.matrices)
        made = self.builder.emit("mesh", self._lines(arranged), *arguments, data=arranged.mesh)
        name = "v" if not self.parts else f"v_{nodes[0].name}"
        values = self.builder.name(made, Symbol("mesh", name, made.type), nodes[0].span)
        self._parts(nodes, arranged, values)

    def _outside(self, found: Columns) -> tuple[list[Symbol], Outside]:
        """The values that lines come from, each whole, and the place of every scalar among them."""
        first: dict[Symbol, int] = {}
        following = 1
        places = []
        for end in found.outside:
            if end == ONE:
                places.append(0)
                continue
            whole, offset = self._whole(*end)
            if whole not in first:
                first[whole] = following
                following += prod(whole.type.shape)
            places.append(first[whole] + offset)
        return list(first), Outside(np.array(places, np.int64), following)

    def _whole(self, name: str, index: tuple) -> tuple[Symbol, int]:
        """The array that a scalar is in, and its place there."""
        value = self.values[name]
        if not isinstance(value, Symbol):
            value = self.builder.spread(value, Type(True, ()))
        return value, flat(index, type_of(value).shape)

    def _lines(self, arranged: Arranged) -> Symbol:
        """The weight vector: a weight itself where it is just that."""
        lines = arranged.lines
        used = np.unique(lines.arguments[lines.arguments >= 0])
        symbols = [self.weights[self.network.weights[k].name] for k in used]
        if len(used) == 1 and is_whole(lines, symbols[0]):
            return symbols[0]
        place = np.full(len(self.network.weights) + 1, -1, np.int64)
        place[used] = np.arange(len(used))
        return self.builder.emit("lines", *symbols, data=replace(lines, arguments=place[lines.arguments]))

    def _parts(self, nodes: Sequence[Node], arranged: Arranged, values: Symbol) -> None:
        """The values that others need, taken out of the mesh at once; where the others are found."""
        places = dict(zip((node.name for node in nodes), arranged.places.tolist(), strict=True))
        wanted = needed_outside(self.network, places.keys())
        out = [node for node in nodes if node.name in wanted]
        excited = [node for node in nodes if node.name in self.asked]
        taken = [places[n.name] for n in out] + [arranged.kept[places[n.name]] for n in excited]
        self.parts |= {name: Part(values, place) for name, place in places.items()}
        if not taken:
            return
        whole = self.builder.emit("take", values, data=tuple(taken))
        for k, (node, kind) in enumerate([*((n, "activation") for n in out), *((n, "excitation") for n in excited)]):
            symbol = Symbol(kind, node.name, Type(True, ()), anonymous=node.anonymous)  # type: ignore[arg-type]
            self.builder.steps.append(Step(symbol, "select", (whole,), (k,), node.span, node.comment))
            (self.values if kind == "activation" else self.excitations)[node.name] = symbol


def is_whole(lines: Lines, weight: Symbol) -> bool:
    """Whether the lines' weights are that vector as it is."""
    count = len(lines.numbers)
    same = weight.type.shape == (count,) and bool((lines.arguments >= 0).all()) and bool((lines.numbers == 1).all())
    return same and bool((lines.elements == np.arange(count)).all())


def asked(network: Network) -> set[str]:
    """The nodes whose excitation a loss takes."""
    found = set()
    for node in network.nodes:
        function = lookup(node.function)
        if node.operands and function is not None and function.of_excitation and node.operands[0].node:
            found.add(node.operands[0].node)
    return found


def needed_outside(network: Network, inside: Collection[str]) -> set[str]:
    """The names that something outside of a mesh reads: operations, vectors, losses, other meshes, whoever asks."""
    found = {node.name for node in network.nodes if node.role == "output"}
    for node in network.nodes:
        if node.name not in inside:
            found |= {a.source for a in node.arrows} | {o.node for o in node.operands if o.node}
    return found


def stages(network: Network) -> tuple[dict[int, list[Node]], dict[int, list[Node]]]:
    """The other nodes, and the gathered ones, by stage: the others of a stage need earlier meshes alone."""
    inside = {node.name for node in gathered(network)}
    stage: dict[str, int] = {}
    others: dict[int, list[Node]] = {}
    meshes: dict[int, list[Node]] = {}
    for node in network.nodes:
        if node.role in ("input", "target", "loss"):
            continue
        before = {a.source for a in node.arrows} | {o.node for o in node.operands if o.node}
        if node.name in inside:
            here = max((stage.get(name, 0) for name in before), default=0)
        else:
            here = max((stage.get(name, 0) + (name in inside) for name in before), default=0)
        stage[node.name] = here
        (meshes if node.name in inside else others).setdefault(here, []).append(node)
    return others, meshes

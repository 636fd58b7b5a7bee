"""Nodes inside a mesh, asked for by name: their values, and the gradients that arrive at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flowc.graph.network import Network
from flowc.program.builder import Builder
from flowc.program.differentiate import differentiate
from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import Deltas, MeshSums, MeshValues, Pull, Select, Take
from flowc.program.values import Kind

SCALAR = Type(True, ())


def revealed(program: Program, network: Network) -> Program:
    """The program with a symbol for every node of its meshes, and for every excitation."""
    builder = Builder(first=1 + max((s.symbol.number for s in program.steps), default=0))
    activations, excitations = dict(program.activations), dict(program.excitations)
    functions = {n.name: n for n in network.nodes}
    defined = {s.symbol for s in program.steps}
    for step in program.steps:
        builder.steps.append(step)
        if not isinstance(step.op, MeshValues):
            continue
        inside = [name for name, part in program.parts.items() if part.mesh == step.symbol]
        places = tuple(program.parts[name].place for name in inside)
        values = builder.emit(Take(places), step.symbol)
        sums = builder.emit(Take(places), builder.emit(MeshSums(step.op.mesh), step.args[0], step.symbol))
        kinds: list[tuple[Kind, Symbol, dict[str, Symbol]]]
        kinds = [("activation", values, activations), ("excitation", sums, excitations)]
        for k, name in enumerate(inside):
            node = functions[name]
            for kind, array, symbols in kinds:
                symbol = Symbol(kind, name, SCALAR, anonymous=node.anonymous)
                if symbol in defined or kind == "excitation" and node.function == "identity":
                    continue
                builder.steps.append(Step(symbol, Select((k,)), (array,), node.span, node.comment))
                symbols[name] = symbol
    order = {n.name: k for k, n in enumerate(network.nodes)}
    activations = dict(sorted(activations.items(), key=lambda item: order.get(item[0], -1)))
    return replace(program, steps=tuple(builder.steps), activations=activations, excitations=excitations)


def with_slopes(program: Program, of: Symbol, wrt: Iterable[Symbol]) -> Program:
    """As `differentiate`, and of nodes inside meshes all that arrives, from inside too."""
    symbols = tuple(dict.fromkeys(wrt))
    inside = [s for s in symbols if s.owner in program.parts and s.kind in ("activation", "excitation")]
    meshes = list(dict.fromkeys(program.parts[s.owner].mesh for s in inside))
    others = [s for s in symbols if s not in inside]
    differentiated = differentiate(program, of, [*others, *meshes])
    builder = Builder(differentiated.steps, first=1 + max((s.symbol.number for s in differentiated.steps), default=0))
    gradients = {s: differentiated.gradients[s] for s in others}
    for mesh in meshes:
        gradients |= _gradients_inside(builder, differentiated, mesh, of, [s for s in inside if program.parts[s.owner].mesh == mesh])
    return replace(differentiated, steps=tuple(builder.steps), gradients={s: gradients[s] for s in symbols})


def _gradients_inside(builder: Builder, found: Program, mesh: Symbol, of: Symbol, wanted: list[Symbol]) -> dict[Symbol, Symbol]:
    """The gradients of nodes of one mesh: δ of excitations; of values what comes from outside and over the lines."""
    mesh_step = next(s for s in found.steps if s.symbol == mesh)
    assert isinstance(mesh_step.op, MeshValues)
    outside = found.gradients[mesh]
    deltas = builder.emit(Deltas(mesh_step.op.mesh), mesh_step.args[0], mesh, outside)
    arriving = builder.add((outside, builder.emit(Pull(mesh_step.op.mesh), mesh_step.args[0], deltas)))
    gradients = {}
    for symbol in wanted:
        gradient = deltas if symbol.kind == "excitation" else arriving
        element = builder.emit(Take((found.parts[symbol.owner].place,)), gradient)
        value: Arg = builder.emit(Select((0,)), element)
        if symbol == of and symbol.kind == "excitation" and not _is_kept(mesh_step.op.mesh, found.parts[symbol.owner].place):
            value = builder.add((value, 1.0))
        name = Symbol("gradient", symbol.owner, symbol.type, of=symbol, number=1, anonymous=symbol.anonymous)
        gradients[symbol] = builder.name(value, name)
    return gradients


def _is_kept(mesh: Mesh, place: int) -> bool:
    """Whether a node's excitation is a value of the mesh itself, so that what arrives there is in δ already."""
    return any(g.asked and g.first <= place < g.last for level in mesh.levels for g in level.groups)

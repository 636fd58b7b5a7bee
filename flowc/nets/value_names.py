"""The names by which the API knows the values of a diagram."""

from __future__ import annotations

from flowc.backends.python.naming import NameTable
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.syntax.names import free


def symbols_by_name(network: Network, program: Program) -> dict[str, Symbol]:
    """Every value with a name: nodes in order of evaluation, each after its excitation; weights; the loss.

    An excitation has the author's name, else the one that generated code gives it, `xi1` or `xi_h`.
    """
    table = NameTable(network, program)
    names = {n.name for n in network.nodes} | {w.name for w in network.weights}
    names |= {n.excitation_name for n in network.nodes if n.excitation_name}
    named: dict[str, Symbol] = {}
    for node in network.nodes:
        if node.anonymous or node.name not in program.activations:
            continue
        excitation = program.excitations.get(node.name)
        if excitation is not None:
            name = node.excitation_name or free(table[excitation], names)
            names.add(name)
            named[name] = excitation
        named[node.name] = program.activations[node.name]
    named |= {s.owner: s for s in program.weights}
    if program.loss is not None:
        named[program.loss.owner] = program.loss
    return named

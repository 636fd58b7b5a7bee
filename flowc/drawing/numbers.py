"""The numbers of one token that a picture shows, by the reference meaning of the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flowc.graph.network import Network
from flowc.maths.functions import lookup
from flowc.program.batch_loss import belongs_to_loss
from flowc.program.ir import Program, Symbol
from flowc.records import Record

Arrays = Mapping[str, Any]  # name -> numbers, of one token and without a batch axis
NO_ARRAYS: Arrays = MappingProxyType({})


class Numbers(Record, eq=False):
    """By node: ξ, h, δ = ∂L/∂ξ and ∂L/∂h; by weight: its value and ∂L/∂w. Without targets there are no gradients."""

    excitations: Arrays = NO_ARRAYS
    activations: Arrays = NO_ARRAYS
    deltas: Arrays = NO_ARRAYS
    gradients: Arrays = NO_ARRAYS
    weights: Arrays = NO_ARRAYS
    weight_gradients: Arrays = NO_ARRAYS

    def check_gradients(self) -> None:
        """Raises FloatingPointError for one that is not finite; values may be shown without it."""
        for arrays, what in (self.deltas, "the excitation of "), (self.gradients, ""), (self.weight_gradients, ""):
            _check_finite(arrays, f"the gradient of {what}")


def numbers(network: Network, weights: Arrays, token: Arrays) -> Numbers:
    """`weights`: learnt ones by name, those that are missing are where the diagram fixes them; `token`: (1, *shape) by name.

    Raises FloatingPointError where a number of the token is not finite, with the node.
    """
    from flowc.program import differentiate, lower, verify

    program = verify(lower(_open_loss(network)))
    with_targets = {t.owner for t in program.targets} <= token.keys()
    loss = program.activations.get(network.loss) if network.loss and with_targets else None
    if loss is not None:
        learnt = {w.name for w in network.weights if w.learnt}
        inner = (*program.excitations.values(), *(s for s in program.activations.values() if s.kind != "target"))
        asked = (*inner, *(s for s in program.weights if s.owner in learnt))
        program = verify(differentiate(program, loss, tuple(dict.fromkeys(asked))))
    return _read_numbers(network, program, weights, token)


def _open_loss(network: Network) -> Network:
    """The loss and the parts of its formula as nodes like any other: of one token each has a value."""
    nodes = (
        replace(n, role="hidden", anonymous=False, owner=None) if belongs_to_loss(network, n) else n for n in network.nodes
    )
    return replace(network, nodes=tuple(nodes), loss=None)


def _read_numbers(network: Network, program: Program, weights: Arrays, token: Arrays) -> Numbers:
    from flowc.program.run import run

    arguments = {s: token[s.owner] for s in (*program.inputs, *program.targets) if s.owner in token}
    arguments |= {s: weights[s.owner] for s in program.weights if s.owner in weights}
    values = run(program, arguments)

    def one(symbol: Symbol | None) -> Any:
        value = values.get(symbol) if symbol is not None else None
        return value[0] if value is not None and symbol is not None and symbol.type.batched else value

    xi = {name: one(s) for name, s in program.excitations.items()}
    h = {name: one(s) for name, s in program.activations.items()}
    slopes, used = program.gradients, _nodes_read(network)
    numbers = Numbers(
        _drop_missing(xi), _drop_missing(h),
        _drop_missing({name: one(slopes.get(s)) for name, s in program.excitations.items()}),
        _drop_missing({name: one(slopes.get(s)) for name, s in program.activations.items() if name in used}),
        {s.owner: values[s] for s in program.weights if s in values},
        _drop_missing({s.owner: one(slopes.get(s)) for s in program.weights}),
    )  # fmt: skip
    _check_finite(numbers.excitations, "the excitation of ")
    _check_finite(numbers.activations, "")
    return numbers


def _nodes_read(network: Network) -> set[str]:
    """The nodes whose value leads on, and the loss; a loss that takes the excitation does not take the value."""
    names = {arrow.source for node in network.nodes for arrow in node.arrows} | {network.loss or ""}
    for node in network.nodes:
        function = lookup(node.function)
        skipped = bool(function and function.of_excitation)
        names |= {o.node for o in node.operands[skipped:] if o.node}
    return names


def _drop_missing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _check_finite(arrays: Arrays, what: str) -> None:
    """Raises FloatingPointError."""
    from numpy import isfinite

    for name, value in arrays.items():
        if not isfinite(value).all():
            raise FloatingPointError(f"{what}`{name}` is not finite for these values")

"""What the elements of arrays are called: `h_1` for h[1] as the diagram counts, `p_cat` where elements have names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product, zip_longest

from flowc.backends.code.names import in_unicode
from flowc.backends.python.naming import NameTable
from flowc.graph.network import Arrow, Axis, Network
from flowc.program.dependencies import owners_of
from flowc.program.elements import Elements
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Add, Count, Drop, Exp, FirstLargest, Log, Multiply, Operation, Reduce

Labels = list[str]  # of the elements along one axis

# What a part of a vector's formula is called, before its owner's name.
WORDS: dict[type[Operation], str] = {Exp: "e", Drop: "largest", Log: "log", FirstLargest: "first"}


def spell_elements(names: NameTable, network: Network, found: Mapping[Symbol, Elements]) -> None:
    """Every element of every input, target, weight and node gets its name; gradients follow theirs."""
    labels = _labels_of_axes(network)
    for symbol, elements in found.items():
        if symbol.type.shape and symbol.of is None:
            of_axes = zip_longest(symbol.type.shape, labels.get(symbol.owner, []))
            axes = [named if named and len(named) == n else _count_labels(n) for n, named in of_axes if n is not None]
            for label, element in zip(product(*axes), elements, strict=True):
                if isinstance(element, Symbol):
                    names.spell({names.fresh(f"{names[symbol]}_{'_'.join(label)}"): element})


def spell_parts(names: NameTable, steps: Sequence[Step], loss: Symbol | None) -> None:
    """Parts of formulas that are used more than once: `error` of a loss, `e_p_1` and `largest_p` of a softmax."""
    owners = owners_of(steps)
    uses = Counter(a for s in steps for a in s.args)
    counts: set[Arg] = {s.symbol for s in steps if isinstance(s.op, Count)}
    parts = [s for s in steps if s.symbol.kind == "temporary"]
    bases = {s.symbol: _base_name(s, owners.get(s.symbol, ""), counts, names, loss) for s in parts}
    shared = Counter(base for symbol, base in bases.items() if uses[symbol] > 1)
    for symbol, base in bases.items():
        if base and shared[base] == 1 and uses[symbol] > 1:
            names.spell({names.fresh(base): symbol})
        elif base:
            names.owners[symbol] = base


def _base_name(step: Step, owner: str, counts: set[Arg], names: NameTable, loss: Symbol | None) -> str:
    if isinstance(step.op, Reduce):
        return "sum"
    if isinstance(step.op, Multiply) and step.args[1] in counts:
        return "size"  # so many elements of all tokens
    of_loss = loss is not None and owner == loss.owner
    if of_loss and isinstance(step.op, Add) and step.op.signs == (1, -1):
        return "error"
    name = names[loss] if loss and of_loss else in_unicode(owner)
    word = WORDS.get(type(step.op), "total" if isinstance(step.op, Add) and len(step.args) > 1 else "")
    return "_".join(part for part in (word, name) if part)


def _labels_of_axes(network: Network) -> dict[str, list[Labels]]:
    """Of nodes by their axes; of weights by the axes that they connect."""
    axes = {node.name: node.axes for node in network.nodes}
    labels_of = {node.name: [_labels_along(axis) for axis in node.axes] for node in network.nodes}
    for node in network.nodes:
        for arrow in node.arrows:
            if arrow.weight and arrow.weight not in labels_of and not arrow.weight_index:
                labels_of[arrow.weight] = list(_of_weight(arrow, axes, node.axes))
    return labels_of


def _of_weight(arrow: Arrow, axes: dict[str, tuple[Axis, ...]], target_axes: tuple[Axis, ...]) -> Iterator[Labels]:
    """An axis of a weight has the labels of the node's axis of the same letter, where the whole node is meant."""
    source, weight = arrow.spec.letters
    labels = {} if arrow.source_index else dict(zip(source, axes.get(arrow.source, ()), strict=False))
    labels |= {} if arrow.target_index else dict(zip(arrow.spec.target, target_axes, strict=False))
    for letter in weight:
        yield _labels_along(labels[letter]) if letter in labels else []


def _labels_along(axis: Axis) -> Labels:
    if axis.names is None:
        return [str(i) if i >= 0 else f"m{-i}" for i in range(axis.low, axis.high + 1)]
    return [in_unicode(name) for name in axis.names]


def _count_labels(n: int) -> Labels:
    return [str(i + 1) for i in range(n)]

"""The network as text: what `flowc compile --emit network` prints."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.graph.network import (
    Arrow,
    Axis,
    Data,
    Draw,
    File,
    Formulas,
    Index,
    Network,
    Node,
    Numbers,
    Operand,
    Table,
    Weight,
)


def dump(network: Network) -> str:
    """Nodes in order of evaluation, each with what arrives at it; then weights, data and training."""
    lines = [f"flow {network.name}" + (f" {network.title!r}" if network.title else "")]
    for node in network.nodes:
        lines += _node_lines(network, node)
    lines += [_spell_weight(weight) for weight in network.weights]
    lines += [_spell_data(data) for data in network.data]
    if network.train:
        settings = ", ".join(f"{name}={exactly(value)}" for name, value in network.train.settings)
        lines.append(f"train {network.train.method}({settings})")
    return "".join(f"{line}\n" for line in lines)


def exactly(value: float) -> str:
    """The number in few digits, as `2` and `1e-07`, where these are all of it; else in as many as tell it from every other."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def _node_lines(network: Network, node: Node) -> Iterator[str]:
    notes = [f"{network.source.position(node.span.start)[0]}"]
    notes += [f"part of {node.owner}"] if node.anonymous and node.owner else []
    notes += ["learning only"] if node.learning_only and node.role == "hidden" else []
    numbers = [exactly(p) for p in node.parameters]
    operands = [_spell_operand(o) for o in node.operands]
    excitation = [node.excitation_name or "excitation"] if node.arrows else []
    meaning = f" = {node.function}({', '.join([*excitation, *operands, *numbers])})" if excitation or operands else ""
    yield f"{node.role} {node.name}{_spell_axes(node.axes)}{meaning}  # line {', '.join(notes)}"
    for arrow in node.arrows:
        yield f"  {_spell_arrow(arrow)}"


def _spell_arrow(arrow: Arrow) -> str:
    """`W x -> h`, with the letters of its axes where there are any."""
    carried = arrow.weight or ("" if arrow.literal is None else _spell_numbers(arrow.literal))
    factor = "" if arrow.coefficient == 1 and carried else exactly(arrow.coefficient)
    product = " * ".join(p for p in (factor, carried + _spell_index(arrow.weight_index)) if p)
    target = f" into {_spell_index(arrow.target_index)}" if arrow.target_index else ""
    spec = f"  ({arrow.spec})" if not arrow.spec.is_scalar else ""
    return f"+ {product} * {arrow.source}{_spell_index(arrow.source_index)}{target}{spec}"


def _spell_operand(operand: Operand) -> str:
    return exactly(operand.number) if operand.node is None else f"{operand.node}{_spell_index(operand.index)}"


def _spell_index(index: Index) -> str:
    """An index as Python writes it, from 0."""
    parts = [str(i) if isinstance(i, int) else f"{i[0]}:{i[1]}" for i in index]
    return f"[{', '.join(parts)}]" if parts else ""


def _spell_axes(axes: tuple[Axis, ...]) -> str:
    parts = [", ".join(a.names) if a.names else str(a.high) if a.low == 1 else f"{a.low}..{a.high}" for a in axes]
    return f"[{'; '.join(parts)}]" if parts else ""


def _spell_weight(weight: Weight) -> str:
    shape = f"[{', '.join(map(str, weight.shape))}]" if weight.shape else ""
    return f"weight {weight.name}{shape} {'~' if weight.learnt else '='} {_spell_start(weight.start)}"


def _spell_start(start: Numbers | Draw) -> str:
    if not isinstance(start, Draw):
        return _spell_numbers(start)
    numbers = ", ".join(exactly(p) for p in start.parameters)
    return f"{start.initialiser}({numbers}), fan in {start.fan_in}, fan out {start.fan_out}"


def _spell_numbers(numbers: Numbers) -> str:
    if isinstance(numbers, tuple):
        return f"[{', '.join(_spell_numbers(n) for n in numbers)}]"
    return f"{numbers:.17g}"


def _spell_data(data: Data) -> str:
    part = f"{data.part} " if data.part else ""
    match data:
        case Table():
            return f"data {part}table: {len(data.cells)} rows of {', '.join(data.header)}"
        case File():
            return f"data {part}file {data.path!r}"
        case Formulas():
            return f"data {part}formulas: {', '.join(name for name, _ in data.formulas)}"

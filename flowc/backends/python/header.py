"""The header of a generated file: what the diagram is, where it comes from, the shapes, the names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import flowc
from flowc.backends.backend import Options
from flowc.backends.code.layout import WIDTH, pack, paragraph_lines
from flowc.backends.python.naming import NameTable
from flowc.backends.python.text import numbered, prose, titled, told_apart
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol

_WORD = re.compile(r"(?:[^\s']|'[^']*')+")  # of a shell's command
MANY = 40  # names of one kind; beyond that the shapes are not listed


def header(
    network: Network, program: Program, names: NameTable, options: Options, notes: Sequence[str] | None = None
) -> list[str]:  # fmt: skip
    """The lines of the docstring of the file, quotes and all. `notes` stand instead of how indices of arrays count."""
    first, *rest = header_lines(network, program, names, options, notes)
    lines = ['"""' + first, *rest] if len(first) <= 76 else ['"""', first, *rest]
    raw = "r" if any("\\" in line for line in lines) else ""  # only a command has backslashes
    return [raw + lines[0], *lines[1:], '"""']


def header_lines(
    network: Network, program: Program, names: NameTable, options: Options, notes: Sequence[str] | None = None,
    language: str = "Python",
) -> list[str]:  # fmt: skip
    """The same without quotes, for any language."""
    lines = [*paragraph_lines(titled(network), ""), "", *_origin_lines(network, options), *_shape_lines(program, names)]
    lines += _index_lines(network, program, names) if notes is None else _note_lines(notes)
    return lines + _renaming_lines(network, names, language)


def _note_lines(notes: Sequence[str]) -> list[str]:
    return ["", *(line for note in notes for line in paragraph_lines(note, ""))] if notes else []


def _origin_lines(network: Network, options: Options) -> list[str]:
    version = getattr(flowc, "__version__", "0.1")
    file = prose(network.source.file_name)
    line = f"Made by flowc {version} from {file}"
    command = _command_lines(options.command) if options.command else []
    again = "You may edit this file; making it again overwrites it."
    return [*paragraph_lines(line + (":" if command else "."), ""), *command, again]


def _command_lines(command: str) -> list[str]:
    """A command of the shell, over several lines if need be; printed as it is where that is safe in a docstring."""
    safe = command.isascii() and command.isprintable() and '"' not in command
    words = _WORD.findall(command if safe else prose(command))
    lines = ["   "]
    for word in words:
        if len(lines[-1]) + len(word) > WIDTH - 3 and lines[-1].strip():
            lines[-1] += " \\"
            lines.append("       ")
        lines[-1] += f" {word}"
    return lines


def _shape_lines(program: Program, names: NameTable) -> list[str]:
    """Names with equal shapes share one entry; nodes first, then weights."""
    nodes = [s for s in program.activations.values() if not s.anonymous and s not in program.learning]
    values = [*dict.fromkeys([*program.inputs, *nodes, *program.targets])]
    weights = list(program.weights)
    if not any(s.type.shape for s in (*values, *weights)) or len(values) + len(weights) > MANY:
        return []
    lines = ["", "Shapes, for a batch of n tokens, one token a row; W[target, source]:"]
    for symbols in (values, weights):
        lines += _shape_entries(symbols, names)
    return lines


def _shape_entries(symbols: Iterable[Symbol], names: NameTable) -> list[str]:
    shapes: dict[str, list[str]] = {}
    for s in symbols:
        text = str(s.type)
        text = text[:-1] + ",)" if text != "()" and "," not in text else text
        shapes.setdefault(text, []).append(names[s])
    entries = [f"{', '.join(owners)} {'number' if shape == '()' else shape}" for shape, owners in shapes.items()]
    return [part for line in pack(entries, WIDTH - 4, "   ") for part in paragraph_lines(line, "    ")]


def _index_lines(network: Network, program: Program, names: NameTable) -> list[str]:
    """How the diagram's indices are Python's: names of elements, or counting from 1."""
    lines = []
    from_one, indexed = None, _indexed_nodes(network)
    for node in network.nodes:
        if len(node.axes) != 1 or node.anonymous or node.name not in program.activations:
            continue
        axis, name = node.axes[0], names[program.activations[node.name]]
        if axis.names and len(axis.names) <= 20 and node.role != "target":
            words = ", ".join(told_apart(axis.names))
            lines += paragraph_lines(f"Elements of {name}, from {name}[:, 0] on: {words}.", "")
        elif axis.low == 1 and from_one is None and node.name in indexed:
            from_one = name
    if from_one:
        lines.append(f"Indices count from 0: {from_one}[:, 0] is {from_one}[1] of the diagram.")
    return ["", *lines] if lines else []


def _indexed_nodes(network: Network) -> set[str]:
    """The nodes of whose single elements some equation or arrow speaks."""
    names = {o.node for node in network.nodes for o in node.operands if o.node and o.index}
    for node in network.nodes:
        if getattr(node.arrows, "from_files_alone", False):
            continue  # between scalars
        for arrow in node.arrows:
            if arrow.source_index:
                names.add(arrow.source)
            if arrow.target_index:
                names.add(node.name)
    return names


def _renaming_lines(network: Network, names: NameTable, language: str) -> list[str]:
    """Names of the diagram's text that the language did not allow."""
    written = {n.name for n in network.nodes} | {w.name for w in network.weights if w.declared}
    changed = [f"{ours} is {numbered(theirs)}" for theirs, ours in names.renamed if theirs.isascii() or theirs in written]
    listed = 0 < len(changed) <= MANY
    return ["", *paragraph_lines(f"Names changed for {language}: {', '.join(changed)}.", "")] if listed else []

"""`flowc compile --emit`: a stage before the code, as a text."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.files import name_of, read

if TYPE_CHECKING:
    from flowc.backends.backend import Backend
    from flowc.graph.network import Network
    from flowc.program.lowering import Lowering

OF_CODE = ("form", "gradient", "dtype", "part", "train", "optimizer")
OF_PASSES = ("dtype", "part", "train", "optimizer")  # what code alone has, and no pass is chosen by


def stage(chosen: argparse.Namespace, sizes: Mapping[str, int]) -> str:
    """The tree, the network or the program. Raises FlowError, Trouble, Refused."""
    _check_options(chosen)
    if chosen.emit == "tree":
        return _dump_tree(chosen.file)
    from flowc.doors.cli.prepare import read_diagram

    network = read_diagram(chosen.file, dict(sizes)).network
    if chosen.emit == "network":
        from flowc.graph.dump import dump

        return dump(network)
    return _dump_program(chosen, network)


def _check_options(chosen: argparse.Namespace) -> None:
    """Raises Trouble for options that say how code is printed."""
    shown = f"--emit {chosen.emit}" if chosen.after is None else f"--after {chosen.after}"
    unused = [name for name in (OF_CODE if chosen.after is None else OF_PASSES) if getattr(chosen, name)]
    if chosen.after is None and chosen.backend != "numpy":
        unused.append("backend")
    if unused:
        raise Trouble(f"`{shown}` prints no code; leave `--{unused[0]}` away")


def _dump_tree(path: str) -> str:
    """The tree of a diagram, whose files are not opened. Raises FlowError, Trouble."""
    from flowc.doors.cli.diagram_files import declare_data
    from flowc.syntax.dump import dump
    from flowc.syntax.parser import parse
    from flowc.syntax.text import decode
    from flowc.syntax.tree import DataFile, EdgesFile, NodesFile

    source = decode(read(path), name_of(path))
    tree = parse(source)
    declare_data((s.path for s in tree.statements if isinstance(s, (DataFile, EdgesFile, NodesFile))), path)
    return dump(tree, source)


def _dump_program(chosen: argparse.Namespace, network: Network) -> str:
    """As it is planned, or as one pass leaves it. Raises Trouble, Refused."""
    from flowc import pipeline
    from flowc.backends.backend import Options
    from flowc.doors.cli.program_stages import program_after
    from flowc.doors.cli.verbs.backends import chosen_backend
    from flowc.program.dump import dump

    backend = chosen_backend(chosen.backend, chosen)
    lowering = lowering_of(chosen, network, backend)
    if chosen.after is None:
        return dump(pipeline.plan(network, lowering))
    options = Options(chosen.form, chosen.style, chosen.gradient, lower=chosen.lower, batch=chosen.batch)
    return dump(program_after(chosen.after, network, lowering, backend, options))


def lowering_of(chosen: argparse.Namespace, network: Network, backend: Backend) -> Lowering:
    """What the style and the options come to. Raises Trouble."""
    from flowc.backends.backend import lowering

    try:
        return lowering(network, backend, chosen.form, chosen.style, chosen.lower, chosen.batch)
    except ValueError as unsuitable:
        raise Trouble(str(unsuitable)) from None

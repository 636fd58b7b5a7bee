"""`flowc compile`"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowc.doors.cli.declared_files import check
from flowc.doors.cli.errors import FINE, USAGE, Trouble, say
from flowc.doors.cli.files import name_of, put, read, write_together
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.tensor_file import ENDING, check_own, tensors, tensors_beside

if TYPE_CHECKING:
    from flowc.nets.opened import Opened

STAGES = ("tree", "network", "program")
PASSES = "lower, differentiate, formulas, numbers, indicators, counts, autograd, names, literals, lines, scalars, copies"
OF_FUNCTIONS = (
    "needed, exponentials, signs, shared, lines, calls, products, affine, backward; tokens, scales, rounds, felt; descent, "
    "formulas, numbers, indicators, counts, literals, hoist"
)
AFTER = (
    f"with `--emit program`: as one pass leaves it: {PASSES}; or, as `fit/hoist`, of forward, loss, gradients or fit: "
    f"{OF_FUNCTIONS}"
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=OUTPUT, help="the file to write; `-` is standard output, the default"
    )
    parser.add_argument("--backend", default="numpy", metavar="NAME", help="numpy (the default), torch, or another")
    parser.add_argument("--form", metavar="FORM", help="torch: functions (the default), module, sequential")
    parser.add_argument(
        "--style",
        metavar="STYLE",
        help="nodes (the default): a line for each; layers: matrices; fast: what runs fastest",
    )
    parser.add_argument(
        "--lower", metavar="HOW", help="force what the style chooses: auto, dense, sparse, scalar, chunked"
    )
    parser.add_argument("--batch", metavar="N", type=tokens, help="with `--style fast`: how many tokens at a time")
    parser.add_argument("--gradient", metavar="HOW", help="torch: autograd (the default, but for style fast), explicit")
    parser.add_argument("--dtype", metavar="DTYPE", help="numpy: float64; torch: float32; or another")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )
    parser.add_argument(
        "--train", action="store_true", help="the loop that learns, from the diagram's data, as a script"
    )
    parser.add_argument("--optimizer", action="store_true", help="torch, with `--train`: torch.optim makes the steps")
    parser.add_argument("--part", metavar="PART", help="one function alone: forward, gradients, learn, ...")
    parser.add_argument("--emit", choices=STAGES, help="print a stage before the code instead")
    parser.add_argument("--after", metavar="NAME", help=AFTER)


def tokens(text: str) -> int:
    """A number of tokens, at least 1. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of tokens, as 128")
    return int(text)


def run(chosen: argparse.Namespace) -> int:
    given = settings(chosen.set)
    _check_output(chosen.output)
    backend = _backend(chosen)
    printed = _printed(chosen, given, backend)
    if printed is None:
        return USAGE
    if chosen.output in (None, "-"):
        put(printed.text)
    else:
        _write(chosen.output, printed)
    return FINE


@dataclass(frozen=True, slots=True)
class Printed:
    """What a file says, and the bytes of the safetensors file beside it, where it has one."""

    text: str
    tensors: bytes = b""


def _write(output: str, printed: Printed) -> None:
    """The file, and with it the one beside it. Raises Trouble."""
    contents: dict[str, str | bytes] = {}
    if printed.tensors:
        path = tensors_beside(output)
        check(path)
        check_own(path, output)
        contents[path] = printed.tensors
    write_together({**contents, output: printed.text})


def _check_output(output: str | None) -> None:
    """Before any work: what is written is no file of weights. Raises Trouble."""
    if output and output.lower().endswith(ENDING):
        raise Trouble(f"the output `{output}` has the name of a file of weights; name it `.py`")


def _backend(chosen: argparse.Namespace):
    """The backend, if it knows each choice by name. Raises Trouble."""
    from flowc.doors.cli.verbs.backends import chosen_backend

    if chosen.after is not None and chosen.emit != "program":
        raise Trouble(f"`--after {chosen.after}` is a stage of the program; add `--emit program`")
    if chosen.emit is None:
        found = chosen_backend(chosen.backend, chosen)
        _check_training(chosen, found)
        return found
    if chosen.after is not None:
        return _backend_of_passes(chosen)
    unused = [name for name in ("form", "gradient", "dtype", "part", "train", "optimizer") if getattr(chosen, name)]
    if unused or chosen.backend != "numpy":
        raise Trouble(f"`--emit {chosen.emit}` prints no code; leave `--{(unused or ['backend'])[0]}` away")
    return None


def _backend_of_passes(chosen: argparse.Namespace):
    """The backend whose passes are asked for. Raises Trouble."""
    from flowc.doors.cli.verbs.backends import chosen_backend

    for name in ("dtype", "part", "train", "optimizer"):
        if getattr(chosen, name):
            raise Trouble(f"`--after {chosen.after}` prints no code; leave `--{name}` away")
    return chosen_backend(chosen.backend, chosen)


def _check_training(chosen: argparse.Namespace, backend) -> None:
    from flowc.backends.backend import trains

    if chosen.optimizer and not chosen.train:
        raise Trouble("`--optimizer` is for the loop that learns; add `--train`")
    if chosen.train and not trains(backend):
        raise Trouble(f"the {chosen.backend} backend prints no loop that learns; numpy and torch do")
    if chosen.optimizer and chosen.backend != "torch":
        raise Trouble(f"`--optimizer` is torch's; the {chosen.backend} backend writes the steps out")


def _printed(chosen: argparse.Namespace, given: dict[str, int], backend) -> Printed | None:
    """What is to be printed; None where the backend refuses, which has been said. Raises FlowError, Trouble."""
    from flowc import pipeline
    from flowc.doors.cli.prepare import read_diagram

    if chosen.emit == "tree":
        return Printed(_tree(chosen.file))
    diagram = read_diagram(chosen.file, given)
    network = diagram.network
    if chosen.emit == "network":
        from flowc.graph.dump import dump as dump_network

        return Printed(dump_network(network))
    try:
        lowering = _lowering(chosen, network, backend)
    except ValueError as unsuitable:
        raise Trouble(str(unsuitable)) from None
    if chosen.after is not None:
        return _after(chosen, network, lowering, backend)
    program = pipeline.plan(network, lowering)
    if chosen.emit == "program":
        from flowc.program.dump import dump as dump_program

        return Printed(dump_program(program))
    return _source(chosen, backend, diagram, program)


def _tree(path: str) -> str:
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


def _lowering(chosen: argparse.Namespace, network, backend):
    """What the style and the options come to. Raises ValueError."""
    from flowc.backends.backend import lowering

    return lowering(network, backend, chosen.form, chosen.style, chosen.lower, chosen.batch)


def _after(chosen: argparse.Namespace, network, lowering, backend) -> Printed | None:
    """The program after one pass; None where the backend refuses, which has been said. Raises Trouble."""
    from flowc.backends.backend import Options, Refused
    from flowc.doors.cli.program_stages import program_after
    from flowc.program.dump import dump

    options = Options(chosen.form, chosen.style, chosen.gradient, lower=chosen.lower, batch=chosen.batch)
    try:
        return Printed(dump(program_after(chosen.after, network, lowering, backend, options)))
    except Refused as refused:
        say(f"{name_of(chosen.file)}: {refused}")
        return None


def _source(chosen: argparse.Namespace, backend, diagram: Opened, program) -> Printed | None:
    from dataclasses import replace

    from flowc.backends.backend import Options, Refused
    from flowc.nets.command_line import command

    options = Options(
        chosen.form, chosen.style, chosen.gradient, chosen.dtype, chosen.part, lower=chosen.lower, batch=chosen.batch,
        train=chosen.train, optimizer=chosen.optimizer,
    )  # fmt: skip
    output = None if chosen.output == "-" else chosen.output
    again = command(chosen.file, chosen.backend, options, dict(diagram.settings), output)
    name = os.path.basename(tensors_beside(output)) if output else None
    sample = None
    if chosen.train:
        from flowc.nets.data_sample import data_sample

        sample = data_sample(diagram, say)
    try:
        text = backend.emit(diagram.network, program, replace(options, command=again, beside=name, sample=sample))
        return Printed(text, tensors(backend, program) if output else b"")
    except Refused as refused:
        say(f"{name_of(chosen.file)}: {refused}")
        return None

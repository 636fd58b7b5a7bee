"""`flowc compile`"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from flowc.doors.files import check_apart, name_of, put, read, write_together
from flowc.doors.guard import FINE, USAGE, Trouble, say
from flowc.doors.paths import meant
from flowc.doors.settings import setting, settings
from flowc.doors.tensors import ENDING, check_own, tensors, tensors_beside

STAGES = ("tree", "network", "program")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=meant, help="the diagram; `-` is standard input")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=meant, help="the file to write; `-` is standard output, the default"
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
    """What a file says, and the bytes of the safetensors file beside it, where it has one. `read`: the files that it
    was made from, the diagram first."""

    text: str
    read: tuple[str, ...]
    tensors: bytes = b""


def _write(output: str, printed: Printed) -> None:
    """The file, and with it the one beside it. Raises Trouble."""
    contents: dict[str, str | bytes] = {}
    if printed.tensors:
        path = tensors_beside(output)
        check_apart(path, printed.read)
        check_own(path, output)
        contents[path] = printed.tensors
    write_together({**contents, output: printed.text}, printed.read)


def _check_output(output: str | None) -> None:
    """Before any work: what is written is never a diagram, and no file of weights. Raises Trouble."""
    if output == "":
        raise Trouble("the output has no name; `-` is standard output")
    if output and output.lower().endswith(".flow"):
        raise Trouble(f"the output `{output}` has the name of a diagram; name it `.py`, or `.txt` for `--emit`")
    if output and output.lower().endswith(ENDING):
        raise Trouble(f"the output `{output}` has the name of a file of weights; name it `.py`")


def _backend(chosen: argparse.Namespace):
    """The backend, if it knows each choice by name. Raises Trouble."""
    from flowc.doors.backends import chosen_backend

    if chosen.emit is None:
        found = chosen_backend(chosen.backend, chosen)
        _check_training(chosen, found)
        return found
    unused = [name for name in ("form", "gradient", "dtype", "part", "train", "optimizer") if getattr(chosen, name)]
    if unused or chosen.backend != "numpy":
        raise Trouble(f"`--emit {chosen.emit}` prints no code; leave `--{(unused or ['backend'])[0]}` away")
    return None


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
    from flowc.doors.beside import data_files, noted
    from flowc.doors.messages import tell
    from flowc.syntax.text import decode

    source = decode(read(chosen.file), name_of(chosen.file))
    if chosen.emit == "tree":
        from flowc.syntax.dump import dump as dump_tree
        from flowc.syntax.parser import parse

        return Printed(dump_tree(parse(source), source), (chosen.file,))
    files, opened = noted(chosen.file)
    understood = pipeline.understand(source, given, files)
    network = understood.network
    taken = (chosen.file, *opened, *data_files(network, chosen.file))
    tell(source, understood.warnings)
    if chosen.emit == "network":
        from flowc.graph.dump import dump as dump_network

        return Printed(dump_network(network), taken)
    try:
        lowering = _lowering(chosen, network, backend)
    except ValueError as unsuitable:
        raise Trouble(str(unsuitable)) from None
    program = pipeline.plan(network, lowering)
    if chosen.emit == "program":
        from flowc.program.dump import dump as dump_program

        return Printed(dump_program(program), taken)
    return _source(chosen, given, backend, network, program, taken)


def _lowering(chosen: argparse.Namespace, network, backend):
    """What the style and the options come to. Raises ValueError."""
    from flowc.backends.backend import lowering

    return lowering(network, backend, chosen.form, chosen.style, chosen.lower, chosen.batch)


def _source(
    chosen: argparse.Namespace, given: dict[str, int], backend, network, program, taken: tuple[str, ...]
) -> Printed | None:  # fmt: skip
    from dataclasses import replace

    from flowc.backends.backend import Options, Refused
    from flowc.doors.command_line import command

    options = Options(
        chosen.form, chosen.style, chosen.gradient, chosen.dtype, chosen.part, lower=chosen.lower, batch=chosen.batch,
        train=chosen.train, optimizer=chosen.optimizer,
    )  # fmt: skip
    output = None if chosen.output == "-" else chosen.output
    again = command(chosen.file, chosen.backend, options, given, output)
    name = os.path.basename(tensors_beside(output)) if output else None
    sample = None
    if chosen.train:
        from flowc.doors.beginning import beginning

        sample = beginning(network, chosen.file)
    try:
        text = backend.emit(network, program, replace(options, command=again, beside=name, sample=sample))
        return Printed(text, taken, tensors(backend, program) if output else b"")
    except Refused as refused:
        say(f"{name_of(chosen.file)}: {refused}")
        return None

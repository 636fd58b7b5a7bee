"""`flowc compile`"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import FINE, USAGE, Trouble, say
from flowc.doors.cli.files import name_of
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.printed_files import put_text, write_files
from flowc.doors.cli.settings import setting, settings

if TYPE_CHECKING:
    from flowc.backends.backend import Backend, Printed
    from flowc.nets.opened import Opened
    from flowc.program.ir import Program

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
    parser.add_argument("--gradient", metavar="HOW", help="explicit; numpy: tape; torch: autograd (its default, but for style fast)")
    parser.add_argument("--dtype", metavar="DTYPE", help="numpy and c: float64; torch: float32; or another")
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
    """Raises Trouble, FlowError."""
    sizes = settings(chosen.set)
    _check_names(chosen)
    from flowc.backends import Refused, Unusable

    try:
        printed = _print_diagram(chosen, sizes)
    except Unusable as error:
        raise Trouble(str(error)) from None
    except Refused as refused:
        say(f"{name_of(chosen.file)}: {refused}")
        return USAGE
    if chosen.output in (None, "-"):
        put_text(printed)
    else:
        write_files(chosen.output, printed)
    return FINE


def _check_names(chosen: argparse.Namespace) -> None:
    """Before any work: what is written is no file of weights, and a pass is one of the program. Raises Trouble."""
    if chosen.output and chosen.output.lower().endswith(".safetensors"):
        raise Trouble(f"the output `{chosen.output}` has the name of a file of weights; name it `.py`")
    if chosen.after is not None and chosen.emit != "program":
        raise Trouble(f"`--after {chosen.after}` is a stage of the program; add `--emit program`")


def _check_training(chosen: argparse.Namespace, backend: Backend) -> None:
    """Raises Trouble."""
    if chosen.optimizer and not chosen.train:
        raise Trouble("`--optimizer` is for the loop that learns; add `--train`")
    if chosen.train and not backend.trains:
        raise Trouble(f"the {chosen.backend} backend prints no loop that learns; numpy, torch and c do")
    if chosen.optimizer and not backend.optimizers:
        raise Trouble(f"`--optimizer` is torch's; the {chosen.backend} backend writes the steps out")


def _print_diagram(chosen: argparse.Namespace, sizes: dict[str, int]) -> Printed:
    """What is to be printed. Raises FlowError, Trouble, Refused."""
    from flowc.backends.backend import Printed
    from flowc.doors.cli.stages import stage

    if chosen.emit is not None:
        return Printed(stage(chosen, sizes))
    from flowc import pipeline
    from flowc.doors.cli.prepare import read_diagram
    from flowc.doors.cli.stages import lowering_of
    from flowc.doors.cli.verbs.backends import chosen_backend

    backend = chosen_backend(chosen.backend, chosen)
    _check_training(chosen, backend)
    diagram = read_diagram(chosen.file, sizes)
    program = pipeline.plan(diagram.network, lowering_of(chosen, diagram.network, backend))
    return _print_source(chosen, backend, diagram, program)


def _print_source(chosen: argparse.Namespace, backend: Backend, diagram: Opened, program: Program) -> Printed:
    """Raises Refused."""
    from dataclasses import replace

    from flowc.backends import answerable
    from flowc.backends.backend import Options
    from flowc.nets.command_line import command_line

    options = Options(
        chosen.form, chosen.style, chosen.gradient, chosen.dtype, chosen.part, lower=chosen.lower, batch=chosen.batch,
        train=chosen.train, optimizer=chosen.optimizer,
    )  # fmt: skip
    output = None if chosen.output == "-" else chosen.output
    again = command_line(chosen.file, chosen.backend, options, dict(diagram.settings), output)
    name = os.path.basename(output) if output else None
    sample = data = None
    if chosen.train and backend.includes_data:
        from flowc.nets.diagram_data import diagram_data

        try:
            dataset = diagram_data(diagram, "train", diagram.network.seed, outputs=False)
        except ValueError as error:
            raise Trouble(str(error)) from None
        data = dataset.arrays if dataset else None
    elif chosen.train:
        from flowc.nets.data_sample import data_sample

        try:
            sample = data_sample(diagram, say)
        except ValueError as error:
            raise Trouble(str(error)) from None
    with answerable(backend):
        return backend.emit(diagram.network, program, replace(options, command=again, output=name, sample=sample, data=data))

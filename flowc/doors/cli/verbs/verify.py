"""`flowc verify`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble
from flowc.doors.cli.files import put
from flowc.doors.cli.path_types import INPUT
from flowc.doors.cli.prepare import data_of, learnt_weights, read_diagram, seed_of
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.shared_options import whole_number

if TYPE_CHECKING:
    from flowc.data.dataset import Dataset
    from flowc.nets.opened import Opened
    from flowc.nets.verifying.verification import Verification

SECONDS = 10


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument(
        "--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    parser.add_argument("--backend", metavar="NAME", help="one backend alone; all that are installed by default")
    parser.add_argument(
        "--seconds", metavar="N", type=_read_seconds, default=SECONDS,
        help=f"how long numbers are drawn; {SECONDS} by default, and one round takes what it takes",
    )  # fmt: skip
    parser.add_argument("--seed", metavar="N", type=whole_number, help="of the draws")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text by default")
    parser.add_argument("--quiet", action="store_true", help="say nothing on the way")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def _read_seconds(text: str) -> float:
    """Raises argparse.ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf") or "_" in text:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds, as 60")
    return seconds


def run(chosen: argparse.Namespace) -> int:
    """Raises Trouble, FlowError."""
    from flowc.doors.cli.verify_progress import progress
    from flowc.nets.verifying.report import as_json, as_text

    diagram = read_diagram(chosen.file, settings(chosen.set))
    with progress(chosen.seconds, chosen.quiet) as tell:
        verification = _make_verification(chosen, diagram, tell)
        try:
            outcome = verification.run()
        except FloatingPointError as error:
            raise Trouble(str(error)) from None
    if not outcome.rounds:
        raise Trouble(f"no numbers were found for {diagram.network.name} with which all that it computes is finite")
    put((as_json if chosen.format == "json" else as_text)(diagram.network, outcome))
    return FINE if outcome.agrees else PROBLEMS


def _make_verification(chosen: argparse.Namespace, diagram: Opened, tell: Any) -> Verification:
    """Raises Trouble."""
    from flowc.nets.installed import usable_nets
    from flowc.nets.net import Net
    from flowc.nets.verifying.verification import Verification

    def net(name: str) -> Net:
        new_net = Net(diagram, name, "float64")
        new_net.check()
        return new_net

    try:
        nets, left_out = usable_nets([] if chosen.backend is None else [chosen.backend], net)
    except ValueError as error:
        raise Trouble(str(error)) from None
    seed = seed_of(diagram, chosen)
    weights = learnt_weights(diagram, chosen.weights) if chosen.weights else next(iter(nets.values())).init(seed)
    verification = Verification(diagram, [*nets], weights, _data_asked(chosen, diagram), seed, chosen.seconds, tell)
    verification.outcome.left_out |= left_out
    return verification


def _data_asked(chosen: argparse.Namespace, diagram: Opened) -> Dataset | None:
    """With targets, or, where the diagram has none such, without. Raises Trouble."""
    learning = any(d.part != "test" for d in diagram.network.data) and diagram.network.loss is not None
    return data_of(diagram, chosen, learning or bool(chosen.data and diagram.network.loss))

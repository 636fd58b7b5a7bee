"""The files that `flowc train` writes: their names, before any work, and what is in them at the end."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.files import write_whole
from flowc.doors.cli.path_types import INPUT, OUTPUT, Output
from flowc.doors.cli.prepare import check_safetensors

if TYPE_CHECKING:
    from flowc.doors.cli.prepare import Prepared
    from flowc.doors.cli.training.learning_run import Course, Run

ENDINGS = {"output": (".safetensors",), "checkpoint": (".safetensors",), "log": (".csv", ".jsonl")}
OPTIONS = {"output": "-o", "log": "--log", "plot": "--plot", "checkpoint": "--checkpoint"}


def configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files")
    group.add_argument("-o", "--output", metavar="FILE", type=Output("weights"), help="the learnt weights, as `.safetensors`")
    group.add_argument("--log", metavar="FILE", type=OUTPUT, help="a row for each step, as `.csv` or `.jsonl`")
    group.add_argument("--plot", metavar="FILE", type=OUTPUT, help="the loss along the steps, as `.png`, `.svg` or `.pdf`")
    group.add_argument("--checkpoint", metavar="FILE", type=Output("resume"), help="where learning stands, written again and again")
    group.add_argument("--resume", metavar="FILE", type=INPUT, help="go on from a checkpoint")


def check_names(chosen: argparse.Namespace) -> None:
    """Outputs have names that say what they are. Raises Trouble."""
    outputs = {name: path for name in OPTIONS if (path := getattr(chosen, name))}
    for name, path in outputs.items():
        endings = ENDINGS.get(name, ())
        if endings and not path.lower().endswith(endings):
            raise Trouble(f"`{OPTIONS[name]} {path}` is written as {' or '.join(f'`{e}`' for e in endings)}; name it so")
    if chosen.plot is not None:
        from flowc.doors.cli.training.loss_plot import check

        check(chosen.plot)
    if chosen.output or chosen.checkpoint:
        check_safetensors()
        _check_states(chosen)


def _check_states(chosen: argparse.Namespace) -> None:
    """A checkpoint takes the place of the one that the run goes on from, and learnt weights that of none. Raises Trouble."""
    from flowc.doors.cli.training.checkpoints import check_lost, is_checkpoint

    if chosen.checkpoint and is_checkpoint(chosen.checkpoint) is False:
        raise Trouble(f"`--checkpoint {chosen.checkpoint}` is there, but is no checkpoint; name another file")
    if chosen.checkpoint:
        check_lost(chosen.checkpoint, chosen.resume)
    if chosen.output and is_checkpoint(chosen.output):
        raise Trouble(f"`-o {chosen.output}` is a checkpoint, from which a run can go on; name another file")


def write(chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course) -> list[Trouble]:
    """The learnt weights and the plot, also where learning ended early, each though the other cannot be written; gives
    why not."""
    troubles = [course.trouble] if course.trouble else []
    for path, content in ((chosen.output, _weights_file), (chosen.plot, _plot_file)):
        try:
            if path:
                write_whole(path, content(chosen, prepared, run, course))
        except Trouble as trouble:
            troubles.append(trouble)
    return troubles


def _weights_file(chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course) -> bytes:
    from flowc.learning.weights import write_weights

    return write_weights(run.learner.numpy_arrays(course.learnt.weights), {"diagram": prepared.diagram.network.name})


def _plot_file(chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course) -> bytes:
    from flowc.doors.cli.training.loss_plot import drawn

    network = prepared.diagram.network
    return drawn(course.entries, network.title or network.name, chosen.plot)

"""The files that `flowc train` writes: their names, before any work, and what is in them at the end."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from flowc.doors.files import check_apart, write_whole
from flowc.doors.guard import Trouble
from flowc.doors.numbers import check_safetensors

if TYPE_CHECKING:
    from flowc.doors.numbers import Prepared
    from flowc.doors.training.course import Course, Run

ENDINGS = {"output": (".safetensors",), "checkpoint": (".safetensors",), "log": (".csv", ".jsonl")}
OPTIONS = {"output": "-o", "log": "--log", "plot": "--plot", "checkpoint": "--checkpoint"}


def configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files")
    group.add_argument("-o", "--output", metavar="FILE", help="the learnt weights, as `.safetensors`")
    group.add_argument("--log", metavar="FILE", help="a row for each step, as `.csv` or `.jsonl`")
    group.add_argument("--plot", metavar="FILE", help="the loss along the steps, as `.png`, `.svg` or `.pdf`")
    group.add_argument("--checkpoint", metavar="FILE", help="where learning stands, written again and again")
    group.add_argument("--resume", metavar="FILE", help="go on from a checkpoint")


def check_names(chosen: argparse.Namespace) -> None:
    """Outputs have names that say what they are, and no two the same. Raises Trouble."""
    given = {name: path for name in OPTIONS if (path := getattr(chosen, name))}
    for name, path in given.items():
        known = ENDINGS.get(name, ())
        if known and not path.lower().endswith(known):
            raise Trouble(f"`{OPTIONS[name]} {path}` is written as {' or '.join(f'`{e}`' for e in known)}; name it so")
    if chosen.plot is not None:
        from flowc.doors.training.loss_plot import check

        check(chosen.plot)
    if chosen.output or chosen.checkpoint:
        check_safetensors()
    if len({os.path.realpath(path) for path in given.values()}) < len(given):
        raise Trouble("two outputs have one name; each needs its own")


def check_sources(chosen: argparse.Namespace, prepared: Prepared) -> None:
    """No output is a file that is read, but learnt weights and a checkpoint may go on in their own. Raises Trouble."""
    read = (*prepared.sources, *filter(None, [chosen.held_out, chosen.resume]))
    own = {"output": chosen.weights, "checkpoint": chosen.resume}
    for name in OPTIONS:
        if path := getattr(chosen, name):
            check_apart(path, tuple(source for source in read if source != own.get(name)))


def write(chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course) -> None:
    """The learnt weights and the plot: also where learning ended early."""
    network = prepared.flow.network
    if chosen.output:
        from flowc.learning.weights import write_weights

        learnt = run.learner.back(course.learnt.weights)
        write_whole(chosen.output, write_weights(learnt, {"diagram": network.name}), (chosen.file,))
    if chosen.plot:
        from flowc.doors.training.loss_plot import drawn

        write_whole(chosen.plot, drawn(course.entries, network.title or network.name, chosen.plot), (chosen.file,))

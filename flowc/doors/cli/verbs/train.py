"""`flowc train`"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import FINE, INTERRUPTED, PROBLEMS, Trouble, say, visible
from flowc.doors.cli.files import put, read_numbers
from flowc.doors.cli.path_types import INPUT
from flowc.doors.cli.prepare import prepare, seed_of
from flowc.doors.cli.shared_options import add_shared_options
from flowc.doors.cli.training import method_options, output_files

if TYPE_CHECKING:
    from flowc.data.dataset import Dataset
    from flowc.doors.cli.prepare import Prepared
    from flowc.doors.cli.training.learning_run import Course, Look, Run
    from flowc.doors.cli.training.log import Log
    from flowc.doors.cli.training.processes import Processes
    from flowc.learning.loop import Descent, Weights
    from flowc.learning.method import Method
    from flowc.nets.training.step import Learner

LOOKS = 100  # at the held-out data, where not said otherwise


def configure(parser: argparse.ArgumentParser) -> None:
    add_shared_options(parser, training=True)
    method_options.configure(parser)
    group = parser.add_argument_group("held-out data")
    group.add_argument("--held-out", metavar="FILE", type=INPUT, help="data that are not learnt from, in place of `data test`")
    patience = "stop after N looks without a smaller loss; the best weights are kept"
    group.add_argument("--patience", metavar="N", type=_read_count, default=0, help=patience)
    group.add_argument("--interval", metavar="N", type=_read_count, help="steps between looks, and between checkpoints")
    parser.add_argument("--quiet", action="store_true", help="say nothing on the way")
    output_files.configure(parser)


def _read_count(text: str) -> int:
    """At least 1. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of steps, as 100")
    return int(text)


def run(chosen: argparse.Namespace) -> int:
    from flowc.doors.cli.training.processes import joined, processes

    if chosen.resume and chosen.weights:
        raise Trouble("`--weights` says where learning begins, and `--resume` where it goes on; give one")
    output_files.check_names(chosen)
    those = processes()
    with joined(those, chosen.backend, chosen.device) as device:
        chosen.device = device
        return _train_diagram(chosen, those)


def _train_diagram(chosen: argparse.Namespace, those: Processes) -> int:
    from flowc.doors.cli.training.log import begun

    prepared = prepare(chosen, targets=True, outputs=False)
    data = prepared.data
    if data is None:
        raise Trouble(f"{prepared.diagram.without_data} to learn from; add `data`, or `--data FILE`")
    held = _held_out(chosen, prepared)
    run = _run(chosen, prepared, data, held, those)
    with begun(chosen.log, run.state.step) if chosen.log and those.speaks else nullcontext() as log:
        course = _follow_run(run, chosen, those, log)
    status = FINE
    if those.speaks:
        troubles = output_files.write(chosen, prepared, run, course)
        status = _tell_result(chosen, prepared, run, course, data, held)
        if troubles:
            raise Trouble("\nflowc: ".join(map(str, troubles)))
    if course.end == "interrupted" and those.count > 1:
        raise KeyboardInterrupt  # they stand at different steps, and must not wait for each other
    return status


# ---------------------------------------------------------------------------------------------------- what is to be run


def _run(
    chosen: argparse.Namespace, prepared: Prepared, data: Dataset, held: Dataset | None, those: Processes
) -> Run:  # fmt: skip
    """Raises Trouble."""
    from flowc.doors.cli.training.checkpoints import facts, resumed, saver
    from flowc.doors.cli.training.learning_run import Run
    from flowc.learning.loop import begin_state
    from flowc.learning.method import method_of
    from flowc.nets.training.step import Learner

    how = method_of(method_options.training(prepared.diagram.network.train, chosen), data.tokens)
    try:
        learner = Learner(prepared.net, data.arrays)
    except ValueError as error:
        raise Trouble(str(error)) from None
    if chosen.patience and held is None:
        raise Trouble("`--patience` looks at held-out data; add `data test` with its targets, or `--held-out FILE`")
    state, best = begin_state(how, learner.own_arrays(prepared.weights)), None
    run_facts = facts(prepared, how, data)
    if chosen.resume:
        state, best = resumed(chosen.resume, state, run_facts, learner)
    return Run(
        how, learner, _descent_of(how, prepared, learner, those), state, best,
        every=chosen.interval or max(1, how.steps // LOOKS),
        look=_look_at(prepared, learner, held) if held is not None else None,
        patience=chosen.patience,
        recorded=bool(chosen.plot),
        saved=(saver(chosen.checkpoint, run_facts, learner),) if chosen.checkpoint and those.speaks else (),
    )  # fmt: skip


def _descent_of(method: Method, prepared: Prepared, learner: Learner, those: Processes) -> Descent:
    if those.count == 1:
        return learner.descent(method)
    from flowc import pipeline
    from flowc.doors.cli.training.processes import added
    from flowc.learning.loop import descent_by
    from flowc.learning.shares import share_slopes
    from flowc.program.splits_over_batch import over_tokens

    how = over_tokens(pipeline.forward(prepared.diagram.network))
    return descent_by(method, share_slopes(learner.slopes, how, those.number, those.count, added), learner.library.sqrt)


def _held_out(chosen: argparse.Namespace, prepared: Prepared) -> Dataset | None:
    """Of `--held-out`, or the diagram's `data test` where it says every target, not outputs alone. Raises Trouble."""
    from flowc.data.dataset import BadData
    from flowc.data.read_data import from_file, read_dataset

    network = prepared.diagram.network
    try:
        if chosen.held_out:
            return from_file(network, chosen.held_out, read_numbers(chosen.held_out), targets=True, outputs=False)
        if any(part.part == "test" for part in network.data):
            held = read_dataset(network, "test", prepared.diagram.files, seed_of(prepared.diagram, chosen), outputs=False)
            return held if held and prepared.net.targets.keys() <= held.arrays.keys() else None
    except BadData as error:
        raise Trouble(str(error)) from None
    return None


def _look_at(prepared: Prepared, learner: Learner, held: Dataset) -> Look:
    from math import nan

    def look(weights: Weights) -> float:
        try:
            return prepared.net.loss(learner.numpy_arrays(weights), held.arrays)
        except FloatingPointError:
            return nan

    return look


# --------------------------------------------------------------------------------------------------------- how it goes


def _follow_run(run: Run, chosen: argparse.Namespace, those: Processes, log: Log | None) -> Course:
    """Through its steps, which are shown, logged and saved."""
    from dataclasses import replace

    from flowc.doors.cli.training.learning_run import follow
    from flowc.doors.cli.training.progress import progress

    with progress(run.method, run.state.step, quiet=chosen.quiet or not those.speaks) as told:
        heard = (log.told, told) if log else (told,)
        run = replace(run, told=heard, saved=(log.saved, *run.saved) if log else run.saved)
        course = follow(run)
    try:
        if course.end == "interrupted":
            run.save(course.state, course.best)
        elif log and not course.trouble:
            log.flush()
    except Trouble as trouble:
        course.trouble = trouble
    return course


def _tell_result(
    chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course, data: Dataset, held: Dataset | None
) -> int:  # fmt: skip
    """What was learnt, on standard output; the exit status."""
    from flowc.doors.cli.training.report import as_json, as_text, report, what_failed
    from flowc.learning.loop import NotFinite

    result = report(prepared, run, course, data, held)
    put(as_json(result) if chosen.format == "json" else visible(as_text(result)))
    if isinstance(course.end, NotFinite):
        say(what_failed(prepared, run, course, course.end, data))
        return PROBLEMS
    if course.end == "interrupted":
        say(f"flowc: interrupted after {course.state.step} steps; what was learnt is kept")
        return INTERRUPTED
    if course.end == "not written":
        say(f"flowc: learning ended after {course.state.step} steps, since not all of it could be written")
    if result.results[0].loss is None:  # no step was to follow that would have met it
        say(f"flowc: the loss is not finite after step {result.steps}; a smaller rate may help")
        return PROBLEMS
    return FINE

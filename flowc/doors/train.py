"""`flowc train`"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from flowc.doors import method_options, numbers
from flowc.doors.files import check_apart, put, read_numbers, write_whole
from flowc.doors.guard import FINE, INTERRUPTED, PROBLEMS, Trouble, say

if TYPE_CHECKING:
    from flowc.doors.numbers import Prepared
    from flowc.doors.processes import Processes
    from flowc.doors.training import Course, Run
    from flowc.learning.dataset import Dataset
    from flowc.learning.method import Method

LOGS = (".csv", ".jsonl")
LOOKS = 100  # at the held-out data, where not said otherwise


def configure(parser: argparse.ArgumentParser) -> None:
    numbers.configure(parser, training=True)
    method_options.configure(parser)
    group = parser.add_argument_group("held-out data")
    group.add_argument("--held-out", metavar="FILE", help="data that are not learnt from, in place of `data test`")
    group.add_argument("--patience", metavar="N", type=_count, default=0, help="stop after N looks without a smaller loss; the best weights are kept")  # fmt: skip
    group.add_argument("--interval", metavar="N", type=_count, help="steps between looks, and between checkpoints")
    parser.add_argument("--quiet", action="store_true", help="say nothing on the way")
    group = parser.add_argument_group("files")
    group.add_argument("-o", "--output", metavar="FILE", help="the learnt weights, as `.safetensors`")
    group.add_argument("--log", metavar="FILE", help="a row for each step, as `.csv` or `.jsonl`")
    group.add_argument("--plot", metavar="FILE", help="the loss along the steps, as `.png`, `.svg` or `.pdf`")
    group.add_argument("--checkpoint", metavar="FILE", help="where learning stands, written again and again")
    group.add_argument("--resume", metavar="FILE", help="go on from a checkpoint")


def _count(text: str) -> int:
    """At least 1. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of steps, as 100")
    return int(text)


def run(chosen: argparse.Namespace) -> int:
    from flowc.diagnostics.diagnostic import FlowError
    from flowc.doors.messages import tell_all
    from flowc.doors.processes import joined, processes

    _check_files(chosen)
    those = processes()
    try:
        with joined(those, chosen.backend, chosen.device) as device:
            chosen.device = device
            return _train(chosen, those)
    except FlowError as error:
        return tell_all(error)


def _check_files(chosen: argparse.Namespace) -> None:
    """Before any work: outputs have names that say what they are, and no two the same. Raises Trouble."""
    endings = {"output": (".safetensors",), "checkpoint": (".safetensors",), "log": LOGS}
    for name, known in endings.items():
        path = getattr(chosen, name)
        if path is not None and not path.lower().endswith(known):
            option = "-o" if name == "output" else f"--{name}"
            raise Trouble(f"`{option} {path}` is written as {' or '.join(f'`{e}`' for e in known)}; name it so")
    if chosen.plot is not None:
        from flowc.doors.loss_plot import check

        check(chosen.plot)
    if chosen.output or chosen.checkpoint:
        numbers.check_safetensors()
    paths = [os.path.realpath(p) for p in _outputs(chosen)]
    if len(set(paths)) < len(paths):
        raise Trouble("two outputs have one name; each needs its own")


def _outputs(chosen: argparse.Namespace) -> list[str]:
    return [p for p in (chosen.output, chosen.log, chosen.plot, chosen.checkpoint) if p]


def _sources(chosen: argparse.Namespace, prepared: Prepared) -> tuple[str, ...]:
    """What is read and must not be written over. Learnt weights may go on learning in their own file."""
    return (*(p for p in prepared.sources if p != chosen.weights), *filter(None, [chosen.held_out]))


def _train(chosen: argparse.Namespace, those: Processes) -> int:
    prepared = numbers.prepare(chosen, targets=True)
    for path in _outputs(chosen):
        check_apart(path, _sources(chosen, prepared))
    data = prepared.data
    if data is None:
        raise Trouble(f"{prepared.flow.network.name} has no data to learn from; add `data`, or `--data FILE`")
    run, held = _run(chosen, prepared, data, those)
    course = _followed(run, chosen, those)
    status = FINE
    if those.speaks:
        _write(chosen, prepared, run, course)
        status = _told(chosen, prepared, run, course, data, held)
    if course.end == "interrupted" and those.count > 1:
        raise KeyboardInterrupt  # they stand at different steps, and must not wait for each other
    return status


def _run(
    chosen: argparse.Namespace, prepared: Prepared, data: Dataset, those: Processes
) -> tuple[Run, Dataset | None]:  # fmt: skip
    """What is to be run, and the held-out data. Raises Trouble."""
    from flowc.doors.learner import Learner
    from flowc.doors.training import Run
    from flowc.learning.loop import begin
    from flowc.learning.method import method

    network = prepared.flow.network
    how = method(method_options.training(network.train, chosen, chosen.seed), data.tokens)
    try:
        learner = Learner(prepared.net, data.arrays)
    except ValueError as error:
        raise Trouble(str(error)) from None
    held = _held_out(chosen, prepared)
    if chosen.patience and held is None:
        raise Trouble("`--patience` looks at held-out data; add `data test`, or `--held-out FILE`")
    state, best = begin(how, learner.own(prepared.weights)), None
    facts = _facts(prepared, how, data)
    if chosen.resume:
        state, best = _resumed(chosen.resume, state, facts, learner)
    return Run(
        how, learner, _slopes(prepared, learner, those), state, best,
        every=chosen.interval or max(1, how.steps // LOOKS),
        look=_look(prepared, learner, held) if held is not None else None,
        patience=chosen.patience,
        recorded=bool(chosen.log or chosen.plot),
        saved=_saver(chosen, learner, facts, those),
    ), held  # fmt: skip


def _slopes(prepared: Prepared, learner, those: Processes):  # type: ignore[no-untyped-def]
    if those.count == 1:
        return learner.slopes
    from flowc import pipeline
    from flowc.doors.processes import added
    from flowc.learning.shares import shared
    from flowc.program.over_tokens import over_tokens

    how = over_tokens(pipeline.forward(prepared.flow.network))
    return shared(learner.slopes, how, those.number, those.count, added)


def _held_out(chosen: argparse.Namespace, prepared: Prepared) -> Dataset | None:
    """Of `--held-out`, or the diagram's `data test`. Raises Trouble."""
    from flowc.doors.beside import beside
    from flowc.learning.dataset import BadData, dataset, from_file

    network = prepared.flow.network
    try:
        if chosen.held_out:
            return from_file(network, chosen.held_out, read_numbers(chosen.held_out), targets=True)
        if any(part.part == "test" for part in network.data):
            return dataset(network, "test", beside(chosen.file), numbers.seed_of(prepared.flow, chosen))
    except BadData as error:
        raise Trouble(str(error)) from None
    return None


def _look(prepared: Prepared, learner, held: Dataset):  # type: ignore[no-untyped-def]
    from math import nan

    def look(weights) -> float:  # type: ignore[no-untyped-def]
        try:
            return prepared.net.loss(learner.back(weights), held.arrays)
        except FloatingPointError:
            return nan

    return look


def _facts(prepared: Prepared, how: Method, data: Dataset) -> dict[str, str]:
    """What a checkpoint belongs to. How many steps there are in all may be changed."""
    from hashlib import sha256

    text = f"{prepared.flow.network.source.text}\n{sorted(prepared.flow.settings)}"
    settings = {n: v for n, v in sorted(how.values.items()) if n not in ("steps", "epochs")}
    digest = sha256()
    for name, array in data.arrays.items():
        digest.update(f"{name} {array.shape}".encode())
        digest.update(array.tobytes())
    return {
        "diagram": sha256(text.encode()).hexdigest(), "method": f"{how.record.name} {settings}",
        "data": digest.hexdigest(), "dtype": prepared.net.library.dtype,
    }  # fmt: skip


def _resumed(path: str, state, facts: dict[str, str], learner):  # type: ignore[no-untyped-def]
    from flowc.learning.checkpoint import BadCheckpoint
    from flowc.learning.checkpoint import read as parsed

    try:
        found = parsed(read_numbers(path), state, facts, learner.library.own)
    except BadCheckpoint as why:
        raise Trouble(f"cannot go on from `{path}`: {why}") from None
    return found.state, found.best


def _saver(chosen: argparse.Namespace, learner, facts: dict[str, str], those: Processes):  # type: ignore[no-untyped-def]
    from flowc.learning.checkpoint import Checkpoint, written

    def saved(state, best) -> None:  # type: ignore[no-untyped-def]
        if chosen.checkpoint and those.speaks:
            write_whole(
                chosen.checkpoint, written(Checkpoint(state, best, facts), learner.library.back), (chosen.file,)
            )

    return saved


def _followed(run: Run, chosen: argparse.Namespace, those: Processes) -> Course:
    from dataclasses import replace

    from flowc.doors.progress import progress
    from flowc.doors.training import follow

    with progress(run.method, run.state.step, quiet=chosen.quiet or not those.speaks) as told:
        course = follow(replace(run, told=told))
    if course.end == "interrupted":
        run.saved(course.state, course.best)
    return course


def _write(chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course) -> None:
    """The files: also where learning ended early."""
    network = prepared.flow.network
    if chosen.output:
        from flowc.learning.weights import write_weights

        learnt = run.learner.back(course.learnt.weights)
        write_whole(chosen.output, write_weights(learnt, {"diagram": network.name}), (chosen.file,))
    if chosen.log:
        from flowc.learning.record import as_csv, as_json_lines

        form = as_csv if chosen.log.lower().endswith(".csv") else as_json_lines
        write_whole(chosen.log, form(course.entries), (chosen.file,))
    if chosen.plot:
        from flowc.doors.loss_plot import drawn

        write_whole(chosen.plot, drawn(course.entries, network.title or network.name, chosen.plot), (chosen.file,))


def _told(
    chosen: argparse.Namespace, prepared: Prepared, run: Run, course: Course, data: Dataset, held: Dataset | None
) -> int:  # fmt: skip
    """What was learnt, on standard output; the exit status."""
    from flowc.doors.train_report import as_json, as_text, report, what_failed
    from flowc.learning.loop import NotFinite

    found = report(prepared, run, course, data, held)
    put((as_json if chosen.format == "json" else as_text)(found))
    if isinstance(course.end, NotFinite):
        say(what_failed(prepared, run, course, course.end, data))
        return PROBLEMS
    if course.end == "interrupted":
        say(f"flowc: interrupted after {course.state.step} steps; what was learnt is kept")
        return INTERRUPTED
    return FINE

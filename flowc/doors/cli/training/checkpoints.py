"""Checkpoints as files: what they belong to, going on from one, writing one."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.files import read_numbers, write_whole
from flowc.learning.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    can_go_on,
    checkpoint_bytes,
    of_checkpoint,
    read_checkpoint,
    steps_in,
)
from flowc.learning.choice import LENGTHS
from flowc.learning.loop import State
from flowc.learning.stopping import Best
from flowc.nets.training.step import Learner

if TYPE_CHECKING:
    from flowc.data.dataset import Dataset
    from flowc.doors.cli.prepare import Prepared
    from flowc.learning.method import Method


def facts(prepared: Prepared, how: Method, data: Dataset) -> dict[str, Any]:
    """What a checkpoint belongs to. How many steps there are in all may be changed."""
    text = f"{prepared.diagram.network.source.text}\n{sorted(prepared.diagram.settings)}"
    settings = {n: v for n, v in sorted(how.values.items()) if n not in LENGTHS}
    digest = sha256()
    for name, array in data.arrays.items():
        digest.update(f"{name} {array.shape}".encode())
        digest.update(array.tobytes())
    return {
        "diagram": sha256(text.encode()).hexdigest(), "method": f"{how.record.name} {settings}",
        "data": digest.hexdigest(), "dtype": prepared.net.library.dtype, "details": _details_of(prepared, how, data),
    }  # fmt: skip


def _details_of(prepared: Prepared, how: Method, data: Dataset) -> dict[str, dict[str, str]]:
    """The same as a message says it."""
    settings = {s.name: s.words[int(how.values[s.name])] if s.words else f"{how.values[s.name]:.15g}"
                for s in how.record.settings if s.name in how.values and s.name not in LENGTHS}  # fmt: skip
    return {
        "diagram": {name: str(size) for name, size in prepared.diagram.settings},
        "method": {"method": how.record.name, **settings},
        "data": {"tokens": str(data.tokens)},
        "dtype": {"dtype": prepared.net.library.dtype},
    }


def resumed(path: str, begin: State, facts: dict[str, Any], learner: Learner) -> tuple[State, Best | None]:
    """Where the run of a checkpoint stands. Raises Trouble."""
    try:
        checkpoint = read_checkpoint(read_numbers(path), begin, facts, learner.library.own_array)
    except BadCheckpoint as why:
        raise Trouble(f"cannot go on from `{path}`: {why}") from None
    return checkpoint.state, checkpoint.best


def is_checkpoint(path: str) -> bool | None:
    """None where there is no file, or nothing in it. Raises Trouble."""
    if not os.path.isfile(path) or os.path.getsize(path) == 0:
        return None
    return of_checkpoint(read_numbers(path))


def check_lost(path: str, resumed: str | None) -> None:
    """The checkpoint at `path`, if there is one, is where this run goes on from, or has no steps. Raises Trouble."""
    if not is_checkpoint(path) or resumed and os.path.exists(resumed) and os.path.samefile(path, resumed):
        return
    if steps := steps_in(read_numbers(path)):
        why = f"`--checkpoint {path}` keeps {steps} step{'s' * (steps > 1)} that this run would not go on from"
        raise Trouble(f"{why}; `--resume {path}` does; to begin anew, name another file, or take this one away")


def saver(path: str, known: dict[str, Any], learner: Learner) -> Callable[[State, Best | None], None]:
    """Writes where learning stands, as long as it can go on from there."""

    def saved(state: State, best: Best | None) -> None:
        if can_go_on(state, learner.library.numpy_array):
            write_whole(path, checkpoint_bytes(Checkpoint(state, best, known), learner.library.numpy_array))

    return saved

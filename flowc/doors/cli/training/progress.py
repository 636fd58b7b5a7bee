"""How learning goes, on standard error: a bar on a terminal, else a line for each tenth of the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flowc.doors.cli.errors import say
from flowc.doors.cli.terminal import is_terminal
from flowc.learning.method import Method
from flowc.learning.record import Entry

Told = Callable[[Entry], None]


@contextmanager
def progress(method: Method, done: int, quiet: bool = False) -> Iterator[Told]:
    """Takes the entry of each step. `done`: the steps before."""
    if quiet:
        yield lambda entry: None
        return
    if is_terminal(sys.stderr):
        try:
            from tqdm import tqdm
        except ModuleNotFoundError:
            pass
        else:
            with tqdm(total=method.steps, initial=done, unit=" steps", leave=False, file=sys.stderr) as bar:
                yield _tell_bar(bar)
            return
    yield _tell_lines(method.steps)


def _tell_bar(bar: Any) -> Told:  # of tqdm, which has no types
    def told(entry: Entry) -> None:
        bar.set_postfix_str(f"loss {entry.loss + 0.0:.6g}, rate {entry.rate:.3g}", refresh=False)
        bar.update()

    return told


def _tell_lines(steps: int) -> Told:
    tenth = max(1, steps // 10)

    def told(entry: Entry) -> None:
        if entry.step % tenth == 0 or entry.step == steps:
            held = "" if entry.held_out is None else f", held out {entry.held_out:.6g}"
            say(f"step {entry.step} of {steps}: loss {entry.loss + 0.0:.6g}, rate {entry.rate:.3g}{held}")

    return told

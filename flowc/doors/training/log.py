"""The log of a run: a row for each step. It is written on the way, so that it is never behind a checkpoint."""

from __future__ import annotations

import os

from flowc.doors.files import read_numbers, write_whole
from flowc.doors.guard import Trouble, reason
from flowc.learning.loop import State
from flowc.learning.record import FORMS, Entry, Form
from flowc.learning.stopping import Best


class Log:
    """`begin`: what is in it already. What is flushed twice, since Ctrl-C came between, is in it once."""

    def __init__(self, path: str, form: Form, begin: str):
        self._path, self._form = path, form
        self._waiting: list[Entry] = []
        self._size = len(begin.encode())
        write_whole(path, begin)

    def told(self, entry: Entry) -> None:
        self._waiting.append(entry)

    def saved(self, state: State, best: Best | None) -> None:
        self.flush()

    def flush(self) -> None:
        """Raises Trouble."""
        rows = "".join(map(self._form.row, self._waiting)).encode()
        try:
            with open(self._path, "r+b") as file:
                file.seek(self._size)
                file.write(rows)
                file.truncate()
        except OSError as error:
            raise Trouble(f"cannot write `{self._path}`: {reason(OSError(error.errno, error.strerror))}") from None
        self._size, self._waiting = self._size + len(rows), []


def begun(path: str, steps: int) -> Log:
    """The log of a run that begins, or goes on after so many steps: a log that has these keeps them. Raises Trouble."""
    form = FORMS[os.path.splitext(path)[1].lower()]
    if os.path.exists(path) and not os.path.isfile(path):
        raise Trouble(f"`--log {path}` is no ordinary file; name another")
    if not steps or not os.path.exists(path):
        return Log(path, form, form.head)
    try:
        return Log(path, form, form.begin(read_numbers(path).decode(), steps))
    except ValueError:
        raise Trouble(
            f"`--log {path}` is there, but is no log of the {steps} steps that this run goes on from; name another file"
        ) from None

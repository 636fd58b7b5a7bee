"""The log of a run: a row for each step. It is written on the way, so that it is never behind a checkpoint."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO

from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.files import LARGEST_NUMBERS, told
from flowc.doors.cli.temporary import BUSY, lock
from flowc.learning.loop import State
from flowc.learning.record import FORMS, Entry, Form
from flowc.learning.stopping import Best
from flowc.system import too_large


class Log:
    """`size`: bytes that are in it already. What is flushed twice, since Ctrl-C came between, is in it once."""

    def __init__(self, path: str, file: FileIO, form: Form, size: int):
        self._path, self._file, self._form, self._size = path, file, form, size
        self._waiting: list[Entry] = []

    def told(self, entry: Entry) -> None:
        self._waiting.append(entry)

    def saved(self, state: State, best: Best | None) -> None:
        self.flush()

    def flush(self) -> None:
        """Raises Trouble."""
        rows = "".join(map(self._form.row, self._waiting)).encode()
        with told(self._path):
            _put_rows(self._file, rows, self._size)
        self._size, self._waiting = self._size + len(rows), []


@contextmanager
def begun(path: str, steps: int) -> Iterator[Log]:
    """The log of a run that begins, or goes on after so many steps: a log that has these keeps them, and another file
    stays as it is. No other run writes it meanwhile. Raises Trouble."""
    form = FORMS[os.path.splitext(path)[1].lower()]
    with _open_log(path) as file:
        begin = _first_bytes(path, file, form, steps)
        with told(path):
            _put_rows(file, begin, 0)  # of an old log the same bytes, so that it is whole at any moment
        yield Log(path, file, form, len(begin))


def _open_log(path: str) -> FileIO:
    """For reading and writing, a new one where there is none. Raises Trouble."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with told(path):
        return FileIO(os.open(path, flags, 0o666), "r+")  # without a buffer, which would be tried again at the end


def _first_bytes(path: str, file: FileIO, form: Form, steps: int) -> bytes:
    """The bytes of an earlier run with which the log begins. Raises Trouble."""
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise Trouble(f"`--log {path}` is no ordinary file; name another")
    if lock(file.fileno(), wait=False) is BUSY:
        raise Trouble(f"`--log {path}` is written by another run that has not ended; name another file")
    if status.st_size > LARGEST_NUMBERS:
        raise Trouble(f"cannot go on in `--log {path}`: {too_large(LARGEST_NUMBERS)}")
    try:
        text = file.read().decode()
        return form.first_rows(text, steps).encode() if text else form.head.encode()
    except ValueError:
        what = f"log of the {steps} steps that this run goes on from" if steps else "log of a run"
        raise Trouble(f"`--log {path}` is there, but is no {what}; name another file") from None


def _put_rows(file: FileIO, rows: bytes, at: int) -> None:
    """Rows at the end of a file, which is cut off there; where they cannot be written, it ends before them.

    Raises OSError.
    """
    try:
        file.seek(at)
        left = memoryview(rows)
        while left:
            left = left[file.write(left) :]
        file.truncate()
    except OSError:
        with suppress(OSError):
            os.ftruncate(file.fileno(), at)
        raise

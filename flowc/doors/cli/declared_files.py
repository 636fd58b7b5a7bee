"""Outputs apart from inputs: a command declares each file that it reads, that its diagram names, or that it writes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.path_types import Input, Output
from flowc.records import Record

if TYPE_CHECKING:
    import argparse

DIAGRAM, ENDING = "is the diagram itself", ".flow"
READ, NAMED = "is read by this command", "is a file that the diagram names"


class Read(Record):
    """A file that is read, or named to be; `place` is its path, or the descriptor of standard input."""

    place: str | int
    what: str
    option: str = ""  # that names it, "" for none


class Declared:
    """The files of one command. `writes`: each output with the option in whose file it may go on."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.writes: dict[str, str] = {}


_declared: ContextVar[Declared | None] = ContextVar("the files of the command that runs", default=None)


@contextmanager
def declaring() -> Iterator[None]:
    """While a command runs. Outside of one, as in the Python API, nothing is declared and nothing refused."""
    before = _declared.set(Declared())
    try:
        yield
    finally:
        _declared.reset(before)


def declare(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> list[str]:
    """The files of a command line, as the types of its options say what they are; gives the outputs. Raises Trouble."""
    inputs = [(path, action) for path, action in _paths_given(parser, chosen) if isinstance(action.type, Input)]
    if [path for path, _ in inputs].count("-") > 1:
        raise Trouble("`-`, standard input, is given twice; it can be read once")
    for path, action in inputs:
        if path == "" and action.option_strings:  # of a shell's variable that is not set
            raise Trouble(f"the file of `{action.option_strings[-1]}` has no name; give one, or leave the option away")
        reads(path, READ if action.option_strings else DIAGRAM, action.dest)
    outputs = [(path, action.type) for path, action in _paths_given(parser, chosen) if isinstance(action.type, Output)]
    for path, kind in outputs:
        writes(path, kind.continues)
    return [path for path, _ in outputs if path != "-"]


def _paths_given(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> Iterator[tuple[str, argparse.Action]]:
    """Each path that is given, and its argument."""
    for action in parser._actions:
        if isinstance(action.type, (Input, Output)) and (value := getattr(chosen, action.dest)) is not None:
            yield from ((path, action) for path in (value if isinstance(value, list) else [value]))


def reads(path: str, what: str, option: str = "") -> None:
    """A file is read, or named to be. Raises Trouble where it is an output."""
    declared = _declared.get()
    place = _standard_input() if path == "-" else path
    if declared is None or place is None:
        return
    read = Read(place, what, option)
    declared.reads.append(read)
    for output, continued in declared.writes.items():
        _check_apart(output, read, continued)
    if stream := _stream_into(place):
        raise Trouble(f"{stream} goes into `{path}`, which {what}; send it elsewhere")


def files_read() -> list[str]:
    """The paths of all files that this command has declared to read so far."""
    declared = _declared.get()
    return list(dict.fromkeys(read.place for read in declared.reads if isinstance(read.place, str))) if declared else []


def writes(path: str, continued: str = "") -> None:
    """A file is to be written; it may be the one that the option `continued` reads. Raises Trouble."""
    if path == "":
        raise Trouble("the output has no name; `-` is standard output")
    declared = _declared.get()
    if declared is None or path == "-":
        return
    for other in declared.writes:
        if _identity_of(path) == _identity_of(other):
            shown = f"`{path}` is given twice" if path == other else f"`{path}` and `{other}` are one file"
            raise Trouble(f"{shown}; each output needs its own")
    if stream := _stream_into(path):
        raise Trouble(f"{stream} goes into `{path}` already; `-` is standard output")
    declared.writes[path] = continued
    check(path)


def check(path: str) -> None:
    """That a file may be written: it is no diagram, and none that is read. Raises Trouble."""
    declared = _declared.get()
    if declared is None:
        return
    for read in declared.reads:
        _check_apart(path, read, declared.writes.get(path, ""))
    _check_no_diagram(path)


def _check_no_diagram(path: str) -> None:
    """Only `fmt` writes diagrams. Raises Trouble."""
    for name in (path, _without_links(path)):
        if name.lower().endswith(ENDING):
            leads = "" if name == path else f" leads to `{os.path.basename(name)}`, which"
            raise Trouble(f"the output `{path}`{leads} has the name of a diagram; name another file")


def _check_apart(path: str, read: Read, continued: str) -> None:
    """Raises Trouble."""
    if not (continued and read.option == continued) and _identity_of(path) == _identity_of(read.place):
        raise Trouble(f"`{path}` {read.what}; name another file for the output")


def _identity_of(path: str | int) -> tuple[object, ...]:
    """Which file it is, whatever it is called. Of one that is not there: its folder, and its name by the letters alone,
    since a disk may keep no capitals."""
    real = path if isinstance(path, int) else _without_links(path)
    try:
        status = os.stat(real)
        return status.st_dev, status.st_ino
    except (OSError, ValueError):
        if isinstance(real, int):
            return (real,)
    from unicodedata import normalize

    folder, name = os.path.split(real)
    try:
        status = os.stat(folder)
    except (OSError, ValueError):
        return (real,)
    return status.st_dev, status.st_ino, normalize("NFC", name).casefold()


def _without_links(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):  # no file can have this name, which is told where it is opened
        return path


def _standard_input() -> int | None:
    """Its descriptor, where it is a file."""
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError, AttributeError):  # closed, or none of the system's
        return None
    return number if _is_file(number) else None


def _stream_into(path: str | int) -> str:
    """Which of the streams of this process goes into a file, as `>> net.flow` lets it."""
    streams = {"standard output": 1, "standard error": 2}
    return next((name for name, n in streams.items() if _is_file(n) and _identity_of(n) == _identity_of(path)), "")


def _is_file(number: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(number).st_mode)
    except OSError:  # closed
        return False

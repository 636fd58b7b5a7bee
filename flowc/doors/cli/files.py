"""Reading and writing for the command line. Output files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from flowc.doors.cli.declared_files import check
from flowc.doors.cli.errors import Trouble
from flowc.system import FOLDER, NOT_ORDINARY, STDIN, ordinary, reason, too_large
from flowc.system import LARGEST_DIAGRAM as LARGEST

LARGEST_NUMBERS = 2**30  # bytes of data or weights


def name_of(path: str) -> str:
    """What messages call the file."""
    return STDIN if path == "-" else path


def read(path: str) -> bytes:
    """The bytes of a diagram, or of standard input for `-`. Raises Trouble."""
    return _read_file(path, LARGEST, "; that is no diagram")


def read_numbers(path: str) -> bytes:
    """The bytes of a file of data or weights. Raises Trouble."""
    return _read_file(path, LARGEST_NUMBERS, "")


def _read_file(path: str, largest: int, moral: str) -> bytes:
    try:
        return _standard_input(largest) if path == "-" else ordinary(path, largest)
    except (OSError, ValueError) as error:
        why = _say_why(error)
        way_out = {NOT_ORDINARY: "; `-` is standard input", too_large(largest): moral}.get(why, "")
        raise Trouble(f"cannot read `{name_of(path)}`: {why}{way_out}") from None


def _standard_input(largest: int) -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    buffer = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read().encode("utf-8", "surrogateescape") if buffer is None else buffer.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, too_large(largest))
    return data


def _say_why(error: OSError | ValueError) -> str:
    """The reason without the file's name; a name with a null character is a ValueError."""
    if isinstance(error, OSError):
        return reason(OSError(error.errno, error.strerror))
    return "no file can have this name"


def put(text: str | bytes) -> None:
    """Text or bytes on standard output: UTF-8 and line feeds on every system. Raises Trouble, BrokenPipeError."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            sys.stdout.write(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            buffer.write(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))
            buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        error.filename = "standard output"
        raise


def write_whole(path: str, text: str | bytes, formatted: bool = False) -> None:
    """The text, or bytes, as the file at `path`, whole or not at all; an old file keeps its mode, a link stays a link.

    Raises Trouble, also where it is a diagram or a file that the command reads, unless it is `formatted` in its place.
    """
    write_together({path: text}, formatted)


def write_together(contents: Mapping[str, str | bytes], formatted: bool = False) -> None:
    """Files by their paths, as `write_whole`: where one of them cannot be written, the others stay as they were."""
    for path in () if formatted else contents:
        check(path)
    with ExitStack() as prepared:
        moves = []
        for path, text in contents.items():
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            with told(path):
                moves.append((path, prepared.enter_context(_staged(os.path.realpath(path), data))))
        for path, move in moves:
            with told(path):
                move()


def check_place(path: str) -> None:
    """Before any work: that there is a place for a file to be written. Raises Trouble."""
    with told(path):
        target = os.path.realpath(path)
        _check_target(target, _status_of(target))
        if not os.path.exists(target) and not os.access(os.path.dirname(target), os.W_OK):
            os.stat(os.path.dirname(target))
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def told(path: str) -> Iterator[None]:
    """What goes wrong in writing. Raises Trouble."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot write `{path}`: {_say_why(error)}") from None


@contextmanager
def _staged(target: str, data: bytes) -> Iterator[Callable[[], None]]:
    """The data beside the target, and what moves them there."""
    old = _status_of(target)
    _check_target(target, old)
    if old is not None and not stat.S_ISREG(old.st_mode):  # a pipe or a device cannot be replaced
        yield lambda: _write_into(target, data)
        return
    from flowc.doors.cli.temporary import temporary

    with temporary(os.path.dirname(target), data) as path:
        if old is not None:
            os.chmod(path, stat.S_IMODE(old.st_mode))
        yield lambda: os.replace(path, target)
    _keep_entry(os.path.dirname(target))


def _check_target(target: str, old: os.stat_result | None) -> None:
    """Raises OSError."""
    if old is not None and stat.S_ISDIR(old.st_mode):
        raise OSError(errno.EISDIR, FOLDER)
    if old is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))


def _write_into(target: str, data: bytes) -> None:
    """Writes to a pipe or a device. A pipe is not waited for until somebody reads it. Raises OSError."""
    waiting = getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(target, os.O_WRONLY | waiting | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise OSError(error.errno, "nobody reads from this pipe") if error.errno == errno.ENXIO else error from None
    with open(descriptor, "wb") as file:
        if waiting:
            os.set_blocking(descriptor, True)
        file.write(data)


def _status_of(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _keep_entry(folder: str) -> None:
    """The folder's new entry on disk too, where the system can do that."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)

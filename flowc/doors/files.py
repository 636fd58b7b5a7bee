"""Reading and writing for the command line. Output files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from flowc.doors.guard import Trouble, reason

LARGEST = 64 * 2**20  # bytes of a diagram: a hundred times the largest in sight, and /dev/zero comes to an end
LARGEST_NUMBERS = 2**30  # bytes of data or weights
STDIN = "<stdin>"


def name_of(path: str) -> str:
    """What messages call the file."""
    return STDIN if path == "-" else path


def read(path: str) -> bytes:
    """The bytes of a diagram, or of standard input for `-`. Raises Trouble."""
    return _read(path, LARGEST, "; that is no diagram")


def read_numbers(path: str) -> bytes:
    """The bytes of a file of data or weights. Raises Trouble."""
    return _read(path, LARGEST_NUMBERS, "")


def _read(path: str, largest: int, moral: str) -> bytes:
    try:
        data = _standard_input(largest) if path == "-" else _file(path, largest)
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot read `{name_of(path)}`: {_why(error)}") from None
    if len(data) > largest:
        raise Trouble(f"`{name_of(path)}` is larger than {largest // 2**20} MiB{moral}")
    return data


def _standard_input(largest: int) -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    buffer = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read().encode("utf-8", "surrogateescape") if buffer is None else buffer.read(largest + 1)


def check_once(paths: Iterable[str]) -> None:
    """Standard input can be read once. Raises Trouble."""
    if [*paths].count("-") > 1:
        raise Trouble("`-`, standard input, is given twice; it can be read once")


def _file(path: str, largest: int) -> bytes:
    with open(path, "rb") as file:
        return file.read(largest + 1)


def _why(error: OSError | ValueError) -> str:
    """The reason without the file's name; a name with a null character is a ValueError."""
    if isinstance(error, OSError):
        words = reason(OSError(error.errno, error.strerror))
        return "it is a folder; name a file in it" if error.errno == errno.EISDIR else words
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


def write_whole(path: str, text: str | bytes, inputs: tuple[str, ...] = ()) -> None:
    """The text, or bytes, as the file at `path`, whole or not at all; an old file keeps its mode, a link stays a link.

    Raises Trouble, also where `path` is one of `inputs`.
    """
    write_together({path: text}, inputs)


def write_together(contents: Mapping[str, str | bytes], inputs: tuple[str, ...] = ()) -> None:
    """Files by their paths, as `write_whole`: where one of them cannot be written, the others stay as they were."""
    for path in contents:
        check_apart(path, inputs)
    with ExitStack() as prepared:
        moves = []
        for path, text in contents.items():
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            with _told(path):
                moves.append((path, prepared.enter_context(_staged(os.path.realpath(path), data))))
        for path, move in moves:
            with _told(path):
                move()


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What goes wrong in writing. Raises Trouble."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot write `{path}`: {_why(error)}") from None


def check_apart(path: str, inputs: tuple[str, ...]) -> None:
    """Raises Trouble where an output is one of the files that are read, of which the diagram is the first."""
    for place, other in enumerate(inputs):
        if other != "-" and _is_same(path, other):
            what = "is read by this command" if place else "is the diagram itself"
            raise Trouble(f"`{path}` {what}; name another file for the output")


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.realpath(path) == os.path.realpath(other) or os.path.samefile(path, other)
    except (OSError, ValueError):  # one of them is not there
        return False


@contextmanager
def _staged(target: str, data: bytes) -> Iterator[Callable[[], None]]:
    """The data beside the target, and what moves them there."""
    old = _status(target)
    if old is not None and stat.S_ISDIR(old.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if old is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    if old is not None and not stat.S_ISREG(old.st_mode):  # a pipe or a device cannot be replaced
        yield lambda: _into(target, data)
        return
    with _beside(target) as (descriptor, temporary):
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            os.chmod(temporary, stat.S_IMODE(old.st_mode))
        yield lambda: os.replace(temporary, target)
    _keep_entry(os.path.dirname(target))


def _into(target: str, data: bytes) -> None:
    with open(target, "wb") as file:
        file.write(data)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


@contextmanager
def _beside(target: str) -> Iterator[tuple[int, str]]:
    """A new file in the target's folder, which is gone afterwards unless it was moved."""
    folder = os.path.dirname(target)
    number = 0
    while True:
        temporary = os.path.join(folder, f".flowc-{os.getpid()}-{number}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            break
        except FileExistsError:
            number += 1
    try:
        yield descriptor, temporary
    finally:
        try:
            os.unlink(temporary)
        except FileNotFoundError:
            pass


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

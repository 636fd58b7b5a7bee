"""A file beside its target until it is moved there. It is locked so long: one that nobody locks was left by a process
that was killed, and the next to write into the folder takes it away."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import fcntl
except ModuleNotFoundError:  # a system without these locks: leftovers stay there
    fcntl = None  # type: ignore[assignment]

NAME = re.compile(r"\.flowc-\d+-\d+\.tmp", re.ASCII)
LOCKED, BUSY, NO_LOCKS = "locked", "busy", "no locks"
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def temporary(folder: str, data: bytes) -> Iterator[str]:
    """The path of a new file with the data, on disk, which is gone afterwards unless it was moved. Raises OSError."""
    _sweep_folder(folder)
    descriptor, path = _create_file(folder)
    try:
        with open(descriptor, "wb", closefd=fcntl is None) as file:  # open files cannot be moved everywhere
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        if fcntl is not None:
            os.close(descriptor)


def _create_file(folder: str) -> tuple[int, str]:
    """The descriptor and the path of a new file, locked. Raises OSError."""
    number = 0
    while True:
        path = os.path.join(folder, f".flowc-{os.getpid()}-{number}.tmp")
        number += 1
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o666)
        except FileExistsError:
            continue
        lock(descriptor, wait=True)
        if fcntl is None or os.fstat(descriptor).st_nlink:
            return descriptor, path
        os.close(descriptor)  # swept away before it was locked


def _sweep_folder(folder: str) -> None:
    """Takes away what killed processes left, as far as that can be."""
    try:
        with os.scandir(folder) as entries:
            paths = [entry.path for entry in entries if NAME.fullmatch(entry.name)]
    except OSError:
        return
    for path in paths:
        try:
            _take_away(path)
        except OSError:  # another's, or another has just done it
            pass


def _take_away(path: str) -> None:
    """The file, if nobody writes it any more. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | _FLAGS)
    try:
        if lock(descriptor, wait=False) is LOCKED:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode) and status.st_nlink:  # else the name may be another file's by now
                os.unlink(path)
    finally:
        os.close(descriptor)


def lock(descriptor: int, wait: bool) -> str:
    """LOCKED, BUSY where another has locked the file, or NO_LOCKS, as on some disks and systems."""
    if fcntl is None:
        return NO_LOCKS
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return BUSY
    except OSError:
        return NO_LOCKS
    return LOCKED

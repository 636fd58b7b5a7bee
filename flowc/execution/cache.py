"""Compiled files in the user's cache: each is there whole or not at all, nobody else can write them, and old ones go."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flowc.system import private_cache_folder

LARGEST = 256 * 2**20  # bytes of all files; beyond it the ones that were not used for longest go
FOLDER = "c"


@contextmanager
def cached(name: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """The path of a file with this name, which `make` writes where there is none; it is there while it is loaded.

    Where the cache cannot be written, or is not the user's alone, the file is in a temporary folder. Raises what `make` raises.
    """
    folder = private_cache_folder(FOLDER)
    path = Path(folder, name) if folder else None
    if path and path.is_file():
        with suppress(OSError):
            os.utime(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="flowc-") as temporary:
        new = Path(temporary) / name
        make(new)
        yield _moved(new, path) if path else new
    if folder:
        _prune(folder)


def forget(name: str) -> None:
    """A file that cannot be loaded is made again."""
    if folder := private_cache_folder(FOLDER):
        Path(folder, name).unlink(missing_ok=True)


def _moved(new: Path, path: Path) -> Path:
    """The file in the cache, all of it at once; where it does not go there, where it was made."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    except OSError:
        return new
    try:
        with open(handle, "wb") as file:
            file.write(new.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        return path
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
        return new


def _prune(folder: str) -> None:
    """What was not used for longest goes, until the rest is small enough. Another process may do the same."""
    entries = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                entries.append((status.st_mtime, status.st_size, entry.path))
    excess = sum(size for _, size, _ in entries) - LARGEST
    for _, size, path in sorted(entries):
        if excess <= 0:
            break
        with suppress(OSError):
            os.unlink(path)
            excess -= size

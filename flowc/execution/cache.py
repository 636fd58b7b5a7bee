"""Files in the user's cache, compiled or drawn: each is there whole or not at all, nobody else can write them, and old ones go."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flowc.system import private_cache_folder

LARGEST = 256 * 2**20  # bytes of all files; beyond it the ones that were not used for longest go
FOLDER = "c"  # of compiled files


@contextmanager
def cached(name: str, make: Callable[[Path], None], inner: str = FOLDER) -> Iterator[Path]:
    """The path of a file with this name in a folder of the cache, which `make` writes where there is none; it is there while it is loaded, and stays in
    the cache if it could be.

    Where the cache cannot be written, or is not the user's alone, it is in a temporary folder only. Raises what `make` raises.
    """
    folder = private_cache_folder(inner)
    path = _entry(folder, name) if folder else None
    if path:
        with suppress(OSError):
            os.utime(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="flowc-") as temporary:
        new = Path(temporary) / name
        make(new)
        yield new
        if folder:
            with suppress(OSError):
                _keep(new, folder)
            _prune(folder)


def _entry(folder: str, name: str) -> Path | None:
    """The file of that name; one that is not as it was written goes: loading it could end the process."""
    stem, ending = os.path.splitext(name)
    with suppress(OSError):
        for path in Path(folder).glob(f"{stem}-*{ending}"):
            if path.is_file() and path.stem == f"{stem}-{_digest(path.read_bytes())}":
                return path
            path.unlink()
    return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _keep(new: Path, folder: str) -> None:
    """The file in the cache, all of it at once, with what it holds in its name. Raises OSError."""
    content = new.read_bytes()
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, Path(folder) / f"{new.stem}-{_digest(content)}{new.suffix}")
    except OSError:
        os.unlink(beside)
        raise


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

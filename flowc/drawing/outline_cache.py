"""Outlines of labels in the user's cache: with them a picture takes half the time, since no font has to be read."""

from __future__ import annotations

import atexit
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from zlib import crc32

from flowc.system import ordinary, private_cache_folder

LARGEST = 2**20  # bytes of the file; a larger one is begun anew
_PATH = re.compile(r"[MLQCHVZ\d .e-]*")

Entry = tuple[str, tuple[float, float, float, float], str]  # as of an Outline


class Outlines:
    """Entries by name, read when the first is asked for, written when Python ends; whatever fails, there are none."""

    def __init__(self, path: str):
        self.path = path
        self.entries = _read_entries(path)
        self.fresh: dict[str, Entry] = {}

    def find(self, name: str) -> Entry | None:
        return self.fresh.get(name) or _checked(self.entries.get(name))

    def add(self, name: str, entry: Entry) -> None:
        if not self.fresh:
            atexit.register(self.write)
        self.fresh[name] = entry

    def write(self) -> None:
        """All of it, or nothing; what another process wrote meanwhile is drawn again some day."""
        import json
        import tempfile

        content = json.dumps({**self.entries, **self.fresh}).encode()
        if len(content) > LARGEST:
            content = json.dumps(self.fresh).encode()
        if len(content) > LARGEST:
            return
        with suppress(OSError):
            handle, beside = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix=".")
            try:
                with open(handle, "wb") as file:
                    file.write(content)
                os.replace(beside, self.path)
            except OSError:
                os.unlink(beside)


@lru_cache(maxsize=1)
def open_outlines(*sources: str) -> Outlines | None:
    """Those made by the same libraries and by these files; None where the user has no cache of his own."""
    folder = private_cache_folder("letters")
    if folder is None:
        return None
    try:
        stamps = [(path, status.st_mtime_ns, status.st_size) for path in (*_paths_of_libraries(), *sources) for status in [os.stat(path)]]
    except OSError:
        return None
    return Outlines(os.path.join(folder, f"outlines-{crc32(repr(stamps).encode()):08x}.json"))


def _paths_of_libraries() -> list[str]:
    from importlib.util import find_spec

    return [spec.origin for name in ("ziamath", "ziafont", "latex2mathml") if (spec := find_spec(name)) and spec.origin]


def _read_entries(path: str) -> Mapping[str, Any]:
    import json

    try:
        entries = json.loads(ordinary(path, 2 * LARGEST))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _checked(entry: Any) -> Entry | None:
    """An entry of the file, if it is one."""
    match entry:
        case [str(path), [*box], str(foreign)] if len(box) == 4 and all(isinstance(n, (int, float)) for n in box) and _PATH.fullmatch(path):
            left, top, right, bottom = map(float, box)
            return path, (left, top, right, bottom), foreign
    return None

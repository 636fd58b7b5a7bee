"""`--watch`: a command again whenever a file that it reads has changed, until it is interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping

from flowc.doors.cli.declared_files import files_read
from flowc.doors.cli.errors import FINE, reported, say

PAUSE = 0.2  # seconds between two looks

Stamp = tuple[int, int, int] | None


def watch(command: Callable[[], int], writes: str) -> int:
    """What is wrong is said, and the watch goes on. The status where it is interrupted."""
    try:
        while True:
            before = _stamps(files_read())  # what changes while the command runs is a change, too
            if reported(command) == FINE:
                say(f"flowc: wrote `{writes}`")
            _wait_for_change({**_stamps(files_read()), **before})
    except KeyboardInterrupt:
        return FINE


def _stamps(paths: Iterable[str]) -> dict[str, Stamp]:
    return {path: _stamp(path) for path in paths}


def _wait_for_change(before: Mapping[str, Stamp]) -> None:
    while all(_stamp(path) == stamp for path, stamp in before.items()):
        time.sleep(PAUSE)


def _stamp(path: str) -> Stamp:
    """What changes with a file, also where an editor puts a new one in its place; None while it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size

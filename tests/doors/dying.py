"""A command in a process of its own that dies while it writes, as by kill -9; or that finds the disk full."""

import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from typing import NoReturn

from flowc.doors.cli import files, temporary
from flowc.doors.cli.training import checkpoints, log, output_files

WRITING = {module.__file__ for module in (files, temporary, checkpoints, log, output_files)}


def in_child(command: Callable[[], int]) -> tuple[int, str]:
    """How a process ends that does this alone, its status or minus its signal; and what it says."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of the libraries are at rest
        child = os.fork()
    if not child:
        _end_with(command, writer)
    os.close(writer)
    with open(reader, encoding="utf-8") as file:
        text = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def _end_with(command: Callable[[], int], output: int) -> NoReturn:
    status = 71
    try:
        with open(output, "w", encoding="utf-8") as file:
            sys.stdout = sys.stderr = file
            status = command()
    finally:
        os._exit(status)


def lines_of(command: Callable[[], int]) -> int:
    """How many lines are executed where files are written, when the command is done once."""
    return int(in_child(lambda: print(_traced(command, lambda count: None)) or 0)[1].split()[-1])


def dying(command: Callable[[], int], moment: int) -> Callable[[], int]:
    """The command, which is killed before the line that is the `moment`th of these."""

    def heard(count: int) -> None:
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: _traced(command, heard)


def _traced(command: Callable[[], int], heard: Callable[[int], None]) -> int:
    """`heard` of each line before it is executed; gives their number."""
    count = 0

    def line(frame, event, argument):  # type: ignore[no-untyped-def]
        nonlocal count
        if event == "line":
            count += 1
            heard(count)
        return line

    sys.settrace(lambda frame, event, argument: line if frame.f_code.co_filename in WRITING else None)
    command()
    sys.settrace(None)
    return count


def on_a_full_disk(command: Callable[[], int], room: int) -> Callable[[], int]:
    """The command, whose files can have so many bytes."""

    def limited() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        return command()

    return limited

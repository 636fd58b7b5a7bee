"""What flowc's command line takes, as a process of its own: time, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile


@dataclass(frozen=True)
class Spent:
    """`seconds` on the clock; `cpu`: of the processor, the system's part among them; `memory`: most bytes at once."""

    seconds: float
    cpu: float
    memory: float


def spent(checkout: Path, place: Path, *arguments: str) -> Spent:
    """The whole of `flowc ARGUMENTS`, of the package in `checkout`, in a folder. Raises RuntimeError where it fails."""
    command = [sys.executable, "-m", "flowc", *arguments]
    started = time.perf_counter()
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=place, env={**os.environ, "PYTHONPATH": str(checkout)}, stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command[2:])} of {checkout} ended with {process.returncode}\n{said.read()}")
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Spent(took, used.ru_utime + used.ru_stime, memory)

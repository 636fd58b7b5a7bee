"""What a command takes, flowc's or another, as a process of its own: time, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
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
    return spent_by([sys.executable, "-m", "flowc", *arguments], place, {"PYTHONPATH": str(checkout)})


def spent_by(command: Sequence[str], place: Path, settings: Mapping[str, str] | None = None) -> Spent:
    """Any command, in a folder, with some settings of its environment. Raises RuntimeError where it fails."""
    started = time.perf_counter()
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=place, env={**os.environ, **(settings or {})}, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            where = " ".join(["", *(settings or {}).values()])
            raise RuntimeError(f"{' '.join(command)} of{where or ' this'} ended with {process.returncode}\n{said.read()}")
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Spent(took, used.ru_utime + used.ru_stime, memory)


WATCH = """\
import os, sys
process = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(process, 0)
print(used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def output_and_memory(command: Sequence[str], place: Path) -> tuple[str, float]:
    """What a command prints, and the most bytes that it held at once. Linux counts what a process held before it became the command:
    hence one between, which holds 10 MB."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", WATCH, *command], cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return done.stdout, float(done.stderr.split()[-1]) * (1 if sys.platform == "darwin" else 1024)

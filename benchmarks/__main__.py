"""`python -m benchmarks [QUESTION…]`: the code that flowc prints, beside what people write by hand and other libraries."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import Row
from benchmarks.machine import ALONE, line
from benchmarks.table import put, table

ROOT = Path(__file__).resolve().parent.parent

# Each a module of this folder; a process each, so that no library's threads meet another's.
QUESTIONS = (
    "xor_forward",
    "mlp_forward",
    "mlp_compiled",
    "mlp_training",
    "dag_forward",
    "dag_gradients",
    "xor_fit",
    "sine_fit",
    "in_c",
    "javascript",
    "c_fast",
    "c_files",
    "digits",
    "large",
)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the code that flowc prints, and prints one table in Markdown.",
        epilog="How long reading takes is measured by `python -m benchmarks.front_end`.",
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=f"of {', '.join(QUESTIONS)}; all without")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="how often each is timed; 7 is the default")
    parser.add_argument("--quick", action="store_true", help="small sizes and short timings, to see that all works")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="puts the table into this page, between its comments"
    )
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.questions if name not in QUESTIONS]:
        parser.error(f"there is no question `{unknown[0]}`; there are {', '.join(QUESTIONS)}")
    if chosen.rounds < 1:
        parser.error("at least one round")
    return chosen


def answer(question: str, rounds: int, quick: bool) -> list[Row]:
    """The rows of one question, from a process that has libraries of its own."""
    effort = [str(rounds), "0.001" if quick else "0.01", "QUICK" if quick else "SIZES"]
    worker = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", question, *effort],
        cwd=ROOT, env={**os.environ, **ALONE}, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    rows = [Row(**json.loads(row)) for row in worker.stdout.splitlines()]
    stopped = [Row(question, "", "", note="stopped by an error")] if worker.returncode else []
    return rows + stopped


def main() -> int:
    chosen = options()
    rows = [
        row
        for question in QUESTIONS
        if question in (chosen.questions or QUESTIONS)
        for row in answer(question, chosen.rounds, chosen.quick)
    ]
    text = f"{table(rows)}\n{line()}; {chosen.rounds} rounds.\n"
    if chosen.write:
        put(chosen.write, text)
    print(text)
    return int(any(row.met is False or row.note.startswith(("results", "stopped")) for row in rows))


if __name__ == "__main__":
    sys.exit(main())

"""One question, in a process of its own: `python -m benchmarks.worker MODULE ROUNDS LEAST SIZES` (SIZES or QUICK) prints rows as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict
from importlib import import_module

from benchmarks.harness import Effort, Row, run
from benchmarks.machine import pin, pools


def rows(question: str, effort: Effort, sizes: str) -> Iterator[Row]:
    module = import_module(f"benchmarks.{question}")
    if hasattr(module, "rows"):
        yield from module.rows(getattr(module, sizes), effort)
        return
    for race in module.races(getattr(module, sizes)):
        print(race.question, file=sys.stderr, flush=True)
        yield from run(race, effort)


def main(question: str, rounds: str, least: str, sizes: str) -> None:
    """Rows go to standard output, whatever else is printed to standard error."""
    pin()
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        for row in rows(question, Effort(int(rounds), float(least)), sizes):
            if many := pools():
                raise RuntimeError(f"more than one thread in {', '.join(many)}")
            print(json.dumps(asdict(row)), file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`python -m flowc.testing --seconds N`: random diagrams, held to everything that must hold of a diagram."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import monotonic

from flowc.testing.checks import SHARES
from flowc.testing.runner import Report, Search, search


def main(arguments: list[str] | None = None) -> int:
    """0 where everything holds, 1 where something fails."""
    chosen = _parse_options().parse_args(arguments)
    backends = chosen.backend or ("numpy", "torch")
    how = Search(
        chosen.seed, chosen.seconds, chosen.count, chosen.share, backends, folder=chosen.keep, telling=True
    )  # fmt: skip
    began = monotonic()
    report = search(how, chosen.workers)
    _tell_report(report, monotonic() - began, chosen.counts)
    for failure in report.failures:
        why, _, numbers = failure.message.partition(failure.diagram.text)  # an assertion shows the diagram itself
        print(f"\nseed {failure.seed}, {failure.check}: {why.strip()}\n\n{failure.diagram.text}{numbers}")
        print(f"kept in {chosen.keep / failure.name}" if chosen.keep else "`--keep DIR` keeps it")
    return 1 if report.failures else 0


def _parse_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m flowc.testing", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="N", help="how long diagrams are drawn; 60 by default"
    )
    parser.add_argument("--count", type=int, metavar="N", help="how many at most")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of the first diagram; each next one has the next"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that share the seeds")
    parser.add_argument("--share", choices=SHARES, default="all", help="what diagrams are held to; all by default")
    parser.add_argument(
        "--backend", action="append", metavar="NAME", help="instead of numpy and torch; may be given again"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a folder for what fails")
    parser.add_argument("--counts", action="store_true", help="how many diagrams have each construct")
    return parser


def _tell_report(report: Report, seconds: float, counts: bool) -> None:
    drawn = report.census.diagrams
    print(f"{drawn} diagrams in {seconds:.0f} s, {drawn / seconds:.2g} a second, {len(report.failures)} failures")
    print("  ".join(f"{name} {count}" for name, count in report.checks.items()))
    never = [" ".join(key) for key in report.census.never()]
    print(
        f"never drawn: {len(never)}" + (" of the constructs; `--counts` lists them all" if never and not counts else "")
    )
    if counts:
        print(*report.census.lines(), sep="\n")


if __name__ == "__main__":
    sys.exit(main())

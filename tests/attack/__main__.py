"""`python -m tests.attack`: searches for long, and keeps what fails as its smallest input with its command."""

import argparse
import sys
from pathlib import Path

from tests.attack.search import Search, search

parser = argparse.ArgumentParser(prog="python -m tests.attack", description="Mutated inputs through every verb.")
parser.add_argument("--seconds", type=float, default=60, metavar="N", help="of processor time; 60 by default")
parser.add_argument("--inputs", type=float, default=float("inf"), metavar="N", help="at most")
parser.add_argument("--seed", type=int, default=0, metavar="N")
parser.add_argument("--keep", type=Path, metavar="DIR", help="a folder for the inputs that fail")

if __name__ == "__main__":
    chosen = parser.parse_args()
    result = Search()
    for result in search(chosen.seed, chosen.seconds, chosen.inputs, chosen.keep and chosen.keep.resolve()):
        if result.inputs.total() % 100 == 0:
            print(f"{result.inputs.total()} inputs, {len(result.failures)} kinds of failure", file=sys.stderr, flush=True)
    print(result.report())
    sys.exit(bool(result.failures))

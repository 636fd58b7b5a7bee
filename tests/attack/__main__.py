"""`python -m tests.attack`: searches for long, and keeps what fails as its smallest input with its command."""

import argparse
import faulthandler
import resource
import sys
from pathlib import Path

from flowc.doors.cli.commands import VERBS
from tests.attack.search import Search, search

parser = argparse.ArgumentParser(prog="python -m tests.attack", description="Mutated inputs through every verb.")
parser.add_argument("--seconds", type=float, default=60, metavar="N", help="of processor time; 60 by default")
parser.add_argument("--inputs", type=float, default=float("inf"), metavar="N", help="at most")
parser.add_argument("--seed", type=int, default=0, metavar="N")
parser.add_argument("--keep", type=Path, metavar="DIR", help="a folder for the inputs that fail")

parser.add_argument("--verbs", nargs="+", choices=[*VERBS], default=[*VERBS], help="all by default")

MEMORY = 8 * 2**30  # bytes
STUCK = 900  # seconds of one input, after which it is no use to wait: the clock does not reach into C

if __name__ == "__main__":
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    result = Search()
    for result in search(chosen.seed, chosen.seconds, chosen.inputs, chosen.keep and chosen.keep.resolve(), chosen.verbs):
        faulthandler.dump_traceback_later(STUCK, exit=True)
        if result.inputs.total() % 100 == 0:
            print(f"{result.inputs.total()} inputs, {len(result.failures)} kinds of failure", file=sys.stderr, flush=True)
    print(result.report())
    sys.exit(bool(result.failures))

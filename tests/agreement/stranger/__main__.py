"""`python -m tests.agreement.stranger --seconds N --seed S`: diagrams of a stranger, and the smallest that fail."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic

from tests.agreement.stranger.checks import Fault, examine, smaller
from tests.agreement.stranger.words import Text
from tests.agreement.stranger.writer import write


def search(seeds: Iterator[int], seconds: float, share: int, keep: Callable[[int, Text, Fault], None]) -> Counter[str]:
    """`share`: of so many diagrams one goes through the command line."""
    end, counts = monotonic() + seconds, Counter[str]()
    for seed in seeds:
        if monotonic() > end:
            break
        text, everything = write(seed), seed % share == 0
        counts["diagrams"] += 1
        counts["by command"] += everything
        try:
            counts[examine(text, seed, everything)] += 1
        except Fault as fault:
            counts["faults"] += 1
            keep(seed, text, fault)
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first diagram")
    parser.add_argument("--share", type=int, default=10, help="of so many diagrams one goes through the command line")
    parser.add_argument("--keep", type=Path, default=Path("stranger-faults"), help="a folder for the smallest texts")
    chosen = parser.parse_args()
    kinds = Counter[str]()

    def keep(seed: int, text: Text, fault: Fault) -> None:
        kinds[fault.kind] += 1
        if kinds[fault.kind] > 1:
            return
        small = smaller(text, seed, seed % chosen.share == 0, fault.kind)
        folder = chosen.keep / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stranger.flow").write_text(small.text)
        (folder / "fault.txt").write_text(f"{fault}\n")
        for name, data in small.files.items():
            (folder / name).write_bytes(data)
        print(f"\n{seed}: {fault.kind}\n{small.text}", flush=True)

    begin = monotonic()
    counts = search(count(chosen.seed), chosen.seconds, chosen.share, keep)
    for kind, times in kinds.most_common():
        print(f"{times:5}  {kind}")
    print(f"{dict(counts)}, {counts['diagrams'] / (monotonic() - begin):.2f} a second")
    return int(bool(kinds))


if __name__ == "__main__":
    sys.exit(main())

"""Two checkouts of flowc beside each other: `python -m benchmarks.side_by_side OTHER [--rounds 15] [WORD…]`.

Each round runs every command once of this checkout and once of OTHER, a folder with another one, one after the other and
every other round in the opposite order. Shown are the medians, and the ratio of the rounds, this divided by OTHER, as its
quartiles: below 1, this one takes less. The exit status is 1 where a lower quartile is above the limit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.command import Spent, spent
from benchmarks.machine import ALONE, line
from benchmarks.made import ROOT, folder

ARROWS, CHAIN = 100_000, 10_000
LIMIT = 1.05
HEAD = ("command", "this, s", "other, s", "CPU time", "this, MiB", "memory")


@dataclass(frozen=True)
class Case:
    """A diagram in a folder, and the words after its name with which it is compiled and run."""

    name: str
    place: Path
    compiled: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    file: str = "diagram.flow"
    small: bool = False  # so that it is drawn, and told in formulas

    def commands(self) -> dict[str, tuple[str, ...]]:
        """By what each is called."""
        commands = {
            "check": (self.file,), "compile": (self.file, *self.compiled, "-o", "printed.py"), "run": (self.file, *self.values),
        }  # fmt: skip
        if self.small:
            commands |= {"draw": (self.file,), "equations": (self.file,), "trace": (self.file, *self.values)}
        return {f"{verb} {self.name}": (verb, *words) for verb, words in commands.items()}


def cases() -> Iterator[Case]:
    examples = folder()
    for pattern in ("xor.flow", "layers.flow", "net232.flow", "evolved*", "iris.*"):
        for path in (ROOT / "examples").glob(pattern):
            shutil.copy(path, examples)
    yield Case("XOR", examples, file="xor.flow", small=True)
    yield Case("layers", examples, values=("x=1,0,0,0",), file="layers.flow", small=True)
    yield Case("evolved", examples, file="evolved.flow", small=True)
    yield Case("net232", examples, file="net232.flow")
    yield Case("iris", examples, file="iris.flow")
    from benchmarks.dag import INPUTS
    from benchmarks.large import written

    place, arrows = written(ARROWS)
    values = tuple(f"x{k + 1}={(k % 7) / 7:.2f}" for k in range(INPUTS))
    yield Case(f"{arrows:,} arrows", place, ("--style", "fast"), values)
    place = folder()
    (place / "diagram.flow").write_text(chain(CHAIN), encoding="utf-8")
    yield Case(f"a chain of {CHAIN:,}", place, values=("n0=0.5",))


def chain(count: int) -> str:
    """One node after the other, each arrow with a weight of its own that learns."""
    names = ", ".join(f"n{i}" for i in range(1, count))
    lines = "".join(f"n{i} -> n{i + 1} : ~ 0.5\n" for i in range(count))
    return f"input n0\ntarget y\nnode {names} : tanh\noutput n{count}\n{lines}loss mse(n{count}, y)\n"


def rounds(other: Path, case: Case, words: tuple[str, ...], count: int) -> list[tuple[Spent, Spent]]:
    """This checkout's and the other's, round by round; a round before them warms the files up."""
    found = []
    for k in range(count + 1):
        order = (ROOT, other) if k % 2 else (other, ROOT)
        took = {checkout: spent(checkout, case.place, *words) for checkout in order}
        found.append((took[ROOT], took[other]))
    return found[1:]


def spread(ratios: list[float]) -> tuple[float, float, float]:
    """The quartiles."""
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return low, middle, high


def shown(low: float, middle: float, high: float) -> str:
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def compare(other: Path, words: list[str], count: int) -> bool:
    """Prints a line for each command whose name has one of the words, or for all. Whether all are within the limit."""
    print(f"{HEAD[0]:<28} {HEAD[1]:>8} {HEAD[2]:>8}  {HEAD[3]:<22} {HEAD[4]:>9}  {HEAD[5]}")
    fine = True
    for case in cases():
        for name, arguments in case.commands().items():
            if words and not any(word in name for word in words):
                continue
            took = rounds(other, case, arguments, count)
            cpu = spread([ours.cpu / theirs.cpu for ours, theirs in took])
            memory = spread([ours.memory / theirs.memory for ours, theirs in took])
            ours, theirs = (median(spent.cpu for spent in side) for side in zip(*took))
            most = median(spent.memory for spent, _ in took) / 2**20
            print(f"{name:<28} {ours:8.2f} {theirs:8.2f}  {shown(*cpu):<22} {most:9.0f}  {shown(*memory)}", flush=True)
            fine = fine and cpu[0] <= LIMIT and memory[0] <= LIMIT
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="the folder of the other checkout")
    parser.add_argument("words", nargs="*", help="of the commands, those that have one of these words in their name")
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="15 is the default")
    chosen = parser.parse_args()
    if not (chosen.other / "flowc" / "__main__.py").is_file():
        parser.error(f"{chosen.other} holds no checkout of flowc")
    if chosen.rounds < 1:
        parser.error("at least one round")
    os.environ |= {**ALONE, "PYTHONPYCACHEPREFIX": str(folder())}  # bytecode is at hand, as in an installation
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    fine = compare(chosen.other.resolve(), chosen.words, chosen.rounds)
    print(f"\n{line()}; {chosen.rounds} rounds; the lower quartiles are held to {LIMIT:g}.")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())

"""How long reading takes: `python -m benchmarks.front_end [ROUNDS]`.

Parsing is compared with Lark's own tree of the same text: of arrows from the smallest grammar that reads them, of
equations from our grammar. Starting up is compared with importing the two libraries and loading our grammar. Rounds are interleaved, so that both sides meet the same weather;
shown are the median of the rounds' ratios and the quartiles around it.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from lark import Lark

from flowc.source import Source
from flowc.syntax.machine import grammar, options
from flowc.syntax.parser import parse

ROOT = Path(__file__).resolve().parent.parent
XOR = ROOT / "tests" / "syntax" / "good" / "xor.flow"

# What a plain tool would do: one rule, one terminal for each kind of token.
ARROWS = r"""
start: ((arrow | declaration)? _NEWLINE)*
declaration: ("input" | "node" | "output") NAME ("," NAME)*
arrow: NAME "->" NAME ":" NUMBER
NAME: /[^\W\d]\w*/
NUMBER: /-?\d+(\.\d+)?/
_NEWLINE: /\n/
%ignore /[ \t]+/
"""


def arrows(count: int) -> str:
    generator = random.Random(0)
    return "".join(
        f"n{generator.randrange(count)} -> n{generator.randrange(count)} : {generator.uniform(-1, 1):.4f}\n"
        for _ in range(count)
    )


def equations(count: int) -> str:
    return "".join(f"f{i} = step(0.5 - w{i}*x{i} + 2*(y{i} + z)^2)\n" for i in range(count))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak(work: Callable[[], object]) -> float:
    """The most memory that was in use at once, in MiB."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def compare(rounds: int, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, list[float]]:
    """The medians of both, and the ratio of each round."""
    times = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return median(a for a, _ in times), median(b for _, b in times), [a / b for a, b in times]


def shown(ratios: list[float]) -> str:
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else (ratios[0],) * 3
    return f"{median(ratios):7.3f} ({low:.3f} to {high:.3f})"


def parsing(rounds: int) -> None:
    print(
        f"{'text':<22} {'flowc':>10} {'per line':>10} {'Lark tree':>10}  {'ratio':<26} {'peak MiB, flowc':>15} {'Lark':>8}"
    )
    per_line: dict[int, float] = {}
    for kind, make, plain, counts in (
        ("arrows", arrows, Lark(ARROWS, parser="lalr"), (1_000, 10_000, 100_000)),
        ("equations", equations, Lark(grammar(), **options()), (1_000, 10_000)),
    ):
        for count in counts:
            text = make(count)
            source = Source("benchmark.flow", text)
            parse(source)
            ours, theirs, ratios = compare(rounds, partial(parse, source), partial(plain.parse, text))
            if kind == "arrows":
                per_line[count] = ours / count
            memory = f"{peak(partial(parse, source)):15.1f} {peak(partial(plain.parse, text)):8.1f}"
            print(
                f"{count:>7,} {kind:<14} {ours * 1e3:8.1f}ms {ours / count * 1e6:8.2f}µs {theirs * 1e3:8.1f}ms "
                f"{shown(ratios):<26} {memory}"
            )
    print(f"time of an arrow among 100,000 / among 10,000: {per_line[100_000] / per_line[10_000]:.2f}")


def process(*arguments: str) -> float:
    def run() -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)

    return seconds(run)


def starting(rounds: int) -> None:
    load = (
        "import lark, networkx; from flowc.syntax.machine import grammar, options; lark.Lark(grammar(), **options())"
    )
    read = f"from flowc.syntax import decode, parse; parse(decode(open({str(XOR)!r}, 'rb').read(), 'xor.flow'))"
    cases = [
        ("parse xor.flow", ("-c", read), ("-c", load), "lark, networkx, grammar"),
        ("flowc --version", ("-m", "flowc", "--version"), ("-c", "pass"), "python -c pass"),
        ("flowc check xor.flow", ("-m", "flowc", "check", str(XOR)), ("-c", load), "lark, networkx, grammar"),
        (
            "flowc compile xor.flow",
            ("-m", "flowc", "compile", str(XOR), "-o", "-"),
            ("-c", load),
            "lark, networkx, grammar",
        ),
    ]
    print(f"\n{'start':<24} {'time':>8}  {'against':<24} {'time':>8}  ratio")
    for name, ours, theirs, against in cases:
        a, b, ratios = compare(rounds, partial(process, *ours), partial(process, *theirs))
        print(f"{name:<24} {a * 1e3:6.0f}ms  {against:<24} {b * 1e3:6.0f}ms {shown(ratios)}")


def chain(count: int) -> str:
    """As many nodes as arrows."""
    names = ", ".join(f"n{i}" for i in range(1, count))
    lines = "".join(f"n{i} -> n{i + 1} : 0.5\n" for i in range(count))
    return f"input n0\nnode {names}\noutput n{count}\n{lines}"


def tens(count: int) -> str:
    """Ten arrows into every node, from the two thousand before it."""
    generator = random.Random(0)
    last = 9 + count // 10
    lines = "".join(
        f"n{source} -> n{node} : {generator.uniform(-1, 1):.4f}\n"
        for node in range(10, last + 1)
        for source in generator.sample(range(max(0, node - 2000), node), 10)
    )
    inputs, names = ", ".join(f"n{i}" for i in range(10)), ", ".join(f"n{i}" for i in range(10, last))
    return f"input {inputs}\nnode {names}\noutput n{last}\n{lines}"


def checking(rounds: int) -> None:
    """The whole check of large diagrams, beside a Lark tree of the same text."""
    from flowc.pipeline import understand

    plain = Lark(ARROWS, parser="lalr")
    print(f"\n{'check':<26} {'flowc':>10} {'per line':>10} {'Lark tree':>10}  ratio")
    for name, make in (("a chain", chain), ("ten into each", tens)):
        for count in (1_000, 10_000, 100_000):
            text = make(count)
            ours, theirs, ratios = compare(
                rounds if count < 100_000 else 3,
                partial(understand, Source("check.flow", text)),
                partial(plain.parse, text),
            )
            times = f"{ours * 1e3:8.1f}ms {ours / count * 1e6:8.2f}µs {theirs * 1e3:8.1f}ms"
            print(f"{count:>7,} arrows, {name:<14} {times} {shown(ratios)}")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"Python {sys.version.split()[0]}, grammar of {len(grammar().splitlines())} lines, {count} rounds\n")
    parsing(count)
    starting(count)
    checking(count)

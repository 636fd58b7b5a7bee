"""What C files take besides time of their own: the compiler's for a small one, and the memory in which a large one learns."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from benchmarks.command import Spent, output_and_memory, spent, spent_by
from benchmarks.dag_files import TOLERANCE
from benchmarks.harness import Effort, Row
from benchmarks.large import written
from benchmarks.made import ROOT, folder
from benchmarks.race import difference

SIZES, QUICK = (1_000_000,), (10_000,)  # arrows
CC = shutil.which("cc")
TOKENS, STEPS, RATE = 128, 3, 0.001
LEARN_C = f"""\
#define main show_table
#include "big.c"
#undef main

/* {STEPS} steps from {TOKENS} tokens; the loss before another one is told. */
int main(void)
{{
    static float x[{TOKENS} * 100], y[{TOKENS} * 10];
    static struct weights w;

    for (size_t k = 0; k < {TOKENS} * 100; k++)
        x[k] = (float)(k % 17) / 17;
    for (size_t k = 0; k < {TOKENS} * 10; k++)
        y[k] = (float)(k % 7) / 7;
    initial_weights(&w);
    fit(&w, {TOKENS}, x, y, {RATE}f, {STEPS});
    printf("%.9g\\n", learn(&w, {TOKENS}, x, y, 0.0f));
    return 0;
}}
"""
LEARN_NUMPY = f"""\
import big
import numpy as np

x = (np.arange({TOKENS} * 100) % 17 / 17).astype(np.float32).reshape({TOKENS}, 100)
y = (np.arange({TOKENS} * 10) % 7 / 7).astype(np.float32).reshape({TOKENS}, 10)
weights = big.fit(big.initial_weights(), x, y, {RATE}, {STEPS})
print("%.9g" % big.learn(weights, x, y, 0.0)[0])
"""


def rows(sizes: tuple[int, ...], effort: Effort) -> Iterator[Row]:
    if CC is None:
        yield Row("C files", "c", "", note="`cc` is not installed")
        return
    yield small(CC, effort)
    for size in sizes:
        yield memory(CC, size, effort)


def small(cc: str, effort: Effort) -> Row:
    """XOR from the diagram to the program; flowc's own time is taken off, and shown is the processor's of both."""
    place = folder()
    for file in (ROOT / "examples" / "xor.flow", ROOT / "benchmarks" / "xor_by_hand.c"):
        shutil.copy(file, place)

    def compiled(name: str) -> Spent:
        return spent_by([cc, name, "-lm", "-o", "program"], place)

    rounds = []
    for number in range(effort.rounds):
        own = spent(ROOT, place, "compile", "xor.flow", "--backend", "c", "-o", "xor.c")
        names = ["xor.c", "xor_by_hand.c"][:: -1 if number % 2 else 1]
        took = {name: compiled(name).cpu for name in names}
        rounds.append((own.cpu, took["xor.c"], took["xor_by_hand.c"]))
    flowc = median(own for own, _, _ in rounds)
    question = f"XOR printed and compiled, cold, without flowc's own {flowc:.2f} s"
    ratios = tuple(printed / by_hand for _, printed, by_hand in rounds)
    return Row(question, "c", "`cc` of a file by hand", 1.3, median(own + printed for own, printed, _ in rounds), ratios)


def memory(cc: str, size: int, effort: Effort) -> Row:
    """Learning, not compiling: the most that each process held at once. The losses that they tell are compared."""
    place, arrows = written(size)
    fast = ["compile", "diagram.flow", "--style", "fast", "--dtype", "float32"]
    spent(ROOT, place, *fast, "--backend", "c", "-o", "big.c")
    spent(ROOT, place, *fast, "--batch", str(TOKENS), "-o", "big.py")
    (place / "learn.c").write_text(LEARN_C, encoding="utf-8")
    (place / "learn.py").write_text(LEARN_NUMPY, encoding="utf-8")
    spent_by([cc, "-O1", "learn.c", "-lm", "-o", "learn"], place)
    commands = {"c": [str(place / "learn")], "numpy": [sys.executable, "learn.py"]}
    row = Row(f"{arrows:,} arrows learn from {TOKENS} tokens, memory", "c, fast", "the printed numpy file", 0.7)
    rounds = [{name: output_and_memory(command, place) for name, command in commands.items()} for _ in range(effort.rounds)]
    (ours, _), (numpys, _) = rounds[0].values()
    if fault := difference(float(ours), float(numpys), TOLERANCE):
        return replace(row, note=fault)
    return replace(row, ratios=tuple(took["c"][1] / took["numpy"][1] for took in rounds))

"""JavaScript in node: the printed file learns, with its own exponential and with `Math.exp`, beside an object per node and link."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.harness import Effort, Row
from benchmarks.made import ROOT, flowc, folder
from benchmarks.race import difference

SIZES, QUICK = (50_000, 100), (100, 2)  # steps: of the exclusive or, of the rings
NODE = shutil.which("node")
PEER = "TensorFlow Playground's way, `Math.exp`"
FILES = {"printed": ("javascript", 1 / 2), "engine": ("javascript, `Math.exp`", 1 / 5)}  # and how their times are held to the peer's
ALONE = {"printed_exp": "its exponentials alone", "engine_exp": "as many `Math.exp` alone"}  # what no loop can go below
EXP = "function exp(x) {\n"
RINGS = """\
flow rings "Which of two rings a point is of"

input  x[2]
target y
node   g[8], h[8] : logistic
output f          : logistic

x, 1 -> g : ~
g, 1 -> h : ~
h, 1 -> f : ~

loss  binary_cross_entropy(f, y)
train gd(rate=0.5, steps=100)
"""


@dataclass(frozen=True)
class Task:
    """`columns` are what the file takes, `places` where its weights are: for each layer a row of each node, its bias first."""

    question: str
    diagram: str
    columns: list[Any]
    points: list[list[float]]
    labels: list[float]
    places: list[list[list[tuple]]]


def xor() -> Task:
    points, labels = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
    hidden = [[(f"b_{h}",), (f"w_{h}_x1",), (f"w_{h}_x2",)] for h in ("h1", "h2")]
    places = [hidden, [[("b_f",), ("w_f_h1",), ("w_f_h2",)]]]
    text = (ROOT / "examples" / "xor_learnt.flow").read_text(encoding="utf-8")
    return Task("XOR learnt", text, [*map(list, zip(*points, strict=True))], points, labels, places)


def rings(count: int = 400) -> Task:
    """2-8-8-1; every other point is of the outer ring."""
    rng = random.Random(1)
    points, labels = [], [float(k % 2) for k in range(count)]
    for label in labels:
        angle, radius = rng.uniform(0, 2 * math.pi), rng.uniform(0, 1) + 1.5 * label
        points.append([radius * math.cos(angle), radius * math.sin(angle)])
    places = [
        [[("b_g", k), *(("W_g_x", k, j) for j in range(2))] for k in range(8)],
        [[("b_h", k), *(("W_h_g", k, j) for j in range(8))] for k in range(8)],
        [[("b_f",), *(("w_f_h", j) for j in range(8))]],
    ]  # fmt: skip
    return Task(f"2-8-8-1 learns {count} points", RINGS, [points], points, labels, places)


def rows(sizes: tuple[int, int], effort: Effort) -> Iterator[Row]:
    for task, steps in zip((xor(), rings()), sizes, strict=True):
        row = Row(f"{task.question}, {steps:,} steps in node", "", PEER)
        if NODE is None:
            yield replace(row, file="javascript", note="`node` is not installed")
            continue
        results, seconds = run(task, steps, effort.rounds)
        for name, (file, limit) in FILES.items():
            fault = difference(results[name], results["playground"], 1e-6)
            ratios = tuple(a / b for a, b in zip(seconds[name], seconds["playground"], strict=True))
            yield replace(row, file=file, limit=limit, **({"note": fault} if fault else {"seconds": median(seconds[name]), "ratios": ratios}))
        for name, file in ALONE.items():
            ratios = tuple(a / b for a, b in zip(seconds[name], seconds["playground"], strict=True))
            yield replace(row, file=file, seconds=median(seconds[name]), ratios=ratios)


def run(task: Task, steps: int, rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The weights after so many steps, and the seconds of each round, of the two files and of the peer."""
    place = folder()
    (place / "diagram.flow").write_text(task.diagram, encoding="utf-8")
    flowc("compile", "diagram.flow", "--backend", "javascript", "-o", "printed.mjs", cwd=place)
    text = (place / "printed.mjs").read_text(encoding="utf-8")
    if text.count(EXP) != 1:
        raise RuntimeError("the printed file has no `exp` of its own, in whose place `Math.exp` could be")
    (place / "printed.mjs").write_text(f"{text}\nexport {{ exp }};\n", encoding="utf-8")
    (place / "engine.mjs").write_text(text.replace(EXP, f"{EXP}    return Math.exp(x);\n"), encoding="utf-8")
    for script in ("playground.mjs", "race.mjs"):
        shutil.copy(Path(__file__).parent / "node" / script, place)
    names = ("columns", "points", "labels", "places")
    numbers = {name: getattr(task, name) for name in names} | {"rate": 0.5, "steps": steps, "rounds": rounds}
    done = subprocess.run([NODE or "node", "race.mjs"], cwd=place, input=json.dumps(numbers), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer = json.loads(done.stdout)
    return answer["results"], answer["seconds"]

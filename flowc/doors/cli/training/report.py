"""What was learnt: the loss, the share that is right, which classes are taken for which, small weights."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from flowc.data.dataset import Dataset
from flowc.doors.cli.prepare import Prepared
from flowc.doors.cli.training.learning_run import Course, Run
from flowc.learning.loop import NotFinite
from flowc.learning.metrics import Score, score_outputs
from flowc.nets.training.failure import find_cause
from flowc.records import Record

Array = np.ndarray
SMALL = 32  # numbers of all weights, to be shown


class Result(Record):
    """Of one dataset; `loss` None where it is not finite."""

    name: str
    tokens: int
    loss: float | None
    scores: list[Score]


class Report(Record):
    diagram: str
    method: str
    steps: int
    end: str
    weights: dict[str, Array]
    results: list[Result]  # of the data learnt from, then of those held out


def report(prepared: Prepared, run: Run, course: Course, data: Dataset, held: Dataset | None) -> Report:
    weights = run.learner.numpy_arrays(course.learnt.weights)
    results = [_result_of(prepared, weights, part) for part in (data, held) if part is not None]
    end = "not finite" if isinstance(course.end, NotFinite) else course.end
    return Report(prepared.diagram.network.name, run.method.record.name, course.learnt.step, end, weights, results)


def _result_of(prepared: Prepared, weights: dict[str, Array], data: Dataset) -> Result:
    try:
        loss = prepared.net.loss(weights, data.arrays)
        values = prepared.net.forward(weights, data.arrays)
    except FloatingPointError:
        return Result(data.name, data.tokens, None, [])
    return Result(data.name, data.tokens, loss, score_outputs(prepared.diagram.network, values))


def what_failed(prepared: Prepared, run: Run, course: Course, failure: NotFinite, data: Dataset) -> str:
    """The step, the node and its line; and that a smaller rate may help, where steps led there."""
    reason = find_cause(prepared.net, run.learner, data.arrays, failure)
    rate = run.method.values["rate"] / 10
    example = f": --rate {rate:g}" if rate <= 1e3 else ""
    way_out = f"; a smaller rate may help{example}" if reason.by_steps else ""
    return f"flowc: {reason}\n  the weights after step {course.learnt.step} are kept{way_out}"


# ----------------------------------------------------------------------------------------------------------------- text


def as_text(found: Report) -> str:
    confusions = [_print_confusion(s) for r in found.results[-1:] for s in r.scores]
    blocks = [_print_head(found), *confusions, _print_weights(found.weights)]
    return "\n".join(block for block in blocks if block)


def _print_head(found: Report) -> str:
    steps = f"{found.steps} step{'s' if found.steps != 1 else ''}"
    end = {"patience": ", no better for a while", "interrupted": ", interrupted", "not written": ", ended early"}.get(found.end, "")
    lines = [f"{found.diagram}: {steps} of {found.method}{end}"]
    for what, result in zip(("learnt from", "held out"), found.results):
        loss = "not finite" if result.loss is None else f"{result.loss + 0.0:.6g}"  # + 0.0: a zero has no sign here
        tokens = f"{result.tokens} token{'s' if result.tokens != 1 else ''}"
        lines.append(f"{what:<12} {result.name}, {tokens}: loss {loss}{_say_right(result.scores)}")
    return "\n".join(lines) + "\n"


def _say_right(found: list[Score]) -> str:
    return "".join(f", {s.output} right {s.right} of {s.tokens} ({100 * s.right / s.tokens:.1f} %)" for s in found)


def _print_confusion(score: Score) -> str:
    """A row for each class of the target, a column for each that the output gives."""
    rows = [["", *score.classes], *([c, *map(str, row)] for c, row in zip(score.classes, score.confusion.tolist()))]
    first = max(len(row[0]) for row in rows)
    width = max(len(cell) for row in rows for cell in row[1:])
    lines = [f"{row[0]:<{first}}" + "".join(f"  {cell:>{width}}" for cell in row[1:]) for row in rows]
    return f"{score.target} in rows, {score.output} in columns:\n" + "\n".join(line.rstrip() for line in lines) + "\n"


def _print_weights(weights: dict[str, Array]) -> str:
    if sum(w.size for w in weights.values()) > SMALL:
        return "".join(f"{name} {w.shape}\n" for name, w in weights.items()).replace(",)", ")")
    return "".join(_print_weight(name, w) for name, w in weights.items())


def _print_weight(name: str, w: Array) -> str:
    if w.ndim == 0:
        return f"{name} = {float(w):.8g}\n"
    rows = np.atleast_2d(w).reshape(-1, w.shape[-1]).tolist()
    lines = ["  ".join(f"{x:>13.8g}" for x in row) for row in rows]
    return f"{name} =\n" + "".join(f"{line}\n" for line in lines)


# ----------------------------------------------------------------------------------------------------------------- JSON


def as_json(found: Report) -> str:
    """One object; weights are in it where they are few."""
    document: dict[str, Any] = {"diagram": found.diagram, "method": found.method, "steps": found.steps, "end": found.end}
    for what, result in zip(("learnt_from", "held_out"), found.results):
        document[what] = {
            "name": result.name,
            "tokens": result.tokens,
            "loss": result.loss,
            "scores": _score_entries(result.scores),
        }
    if sum(w.size for w in found.weights.values()) <= SMALL:
        document["weights"] = {name: w.tolist() for name, w in found.weights.items()}
    return json.dumps(document, indent=2) + "\n"


def _score_entries(found: list[Score]) -> list[dict[str, Any]]:
    return [
        {
            "output": s.output, "target": s.target, "right": s.right, "tokens": s.tokens,
            "classes": [*s.classes], "confusion": s.confusion.tolist(),
        }
        for s in found
    ]  # fmt: skip

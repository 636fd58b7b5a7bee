"""`flowc test`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from flowc.doors import numbers
from flowc.doors.files import check_once, put, read
from flowc.doors.guard import FINE, PROBLEMS, USAGE, Trouble, say, visible
from flowc.doors.paths import meant
from flowc.doors.settings import settings

if TYPE_CHECKING:
    from flowc.doors.testing_tables import Tables


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=meant, help="a diagram; `-` is standard input")
    parser.add_argument(
        "--weights", metavar="FILE", help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    numbers.options(parser, ("text", "json"))
    parser.set_defaults(backend=None)


def run(chosen: argparse.Namespace) -> int:
    check_once(chosen.files)
    results = []
    for path in chosen.files:
        found = _tried(path, chosen)
        results.append(found)
        if chosen.format == "text":
            put(_text(found))
    if chosen.format == "json":
        import json

        put(json.dumps(results, indent=2) + "\n")
    else:
        _summary(results)
    outcomes = {found["outcome"] for found in results}
    return USAGE if "unusable" in outcomes else PROBLEMS if outcomes & {"failed", "problems"} else FINE


def _tried(path: str, chosen: argparse.Namespace) -> dict[str, Any]:
    """What came of one file, as it stands in the JSON."""
    from flowc.diagnostics.diagnostic import FlowError
    from flowc.doors.messages import tell_all

    try:
        return {"file": path, **_result(_tables(path, chosen))}
    except FlowError as error:
        tell_all(error)
        return {"file": path, "outcome": "problems"}
    except Trouble as trouble:
        say(f"flowc: {visible(str(trouble))}")
        return {"file": path, "outcome": "unusable"}


def _tables(path: str, chosen: argparse.Namespace) -> Tables:
    """Raises Trouble, FlowError."""
    from flowc.doors.testing_tables import Tables
    from flowc.learning.weights import BadWeights, read_weights

    flow = numbers.understood(path, settings(chosen.set))
    backends = (chosen.backend,) if chosen.backend else ()
    try:
        weights = read_weights(flow.network, read(chosen.weights)) if chosen.weights else None
        found = Tables(flow, backends, numbers.seed_of(flow, chosen), weights, chosen.dtype, chosen.device)
    except BadWeights as why:
        raise Trouble(f"cannot use the weights of `{chosen.weights}`: {why}") from None
    except ValueError as error:
        raise Trouble(str(error)) from None
    if not found.nets:
        raise Trouble(f"the {chosen.backend} backend is not installed")
    return found


def _result(tried: Tables) -> dict[str, Any]:
    if not tried.tables:
        return {"outcome": "not tested"}
    failures = [{"row": f.row, "given": f.given, "wrong": [*f.wrong]} for f in tried.failures()]
    return {
        "outcome": "failed" if failures else "passed", "rows": tried.rows, "backends": [*tried.nets],
        "missing": tried.missing, "failures": failures,
    }  # fmt: skip


def _text(found: dict[str, Any]) -> str:
    outcome = found["outcome"]
    if outcome in ("problems", "unusable"):
        return ""
    if outcome == "not tested":
        return f"{found['file']}: not tested, no table has a column for an output\n"
    on = f"on {' and '.join(found['backends'])}"
    missing = f"; {' and '.join(found['missing'])} is not installed" if found["missing"] else ""
    if outcome == "passed":
        return f"{found['file']}: {_count(found['rows'], 'row')} {'hold' if found['rows'] != 1 else 'holds'} {on}{missing}\n"
    lines = [f"{found['file']}: {len(found['failures'])} of {_count(found['rows'], 'row')} failed {on}{missing}"]
    for failure in found["failures"]:
        lines += [f"  row {failure['row']}, {failure['given']}: {'; '.join(failure['wrong'])}"]
    return "\n".join(lines) + "\n"


def _summary(results: list[dict[str, Any]]) -> None:
    """On standard error, where there are several files."""
    if len(results) < 2:
        return
    counts = {word: sum(r["outcome"] == word for r in results) for word in ("passed", "failed", "not tested")}
    counts["not usable"] = len(results) - sum(counts.values())
    say(", ".join(f"{number} {word}" for word, number in counts.items() if number))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"

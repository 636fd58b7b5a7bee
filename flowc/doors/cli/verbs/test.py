"""`flowc test`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.suggest import joined_by_and
from flowc.doors.cli.errors import FINE, PROBLEMS, USAGE, Trouble, reported, say, visible
from flowc.doors.cli.files import put, read_numbers
from flowc.doors.cli.path_types import INPUT
from flowc.doors.cli.prepare import learnt_weights, read_diagram, seed_of, tell_of_draws
from flowc.doors.cli.settings import settings
from flowc.doors.cli.shared_options import add_options

if TYPE_CHECKING:
    from flowc.nets.tables import Tables

SHOWN = 10  # rows of a file that fail, as text


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=INPUT, help="a diagram; `-` is standard input")
    add_options(parser, ("text", "json"), backend=None)


def run(chosen: argparse.Namespace) -> int:
    file = (chosen.data, read_numbers(chosen.data)) if chosen.data else None
    results = []
    for path in chosen.files:
        result = _try_diagram(path, chosen, file)
        results.append(result)
        if chosen.format == "text":
            put(visible(_print_result(result)))
    if chosen.format == "json":
        import json

        put(json.dumps(results, indent=2) + "\n")
    else:
        _say_summary(results)
    outcomes = {result["outcome"] for result in results}
    return USAGE if "unusable" in outcomes else PROBLEMS if outcomes & {"failed", "problems"} else FINE


def _try_diagram(path: str, chosen: argparse.Namespace, file: tuple[str, bytes] | None) -> dict[str, Any]:
    """What came of one diagram, as it stands in the JSON. `file`: of data, its name and its bytes."""
    outcome: dict[str, Any] = {"file": path}

    def tried() -> int:
        outcome.update(_result_of(path, chosen, file))
        return FINE

    if status := reported(tried):
        outcome["outcome"] = "problems" if status == PROBLEMS else "unusable"
    return outcome


def _result_of(path: str, chosen: argparse.Namespace, file: tuple[str, bytes] | None) -> dict[str, Any]:
    """Raises Trouble, FlowError."""
    from flowc.nets.tables import Tables

    diagram = read_diagram(path, settings(chosen.set))
    weights = learnt_weights(diagram, chosen.weights) if chosen.weights else None
    backends = [] if chosen.backend is None else [chosen.backend]
    try:
        seed = seed_of(diagram, chosen)
        tried = Tables(diagram, backends, seed, weights, chosen.dtype, chosen.device, file, chosen.row)
        nets = tried.nets
    except ValueError as error:
        raise Trouble(str(error)) from None
    if not tried.examples:
        return {"outcome": "not tested", "why": tried.why_not}
    tell_of_draws(diagram, chosen)
    failures = _failure_entries(tried)
    return {
        "outcome": "failed" if failures else "passed", "rows": tried.rows, "backends": [*nets],
        "left_out": tried.left_out, "failures": failures,
    }  # fmt: skip


def _failure_entries(tried: Tables) -> list[dict[str, Any]]:
    return [{"row": f.row, "where": f.where, "given": f.given, "wrong": [*f.wrong]} for f in tried.failures()]


def _print_result(found: dict[str, Any]) -> str:
    outcome = found["outcome"]
    if outcome in ("problems", "unusable"):
        return ""
    if outcome == "not tested":
        return f"{found['file']}: not tested, {found['why']}\n"
    rows, failures = _count_of(found["rows"], "row"), found["failures"]
    on = f"on {joined_by_and(found['backends'])}" + "".join(f"; {name} {why}" for name, why in found["left_out"].items())
    if not failures:
        return f"{found['file']}: {rows} {'hold' if found['rows'] != 1 else 'holds'} {on}\n"
    lines = [f"{found['file']}: {len(failures)} of {rows} failed {on}", *map(_print_failure, failures[:SHOWN])]
    if len(failures) > SHOWN:
        lines.append(f"  … and {len(failures) - SHOWN} more; `--format json` has all")
    return "\n".join(lines) + "\n"


def _print_failure(failure: dict[str, Any]) -> str:
    place = ", ".join(filter(None, (failure["where"], failure["given"])))
    return f"  {place}: {'; '.join(failure['wrong'])}"


def _say_summary(results: list[dict[str, Any]]) -> None:
    """On standard error, where there are several files."""
    if len(results) < 2:
        return
    counts = {word: sum(r["outcome"] == word for r in results) for word in ("passed", "failed", "not tested")}
    counts["not usable"] = len(results) - sum(counts.values())
    say(", ".join(f"{number} {word}" for word, number in counts.items() if number))


def _count_of(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"

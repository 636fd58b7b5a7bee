"""`flowc run`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors import numbers
from flowc.doors.files import put, write_whole
from flowc.doors.guard import FINE, PROBLEMS, Trouble, say

if TYPE_CHECKING:
    import numpy as np

    from flowc.doors.numbers import Prepared

FORMATS = ("text", "csv", "json", "npz")


def configure(parser: argparse.ArgumentParser) -> None:
    numbers.configure(parser, FORMATS)
    parser.add_argument("--all", action="store_true", help="every node and excitation, not the outputs alone")
    parser.add_argument("-o", "--output", metavar="FILE", help="a file in place of standard output")


def run(chosen: argparse.Namespace) -> int:
    from flowc.diagnostics.diagnostic import FlowError
    from flowc.doors.messages import tell_all

    if chosen.format == "npz" and chosen.output is None:
        raise Trouble("`--format npz` is written to a file; name it, `-o values.npz`")
    try:
        prepared = numbers.prepare(chosen, targets=False)
    except FlowError as error:
        return tell_all(error)
    if prepared.data is None:
        raise Trouble(
            f"{prepared.flow.network.name} has no data; give values, as `{_example(prepared)}`, or `--data FILE`"
        )
    numbers.tell_of_draws(prepared.flow, chosen)
    try:
        values = _values(prepared, chosen.all)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    _show(chosen, prepared, values)
    return FINE


def _example(prepared: Prepared) -> str:
    """Values for every input."""
    inputs = prepared.net.inputs.items()
    return " ".join(f"{name}={','.join(['0'] * (shape[0] if shape else 1))}" for name, shape in inputs)


def _values(prepared: Prepared, every: bool) -> dict[str, np.ndarray]:
    """Name -> (n, *shape): what is shown. Raises FloatingPointError."""
    assert prepared.data is not None
    found = prepared.net.forward(prepared.weights, prepared.data.arrays)
    return found if every else {name: found[name] for name in prepared.net.outputs}


def _show(chosen: argparse.Namespace, prepared: Prepared, values: dict[str, np.ndarray]) -> None:
    from flowc.doors.columns import as_csv, as_json, as_npz, as_table, columns

    if chosen.format == "npz":
        content: str | bytes = as_npz(values)
    elif chosen.format == "json":
        content = as_json(values)
    else:
        given = {name: prepared.data.arrays[name] for name in prepared.net.inputs} if prepared.data else {}
        shown = columns(prepared.flow.network, values if chosen.all else {**given, **values})
        content = as_csv(shown) if chosen.format == "csv" else as_table(shown, set(values))
    if chosen.output in (None, "-") and isinstance(content, str):
        put(content)
    else:
        write_whole(chosen.output, content, (chosen.file,))

"""`flowc run`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors.cli import formats
from flowc.doors.cli.errors import Trouble, say, visible
from flowc.doors.cli.path_types import OUTPUT
from flowc.doors.cli.shared_options import add_shared_options

if TYPE_CHECKING:
    import numpy as np

    from flowc.doors.cli.prepare import Prepared

FORMATS = ("table", "csv", "json", "npz")
ENDINGS = {"csv": "csv", "json": "json", "npz": "npz"}  # of an output's name -> the format that it says


def configure(parser: argparse.ArgumentParser) -> None:
    add_shared_options(parser, FORMATS)
    parser.set_defaults(format=None)
    parser.add_argument("--all", action="store_true", help="every node and excitation, not the outputs alone")
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help="a file; `.csv`, `.json` and `.npz` say the format, too")


def run(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "table")
    if form == "npz" and chosen.output in (None, "-"):
        raise Trouble("`--format npz` is written to a file; name it, `-o values.npz`")
    every = chosen.all
    return formats.give(chosen, lambda prepared: _print_values(prepared, _compute_values(prepared, every), form, every))


def _compute_values(prepared: Prepared, every: bool) -> dict[str, np.ndarray]:
    """Name -> (n, *shape): what is shown. Raises FloatingPointError."""
    data = prepared.data.arrays if prepared.data else {}
    values = prepared.net.forward(prepared.weights, data)
    return values if every else {name: values[name] for name in prepared.net.outputs}


def _print_values(prepared: Prepared, values: dict[str, np.ndarray], form: str, every: bool) -> str | bytes:
    from flowc.doors.cli.result_tables import as_csv, as_json, as_npz, as_table, columns, left_out

    if form == "npz":
        return as_npz(values)
    if form == "json":
        return as_json(values)
    inputs = {name: prepared.data.arrays[name] for name in prepared.net.inputs} if prepared.data else {}
    shown = values if every else {**inputs, **values}
    owners = {name: prepared.net.owner(name) for name in shown}
    if form == "csv":
        return as_csv(columns(prepared.diagram.network, shown, owners))
    table = columns(prepared.diagram.network, shown, owners, classes=True)
    if missing := left_out(table):
        say(missing)
    return visible(as_table(table, () if every else values))

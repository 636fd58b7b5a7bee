"""`flowc run`"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors import numbers
from flowc.doors.files import check_apart, put, write_whole
from flowc.doors.guard import FINE, PROBLEMS, Trouble, say

if TYPE_CHECKING:
    import numpy as np

    from flowc.doors.numbers import Prepared

FORMATS = ("table", "csv", "json", "npz")
ENDINGS = {"csv": "csv", "json": "json", "npz": "npz"}  # of an output's name -> the format that it says
FEW = 6  # inputs, or numbers of one, in an example


def configure(parser: argparse.ArgumentParser) -> None:
    numbers.configure(parser, FORMATS)
    parser.set_defaults(format=None)
    parser.add_argument("--all", action="store_true", help="every node and excitation, not the outputs alone")
    parser.add_argument("-o", "--output", metavar="FILE", help="a file; `.csv`, `.json` and `.npz` say the format, too")


def run(chosen: argparse.Namespace) -> int:
    from flowc.diagnostics.diagnostic import FlowError
    from flowc.doors.messages import tell_all

    form = _form(chosen.format, chosen.output)
    try:
        prepared = numbers.prepare(chosen, targets=False)
    except FlowError as error:
        return tell_all(error)
    if prepared.data is None and prepared.net.inputs:
        raise Trouble(
            f"{prepared.flow.network.name} has no data; give values, as `{example(prepared)}`, or `--data FILE`"
        )
    if chosen.output:
        check_apart(chosen.output, prepared.sources)
    numbers.tell_of_draws(prepared.flow, chosen)
    try:
        values = _values(prepared, chosen.all)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    content = _written(prepared, values, form, chosen.all)
    if isinstance(content, str) and chosen.output in (None, "-"):
        put(content)
    else:
        write_whole(chosen.output, content, prepared.sources)
    return FINE


def _form(asked: str | None, output: str | None) -> str:
    """The format asked for, or the one that the output's name says. Raises Trouble."""
    said = ENDINGS.get((output or "").lower().rpartition(".")[2])
    form = asked or said or "table"
    if said and said != form:
        raise Trouble(f"`{output}` has the name of a {said} file; leave `--format {form}` away, or name it otherwise")
    if form == "npz" and output in (None, "-"):
        raise Trouble("`--format npz` is written to a file; name it, `-o values.npz`")
    return form


def example(prepared: Prepared) -> str:
    """Values for the inputs: `x=0,0 z=0`; of many the first."""
    inputs = [*prepared.net.inputs.items()]
    return " ".join([*(_example(*one) for one in inputs[:FEW]), *(["…"] if len(inputs) > FEW else [])])


def _example(name: str, shape: tuple[int, ...]) -> str:
    if len(shape) > 1:
        return f"{name}[{','.join('1' * len(shape))}]=0 …"
    count = shape[0] if shape else 1
    return f"{name}={','.join('0' * count)}" if count <= FEW else f"{name}=0,0,…"


def _values(prepared: Prepared, every: bool) -> dict[str, np.ndarray]:
    """Name -> (n, *shape): what is shown. Raises FloatingPointError."""
    data = prepared.data.arrays if prepared.data else {}
    found = prepared.net.forward(prepared.weights, data)
    return found if every else {name: found[name] for name in prepared.net.outputs}


def _written(prepared: Prepared, values: dict[str, np.ndarray], form: str, every: bool) -> str | bytes:
    from flowc.doors.columns import as_csv, as_json, as_npz, as_table, columns, left_out

    if form == "npz":
        return as_npz(values)
    if form == "json":
        return as_json(values)
    given = {name: prepared.data.arrays[name] for name in prepared.net.inputs} if prepared.data else {}
    shown = values if every else {**given, **values}
    owners = {name: prepared.net.owner(name) for name in shown}
    if form == "csv":
        return as_csv(columns(prepared.flow.network, shown, owners))
    found = columns(prepared.flow.network, shown, owners, classes=True)
    if missing := left_out(found):
        say(missing)
    return as_table(found, () if every else values)

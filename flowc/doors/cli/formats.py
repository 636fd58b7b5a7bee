"""What `flowc run` and `flowc trace` share: what comes out is text or bytes of some format, to a file or the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, say
from flowc.doors.cli.files import put, write_whole
from flowc.doors.cli.prepare import prepare, tell_of_draws
from flowc.graph.sizes import element_name

if TYPE_CHECKING:
    from flowc.doors.cli.prepare import Prepared
    from flowc.graph.network import Node

FEW = 6  # inputs, or numbers of one, in an example


def form(asked: str | None, output: str | None, endings: Mapping[str, str], otherwise: str) -> str:
    """The format asked for, or the one that the output's name says; `endings` of names -> formats. Raises Trouble."""
    named = endings.get((output or "").lower().rpartition(".")[2])
    if named and asked not in (None, named):
        raise Trouble(f"`{output}` has the name of a {named} file; leave `--format {asked}` away, or name it otherwise")
    return asked or named or otherwise


def give(chosen: argparse.Namespace, written: Callable[[Prepared], str | bytes]) -> int:
    """Puts what `written` makes of net, weights and data where it belongs; the exit status. Raises Trouble.

    `written` may raise FloatingPointError where a number is not finite.
    """
    prepared = prepare(chosen, targets=False)
    if prepared.data is None and prepared.net.inputs:
        raise Trouble(f"{prepared.diagram.without_data}; give values, as `{example(prepared)}`, or `--data FILE`")
    tell_of_draws(prepared.diagram, chosen)
    try:
        content = written(prepared)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    if isinstance(content, str) and chosen.output in (None, "-"):
        put(content)
    else:
        write_whole(chosen.output, content)
    return FINE


def example(prepared: Prepared) -> str:
    """Values for the inputs: `x=0,0 z=0`; of many the first."""
    inputs = [node for node in prepared.diagram.network.nodes if node.name in prepared.net.inputs]
    return " ".join([*map(_sample_value, inputs[:FEW]), *(["…"] if len(inputs) > FEW else [])])


def _sample_value(node: Node) -> str:
    if len(node.shape) > 1:
        return f"{node.name}[{','.join(element_name(axis, 0) for axis in node.axes)}]=0 …"
    count = node.shape[0] if node.shape else 1
    return f"{node.name}={','.join('0' * count)}" if count <= FEW else f"{node.name}=0,0,…"

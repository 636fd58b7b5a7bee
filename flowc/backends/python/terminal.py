"""The end of a file that prints names: a terminal without their letters shows them by their numbers, and the file goes on."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.backends.code.build import Group
from flowc.backends.code.names import shown
from flowc.backends.code.tree import If, Name, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.templates import LEARNING
from flowc.graph.network import Network, Table


def main_section(network: Network, *code: Statement) -> Group:
    """What running the file does. It needs `sys` where the diagram `has_letters`."""
    letters = LEARNING.body_of("any_terminal") if has_letters(network) else ()
    return [If(e.compare(Name("__name__"), "==", Text("__main__")), (*letters, *code))]


def has_letters(network: Network) -> bool:
    """Whether a name, or a word of a table, has other letters than ASCII's, which its files show."""
    return any(not text.isascii() and any(not c.isascii() for c in shown(text)) for text in _shown_texts(network))


def _shown_texts(network: Network) -> Iterator[str]:
    yield network.name
    for node in network.nodes:
        yield node.name
        yield node.excitation_name or ""
        for axis in node.axes:
            yield from axis.names or ()
    for weight in network.weights:
        yield weight.name
    for data in network.data:
        if isinstance(data, Table):
            yield from data.header
            for row in data.cells:
                yield from row

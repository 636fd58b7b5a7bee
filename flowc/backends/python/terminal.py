"""The end of a file that prints names: a terminal without their letters shows them by their numbers, and the file runs to its end."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.backends.python.text import shown
from flowc.graph.network import Network, Table

_ANY_TERMINAL = (
    "    # not every terminal has these letters",
    '    if hasattr(sys.stdout, "reconfigure"):',
    '        sys.stdout.reconfigure(errors="backslashreplace")',
)


def main_section(network: Network, *lines: str) -> str:
    """What running the file does. It needs `sys` where the diagram `has_letters`."""
    return "\n".join(['if __name__ == "__main__":', *(_ANY_TERMINAL if has_letters(network) else ()), *lines])


def has_letters(network: Network) -> bool:
    """Whether a name, or a word of a table, has other letters than ASCII's, which its files show."""
    return any(not text.isascii() and any(not c.isascii() for c in shown(text)) for text in _texts(network))


def _texts(network: Network) -> Iterator[str]:
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

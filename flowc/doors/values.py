"""Values on the command line: `x1=0 x2=1`, `x=1,2`, `x[2]=5`, `y=setosa`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowc.doors.guard import Trouble

if TYPE_CHECKING:
    from flowc.graph.network import Network, Node
    from flowc.learning.dataset import Dataset


def from_values(network: Network, given: Sequence[str], targets: bool) -> Dataset:
    """One token. `targets`: they are needed. Raises Trouble."""
    from flowc.learning.binding import Sheet, bound
    from flowc.learning.dataset import BadData

    nodes = {n.name: n for n in network.nodes if n.role in ("input", "target")}
    cells: dict[str, str] = {}
    for text in given:
        for head, cell in _cells(nodes, network.name, text):
            if head in cells:
                raise Trouble(f"`{head}` is given twice")
            cells[head] = cell
    sheet = Sheet("the values", tuple(cells), tuple([cell] for cell in cells.values()), None, 1)
    try:
        return bound(network, sheet, targets)
    except BadData as error:
        raise Trouble(_of_values(str(error))) from None


def _of_values(text: str) -> str:
    """What is said of the columns of a file, said of values."""
    for said, instead in (
        ("the values: ", ""), ("the values, token 1, column ", ""), ("has no column", "has no value"),
        ("name one column `", "give `"),
    ):  # fmt: skip
        text = text.replace(said, instead)
    return text


def _cells(nodes: dict[str, Node], name: str, text: str) -> list[tuple[str, str]]:
    """The columns that one value stands for. Raises Trouble."""
    head, sign, value = text.partition("=")
    head, value = unicodedata.normalize("NFKC", head).replace(" ", ""), value.strip()
    if not sign or not head:
        raise Trouble(f"`{text}` is not of the form `NAME=VALUE`, as `x1=0`")
    node = nodes.get(head.partition("[")[0])
    if node is None:
        from flowc.doors.commands import suggestion

        raise Trouble(f"{name} has no input or target `{head}`; {suggestion(head, nodes, 'there are')}")
    if head != node.name or not node.shape:
        return [(head, value)]
    parts = value.split(",")
    if len(node.shape) == 1 and len(parts) == 1 and (node.role == "target" or value in (node.axes[0].names or ())):
        return [(head, value)]  # a class
    if len(node.shape) == 1 and len(parts) == node.shape[0]:
        from flowc.graph.cells import element_of

        return [(element_of(node, (k,)), part.strip()) for k, part in enumerate(parts)]
    needs = f"{node.shape[0]} numbers, as `{head}=1,2`" if len(node.shape) == 1 else f"its elements, as `{head}[1,1]=0`"
    raise Trouble(f"`{head}` takes {needs}; {len(parts)} {'is' if len(parts) == 1 else 'are'} given")

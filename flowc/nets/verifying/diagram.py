"""What a diagram's inputs and targets must be, so that numbers can be drawn for them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flowc.graph.network import Network
from flowc.maths.function import Form
from flowc.maths.functions import lookup
from flowc.nets.opened import Opened, open_diagram, opened_text
from flowc.records import Record
from flowc.syntax.text import decode

Shape = tuple[int, ...]


class Diagram(Record):
    """A valid `.flow` text and what its inputs and targets must be.

    Shapes are those of one token. A target's form: "number" (any), "class" (one-hot along its last axis),
    "bit" (0 or 1), "sign" (-1 or 1). `exact`: on multiples of 1/16 every value is exact in float64. `files`: those that
    the text names, each with its bytes.
    """

    text: str
    inputs: tuple[tuple[str, Shape], ...]
    targets: tuple[tuple[str, Shape, Form], ...] = ()
    exact: bool = False
    files: tuple[tuple[str, bytes], ...] = ()

    def load(self) -> Opened:
        """Opened. Raises FlowError. Data in files are not read: for those `write` it, and load its path."""
        if not self.files:
            return opened_text(self.text)
        with TemporaryDirectory() as folder:
            path = self.write(folder)
            return open_diagram(decode(path.read_bytes(), str(path)))

    def write(self, folder: str | Path) -> Path:
        """The diagram as `diagram.flow` in that folder, beside its files; the path."""
        for name, content in self.files:
            Path(folder, name).write_bytes(content)
        path = Path(folder, "diagram.flow")
        path.write_bytes(self.text.encode())
        return path


def describe_network(network: Network) -> Diagram:
    """A Diagram's facts, found in a network: the shapes of inputs and targets, and what the loss asks of targets."""
    forms: dict[str, Form] = {}
    for node in network.nodes:
        names = [o.node for o in node.operands]
        loss = lookup(node.function)
        if loss is not None and loss.targets != "number" and names[-1]:
            activation = network.node(names[0]).function if names[0] else ""
            forms[names[-1]] = loss.form(activation, bool(network.node(names[-1]).shape))
    inputs = tuple((n.name, n.shape) for n in network.nodes if n.role == "input")
    targets = tuple((n.name, n.shape, forms.get(n.name, "number")) for n in network.nodes if n.role == "target")
    return Diagram(network.source.text, inputs, targets)

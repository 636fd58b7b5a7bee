"""`nodes "nodes.csv"`: the scalar nodes that a file lists, declared as those of the text are."""

from __future__ import annotations

from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.calls import declare_activation
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.files.access import read_file
from flowc.graph.files.csv_cells import chunks
from flowc.graph.files.row_problems import Listing, shown
from flowc.graph.namespace import claim
from flowc.graph.network import Role
from flowc.graph.problems import Abandon
from flowc.records import Record
from flowc.source import NOWHERE, Source
from flowc.syntax import tree as t
from flowc.syntax.names import Names, is_name

ROLES: dict[str, Role] = {"input": "input", "target": "target", "node": "hidden", "hidden": "hidden", "output": "output"}


class Activation(Record):
    """What a cell says; `fine`: nothing is wrong with it."""

    function: str = "identity"
    parameters: tuple[float, ...] = ()
    fine: bool = True


def read_nodes(draft: Draft, statement: t.NodesFile) -> None:
    """Declare every node of the file."""
    listing = draft.listing(statement)
    reader = _Nodes(draft, listing)
    try:
        data = read_file(listing, draft.files)
        for rows, cells in chunks(listing, data, ("name", "role"), ("activation",)):
            for row in zip(rows, cells["name"], cells["role"], cells["activation"]):
                reader.node(*row)
    except Abandon:
        pass


class _Nodes:
    """The rows of one file, on their way into the draft."""

    def __init__(self, draft: Draft, listing: Listing) -> None:
        self.draft, self.listing = draft, listing
        self.names = Names()
        self.no_names: set[str] = set()  # cells that are none, each reported once
        self.activations: dict[str, Activation] = {"": Activation()}  # by cell

    def node(self, row: int, name: str, role: str, cell: str) -> None:
        name, cell = self._name(row, name.strip()), cell.strip()
        if not name or not self._claim(row, name):
            return
        meant = ROLES.get(role.strip())
        if meant is None:
            self._no_role(row, role.strip())
        node = DraftNode(name, meant or "hidden", (), self.listing.span, declared=True)
        node.listing, node.row, node.cell = self.listing, row, cell
        self.draft.nodes[name] = node
        if cell and meant in ("input", "target"):
            self._activated_input(node)
        elif cell:
            self._activate(node)
        node.broken = node.broken or meant is None

    def _name(self, row: int, cell: str) -> str:
        """The name in its folded spelling, "" where it is none."""
        if cell.isascii() and is_name(cell):
            return cell
        if not cell:
            self.listing.report("bad-name", row, "the node has no name")
            return ""
        if cell in self.no_names:
            self.listing.also("bad-name", 1)
            return ""
        since = len(self.names.problems)
        name = self.names.fold(cell, NOWHERE)
        for p in self.names.problems[since:]:
            self.listing.report(p.code, row, p.message, hint=p.hint, severity=p.severity)
        if any(p.severity == "error" for p in self.names.problems[since:]):
            self.no_names.add(cell)
            return ""
        return name

    def _claim(self, row: int, name: str) -> bool:
        if name not in self.draft.places:
            self.draft.places[name] = self.listing.span
            return True
        first = self.draft.nodes.get(name)
        if first is not None and first.listing is not None:
            message = f"`{name}` is declared twice, first in {first.listing.place(first.row)}"
            self.listing.report("duplicate-name", row, message)
            return False
        with self.listing.at(row):
            return claim(self.draft, name, self.listing.span)

    def _no_role(self, row: int, role: str) -> None:
        otherwise = "a role is input, target, node or output"
        hint = otherwise if self.listing.is_full else did_you_mean(role, ROLES, otherwise)
        message = f"there is no role {shown(role)}" if role else "the role is missing"
        self.listing.report("bad-cell", row, message, hint=hint)

    def _activated_input(self, node: DraftNode) -> None:
        message = f"the {node.role} `{node.name}` has an activation; its values come from the data as they are"
        hint = f"leave its cell empty, and apply {shown(node.cell)} in a node"
        self.listing.report("activated-input", node.row, message, hint=hint)

    def _activate(self, node: DraftNode) -> None:
        activation = self.activations.get(node.cell)
        if activation is None:
            activation = self.activations[node.cell] = self._read(node)
        node.function, node.parameters = activation.function, activation.parameters
        node.broken = not activation.fine

    def _read(self, node: DraftNode) -> Activation:
        """What the cell means in a small text of its own, which is checked like any other. Reported once for each cell."""
        source = Source(self.listing.path, f"node {node.name} : {node.cell}")
        parsed = _parse_activation(source)
        if parsed is None:
            message = f"{shown(node.cell)} is no activation"
            self.listing.report("not-an-activation", node.row, message, hint="as `tanh` or `leaky_relu(0.1)`")
            return Activation(fine=False)
        small = Draft(source)
        declared = DraftNode(node.name, node.role, (), NOWHERE, declared=True, activation=parsed)
        declare_activation(small, declared)
        for p in small.problems.found:
            self.listing.report(p.code, node.row, p.message, hint=p.hint)
        return Activation(declared.function, declared.parameters, not small.problems.found)


def _parse_activation(source: Source) -> t.Activation | None:
    """The activation of `node h : tanh`, and None of any other text."""
    from flowc.syntax.parser import parse_or_none

    match parse_or_none(source):
        case t.Tree((t.Declaration("node", (t.DeclaredNode(size=None, label=None, activation=activation),)),), ()):
            return activation
    return None

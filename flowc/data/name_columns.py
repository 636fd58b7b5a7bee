"""Which columns are which node's: by their names; position never says it. No cell is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from flowc.data.column_table import Sheet, shown
from flowc.data.dataset import SHOWN, BadData
from flowc.diagnostics.suggest import closest
from flowc.graph.column_names import Columns, by_node, claims, columned_nodes, element_of, meaning, spread, what_it_is
from flowc.graph.network import Network, Node
from flowc.graph.sizes import shown as shown_axis


def columns_by_node(network: Network, sheet: Sheet, targets: bool, outputs: bool = True) -> dict[str, Columns]:
    """For each node the columns of its elements, or of its class. Columns for no node are left alone. `targets`: they are
    needed; `outputs`: they are read. Raises BadData."""
    columns, problems = _claimed_columns(columned_nodes(network), sheet, outputs)
    bound = {column for columns_of_node in columns.values() for column in columns_of_node.values()}
    free = [head for column, head in enumerate(sheet.heads) if head and column not in bound]
    lacking = [n for n in nodes_read(network, outputs) if _lacks(n, columns[n.name], targets)]
    problems += [f"{sheet.name}: {_describe_lack(n, columns[n.name], free, sheet.called)}" for n in lacking[:SHOWN]]
    if problems:
        raise BadData(*problems, unsaid=len(lacking[SHOWN:]))
    return columns


def nodes_read(network: Network, outputs: bool) -> list[Node]:
    """Those whose columns are read."""
    return [n for n in columned_nodes(network) if outputs or n.role != "output"]


def spread_heads(network: Network, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of columns from the first row of a file, in which `x[1..3]` stands for three."""
    nodes = {n.name: n for n in columned_nodes(network)}
    return tuple(head for cell in cells for head in spread(cell.strip(), nodes))


def _claimed_columns(nodes: Sequence[Node], sheet: Sheet, outputs: bool) -> tuple[dict[str, Columns], list[str]]:
    """For each node the columns of its elements, or of its class; and what is wrong with names."""
    claimed = [*claims(map(meaning(nodes), sheet.heads))]
    problems = []
    for claim in claimed:
        head = shown(sheet.heads[claim.column])
        if len(claim.readings) > 1:
            names = " or ".join(f"`{what_it_is(r)}`" for r in claim.readings)
            problems.append(f"{sheet.name}: the {sheet.called} {head} may be {names}; name it so")
        if claim.first is not None and (outputs or claim.readings[0].node.role != "output"):
            both = f"{shown(sheet.heads[claim.first])} and {head} are both `{what_it_is(claim.readings[0])}`"
            problems.append(f"{sheet.name}: the {sheet.called}s {both}")
    return {**{n.name: {} for n in nodes}, **by_node(claimed)}, problems


def _lacks(node: Node, elements: Columns, targets: bool) -> bool:
    """Whether columns of a node are missing, or too many."""
    if None in elements:
        return len(elements) > 1
    needed = node.role == "input" or (node.role == "target" and targets)
    return bool(elements or needed) and len(elements) < prod(node.shape)


def _describe_lack(node: Node, elements: Columns, free: Sequence[str], called: str) -> str:
    """What a node lacks. `free` are the columns of no node."""
    if None in elements:
        return f"`{node.name}` is given by its class and by its elements"
    first = next(e for e in product(*map(range, node.shape)) if e not in elements)
    missing = element_of(node, first)
    if node.role == "output":
        return f"`{missing}` has no {called}, but other elements of `{node.name}` have"
    way_out = _way_out(node, missing, free, bool(elements), called)
    return f"the {node.role} `{missing}` has no {called}" + (f"; {way_out}" if way_out else "")


def _way_out(node: Node, wanted: str, free: Sequence[str], partly: bool, called: str) -> str:
    if outside := next((head for head in free if node.axes and head.startswith(f"{node.name}[")), ""):
        runs = ", ".join(map(shown_axis, node.axes))
        return f"the {called} {shown(outside)} is none of its elements: it runs over {runs}"
    spellings = (wanted, wanted.replace("[", "").replace("]", ""), node.name)
    same = (head for name in spellings for head in free if head.lower() == name.lower())
    if near := next(filter(None, (*same, *(closest(name, free) for name in spellings))), ""):
        return f"is it the {called} {shown(near)}?"
    if len(node.axes) == 1 and not partly and node.role == "target":
        return f"name one {called} `{node.name}` for its class, or one for each element"
    names = ", ".join(map(shown, free[:10]))
    return f"{called}s that belong to no node: {names}{', …' if len(free) > 10 else ''}" if free else ""

"""One token in words, as a command line has it: `x1=0 x2=1`, `x=1,2`, `x[2]=5`, `y=setosa`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from flowc.data.bind_columns import bind_sheet
from flowc.data.column_table import Sheet, is_number, shown
from flowc.data.dataset import BadData, Dataset
from flowc.diagnostics.suggest import and_list, closest
from flowc.graph.column_names import Meaning, element_of, meaning
from flowc.graph.network import Network, Node
from flowc.graph.sizes import shown as shown_axis

FEW = 6  # numbers that an example shows

Cells = dict[str, dict[tuple[int, ...] | None, str]]  # node -> element, None for its class -> value


class Values(Sheet):
    """One token, whose values have no place but their names."""

    def place_of(self, row: int, column: int) -> str:
        return shown(self.heads[column])

    def line_of(self, row: int) -> str:
        return self.name


def read_words(network: Network, words: Sequence[str], targets: bool) -> Dataset:
    """Each word `NAME=VALUE`. `targets`: they are needed. Raises BadData."""
    nodes = [n for n in network.nodes if n.role in ("input", "target")]
    means = meaning(nodes)
    cells: Cells = {n.name: {} for n in nodes}
    for text in words:
        for node, element, value in _read_word(network, nodes, means, text):
            if element in cells[node.name]:
                raise BadData(f"`{_element_name(node, element)}` is given twice")
            cells[node.name][element] = value
    for node in nodes:
        _check_elements(node, cells[node.name], node.role == "input" or targets)
    heads = {_element_name(n, element): value for n in nodes for element, value in cells[n.name].items()}
    return bind_sheet(network, Values("the values", tuple(heads), tuple([v] for v in heads.values()), None, 1), targets)


def _element_name(node: Node, element: tuple[int, ...] | None) -> str:
    return element_of(node, element or ())


def _read_word(
    network: Network, nodes: Sequence[Node], means: Meaning, text: str
) -> list[tuple[Node, tuple[int, ...] | None, str]]:
    """What one word gives. Raises BadData."""
    head, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not head:
        raise BadData(f"{shown(text)} is not of the form `NAME=VALUE`, as `x1=0`")
    if not value:
        raise BadData(f"{shown(head)} has no value; it stands after the `=`, as `{head}=0`")
    readings = means(head.replace(" ", ""))
    if not readings:
        raise BadData(_unknown_element(network, nodes, head))
    if len(readings) > 1:
        raise BadData(f"{shown(head)} may be {and_list((_element_name(r.node, r.element) for r in readings), 'or')}; name it so")
    node, element = readings[0].node, readings[0].element
    if element is not None:
        return [(node, element, value)]
    return [(node, place, part) for place, part in _of_vector(node, value).items()]


def _of_vector(node: Node, value: str) -> dict[tuple[int, ...] | None, str]:
    """Its elements, or its class. Raises BadData."""
    parts, count = [part.strip() for part in value.split(",")], node.shape[0]
    if "" in parts:
        raise BadData(f"`{node.name}`: {shown(value)} has an empty place")
    word = len(parts) == 1 and bool(node.axes[0].names) and not is_number(value)
    if len(parts) == count and not word:
        return {(k,): part for k, part in enumerate(parts)}
    if word or len(parts) == 1 and node.role == "target":
        return {None: value}
    example = f"as `{node.name}={','.join('0' * count)}`" if count <= FEW else "with commas between them"
    there = f"{len(parts)} {'is' if len(parts) == 1 else 'are'} given"
    raise BadData(f"`{node.name}` takes {count} numbers, {example}; {there}")


def _unknown_element(network: Network, nodes: Sequence[Node], head: str) -> str:
    """What is wrong with a name that no element has."""
    name = head.partition("[")[0].strip()
    node = next((n for n in nodes if n.name == name), None)
    if node is None:
        return _unknown(network, nodes, head, name)
    if not node.shape:
        return f"`{name}` is one number and has no elements; give `{name}=0`"
    if head == name:
        return f"`{name}` has {len(node.shape)} axes; give its elements, as `{_element_name(node, (0,) * len(node.shape))}=0`"
    axes = " and ".join(shown_axis(axis) for axis in node.axes)
    return f"there is no {shown(head)}: `{name}` runs over {axes}"


def _unknown(network: Network, nodes: Sequence[Node], head: str, name: str) -> str:
    if any(n.name == name for n in network.nodes):
        return f"`{name}` is computed; values are given for inputs and targets"
    names = [n.name for n in nodes]
    elements = [k for n in nodes if len(n.axes) == 1 for k in n.axes[0].names or ()]
    near = closest(head, [*names, *elements])
    way_out = f"did you mean `{near}`?" if near else f"there {'is' if len(names) == 1 else 'are'} {and_list(names)}"
    return f"{network.name} has no input or target {shown(head)}" + (f"; {way_out}" if names else "")


def _check_elements(node: Node, given: dict[tuple[int, ...] | None, str], needed: bool) -> None:
    """Raises BadData where a node has values for some of its elements alone, or twice."""
    if None in given and len(given) > 1:
        raise BadData(f"`{node.name}` is given by its class and by its elements; give one")
    if None in given or len(given) == prod(node.shape) or not (given or needed):
        return
    missing = next(e for e in product(*map(range, node.shape)) if e not in given)
    raise BadData(f"the {node.role} `{_element_name(node, missing)}` has no value")

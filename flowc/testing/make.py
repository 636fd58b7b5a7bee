"""One drawn diagram: inputs, some steps of one to four nodes each, a loss, data and a way to learn."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flowc.testing.arrows import between_lists, chain
from flowc.testing.choices import Choices
from flowc.testing.datasets import add_data
from flowc.testing.diagram import Diagram
from flowc.testing.elements import by_elements, by_slices
from flowc.testing.equations import copy_of, equation_node, nodes_of_weights, slice_of
from flowc.testing.index_arrows import by_index
from flowc.testing.learning import add_train
from flowc.testing.listings import listed_nodes
from flowc.testing.losses import add_loss
from flowc.testing.sketch import Sketch, Vertex
from flowc.testing.writing import text_of

CONSTRUCTS = {
    "files": "nodes, edges and data in files",
    "weight nodes": "nodes of weights alone, and functions of weights within equations",
    "data": "a data statement",
    "train": "a train statement",
    "wide lists": "lists of some twenty scalar inputs, nodes or targets",
    "no inputs": "diagrams of weights and numbers alone",
    "ranges": "indices that do not count from 1",
    "column ranges": "heads of columns such as `x[1..3]`",
    "nonlinear losses": "losses within functions and products, and differences of losses",
    "layout": "comments, an order of chance, several statements on a line",
}  # fmt: skip

# Not drawn unless asked for: with files the text alone is no diagram.
GATED = ("files",)


def make(
    pick: Choices, exact: bool = False, most_nodes: int = 5, depth: int = 2, loss: bool | None = None,
    odd_names: bool = True, scalars: bool = False, most_inputs: int = 3, without: Collection[str] = GATED,
    rarity: float = 1.0,
) -> Diagram:  # fmt: skip
    """A diagram by that choice: up to `most_inputs` inputs, up to `most_nodes` steps of one to four nodes each, perhaps a loss.

    `exact`: only identity, step, relu, max and min, so that sums of multiples of 1/16 are exact. `depth` is how deep
    an equation nests. `loss`: with one, without, or (None) as chance has it. `scalars`: scalar nodes alone, those of one
    statement with one activation, as meshes and layers gather them. `without`: names of CONSTRUCTS to leave out.
    `rarity`: 5 draws what is rare, as lists of twenty, five times as often.
    """
    unknown = set(without) - CONSTRUCTS.keys()
    if unknown:
        raise ValueError(f"there is no construct {', '.join(sorted(unknown))}; there are {', '.join(CONSTRUCTS)}")
    sketch = Sketch(pick, exact, odd_names, scalars, frozenset(without), rarity)
    if sketch.may("no inputs") and not loss and sketch.rarely(0.02):
        return Diagram(_without_inputs(sketch, depth), ())
    _draw_inputs(sketch, most_inputs)
    results = _draw_steps(sketch, pick.count(1, most_nodes), depth)
    learns = pick.chance(0.7) if loss is None else loss
    if learns:
        add_loss(sketch, results)
    if sketch.may("data") and pick.chance(0.45):
        add_data(sketch)
    if sketch.may("train") and learns and pick.chance(0.35):
        add_train(sketch)
    inputs = tuple((v.name, v.shape) for v in sketch.inputs)
    targets = tuple((v.name, v.shape, form) for v, form in sketch.targets)
    return Diagram(text_of(sketch), inputs, targets, exact, tuple(sketch.files.items()))


def _without_inputs(sketch: Sketch, depth: int) -> str:
    """A number, or an output of weights."""
    if sketch.pick.chance():
        sketch.body.append(f"{sketch.name('f')} = {sketch.number()}")
        return text_of(sketch)
    equation_node(sketch.of_weights(), "output", depth)
    return text_of(sketch)


def _draw_inputs(sketch: Sketch, most: int) -> None:
    many = sketch.may("wide lists") and sketch.rarely(0.02)
    count = 20 if many else sketch.pick.count(1, most)
    first = count - sketch.pick.count(1, 2) if many else count  # with a label
    for k in range(count):
        axes = () if many else sketch.axes(2)
        sketch.inputs.append(sketch.declare("input", Vertex(sketch.name("x"), axes), labelled=k >= first))


def _draw_steps(sketch: Sketch, count: int, depth: int) -> list[Vertex]:
    """The nodes, step by step; the outputs among them."""
    results = []
    for step in range(count):
        if not sketch.scalars and sketch.may("weight nodes") and sketch.pick.chance(0.15):
            nodes_of_weights(sketch, depth)
        if sketch.may("files") and sketch.pick.chance(0.1):
            listed_nodes(sketch)
        if not sketch.scalars and sketch.rarely(0.08):
            slice_of(sketch)
        role = "output" if step == count - 1 or sketch.pick.chance(0.2) else "node"
        node = _draw_node(sketch, role, depth)
        results += [node] if role == "output" else []
    return results


def _draw_node(sketch: Sketch, role: str, depth: int) -> Vertex:
    """By an equation or by arrows."""
    if sketch.pick.chance():
        return copy_of(sketch, role) if sketch.rarely(0.04) else equation_node(sketch, role, depth)
    forms: tuple[Callable[[Sketch, str], Vertex], ...] = (between_lists, between_lists, chain)
    if not sketch.scalars:
        forms += (by_index, by_index, by_elements, by_slices)
    return sketch.pick.one(forms)(sketch, role)

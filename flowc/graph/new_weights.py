"""Fresh weights, one for every pair of nodes, named after their ends."""

from __future__ import annotations

from flowc.graph.arrow_ends import End, Pair
from flowc.graph.arrow_weights import Factor
from flowc.graph.constants import flat, reshaped, shape_of
from flowc.graph.draft import Draft, DraftWeight
from flowc.graph.network import Draw, Numbers
from flowc.graph.problems import times
from flowc.graph.sizes import (
    check_room,
    element_name,
    sizes,
)
from flowc.graph.weight_shapes import blocks
from flowc.graph.weight_starts import read_start
from flowc.syntax import tree as t


def add_fresh(draft: Draft, statement: t.Arrows, start: t.Start, sources: list[End], targets: list[End]) -> None:
    """A weight for every pair of nodes, named after its ends."""
    value = read_start(draft, start)
    pairs = [Pair(source, target) for target in targets for source in sources]
    literals = _start_blocks(draft, value, start, sources, targets, pairs)
    for pair, literal in zip(pairs, literals):
        letters, axes = pair.letters_and_axes
        check_room(draft, axes, statement.span)
        name = draft.free(fresh_name(pair))
        draft.places[name] = statement.span
        learnt = start.kind == "learnt"
        draft.weights[name] = DraftWeight(name, axes, learnt, literal, False, statement.span, used=True)
        draft.nodes[pair.target.name].add(pair.arrow(statement.span, letters, name))


def fresh_name(pair: Pair) -> str:
    """`W_h_x` where both ends have axes, else `w_h1_x1`; `b_h` for biases; elements add their index."""
    target = _end_name(pair.target)
    if pair.source.name == "1":
        return f"b_{target}"
    matrix = pair.source.axes and pair.target.axes and not pair.tied
    return f"{'W' if matrix else 'w'}_{target}_{_end_name(pair.source)}"


def _end_name(end: End) -> str:
    name = end.name
    for pick, axis in zip(end.picks, end.all_axes):
        if isinstance(pick, int):
            name += f"_{_word_of_element(element_name(axis, pick))}"
        elif isinstance(pick, tuple) and pick != (0, len(axis)):
            name += f"_{_word_of_element(element_name(axis, pick[0]))}_{_word_of_element(element_name(axis, pick[1] - 1))}"
    return name


def _word_of_element(element: str) -> str:
    """An element's name as a part of a name: letters, digits and `_`."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in element)


def _start_blocks(
    draft: Draft,
    value: Numbers | Draw | None,
    start: t.Start,
    sources: list[End],
    targets: list[End],
    pairs: list[Pair],
) -> list[Numbers | Draw | None]:
    """The start of each pair's weight: the same for all, or its block of a literal."""
    if not isinstance(value, tuple):
        return [value for _ in pairs]
    shape = shape_of(value)
    _, axes = pairs[0].letters_and_axes
    if len(pairs) == 1 and shape == sizes(axes):
        return [value]
    assert start.value is not None
    factor = Factor(1.0, None, (), (), False, value, start.value.span)
    if any(pair.of_variable for pair in pairs):
        raise draft.problems.fail(
            "shape-mismatch", f"the literal is {times(shape)}, needs {times(sizes(axes))}", start.value.span
        )
    parts = [arrow for arrow, _ in blocks(draft, factor, sources, targets, start.span)]
    starts: list[Numbers | Draw | None] = []
    for pair, block in zip(pairs, parts):
        numbers = flat(block.literal) if block.literal is not None else [block.coefficient]
        starts.append(reshaped(numbers, sizes(pair.letters_and_axes[1])))
    return starts

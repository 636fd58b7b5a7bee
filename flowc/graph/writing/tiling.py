"""The blocks of one weight, of which lines between lists carry one each, as the whole again: `x1, x2 -> h1, h2 : W`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flowc.graph.network import Arrow, Axis, Index, Weight
from flowc.graph.writing.body import Written
from flowc.graph.writing.joining import join_neighbours, statements_into
from flowc.graph.writing.lines import Line, left_axes, times
from flowc.graph.writing.spelling import name
from flowc.records import Record

Place = Mapping[str, int]


class Tile(Record):
    """Where one line's block of a weight begins, and its size: rows are targets, columns sources."""

    row: int
    column: int
    rows: int
    columns: int


class Shared(Record):
    """A weight that `targets` nodes from the node `node` on share, in `sources` lines of each from `line` on."""

    node: int
    line: int
    targets: int
    sources: int


def join_blocks(written: Sequence[Written], weights: Mapping[str, Weight], axes: Mapping[str, tuple[Axis, ...]], place: Place) -> list[Written]:
    """The nodes with one line in the place of those that share a weight. `axes`: of every node; `place`: as of `join_neighbours`."""
    result = list(written)
    for k in range(len(result)):
        line = 0
        while line < len(result[k].lines):
            shared = _shared_from(result, k, line, weights)
            if shared is not None:
                joint = _with_one_line(result, shared, weights, axes)
                if _is_one_statement(joint, line, place):
                    result[k : k + shared.targets] = joint
            line += 1
    return result


def _shared_from(written: Sequence[Written], node: int, line: int, weights: Mapping[str, Weight]) -> Shared | None:
    """The weight whose first block the line carries, if the lines after it carry all others in their order."""
    first = written[node]
    if first.listed or first.lines[line].block is not None:
        return None
    arrow = first.line_arrows[line]
    weight = weights.get(arrow.weight or "")
    if weight is None or not weight.declared or not weight.axes or len(weight.axes) > 2 or not arrow.weight_index:
        return None
    for along in (("rows", "columns") if len(weight.axes) == 1 else ("",)):
        if shared := _shared_along(written, node, line, weight, along):
            return shared
    return None


def _shared_along(written: Sequence[Written], node: int, line: int, weight: Weight, along: str) -> Shared | None:
    rows, columns = _sizes_along(weight, along)
    row = targets = sources = 0
    for entry in written[node:]:
        if entry.equation is not None or entry.listed or len(entry.lines) < line + max(sources, 1):
            break
        tiles = list(_row_of_tiles(entry, line, weight, along, row, columns))
        same = not targets or [x.source for x in entry.lines[line : line + sources]] == [
            x.source for x in written[node].lines[line : line + sources]
        ]
        if not tiles or not same or targets and len(tiles) != sources:
            break
        targets, sources, row = targets + 1, len(tiles), row + tiles[0].rows
        if row == rows:
            return Shared(node, line, targets, sources) if targets + sources > 2 else None
    return None


def _sizes_along(weight: Weight, along: str) -> tuple[int, int]:
    sizes = [len(axis) for axis in weight.axes]
    return (sizes[0], sizes[1]) if not along else (sizes[0], 1) if along == "rows" else (1, sizes[0])


def _row_of_tiles(entry: Written, line: int, weight: Weight, along: str, row: int, columns: int) -> Iterator[Tile]:
    """The blocks of one row of them, if they are all of it; else nothing."""
    tiles: list[Tile] = []
    column = 0
    factor = entry.line_arrows[line].coefficient
    target = entry.lines[line].target
    for arrow, drawn in zip(entry.line_arrows[line:], entry.lines[line:]):
        tile = _tile_of(arrow, weight, along) if drawn.block is None and drawn.target == target else None
        if tile is None or arrow.coefficient != factor or (tile.row, tile.column) != (row, column):
            return
        if tiles and tile.rows != tiles[0].rows:
            return
        tiles.append(tile)
        column += tile.columns
        if column == columns:
            yield from tiles
            return


def _tile_of(arrow: Arrow, weight: Weight, along: str) -> Tile | None:
    (source, letters), target = arrow.spec.letters, arrow.spec.target
    if arrow.weight != weight.name or letters != target + source or set(source) & set(target) or len(source + target) > 2:
        return None
    index: Index = arrow.weight_index or tuple((0, len(axis)) for axis in weight.axes)
    starts = [(pick, 1) if isinstance(pick, int) else (pick[0], pick[1] - pick[0]) for pick in index]
    if along:
        if along == "rows" and source or along == "columns" and target:
            return None
        starts = [*starts, (0, 1)] if along == "rows" else [(0, 1), *starts]
    elif 2 in (len(source), len(target)):
        return None
    (row, rows), (column, columns) = starts
    return Tile(row, column, rows, columns)


def _with_one_line(written: Sequence[Written], found: Shared, weights: Mapping[str, Weight], axes: Mapping[str, tuple[Axis, ...]]) -> list[Written]:
    """Those nodes, with the whole weight on one line of each."""
    run = written[found.node : found.node + found.targets]
    first, last = found.line, found.line + found.sources
    arrows = run[0].line_arrows[first:last]
    weight = weights[arrows[0].weight or ""]
    sources = [() if a.source == "1" else left_axes(a.source_index, axes[a.source]) for a in arrows]
    targets = [left_axes(entry.line_arrows[first].target_index, entry.node.axes) for entry in run]
    makes = weight.name if arrows[0].coefficient == 1 and weight.axes == (*_axes_of_side(targets), *_axes_of_side(sources)) else None
    carried = times(arrows[0].coefficient, name(weight.name))
    block = (weight.name, run[0].node.name, first)
    names = ", ".join(line.source for line in run[0].lines[first:last])

    def of(entry: Written) -> Written:
        line = Line(names, entry.lines[first].target, carried, makes, weight.name, chains=False, lists=False, block=block)
        arrows = entry.line_arrows
        return replace(
            entry, lines=(*entry.lines[:first], line, *entry.lines[last:]),
            line_arrows=(*arrows[:first], arrows[first], *arrows[last:]),
        )  # fmt: skip

    return [of(entry) for entry in run]


def _axes_of_side(ends: Sequence[tuple[Axis, ...]]) -> tuple[Axis, ...]:
    """The axis that one side gives to a weight that is made there."""
    if len(ends) == 1:
        return ends[0]
    return (Axis(1, sum(len(end[0]) if end else 1 for end in ends)),)


def _is_one_statement(joint: Sequence[Written], line: int, place: Place) -> bool:
    """Whether one statement draws all of it."""
    fed = list(join_neighbours([statements_into(entry.node.name, entry.lines, entry.node.comment) for entry in joint], place))
    drawn = [d for entry in fed for d in entry.statements if d.block == joint[0].lines[line].block]
    return len(drawn) == 1 and len(drawn[0].ends[1]) == len(joint)

"""The canonical form of a text. It keeps every comment, and the tree up to its spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from flowc.records import Record
from flowc.source import Source
from flowc.syntax import tree as t
from flowc.syntax.comments import Owned, owners
from flowc.syntax.expressions import Spell, quote, unparse
from flowc.syntax.parser import parse
from flowc.syntax.statements import SEPARATORS, Row, part, rows
from flowc.syntax.tables import cells_under

_WIDEST = 24  # a cell wider than this does not push the column of its neighbours


class _Line(Record):
    row: Row
    comment: str = ""


_BLANK = _Line(Row("blank", ("",)))


def format_source(source: Source, spell: Spell = str) -> str:
    """The text in its one canonical form; formatting it again changes nothing.

    `spell` maps the name of a function to its canonical one, as `sigmoid` to `logistic`. Raises FlowError if the text
    does not parse.
    """
    tree = parse(source)
    lines = list(_lines_of_tree(source, tree, spell))
    return "".join(line.rstrip() + "\n" for line in _align_lines(lines))


def _lines_of_tree(source: Source, tree: t.Tree, spell: Spell) -> Iterator[_Line]:
    owned = owners(source, tree)
    end = 0  # of what was printed last
    for comment in owned.header:
        yield from _lines_of_comment(source, end, comment)
        end = comment.span.end
    for statement, its in zip(tree.statements, owned.statements):
        for comment in its.before:
            yield from _lines_of_comment(source, end, comment)
            end = comment.span.end
        yield from _blank_line(source, end, statement.span.start)
        yield from _lines_of_statement(source, statement, its, spell)
        end = its.trailing.span.end if its.trailing else statement.span.end
    for comment in owned.end:
        yield from _lines_of_comment(source, end, comment)
        end = comment.span.end


def _blank_line(source: Source, end: int, start: int) -> Iterator[_Line]:
    """One blank line where the author left one or more."""
    if end and source.text.count("\n", end, start) > 1:
        yield _BLANK


def _lines_of_comment(source: Source, end: int, comment: t.Comment) -> Iterator[_Line]:
    yield from _blank_line(source, end, comment.span.start)
    yield _Line(Row("comment", (comment.text,)))


def _lines_of_statement(source: Source, statement: t.Statement, its: Owned, spell: Spell) -> Iterator[_Line]:
    trailing = its.trailing.text if its.trailing else ""
    if isinstance(statement, (t.DataTable, t.DataFormulas)):
        yield from _lines_of_block(source, statement, its, spell, trailing)
        return
    for comment in its.inside:
        yield _Line(Row("comment", (comment.text,)))
    *most, last = rows(statement, source, spell)
    for row in most:
        yield _Line(row)
    yield _Line(last, trailing)


# --------------------------------------------------------------------------------------------------------- blocks


def _lines_of_block(
    source: Source, block: t.DataTable | t.DataFormulas, its: Owned, spell: Spell, trailing: str
) -> Iterator[_Line]:
    yield _Line(Row("block", (f"data {part(block.part)}{{",)))
    comments = list(its.inside)
    lines = list(_rows_of_table(block) if isinstance(block, t.DataTable) else _rows_of_formulas(block, spell))
    following = [*(start for _, start, _ in lines[1:]), block.span.end]
    for (text, _, end), after in zip(lines, following):
        while comments and comments[0].span.start < end:  # before this row, or within its brackets
            yield _Line(Row("comment", (f"  {comments.pop(0).text}",)))
        same_line = comments and not comments[0].own_line and comments[0].span.start < after
        yield _Line(Row("row", (f"  {text}",)), comments.pop(0).text if same_line else "")
    for comment in comments:
        yield _Line(Row("comment", (f"  {comment.text}",)))
    yield _Line(Row("block", ("}",)), trailing)


def _rows_of_formulas(block: t.DataFormulas, spell: Spell) -> Iterator[tuple[str, int, int]]:
    width = max((len(unparse(left)) for left, _ in block.formulas), default=0)
    for left, right in block.formulas:
        yield f"{unparse(left):<{width}} = {unparse(right, spell)}", left.span.start, right.span.end


def _rows_of_table(block: t.DataTable) -> Iterator[tuple[str, int, int]]:
    """The rows of a table with its columns aligned; under the head of a range stand the cells of its elements."""
    head = [c.text if c.ref else quote(c.text) for c in block.columns]
    counts = [cells_under(column) for column in block.columns]
    below = [[cell.text for cell in row] for row in block.rows]
    needed = [max(map(len, column)) for column in zip(*below)]
    lines = [head, *(_under_heads([f"{cell:<{width}}" for cell, width in zip(row, needed)], counts) for row in below)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    spans: list[Sequence[t.Column | t.Cell]] = [block.columns, *block.rows]
    for line, parts in zip(lines, spans):
        cells = [f"{cell:<{width}}" for cell, width in zip(line, widths)]
        if block.bar is not None:
            cells.insert(block.bar, "|")
        yield " ".join(cells).rstrip(), parts[0].span.start, parts[-1].span.end


def _under_heads(cells: Sequence[str], counts: Sequence[int]) -> list[str]:
    """The cells of a row, those under one head together."""
    rest = iter(cells)
    return [" ".join(islice(rest, count)) for count in counts]


# ------------------------------------------------------------------------------------------------------ alignment


def _align_lines(lines: list[_Line]) -> Iterator[str]:
    """The lines as text: neighbours of one kind share their columns, and neighbours with comments the comments' one."""
    for group in _group_lines(lines):
        texts = _align_columns([line.row for line in group])
        width = max((len(text) for text, line in zip(texts, group) if line.comment), default=0)
        for text, line in zip(texts, group):
            yield f"{text:<{width}}  {line.comment}" if line.comment else text


def _group_lines(lines: list[_Line]) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in lines:
        if group and group[-1].row.kind != line.row.kind:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _align_columns(rows: list[Row]) -> list[str]:
    """Each row with its cells padded to the widest of their column; the last cell of a row pads nothing."""
    separators = SEPARATORS.get(rows[0].kind, ())
    widths = [0] * len(separators)
    for row in rows:
        for place in range(len(separators)):
            length = len(row.cells[place])
            if row.cells[place + 1] and widths[place] < length <= _WIDEST:
                widths[place] = length
    return [_join_cells(row, separators, widths) for row in rows]


def _join_cells(row: Row, separators: tuple[str, ...], widths: list[int]) -> str:
    text = row.cells[0]
    start = 0
    for separator, width, cell in zip(separators, widths, row.cells[1:]):
        if not cell:
            break
        text = f"{text:<{start + width}}{separator}"
        start = len(text)
        text += cell
    return text

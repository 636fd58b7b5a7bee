"""A trace as Markdown: a table for each section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowc.learning.trace.formula_text import in_names, in_numbers
from flowc.learning.trace.model import Block, Gap, Section, Trace
from flowc.learning.trace.prose import CLOSE, LABELS, explain_section, legend, title_of

COLUMNS = ("name", "formula", "in numbers", "value")


def as_markdown(trace: Trace) -> str:
    blocks = [f"# {_escape_prose(title_of(trace))}"]
    blocks += [_escape_prose(trace.token)] if trace.token else []
    for section in trace.sections:
        says = explain_section(section.name, trace)
        blocks += [f"## {section.name.capitalize()}"]
        blocks += [_escape_prose(says)] if says else []
        blocks.append("\n".join(_section_table(section, trace)))
    meanings = [f"- {_code_span(name)}: {_escape_prose(meaning)}" for name, meaning in legend(trace)]
    blocks += ["\n".join(meanings)] if meanings else []
    blocks += [_escape_prose(CLOSE)] if trace.close else []
    return "\n\n".join(blocks) + "\n"


def _section_table(section: Section, trace: Trace) -> Iterator[str]:
    first = ("node", "") if section.name == "backward" else ()
    yield _table_row(*first, *COLUMNS)
    yield _table_row(*("---" for _ in (*first, *COLUMNS[:-1])), "---:")
    for block in section.blocks:
        yield from _block_rows(block, trace, bool(first))


def _block_rows(block: Block, trace: Trace, backward: bool) -> Iterator[str]:
    for k, line in enumerate(block.lines):
        head = [_code_span(block.name) if k == 0 else ""] if backward else []
        if isinstance(line, Gap):
            yield _table_row(*head, *([""] if backward else []), f"… {line.count} more", "", "", "")
            continue
        head += [LABELS.get(line.what, "")] if backward else []
        names = in_names(trace, line.formula) if line.formula is not None else ""
        numbers = in_numbers(trace, line.formula) if line.formula is not None else ""
        value = trace.written[line.left]
        cells = ["" if piece == value else _code_span(piece) for piece in (names, "" if numbers == names else numbers)]
        result = f"{'' if trace.holds(line) else '≈ '}{value}"
        yield _table_row(*head, _code_span(trace.names.name_of(line.left)), *cells, result)


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _code_span(text: str) -> str:
    """A code span, also of a text that holds what ends one, or a cell. Of a `|` behind a backslash, which some readers
    take for the end of the cell, the text with no sign of Markdown in it."""
    if not text or "\\|" in text:
        return _escape_prose(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def _escape_prose(text: str) -> str:
    """Someone's words, none of which is a sign of Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>|#~$&])", r"\\\1", " ".join(text.split()))

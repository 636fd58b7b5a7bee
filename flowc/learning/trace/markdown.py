"""A trace as Markdown: a table for each section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowc.learning.trace.formula_text import in_names, in_numbers
from flowc.learning.trace.model import Block, Gap, Section, Trace
from flowc.learning.trace.prose import CLOSE, LABELS, explained, legend, titled

COLUMNS = ("name", "formula", "in numbers", "value")


def as_markdown(trace: Trace) -> str:
    blocks = [f"# {_prose(titled(trace))}"]
    blocks += [_prose(trace.token)] if trace.token else []
    for section in trace.sections:
        says = explained(section.name, trace)
        blocks += [f"## {section.name.capitalize()}"]
        blocks += [_prose(says)] if says else []
        blocks.append("\n".join(_table(section, trace)))
    blocks += ["\n".join(f"- {_code(name)}: {_prose(means)}" for name, means in legend(trace))] if legend(trace) else []
    blocks += [_prose(CLOSE)] if trace.close else []
    return "\n\n".join(blocks) + "\n"


def _table(section: Section, trace: Trace) -> Iterator[str]:
    first = ("node", "") if section.name == "backward" else ()
    yield _row(*first, *COLUMNS)
    yield _row(*("---" for _ in (*first, *COLUMNS[:-1])), "---:")
    for block in section.blocks:
        yield from _block(block, trace, bool(first))


def _block(block: Block, trace: Trace, backward: bool) -> Iterator[str]:
    for k, line in enumerate(block.lines):
        head = [_code(block.name) if k == 0 else ""] if backward else []
        if isinstance(line, Gap):
            yield _row(*head, *([""] if backward else []), f"… {line.count} more", "", "", "")
            continue
        head += [LABELS.get(line.what, "")] if backward else []
        names = in_names(trace, line.formula) if line.formula is not None else ""
        numbers = in_numbers(trace, line.formula) if line.formula is not None else ""
        value = trace.written[line.left]
        cells = ["" if piece == value else _code(piece) for piece in (names, "" if numbers == names else numbers)]
        yield _row(*head, _code(trace.names.text(line.left)), *cells, f"{'' if trace.holds(line) else '≈ '}{value}")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """A code span, also of a text that holds what ends one, or a cell. Of a `|` behind a backslash, which some readers
    take for the end of the cell, the text with no sign of Markdown in it."""
    if not text or "\\|" in text:
        return _prose(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def _prose(text: str) -> str:
    """Someone's words, none of which is a sign of Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>|#~$&])", r"\\\1", " ".join(text.split()))

"""Rows as one Markdown table, and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness import Row

BEGIN, END = "<!-- made by: python -m benchmarks -->", "<!-- end -->"
HEAD = (
    "| question | flowc's file | its time | peer | ratio | quartiles | limit | met |\n"
    "|---|---|--:|---|--:|--:|--:|---|\n"
)


def table(rows: Iterable[Row]) -> str:
    return HEAD + "".join(f"| {' | '.join(cells(row))} |\n" for row in rows)


def cells(row: Row) -> list[str]:
    limit = "" if row.limit is None else f"{row.limit:g}"
    if not row.ratios:
        return [row.question, row.file, "", row.peer, row.note, "", limit, ""]
    low, high = row.spread
    took = "" if row.seconds is None else time(row.seconds)
    met = {True: "yes", False: "**no**", None: ""}[row.met]
    ratio, spread = f"**{number(row.ratio)}**", f"{number(low)} – {number(high)}"
    return [row.question, row.file, took, row.peer, ratio, spread, limit, met]


def number(ratio: float) -> str:
    """Two digits that matter, three from 1 on."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}" if ratio >= 0.01 else f"{ratio:.4f}"


def time(seconds: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"
    raise AssertionError


def put(page: Path, text: str) -> None:
    """Replaces what stands between the two comments. Raises ValueError where they are not there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} has no place for the table: a line `{BEGIN}`, then a line `{END}`")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")

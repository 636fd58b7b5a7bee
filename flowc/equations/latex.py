"""Equations as LaTeX: for `\\input`, an `align*` of amsmath for each group; or a whole document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flowc.equations.document import Document, Equation, Gap, Group, Range, Remark, Row
from flowc.equations.tree import (
    Expr,
    Sum,
    size,
)
from flowc.equations.typeset import formula, signed
from flowc.maths.symbols import latex_signs, latex_words

WIDE = 30  # parts of a formula that fit on a line

HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\begin{document}
"""


def as_latex(document: Document, standalone: bool = False) -> str:
    """Needs `\\usepackage{amsmath}`."""
    title = latex_signs(f"{document.name}: {document.title}" if document.title else document.name)
    blocks = ["% needs \\usepackage{amsmath}"] if not standalone else [f"\\section*{{{title}}}"]
    blocks += ["\n".join(_group_lines(group)) for group in document.groups]
    blocks += ["\n".join(_legend_lines(document))] if document.where else []
    body = "\n\n".join(blocks) + "\n"
    return f"{HEAD}\n{body}\n\\end{{document}}\n" if standalone else body


def as_display(document: Document) -> str:
    """One formula of all of them, as MathJax and LaTeX set it where a notebook has an output."""
    rows = [row for group in document.groups for row in _display_rows(group)]
    if document.where:
        rows.append("\\text{where}")
        rows += [equation(note) if isinstance(note, Equation) else f"\\text{{{''.join(map(prose, note.parts))}}}" for note in document.where]
    inside = " \\\\\n".join(rows)
    return f"$$\n\\begin{{array}}{{l}}\n{inside}\n\\end{{array}}\n$$"


def _display_rows(group: Group) -> Iterator[str]:
    says = "".join(prose(part) for part in group.says)
    yield f"\\textbf{{{latex_words(group.title)}}}" + (f"\\text{{, {says}}}" if says else "")
    yield "\n".join(aligned(group.rows, "aligned"))


def _group_lines(group: Group) -> Iterator[str]:
    says = "".join(prose(p) for p in group.says)
    yield f"\\textbf{{{latex_words(group.title)}}}" + (f", {says}" if says else "")
    yield "\\begingroup\\allowdisplaybreaks"
    yield from aligned(group.rows, "align*")
    yield "\\endgroup"


def _legend_lines(document: Document) -> Iterator[str]:
    yield "where"
    yield "\\begin{itemize}"
    for note in document.where:
        words = "".join(map(prose, note.parts)) if isinstance(note, Remark) else f"${equation(note)}$"
        yield f"  \\item {words}"
    yield "\\end{itemize}"


def aligned(rows: tuple[Row, ...], environment: str) -> Iterator[str]:
    lines = [f"{left} &{right}" if left else f"&{right}" for left, right in split_rows(rows)]
    yield f"\\begin{{{environment}}}"
    yield from (f"  {line} {_line_end(line, below)}" for line, below in pairwise(lines))
    yield f"  {lines[-1]}"
    yield f"\\end{{{environment}}}"


def _line_end(line: str, below: str) -> str:
    """Of a line; fractions below one another keep apart."""
    return r"\\[1ex]" if "\\frac" in line and "\\frac" in below and "\\sum" not in line + below else r"\\"


def split_rows(rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    """The lines of these rows: what is on the left of where they are aligned, and from the sign of equality on."""
    return (line for row in rows for line in _split_row(row))


def _split_row(row: Row) -> Iterator[tuple[str, str]]:
    """An equation; a long sum in several lines, each from its sign on."""
    if isinstance(row, Gap):
        yield "", f"\\;\\;\\vdots \\quad \\text{{{gap(row)}}}"
        return
    first, *others = broken(row.right)
    sign = r"\leftarrow" if row.sign == "←" else "="
    lines = [(formula(row.left), f"{sign} {first}"), *(("", f"\\quad {part}") for part in others)]
    lines += [("", f"= {formula(x)}") for x in row.chain]
    yield from lines[:-1]
    left, right = lines[-1]
    yield left, right + ranges(row.ranges)


def broken(x: Expr) -> list[str]:
    if not isinstance(x, Sum) or size(x) <= WIDE:
        return [formula(x)]
    rows, wide = [""], 0
    for k, (sign, term) in enumerate(x.terms):
        if wide and wide + size(term) > WIDE:
            rows, wide = [*rows, ""], 0
        rows[-1] += signed(k, sign, term)
        wide += size(term)
    return [line.strip() for line in rows]


def gap(row: Gap) -> str:
    return f"{row.count} more of the same form" if row.same else f"{row.count} more"


def equation(row: Equation) -> str:
    """On one line."""
    sign = r"\leftarrow" if row.sign == "←" else "="
    return " = ".join([f"{formula(row.left)} {sign} {formula(row.right)}", *map(formula, row.chain)]) + ranges(
        row.ranges
    )


def ranges(found: tuple[Range, ...]) -> str:
    return " \\qquad (" + r",\; ".join(map(_spell_range, found)) + ")" if found else ""


def _spell_range(r: Range) -> str:
    between = ", " if r.high - r.low <= 1 else r", \dots, "
    return f"{r.letter} = {r.low}" + (f"{between}{r.high}" if r.high > r.low else "")


def prose(part: str | Expr) -> str:
    """Words, or a formula among them."""
    return _text_words(part) if isinstance(part, str) else f"${formula(part)}$"


def _text_words(text: str) -> str:
    """With the blanks at its ends."""
    text = text.replace("⊙", "\0")
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return (
        (before + latex_words(text.replace("\0", "ODOT").replace("×", "TIMES")) + after * bool(text.strip()))
        .replace("ODOT", r"$\odot$")
        .replace("TIMES", r"$\times$")
    )

"""Words of slides in LaTeX and in HTML: paragraphs and lists, in them mathematics and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from flowc.maths.symbols import latex_words

PIECE = re.compile(r"\$([^$]+)\$|`([^`]+)`")


def as_latex(text: str) -> str:
    blocks = []
    for kind, lines in _group_lines(text):
        if kind == "list":
            items = "".join(f"\\item {_line_in_latex(line)}\n" for line in lines)
            blocks.append(f"\\begin{{itemize}}\n{items}\\end{{itemize}}\n")
        else:
            blocks.append(f"{_line_in_latex(' '.join(lines))}\\par\n")
    return "\n".join(blocks)


def as_html(text: str) -> str:
    blocks = []
    for kind, lines in _group_lines(text):
        if kind == "list":
            blocks.append("<ul>" + "".join(f"<li>{_line_in_html(line)}</li>" for line in lines) + "</ul>")
        else:
            blocks.append(f"<p>{_line_in_html(' '.join(lines))}</p>")
    return "\n".join(blocks) + "\n"


def _group_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each paragraph and each list."""
    lines: list[str] = []
    before = ""
    for line in [*text.strip().splitlines(), ""]:
        kind = "" if not line.strip() else "list" if line.startswith("- ") else before or "words"
        if lines and (kind != before or not kind):
            yield before, lines
            lines = []
        if line.startswith("- "):
            lines.append(line[2:])
        elif kind == "list":
            lines[-1] += f" {line.strip()}"
        elif kind:
            lines.append(line.strip())
        before = kind


def _line_in_latex(line: str) -> str:
    """Mathematics stays as it is."""
    parts = []
    for words, formula, code in _pieces(line):
        parts.append(_with_spaces(words) + (f"${formula}$" if formula else f"\\texttt{{{latex_words(code)}}}" if code else ""))
    return "".join(parts)


def _with_spaces(words: str) -> str:
    """`latex_words` puts its text on one line, without the spaces at its ends."""
    before, after = " " * words.startswith(" "), " " * (words.endswith(" ") and bool(words.strip()))
    return f"{before}{latex_words(words)}{after}"


def _line_in_html(line: str) -> str:
    from latex2mathml.converter import convert

    parts = []
    for words, formula, code in _pieces(line):
        parts.append(escape(words, quote=False) + (convert(formula) if formula else f"<code>{escape(code)}</code>" if code else ""))
    return "".join(parts)


def _pieces(line: str) -> Iterator[tuple[str, str, str]]:
    """Words, and the formula or the code behind them."""
    end = 0
    for piece in PIECE.finditer(line):
        yield line[end : piece.start()], piece[1] or "", piece[2] or ""
        end = piece.end()
    yield line[end:], "", ""

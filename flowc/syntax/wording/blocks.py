"""Mistakes in the blocks and files of `data`."""

from __future__ import annotations

import re

from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import Said, rest_of_line


def table(m: Mistake) -> Said:
    if m.kind != "DATA":
        return None
    types = [t.type for t in m.tokens]
    if "LBRACE" not in types:
        return _data_without_block(m)
    inside = m.tokens[types.index("LBRACE") + 1 :]
    if not inside:
        return _first_in_block(m)
    if any(t.type == "EQUAL" for t in inside):
        if m.word == "," and not (set("([") & {m.source.text[b] for b in m.brackets}):
            return "table-comma", "formulas are separated by newlines or `;`, not by `,`", "write each on its own line"
        return None
    in_head = not any(t.type in ("_NEWLINE", "SEMICOLON") for t in inside)
    no_row = in_head or inside[-1].type in ("_NEWLINE", "SEMICOLON")
    if m.word == ",":
        return "table-comma", "cells of a table are separated by spaces, not by `,`", "delete the commas"
    if m.word == "|":
        if "BAR" in [t.type for t in inside] and in_head:
            return (
                "misplaced-bar",
                "this is a second `|`: a table has one",
                "inputs left of it, targets and outputs right",
            )
        return "misplaced-bar", "a `|` stands between two cells", "inputs left of it, targets and outputs right"
    if m.last == "BAR" and (m.word in ("}", ";") or not m.word.strip()):
        return "table-cell", "nothing stands right of this `|`", "inputs left of it, targets and outputs right"
    if m.word == "}" and no_row:
        return "empty-table", "this table has no rows", "the first line names the columns, the rows follow it"
    if in_head and re.match(r"[-+−.\d]", m.word):
        return "table-head", f"`{m.word}` is no column: the first line of a table names its columns", "begin a new line"
    if m.word in "-+−" and m.source.text[m.span.end : m.span.end + 3].lower() in ("inf", "nan"):
        shown = m.source.text[m.span.start : m.span.end + 3]
        return "not-finite", f"`{shown}` is not a number that a diagram can compute with", "leave the row out"
    if m.word in "-+−":
        return "not-finite", f"`{m.word}` is not followed by a number", ""
    if m.word in ("=", "->"):
        return "table-cell", f"`{m.word}` cannot stand in a table", "formulas and tables are blocks of their own"
    if m.word:
        return "table-cell", f"`{m.word}` is no cell of a table", "a cell is a number, a word, or a text in quotes"
    return None


def _first_in_block(m: Mistake) -> Said:
    if m.word == "|":
        return "misplaced-bar", "nothing stands left of this `|`", "inputs left of it, targets and outputs right"
    if m.word == "}":
        return "empty-table", "this block holds no data", "write a table, or formulas as `x = linspace(0, 1, 20)`"
    if re.match(r"[-+−.\d]", m.word):
        return "table-head", f"the first line of a table names its columns, `{m.word}` is a number", "as `x1 x2 | f`"
    return None


def _data_without_block(m: Mistake) -> Said:
    example = '`data "iris.csv"`, or a table: `data { x | f` newline `0 | 1 }`'
    if not m.word:
        return "incomplete", "`data` needs a file or a block after it", example
    if m.last == "NAME" and m.word in (".", "/", "-", "\\"):
        return "incomplete", "the name of a file stands in quotes", f'as `data "{rest_of_line(m, 1)}"`'
    if m.last in ("NAME", "DATA") and m.word not in ("->", ",", "="):
        return "unexpected-text", f"`{m.word}` is no data: a file stands in quotes, a table in `{{ }}`", example
    return None

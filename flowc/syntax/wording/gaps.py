"""Something is missing between two parts of a line."""

from __future__ import annotations

import re

from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import DECLARING, Said, shown

_VALUE_ENDS = ("NAME", "NUMBER", "STRING", "RPAR", "RSQB", "TRANSPOSE")


def side_by_side(m: Mistake) -> Said:
    """Two values with nothing between them."""
    if m.last not in _VALUE_ENDS or not re.match(r"[\w\"'(\[]|\.\d", m.word):
        return None
    types = [t.type for t in m.tokens]
    before = str(m.tokens[-1])
    inside = m.source.text[m.brackets[-1]] if m.brackets else ""
    if inside == "[" and m.kind not in DECLARING:
        if "COLON" in types or "EQUAL" in types or m.kind == "LOSS":
            return (
                "matrix-rows",
                "elements are separated by `,` and every row has its own brackets",
                "as `[[1, 2], [3, 4]]`",
            )
        return "missing-comma", f"`,` is missing before `{m.word}`", ""
    if inside == "[":
        return "missing-comma", f"`,` is missing before `{m.word}`", "the sizes of two dimensions are separated by `,`"
    if m.kind in DECLARING and not inside:
        return _in_declaration(m, before)
    if m.kind == "WEIGHT" and "EQUAL" not in types and "TILDE" not in types:
        if re.match(r"[\d.\[(-]", m.word):
            return "incomplete", f"`=` or `~` is missing before `{m.word}`", "`=` keeps a value, `~` lets it learn"
        return "missing-comma", f"`,` is missing before `{m.word}`", ""
    if m.kind == "INDEX":
        sign = "," if "EQUAL" in types else "="
        return "missing-comma", f"`{sign}` is missing before `{m.word}`", ""
    if m.kind == "FLOW":
        return "unclosed-text", f"the title `{m.word}` stands in quotes", f'as `flow {m.tokens[1]} "{m.word} …"`'
    if m.kind == "TRAIN" and "LPAR" not in types:
        return "missing-parenthesis", f"`{m.word}` stands in parentheses", f"as `train {before}(rate=0.1, steps=100)`"
    if m.kind == "WEIGHT" and m.word[0] in "\"'" and not inside:
        return "unexpected-text", f"the label {m.word} stands after the weight's name, before the `=` or `~`", ""
    if "_ARROW" in types and "COLON" not in types:
        return _after_target(m)
    if "EQUAL" in types or "COLON" in types or m.kind in ("LOSS", "TRAIN", "DATA", "WEIGHT"):
        return _gap_in_product(m, before)
    if m.kind in ("NAME", "NUMBER"):
        return "missing-comma", f"`,` or `->` is missing before `{m.word}`", ""
    return None


def _in_declaration(m: Mistake, before: str) -> Said:
    if m.last == "STRING":
        return "missing-comma", f"`,` or `:` is missing before `{m.word}`", ""
    if m.word[0] in "\"'":
        return "missing-comma", f"the label {m.word} stands before the `:`", ""
    if m.word == "[":
        return "unexpected-text", "a node has one pair of brackets", "the sizes of two dimensions: `[2, 3]`"
    if m.word[0] == ".":
        return "odd-character", "a name holds no `.`", "write `h_1`, or a size in brackets: `h[3]`"
    if m.word == "(":
        return "unexpected-text", "`(` cannot follow a node's name", f"a size stands in brackets: `{before}[3]`"
    if m.word[0].isdigit():
        return "missing-comma", f"`,` is missing before `{m.word}`", f"a size stands in brackets: `{before}[{m.word}]`"
    return (
        "missing-comma",
        f"`,` or `:` is missing before `{m.word}`",
        "`,` before another node, `:` before an activation",
    )


def _after_target(m: Mistake) -> Said:
    if re.match(r"[\d.\[(]", m.word):
        return "missing-colon", f"`:` is missing before the weight `{shown(m)}`", ""
    return "missing-colon", f"`,` or `:` is missing before `{m.word}`", "`,` before another node, `:` before the weight"


def _gap_in_product(m: Mistake, before: str) -> Said:
    if m.word[0] in "\"'":
        return "unexpected-text", f"the text {m.word} cannot stand in an expression", ""
    if m.last == "NUMBER" or m.word == "(" or m.tokens[-1].end_pos == m.span.start - m.line.start:
        if len(before + m.word) < 30 and m.word not in "([":
            return "missing-operator", f"a product needs `*`: `{before}*{m.word}`", ""
        return "missing-operator", f"a product needs `*` before `{shown(m)}`", ""
    if m.brackets:
        return "missing-operator", f"`,` or an operator is missing before `{shown(m)}`", ""
    hint = f"a product is written `{before}*{m.word}`, a function `{before}({m.word})`" if m.last == "NAME" else ""
    return "missing-operator", f"an operator is missing before `{shown(m)}`", hint


def operators_meet(m: Mistake) -> Said:
    """An operator or a comma where a value belongs."""
    after_operator = m.last in (
        "PLUS",
        "MINUS",
        "STAR",
        "SLASH",
        "AT",
        "CARET",
        "EQUAL",
        "COLON",
        "TILDE",
        "LPAR",
        "LSQB",
    )
    if m.word in ("*", "/", "@", "^", ")", "]", ",", ":", "=", "|") and after_operator:
        return "incomplete", f"a value is missing between `{m.tokens[-1]}` and `{m.word}`", ""
    if m.word in ("->", "→", ":", "=", "~") and m.last == "COMMA":
        return "incomplete", f"a name is missing between `,` and `{m.word}`", ""
    if m.word == "," and m.last == "COMMA":
        return "incomplete", "something is missing between two `,`", ""
    if m.word in (",", ":") and m.last == "_ARROW":
        return "arrow-to-nothing", f"the arrow points at nothing: name a node between `->` and `{m.word}`", ""
    if m.last == "_ARROW" and m.word in ("->", "→"):
        return "arrow-to-nothing", "this arrow points at another arrow", "name a node between the two"
    if m.last == "_ARROW":
        return "arrow-to-nothing", f"an arrow points at a node, not at `{shown(m)}`", "name a node after `->`"
    return None


def text_in_expression(m: Mistake) -> Said:
    if m.tokens and m.word[:1] in ("'", '"') and len(m.word) > 1 and "NUMBER" in m.accepts and m.kind not in DECLARING:
        return "unexpected-text", f"the text {m.word} cannot stand in an expression", ""
    return None

"""Characters and operators that the language does not have, or not here; brackets."""

from __future__ import annotations

import re

from flowc.syntax.wording.characters import COMPARED, COMPARISON, OPERATORS, describe
from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import Said

_OPERATOR = re.compile(r"[*=<>!+\-&|:~./^]+")


_CLOSING = {")": "(", "]": "[", "}": "{"}


def _signs_here(m: Mistake) -> str:
    """The run of operator characters around the mistake."""
    text, start, end = m.source.text, m.span.start, m.span.start
    while start > m.line.start and _OPERATOR.match(text[start - 1]):
        start -= 1
    while end < m.line.end and _OPERATOR.match(text[end]):
        end += 1
    return text[start:end]


def odd_operator(m: Mistake) -> Said:
    run = _signs_here(m)
    if run in OPERATORS and m.word:
        message, hint = OPERATORS[run]
        if run == "**":
            return "power-operator", message, _power_hint(m)
        return ("comparison", message, _step_hint(m)) if message == COMPARED else ("odd-operator", message, hint)
    if re.match(r"[-−][ \t]+>", m.source.text[m.span.start : m.line.end]):
        return "odd-operator", "an arrow is one sign, without a space in it", "write `->`"
    if re.fullmatch(r"(-{2,}|={2,})>", run):
        return "odd-operator", "an arrow is written `->`", "write `->`"
    return None


def _power_hint(m: Mistake) -> str:
    text = m.source.text[m.line.start : m.line.end]
    match = re.search(r"([\w\u0300-\u036f.]+)[ \t]*\*\*[ \t]*([\w.]+)", text)
    return f"write `{match[1]}^{match[2]}`" if match else "write `x^2`"


_SIDE = r"([-−]?[\w\u0300-\u036f.]+(?:\[[\w, ]*\])?)"
_COMPARED = re.compile(rf"[=:][ \t]*{_SIDE}[ \t]*(<=?|>=?|≤|≥)[ \t]*{_SIDE}[ \t]*(?:[#;]|$)")


def _step_hint(m: Mistake) -> str:
    """The comparison as a step, where it is all of the right side and compares names and numbers."""
    comparison = _COMPARED.search(m.source.text[m.line.start : m.line.end])
    if not comparison:
        return COMPARISON[1]
    left, sign, right = (part.replace("−", "-") for part in comparison.groups())
    above, below, sign = (left, right, "≥") if sign[0] in ">≥" else (right, left, "≤")
    shift = "" if below == "0" else f" + {below[1:]}" if below[0] == "-" else f" - {below}"
    return f"`step({above}{shift})` is 1 where {left} {sign} {right}, and 0 elsewhere"


def odd_character(m: Mistake) -> Said:
    if m.word == "'":
        return "odd-character", "a name holds no prime", "write `h2`, or give the node a label"
    description = describe(m.word) if len(m.word) == 1 else None
    if description is None:
        return None
    what, hint = description
    if what == "a comparison":
        return "comparison", COMPARED, _step_hint(m)
    shown = m.word if m.word.isprintable() else f"U+{ord(m.word):04X}"
    return "odd-character", f"`{shown}` is {what}", hint


def dots(m: Mistake) -> Said:
    if m.word == "." and m.last == "NAME":
        return "odd-character", "a name holds no `.`", "write `h_1`, or an element as `h[1]`"
    if m.word == "..":
        return (
            "odd-operator",
            "a range `..` stands in brackets or after an index's `=`",
            "as `h[1..2]`, `index i = 1..2`",
        )
    return None


def bars(m: Mistake) -> Said:
    if m.word == "|":
        return "odd-character", "`|` stands only in tables", "the absolute value is `abs(x)`"
    return None


def brackets(m: Mistake) -> Said:
    text = m.source.text
    if m.word in _CLOSING:
        if not m.brackets:
            return "stray-bracket", f"this `{m.word}` closes nothing", "delete it, or open it before"
        opened = text[m.brackets[-1]]
        if opened != _CLOSING[m.word]:
            line, column = m.source.position(m.brackets[-1])
            message = f"`{m.word}` does not close the `{opened}` opened at {line}:{column}"
            return "stray-bracket", message, ""
        return None
    if m.brackets and text[m.brackets[-1]] in "([" and _first_of_its_line(m):
        line, column = m.source.position(m.brackets[-1])
        return (
            "unclosed-bracket",
            f"`{text[m.brackets[-1]]}` opened at {line}:{column} is still open here",
            "close it, or put an operator or `,` here",
        )
    return None


def _first_of_its_line(m: Mistake) -> bool:
    before = m.source.text[m.line.start : m.span.start]
    return "\n" in before and not before.rpartition("\n")[2].strip()


def matrix(m: Mistake) -> Said:
    if m.word == ";" and m.brackets and m.source.text[m.brackets[-1]] == "[":
        return (
            "matrix-rows",
            "elements are separated by `,` and every row has its own brackets",
            "as `[[1, 2], [3, 4]]`",
        )
    if m.word == ";" and m.brackets:
        return "unclosed-bracket", "`;` ends a statement, but a bracket is still open", ""
    return None

"""Equations as MathML: one `math` element, a row of a table for each line. latex2mathml makes it of the LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from flowc.equations.document import Document, Equation, Group, Remark
from flowc.equations.latex import aligned, equation
from flowc.equations.tree import Expr
from flowc.equations.typeset import formula
from flowc.maths.symbols import SPECIAL

CHARACTER = re.compile(r"&#x([0-9A-F]{5});")  # as the converter spells it
# What the converter does not read in words, and letters of private use that stand for it there.
ESCAPES = {spelled: chr(0xE000 + k) for k, spelled in enumerate(SPECIAL.values())}
STANDS_FOR = {ord(letter): sign for sign, letter in zip(SPECIAL, ESCAPES.values())}
_WORDS = re.compile(r"\\text\{(?:[^{}\\]|\\[a-z]+\{\}|\\.)*\}")
_ESCAPE = re.compile("|".join(map(re.escape, ESCAPES)))


class NoConverter(Exception):
    """latex2mathml is not installed."""


def as_mathml(document: Document) -> str:
    """Raises NoConverter."""
    title = f"{document.name}: {document.title}" if document.title else document.name
    rows = [_text_element(title), *(row for group in document.groups for row in _group_rows(group))]
    if document.where:
        rows.append(_text_element("where"))
        rows += [_spell_note(note) for note in document.where]
    inside = "\n".join(f"    <mtr><mtd>{row}</mtd></mtr>" for row in rows)
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">\n'
        f'  <mtable displaystyle="true" columnalign="left" rowspacing="3pt">\n{inside}\n  </mtable>\n</math>\n'
    )


def _group_rows(group: Group) -> Iterator[str]:
    yield f"<mrow>{_text_element(group.title)}{''.join(_spell_part(p) for p in ((', ', *group.says) if group.says else ()))}</mrow>"
    yield converted("\n".join(aligned(group.rows, "align*")))


def _spell_note(note: Equation | Remark) -> str:
    if isinstance(note, Equation):
        return converted(equation(note))
    return f"<mrow>{''.join(_spell_part(p) for p in note.parts)}</mrow>"


def _spell_part(part: str | Expr) -> str:
    return _text_element(part) if isinstance(part, str) else converted(formula(part))


def _text_element(text: str) -> str:
    return f"<mtext>{escape(text, quote=False).replace(' ', chr(0xA0))}</mtext>"


def _readable_latex(latex: str) -> str:
    """Without what the converter takes for text: distances of rows, and signs that are escaped in words."""
    return _WORDS.sub(lambda words: _ESCAPE.sub(lambda sign: ESCAPES[sign[0]], words[0]), latex.replace(r"\\[1ex]", r"\\"))


def converted(latex: str) -> str:
    """The elements within `math`."""
    try:
        from latex2mathml.converter import convert_to_element
    except ModuleNotFoundError:
        raise NoConverter from None
    from xml.etree.ElementTree import tostring

    element = convert_to_element(_readable_latex(latex), display="block")
    for part in element.iter():
        part.text = CHARACTER.sub(lambda found: chr(int(found[1], 16)), part.text or "").translate(STANDS_FOR)
    return "".join(tostring(child, encoding="unicode") for child in element)

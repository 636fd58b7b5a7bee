"""A formula of LaTeX as the elements of MathML, as browsers set them: their letters and distances are put right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise, zip_longest
from typing import TYPE_CHECKING

from flowc.maths.symbols import SPECIAL

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CHARACTER = re.compile(r"&#x([0-9A-F]{5});")  # as the converter spells it
# What the converter does not read in words, and letters of private use that stand for it there.
ESCAPES = {spelled: chr(0xE000 + k) for k, spelled in enumerate(SPECIAL.values())}
STANDS_FOR = {ord(letter): sign for sign, letter in zip(SPECIAL, ESCAPES.values())}
_WORDS = re.compile(r"\\text\{(?:[^{}\\]|\\[a-z]+\{\}|\\.)*\}")
_LONG_NAME = re.compile(r"\\operatorname(\{[A-Za-z]*[^A-Za-z{}][^{}]*\})")
_ESCAPE = re.compile("|".join(map(re.escape, ESCAPES)))
# Chromium knows no `columnalign`, and takes `text-align: right` for something else; the attribute is for other browsers.
ALIGNED = {side: {"columnalign": side, "style": f"text-align: -webkit-{side}"} for side in ("left", "right")}
# Letters of their own, since Chromium knows no other `mathvariant` than `normal`: where A, a and 0 stand.
ALPHABETS = {"bold": (0x1D400, 0x1D41A, 0x1D7CE), "monospace": (0x1D670, 0x1D68A, 0x1D7F6)}
ROWS = ("math", "mrow", "mtd", "mstyle", "msqrt")  # whose elements stand beside one another
THIN = "0.167em"  # between a function by name and what is beside it


class NoConverter(Exception):
    """latex2mathml is not installed."""


def convert_formula(latex: str) -> str:
    """The elements within `math`. Raises NoConverter."""
    try:
        from latex2mathml.converter import convert_to_element
    except ModuleNotFoundError:
        raise NoConverter from None
    from xml.etree.ElementTree import tostring

    if not latex:
        return ""
    element = convert_to_element(_readable_latex(latex), display="block")
    for part in element.iter():
        part.text = CHARACTER.sub(lambda found: chr(int(found[1], 16)), part.text or "").translate(STANDS_FOR)
    for arrange in (_space_functions, _join_letters):
        for part in [p for p in element.iter() if p.tag in ROWS]:
            part[:] = [*arrange(part)]
    for part in element.iter():
        _align_cells(part)
        _tie_signs(part)
    return "".join(tostring(child, encoding="unicode") for child in element)


def _readable_latex(latex: str) -> str:
    """Without signs that the converter takes for text where they are escaped in words, and names of functions that it cuts."""
    latex = _LONG_NAME.sub(r"\\mathrm\1", latex)
    return _WORDS.sub(lambda words: _ESCAPE.sub(lambda sign: ESCAPES[sign[0]], words[0]), latex)


def _space_functions(parent: Element) -> Iterator[Element]:
    """Functions by name are words, not operators: a thin distance to what is before them, and to an argument without brackets."""
    from xml.etree.ElementTree import Element

    before = None
    for part, after in zip_longest(parent, parent[1:]):
        is_function = _names_function(part)
        if is_function and before is not None and not _is_operator(before):
            yield Element("mspace", width=THIN)
        yield part
        if is_function and after is not None and not _opens(after):
            yield Element("mspace", width=THIN)
        before = part


def _names_function(part: Element) -> bool:
    """Whether it is a word, or one with something above or below it; makes that no operator."""
    base = part[0] if len(part) and part.tag in ("msup", "msub", "munder") else part
    if base.tag not in ("mi", "mo") or len(base.text or "") < 2 or not (base.text or "")[0].isalpha():
        return False
    base.tag = "mi"
    if base.attrib.pop("movablelimits", None):
        part.tag = "munder"
    return True


def _is_operator(part: Element) -> bool:
    return part.tag in ("mo", "mspace") and part.get("form") != "postfix" and part.text not in (")", "]")


def _opens(part: Element) -> bool:
    first = part[0] if part.tag == "mrow" and len(part) else part
    return first.tag == "mo" and first.text in ("(", "|", "[")


def _join_letters(parent: Element) -> Iterator[Element]:
    """Its elements; what has letters of another kind is one word, in these letters. ⊤ keeps no distance."""
    for variant, letters in groupby(parent, lambda part: part.get("mathvariant")):
        first, *others = letters
        if variant is None:
            yield from (_raised_sign(part) for part in (first, *others))
            continue
        word = "".join(part.text or "" for part in (first, *others))
        first.tag, first.text = "mi", _in_alphabet(word, variant)
        if variant != "normal" or len(word) > 1:
            del first.attrib["mathvariant"]
        yield first


def _in_alphabet(word: str, variant: str) -> str:
    starts = ALPHABETS.get(variant)
    if starts is None:
        return word
    table = {ord(start) + k: begin + k for start, begin, n in zip("Aa0", starts, (26, 26, 10)) for k in range(n)}
    return word.translate(table)


def _raised_sign(part: Element) -> Element:
    if part.text == "⊤":
        part.tag = "mi"
    return part


def _align_cells(part: Element) -> None:
    part.attrib.update(ALIGNED.get(part.get("columnalign", ""), {}))


def _tie_signs(parent: Element) -> None:
    """A minus behind another sign is that of a number, and keeps no distance from it."""
    for before, part in pairwise(parent):
        if part.tag == "mo" and part.text == "−" and before.tag == "mo" and before.text not in (")", "]"):
            part.set("form", "prefix")

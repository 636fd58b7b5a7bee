"""The spelling of names: which spellings are one name, and which are none.

Compatibility variants are one letter (NFKC, as in Python), and subscript digits are digits: `ξ₁` is `ξ1`. Superscripts,
fractions and circled digits would silently become digits as well, `x²` the node `x2`, and are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from flowc.diagnostics.diagnostic import Diagnostic, Note
from flowc.source import Span
from flowc.syntax.limits import LETTERS

_NAME = re.compile(r"[^\W\d][\w\u0300-\u036f\u20d0-\u20ff]*")
_LONG = re.compile(rf"\b\w{{{LETTERS + 1}}}", re.ASCII)
_SUBSCRIPTS = re.compile("[\u2080-\u2089]")
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u207f]+")

# Greek letters that look like Latin ones; the others (Δx, σh) mislead nobody.
_GREEK_TWINS = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ")


class Names:
    """The names of one text: folds each, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []
        self._folded: dict[str, str] = {}
        self._first: dict[str, tuple[str, Span]] = {}

    def fold(self, spelling: str, span: Span) -> str:
        """The name that `spelling` stands for. A spelling that is no name is reported once and returned as it is."""
        folded = self._folded.get(spelling)
        if folded is None:
            folded = self._folded[spelling] = self._meet_spelling(spelling, span)
        return folded

    def _meet_spelling(self, spelling: str, span: Span) -> str:
        problem = _bad_letter(spelling, span)
        if problem:
            self.problems.append(problem)
            return spelling
        name = unicodedata.normalize("NFKC", spelling)
        earlier, place = self._first.setdefault(name, (spelling, span))
        if unicodedata.normalize("NFC", earlier) != unicodedata.normalize("NFC", spelling):
            self.problems.append(_two_spellings(earlier, place, spelling, span, name))
        scripts = _confusable_letter(name)
        if scripts:
            self.problems.append(_mixed_scripts(spelling, span, *scripts))
        return name


def all_plain(text: str) -> bool:
    """Whether every name in a text is spelled as it is folded, and short enough."""
    return text.isascii() and _LONG.search(text) is None


def is_name(text: str) -> bool:
    """Whether `text` is a name in its folded spelling, and so needs no quotes."""
    if len(text) > LETTERS or not _NAME.fullmatch(text) or unicodedata.normalize("NFKC", text) != text:
        return False
    return text.isascii() or _bad_letter(text, Span(0, 0)) is None


def free(name: str, taken: Container[str]) -> str:
    """`name`, with as many `_` behind as make it new."""
    while name in taken:
        name += "_"
    return name


def folded(text: str) -> str:
    """A text from elsewhere, as the name of a column, spelled as names are; `x²` and `x①` never are `x2` and `x1`."""
    plain = _SUBSCRIPTS.sub("", text)
    if _RAISED.search(plain) or any(unicodedata.category(character) == "No" for character in plain):
        return text
    return unicodedata.normalize("NFKC", text)


def _bad_letter(spelling: str, span: Span) -> Diagnostic | None:
    """The problem of a spelling that is no name, as `x²` or `①`, or too long for one."""
    if len(spelling) > LETTERS:
        message = f"`{spelling[:20]}…` has {len(spelling)} letters; a name has {LETTERS} at most"
        return Diagnostic("bad-name", message, span, hint="a label says more: `node h \"what it is\"`")
    raised = _RAISED.search(spelling)
    if raised:
        base, power = spelling[: raised.start()], unicodedata.normalize("NFKC", raised.group()).replace("\u2212", "-")
        way = f"write `{base}^{power}`" if base and base.isidentifier() else "write a power with `^`"
        return Diagnostic("bad-name", f"`{raised.group()}` is a superscript, which no name may hold", span, hint=way)
    for character in spelling:
        if _SUBSCRIPTS.match(character) or unicodedata.category(character) != "No":
            continue
        what = unicodedata.name(character, "a number").lower()
        return Diagnostic(
            "bad-name", f"`{character}` ({what}) may not stand in a name", span, hint="write numbers with plain digits"
        )
    if not _NAME.fullmatch(unicodedata.normalize("NFKC", spelling)):
        return Diagnostic(
            "bad-name", f"`{spelling}` is not a name", span, hint="a name is a letter, then letters and digits"
        )
    return None


def _two_spellings(earlier: str, place: Span, spelling: str, span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "two-spellings",
        f"`{spelling}` and `{earlier}` are two spellings of one name",
        span,
        notes=(Note(f"`{earlier}` is here", place),),
        hint=f"write `{name}` in both places",
    )


def _mixed_scripts(spelling: str, span: Span, letter: str, script: str, others: str) -> Diagnostic:
    return Diagnostic(
        "mixed-scripts",
        f"`{spelling}` mixes scripts: its `{letter}` is {script}, its other letters are {others}",
        span,
        severity="warning",
        hint="two names may look the same and differ; write one script",
    )


def _script_of(character: str) -> str:
    name = unicodedata.name(character, "")
    for script in ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"):
        if name.startswith(script):
            return script.capitalize()
    return ""


def _confusable_letter(name: str) -> tuple[str, str, str] | None:
    """The first letter of a second script that looks like one of the first, its script, and the first script."""
    scripts = {s for s in map(_script_of, name) if s}
    if len(scripts) < 2:
        return None
    first = "Latin" if "Latin" in scripts else "Greek" if "Greek" in scripts else _script_of(name[0])
    for character in name:
        script = _script_of(character)
        if script and script != first and (script != "Greek" or character in _GREEK_TWINS):
            return character, script, first
    return None

"""Lines that begin badly, as with a word that is nearly a keyword, or that end too early."""

from __future__ import annotations

import re
from difflib import get_close_matches

from flowc.syntax.keywords import KEYWORDS, SYNONYMS
from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import DECLARING, Said, example, rest_of_line, shown


def ends_early(m: Mistake) -> Said:
    if m.word not in ("", "\n", ";") or not m.tokens:
        return None
    last = str(m.tokens[-1])
    if m.last == "_ARROW":
        return "arrow-to-nothing", "the arrow points at nothing: name a node after `->`", ""
    if m.last == "COLON":
        what = "activation" if m.kind in DECLARING else "weight"
        way = "as `: step`" if what == "activation" else "as `: 0.5`, or `: ~` for one that learns"
        return "incomplete", f"the {what} is missing after `:`", way
    if m.last == "COMMA":
        return "incomplete", "something is missing after `,`: the line ends here", "a list does not go on over lines"
    if m.last == "EQUAL" and m.kind == "INDEX":
        name = m.tokens[-2]
        message = f"the range of `{name}` is missing"
        return "incomplete", message, f"write `{name} = 4`, `{name} = 0..9` or `{name} = cat, dog`"
    if m.last == "EQUAL":
        return "incomplete", "the right side is missing after `=`", "long right sides stand in parentheses"
    if m.last in ("PLUS", "MINUS", "STAR", "SLASH", "AT", "CARET"):
        return (
            "incomplete",
            f"a value is missing after `{last}`",
            "an expression over several lines stands in parentheses",
        )
    if len(m.tokens) == 1 and last in KEYWORDS:
        return "incomplete", f"`{last}` needs something after it", example(last)
    if m.kind == "INDEX" and m.last == "NAME":
        return (
            "incomplete",
            f"the range of `{last}` is missing",
            f"write `{last} = 4`, `{last} = 0..9` or `{last} = cat, dog`",
        )
    if all(t.type in ("NAME", "COMMA", "NUMBER") for t in m.tokens):
        return _names_alone(m)
    return None


def _names_alone(m: Mistake) -> Said:
    first = str(m.tokens[0])
    keyword = _keyword_like(first)
    if keyword and len(m.tokens) == 1:
        return "unknown-keyword", f"`{first}` is not a keyword; did you mean `{keyword}`?", ""
    names = rest_of_line(m, 0)
    if m.kind == "NUMBER":
        return "incomplete", f"`{names}` alone says nothing about the diagram", ""
    hint = f"draw an arrow, `{names} -> h : 1`, or declare: `node {names}`"
    return "incomplete", f"`{names}` alone says nothing about the diagram", hint


def _keyword_like(name: str) -> str | None:
    lower = name.lower()
    if lower in KEYWORDS and name != lower:
        return lower
    if lower in SYNONYMS:
        return SYNONYMS[lower]
    matches = get_close_matches(lower, KEYWORDS, 1, 0.7) if len(name) > 2 else []
    return matches[0] if matches else None


def begins_badly(m: Mistake) -> Said:
    if m.tokens:
        return None
    if m.word in ("+", "-", "−", "*", "/", "@", "^"):
        if re.match(r"[-−][ \t]*[\w.]+[ \t]*(->|→)", m.source.text[m.span.start : m.line.end]):
            return "constant-source", "an arrow starts at a node: the sign belongs to the weight", "as `x -> h : -1`"
        if m.word in "-−" and re.search("->|→", m.source.text[m.span.start : m.line.end]):
            return "constant-source", "an arrow starts at a node: the sign belongs to the weight", "as `x -> h : -1`"
        hint = "put the equation in parentheses: `f = (a` newline `+ b)`"
        return "line-start", f"a line cannot start with `{m.word}`", hint
    if m.word in ("->", "→"):
        return "line-start", "the arrow starts at nothing: name a node before `->`", ""
    if m.word in ("(", "[", "{"):
        return "line-start", f"a line cannot start with `{m.word}`", "a statement starts with a keyword or a name"
    if m.word.startswith(("//", "%", "/*")):
        return "line-start", f"a line cannot start with `{m.word}`", "a comment begins with `#`"
    if m.word:
        return "line-start", f"a line cannot start with `{m.word}`", "a statement starts with a keyword or a name"
    return None


def after_first_word(m: Mistake) -> Said:
    """A single name, and then something that fits no statement."""
    if len(m.tokens) != 1:
        return None
    first = str(m.tokens[0])
    if m.kind == "NUMBER":
        return _after_number(m, first)
    if m.kind != "NAME":
        return None
    rest = m.source.text[m.span.start : m.line.end]
    keyword = _keyword_like(first)
    if m.word == "(":
        message = "a statement cannot start with a function"
        hint = f"give its value a name, `f = {first}(…)`" if not keyword else f"did you mean `{keyword} …`?"
        if "=" in rest.partition(")")[2][:3]:
            return (
                "left-side",
                f"the left side of an equation is a plain name, not `{first}(…)`",
                f"write `{first} = …`",
            )
        return "line-start", message, hint
    if m.word == ":":
        return (
            "missing-keyword",
            f"`:` follows a declaration or an arrow; `{first}` is neither",
            f"write `node {first} : …`",
        )
    if m.word == "~":
        return "missing-keyword", "`~` follows an arrow's `:` or a weight's name", f"write `weight {first} ~ …`"
    if m.word in ("+", "-", "−", "*", "/", "@", "^"):
        if re.search("->|→", rest):
            hint = "list several nodes with `,`; numbers and weights stand after `:`"
            return "line-start", "an arrow starts at nodes, not at an expression", hint
        return "left-side", "an expression needs a name on its left", f"write `f = {first} {m.word} …`"
    if keyword:
        return "unknown-keyword", f"`{first}` is not a keyword; did you mean `{keyword}`?", ""
    if re.match(r"\w+[ \t]*(,|->|→)", rest):
        return "missing-comma", f"`,` is missing before `{m.word}`", ""
    if re.match(r"[\w\"']", m.word):
        return "unknown-keyword", f"`{first}` is not a keyword", f"the keywords are {', '.join(KEYWORDS)}"
    return None


def _after_number(m: Mistake, first: str) -> Said:
    if m.word == "=":
        return "left-side", f"the left side of an equation is a name, not `{first}`", ""
    if re.search("->|→", m.source.text[m.span.start : m.line.end]):
        message = "an arrow starts at a node, or at the constant `1`"
        return "line-start", message, "numbers and weights stand after `:`, as `x -> h : 2`"
    return "line-start", f"a line cannot start with `{first}`", "a statement starts with a keyword or a name"


def after_keyword(m: Mistake) -> Said:
    first = str(m.tokens[0]) if m.tokens else ""
    if m.kind in (*DECLARING, "WEIGHT", "INDEX", "FLOW") and m.word[:1].isdigit():
        return "unexpected-text", "a name begins with a letter or `_`, not with a digit", example(first)
    if len(m.tokens) == 1 and first in KEYWORDS and m.word:
        return "unexpected-text", f"`{first}` is not followed by `{shown(m)}`", example(first)
    return None

"""The language for Pygments, which colours it in documents and notebooks: `flow` by entry point.

As in grammar/flow.lark a keyword is one only as the first word of a statement, and not before "->", ",", "=" or "[".
"""

from __future__ import annotations

import re
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, default, include
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from flowc.syntax.keywords import KEYWORDS

_LETTERS = r"[\w\u0300-\u036f\u20d0-\u20ff]"
_NAME = rf"[^\W\d]{_LETTERS}*"
_SPACE = r"[ \t\r\u00a0\u2000-\u200a\u202f\u205f\u3000]"
_STARTS = rf"(?!{_LETTERS})(?!{_SPACE}*(?:->|\u2192|,|=|\[))"  # of a statement, behind its keyword
_NUMBER = r"(?:[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?"


def _words_after(follows: str, more: str = "") -> str:
    """The keywords that something of this kind follows."""
    return f"({'|'.join(word for word, keyword in KEYWORDS.items() if keyword.follows == follows)}){_STARTS}{more}"


class FlowLexer(RegexLexer):  # type: ignore[misc] # pygments has no types
    """Flow diagrams of neural networks, as flowc compiles them."""

    name = "Flow"
    aliases: ClassVar = ["flow"]
    filenames: ClassVar = ["*.flow"]
    mimetypes: ClassVar = ["text/x-flow"]
    flags = re.UNICODE

    tokens: ClassVar = {
        "root": [
            (r"\n", Whitespace),
            (r";", Punctuation),
            include("blank"),
            (_words_after("name", rf"({_SPACE}*)({_NAME})?"), bygroups(Keyword, Whitespace, Name.Class), "statement"),
            (_words_after("method", rf"({_SPACE}*)({_NAME})?"), bygroups(Keyword, Whitespace, Name.Function), "statement"),
            (_words_after("nodes"), Keyword, "declaration"),
            (_words_after("anything"), Keyword, "statement"),
            (_words_after("data"), Keyword, "data"),
            default("statement"),
        ],
        "statement": [include("end"), include("words")],
        "declaration": [
            include("end"),
            (rf"(:)({_SPACE}*)({_NAME})", bygroups(Punctuation, Whitespace, Name.Function)),
            include("words"),
        ],
        "data": [include("end"), (r"\{", Punctuation, ("#pop", "table")), include("words")],
        "table": [
            (r"\}", Punctuation, "#pop"),
            (r"\n", Whitespace),
            (rf"(?<=[\s|{{;])[+\-\u2212]{_NUMBER}", Number),
            include("words"),
        ],
        "nested": [(r"[)\]]", Punctuation, "#pop"), (r"\n", Whitespace), include("words")],  # a new line means nothing
        "end": [(r"\n", Whitespace, "#pop"), (r";", Punctuation, "#pop")],
        "blank": [(rf"{_SPACE}+", Whitespace), (r"#[^\n]*", Comment.Single)],
        "words": [
            include("blank"),
            (r'"[^"\n]*"|\'[^\'\n]*\'', String),
            (rf"->|\u2192|~|\^T(?!{_LETTERS})|\.\.|[+*/@^=\-\u2212]", Operator),
            (_NUMBER, Number),
            (rf"({_NAME})({_SPACE}*)(\()", bygroups(Name.Function, Whitespace, Punctuation), "nested"),
            (_NAME, Name),
            (r"[(\[]", Punctuation, "nested"),
            (r"[,;:|{}\])]", Punctuation),
        ],
    }

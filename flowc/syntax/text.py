"""From bytes to a source, and which characters a source may hold."""

from __future__ import annotations

import codecs
import re
import unicodedata

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.source import Source, Span

# Control characters, the line ends that only some tools know, and marks that reorder what is seen. Any of them would
# let a text mean one thing to a reader and another to the tool, also in a comment of the generated code.
_FORBIDDEN = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

_KNOWN = {
    "\r": "a carriage return without a line feed",
    "\x00": "a null character",
    "\x0b": "a vertical tab",
    "\x0c": "a form feed",
    "\x1b": "an escape character",
    "\x85": "a next-line character",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\ufeff": "a byte order mark inside the text",
}


def decode(data: bytes, name: str) -> Source:
    """The source in `data`: UTF-8, with or without a byte order mark, lines ended by LF or CRLF.

    Raises FlowError with every place that is not UTF-8, or else every forbidden character.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if wide := wide_encoding(data):
        problem = Diagnostic("bad-encoding", f"the file is {wide}, not UTF-8", Span(0, 0), hint="save the file as UTF-8")
        raise FlowError(Source(name, ""), (problem,))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        source, problems = _replace_bad_bytes(data, name)
        raise FlowError(source, problems) from None
    source = Source(name, text.replace("\r\n", "\n"))
    check_characters(source)
    return source


def wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32, where a byte order mark or the nulls among the first letters say so, else ""."""
    first = data[:4]
    if first in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE) or first.count(0) == 3:
        return "UTF-32"
    marked = first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "UTF-16" if marked or (len(first) > 3 and b"\0\0" in (first[::2], first[1::2])) else ""


def check_characters(source: Source) -> None:
    """Raises FlowError if a control character, a lone carriage return or the like stands in the text."""
    problems = tuple(_forbidden_character(m) for m in _FORBIDDEN.finditer(source.text))
    if problems:
        raise FlowError(source, problems[:20])


def _forbidden_character(match: re.Match[str]) -> Diagnostic:
    character = match.group()
    if character in _KNOWN:
        what = _KNOWN[character]
    elif 0xD800 <= ord(character) <= 0xDFFF:
        what = "half of a surrogate pair"
    elif unicodedata.category(character) == "Cf":
        what = f"an invisible mark, {unicodedata.name(character).lower()}"
    else:
        what = "a control character"
    hint = "end lines with LF or CRLF" if character == "\r" else "delete it; it may be invisible in an editor"
    message = f"{what} (U+{ord(character):04X}) may not stand in a diagram"
    return Diagnostic("control-character", message, Span(*match.span()), hint=hint)


def _replace_bad_bytes(data: bytes, name: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text with a replacement character for each bad byte, and a problem for the first few of them."""
    parts: list[str] = []
    problems: list[Diagnostic] = []
    length = 0
    rest = data
    while True:
        try:
            parts.append(rest.decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            good = rest[: error.start].decode("utf-8")
            length += len(good)
            shown = f"0x{rest[error.start]:02X}"
            problems.append(
                Diagnostic(
                    "bad-encoding",
                    f"the byte {shown} is not UTF-8",
                    Span(length, length + 1),
                    hint="save the file as UTF-8",
                )
            )
            parts += good, "\ufffd"
            length += 1
            rest = rest[error.start + 1 :]
            if len(problems) == 20:
                parts.append(rest.decode("utf-8", "replace"))
                break
    return Source(name, "".join(parts)), tuple(problems)

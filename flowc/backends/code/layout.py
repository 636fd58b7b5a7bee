"""Where lines of code end: at most 79 columns, broken inside brackets. The same for every language that has brackets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flowc.backends.code import tree as t

WIDTH = 79


@dataclass(slots=True)
class Text:
    """An expression as text. `flat` is the whole on one line; `level` how tightly it binds.

    Where a line may end: `chain` are operands, each with the operator before it; `inside` are the arguments
    between `before`, an opening bracket at its end, and `after`. With a `key` it is `key: value` of a dictionary,
    whose value is `inside`. A chain that is `apart` and no longer than a line still has a line for each operand.
    What is inside of brackets that are `tall` has lines of its own, however short it is. `last` stands behind the last of
    several lines in brackets: a comma, where the language allows it.
    """

    flat: str
    level: int = t.PRIMARY
    chain: Sequence[tuple[str, Text]] = ()
    before: str = ""
    inside: Sequence[Text] = ()
    after: str = ""
    key: str = ""
    apart: bool = False
    tall: bool = False
    last: str = ","


def in_brackets(before: str, inside: Sequence[Text], after: str, last: str = ",") -> Text:
    return Text(before + ", ".join([x.flat for x in inside]) + after, t.PRIMARY, (), before, inside, after, last=last)


def join_chain(level: int, parts: list[tuple[str, Text]]) -> Text:
    flat = parts[0][1].flat + "".join([f" {operator} {x.flat}" for operator, x in parts[1:]])
    return Text(flat, level, parts)


def lines_of(text: Text, prefix: str, after: str = "", inner: bool = False) -> list[str]:
    """`inner`: brackets are open around the text, so a chain may break as it is."""
    if len(prefix) + len(text.flat) + len(after) <= WIDTH and not text.tall:
        return [prefix + text.flat + after]
    if text.key:
        return lines_of(text.inside[0], prefix + text.key, after, inner)
    pad = " " * (len(prefix) - len(prefix.lstrip(" ")))
    if text.inside and (len(prefix) + len(text.before) <= WIDTH or not _takes_brackets(prefix)):
        return _break_inside(text, prefix, pad, after)
    if not text.chain and not _takes_brackets(prefix):
        return [prefix + text.flat + after]
    if not text.chain:
        return [prefix + "(", *lines_of(text, pad + "    ", inner=True), pad + ")" + after]
    if text.level == t.SIGN:
        return lines_of(text.chain[0][1], prefix + "-", after)
    if inner:
        return _fill_lines(text, prefix, pad, after)
    return [prefix + "(", *_fill_lines(text, pad + "    ", pad + "    ", ""), pad + ")" + after]


def _takes_brackets(prefix: str) -> bool:
    """Whether a value follows, which may stand in brackets: there a long name has a line to itself."""
    return prefix.endswith(("= ", ": ", "return "))


def _break_inside(text: Text, prefix: str, pad: str, after: str) -> list[str]:
    only = text.inside[0]
    if len(text.inside) == 1 and only.before in ("[", "{") and not only.after[1:] and not only.key:
        joined = Text("", t.PRIMARY, (), text.before + only.before, only.inside, only.after + text.after, last=only.last)
        return _break_inside(joined, prefix, pad, after)
    deeper = pad + "    "
    together = ", ".join(e.flat for e in text.inside)
    first, last = prefix + text.before, pad + text.after + after
    if only.apart and len(text.inside) == 1:
        parts = [line for glue, part in only.chain for line in lines_of(part, deeper + glue + " " * bool(glue), inner=True)]
        return [first, *parts, last]
    if len(deeper) + len(together) <= WIDTH and not text.tall:
        return [first, deeper + together, last]
    if len(text.inside) == 1 and not text.tall:
        return [first, *lines_of(text.inside[0], deeper, inner=True), last]
    if not text.tall and all(len(e.flat) <= 12 and not (e.inside[0] if e.key else e).inside for e in text.inside):
        packed = pack([e.flat + comma for e, comma in _with_commas(text)], WIDTH - len(deeper))
        return [first, *(deeper + line for line in packed), last]
    lines = [line for e, comma in _with_commas(text) for line in lines_of(e, deeper, comma, inner=True)]
    return [first, *lines, last]


def _with_commas(text: Text) -> Iterator[tuple[Text, str]]:
    """What is inside, and what stands behind each on lines of its own."""
    yield from ((e, ",") for e in text.inside[:-1])
    yield text.inside[-1], text.last


def pack(pieces: Iterable[str], width: int, between: str = " ") -> list[str]:
    """Lines of pieces, as many on each as fit."""
    lines, current = [], ""
    for piece in pieces:
        if current and len(current) + len(between) + len(piece) > width:
            lines.append(current)
            current = ""
        current += between + piece if current else piece
    return [*lines, current] if current else lines


def cut_words(words: str, width: int) -> list[str]:
    """Lines of words; what is longer than a line is cut."""
    return pack((word[k : k + width] for word in words.split(" ") for k in range(0, len(word) or 1, width)), width)


def paragraph_lines(words: str, indent: str) -> list[str]:
    """Words as lines of at most WIDTH."""
    return [indent + piece for piece in cut_words(words, WIDTH - len(indent))]


def _fill_lines(text: Text, prefix: str, pad: str, after: str) -> list[str]:
    """The operands, as many on a line as fit, a new line before an operator."""
    lines, current, broken = [], prefix, False
    last = len(text.chain) - 1
    for i, (operator, operand) in enumerate(text.chain):
        tail = after if i == last else ""
        glue = f" {operator} " if i else operator
        if i and not broken and len(current) + len(glue) + len(operand.flat) + len(tail) <= WIDTH:
            current += glue + operand.flat
            continue
        if i:
            lines.append(current)
            current = pad
        *full, current = lines_of(operand, current + glue.lstrip(" "), tail)
        broken = bool(full)
        lines += full
        if tail:
            return [*lines, current]
    return [*lines, current + after]

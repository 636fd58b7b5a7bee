"""Words that nobody reads to their end, cut short: a message stays a sentence, whatever it quotes."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 300  # characters of a word: more than a name has
_LONG = re.compile(rf"\S{{{LONGEST + 1},}}")


def shortened(text: str) -> str:
    """The text, of whose longest words only both ends are shown."""
    return text if len(text) <= LONGEST else _LONG.sub(lambda word: f"{word[0][:80]}…{word[0][-20:]}", text)


BRIEF = 40  # letters of a value in a message


def in_brief(value: object, spelled: Callable[[object], str] = str) -> str:
    """A value as a message quotes it: its text, cut; of a whole number that is too long to be written, how long it is."""
    try:
        text = spelled(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        bits = value.bit_length() if isinstance(value, int) else 0
        return f"a whole number of {bits} bits" if bits else type(value).__name__
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"


def in_code(value: object) -> str:
    """The same as Python spells it."""
    return in_brief(value, repr)

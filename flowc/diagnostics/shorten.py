"""Words that nobody reads to their end, cut short: a message stays a sentence, whatever it quotes."""

from __future__ import annotations

import re

LONGEST = 300  # characters of a word: more than a name has
_LONG = re.compile(rf"\S{{{LONGEST + 1},}}")


def shortened(text: str) -> str:
    """The text, of whose longest words only both ends are shown."""
    return text if len(text) <= LONGEST else _LONG.sub(lambda word: f"{word[0][:80]}…{word[0][-20:]}", text)

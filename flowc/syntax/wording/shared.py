"""What the rules look at: parts of the line around a mistake.

A rule is a function from a mistake to (code, message, hint), or to None where it has nothing to say.
"""

from __future__ import annotations

from flowc.syntax.keywords import KEYWORDS
from flowc.syntax.wording.mistake import Mistake

Said = tuple[str, str, str] | None


DECLARING = tuple(word.upper() for word, keyword in KEYWORDS.items() if keyword.follows == "nodes")


def example(keyword: str) -> str:
    return f"as `{KEYWORDS[keyword].example}`"


def shown(m: Mistake) -> str:
    return m.word if m.word not in ("(", "[") else m.word + "…"


def rest_of_line(m: Mistake, token: int) -> str:
    """The line from one of its tokens on."""
    start = m.line.start + (m.tokens[token].start_pos or 0)
    return m.source.text[start : m.line.end].partition("#")[0].strip()


def rest(m: Mistake) -> str:
    """What follows the offending text up to a comment."""
    return m.source.text[m.span.end : m.line.end].partition("#")[0].strip() or "…"

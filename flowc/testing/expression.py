"""An expression as text, how large its value may be, and how tightly it binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["sum", "product", "power", "atom"]
LEVELS: tuple[Level, ...] = ("sum", "product", "power", "atom")


@dataclass(frozen=True, slots=True)
class Expression:
    text: str
    bound: float
    level: Level = "atom"
    function: str = "identity"  # the activation that is the whole of it

    def within(self, level: Level) -> str:
        """The text, in parentheses where an operation of that level needs them."""
        return self.text if LEVELS.index(self.level) >= LEVELS.index(level) else f"({self.text})"


def times(a: Expression, b: Expression) -> Expression:
    right = b.text if b.level in ("power", "atom") else f"({b.text})"
    return Expression(f"{a.within('product')}*{right}", a.bound * b.bound, "sum" if a.text[0] == "-" else "product")


def number(text: str) -> Expression:
    """A number as it is drawn: up to 2 in size."""
    signed = text[0] in "+-"
    return Expression(text, 2.0, "sum" if signed else "atom" if text[0] == "(" else "product")

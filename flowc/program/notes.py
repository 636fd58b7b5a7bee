"""What passes note about a program for its printer: nothing here changes what the program computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowc.program.elements import Elements
from flowc.program.values import Symbol

FILE, START, ONCE, LOOP = "file", "start", "once", "loop"  # of arrays
SETUP, BEFORE, TOKENS, AFTER = "setup", "before", "tokens", "after"  # of single numbers


@dataclass(frozen=True)
class Notes:
    """`phases`: how many of the steps, one after the other, are done when; none where all are done together.

    `names`: what gets a line of its own, and the name it wants; "" wants none. `inside`: what is written inside the line
    that uses it. `elements`: of each array that a program of single numbers was made of, these, row by row.
    """

    phases: tuple[tuple[str, int], ...] = ()
    names: Mapping[Symbol, str] = field(default_factory=dict)
    inside: frozenset[Symbol] = frozenset()
    elements: Mapping[Symbol, Elements] = field(default_factory=dict)

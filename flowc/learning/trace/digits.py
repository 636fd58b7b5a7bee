"""How many digits each number is written with: so many that every line can be recomputed from what is written.

A number is written the same wherever it stands. A line holds if its formula, of the numbers as they are written, gives
its result as that is written, to the last digit. Where it does not, the number in it whose rounding matters most gets one
digit more. Numbers with few digits are written with all of them; of others also zeros at the end are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite

from flowc.learning.trace.formula import Leaf, Number, evaluate, leaves
from flowc.learning.trace.model import Line

SHORT = 8  # digits that are always written
HALF = 0.45  # of a unit of the last digit: a result nearer to the middle between two is written with a digit more


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the machine's numbers: `sure` digits survive computing, `most` tell two numbers apart."""

    sure: int = 15
    most: int = 17


@dataclass
class Digits:
    """How each number is written, `least` digits where no more are needed."""

    numbers: Mapping[Leaf, float]
    precision: Precision
    least: int
    more: dict[Leaf, int] = field(default_factory=dict)
    _shown: dict[Leaf, str] = field(default_factory=dict)

    def of(self, leaf: Leaf) -> int:
        return self.more.get(leaf, self.least)

    def value(self, leaf: Leaf) -> float:
        return leaf.value if isinstance(leaf, Number) else self.numbers[leaf]

    def text(self, leaf: Leaf) -> str:
        if leaf not in self._shown:
            self._shown[leaf] = written(self.value(leaf), self.of(leaf), self.precision.sure)
        return self._shown[leaf]

    def shown(self, leaf: Leaf) -> float:
        return float(self.text(leaf))

    def unit(self, leaf: Leaf) -> float:
        return unit(self.value(leaf), self.of(leaf))

    def rounded(self, leaf: Leaf) -> bool:
        return self.shown(leaf) != self.value(leaf) and short(self.value(leaf), self.of(leaf), self.precision.sure) is None

    def raise_(self, leaf: Leaf) -> None:
        self.more[leaf] = self.of(leaf) + 1
        del self._shown[leaf]


def choose(lines: Sequence[Line], digits: Digits) -> set[Line]:
    """Gives numbers more digits until all lines hold; those that never do."""
    close: set[Line] = set()
    todo = [line for line in reversed(lines) if line.formula is not None]
    changed = True
    while changed:
        changed = False
        for line in todo:
            while line not in close and not holds(line, digits):
                if not _refined(line, digits):
                    close.add(line)
                changed = True
    return {line for line in close if not holds(line, digits)}


def holds(line: Line, digits: Digits) -> bool:
    """Whether the written numbers give the written result."""
    assert line.formula is not None
    return _off(line, digits, digits.shown) <= 0.5


def _off(line: Line, digits: Digits, number: Callable[[Leaf], float]) -> float:
    """How far the formula's value is from the written result, in units of its last digit."""
    assert line.formula is not None
    distance = abs(evaluate(line.formula, number) - digits.shown(line.left)) / digits.unit(line.left)
    return distance if isfinite(distance) else float("inf")


def _refined(line: Line, digits: Digits) -> bool:
    """One digit more, where it helps most; False where none does."""
    best = _off(line, digits, digits.value)
    if best > HALF and digits.rounded(line.left) and digits.of(line.left) < digits.precision.sure:
        digits.raise_(line.left)
        return True
    if best > 0.5:
        return False
    leaf = _coarsest(line, digits)
    if leaf is not None:
        digits.raise_(leaf)
    return leaf is not None


def _coarsest(line: Line, digits: Digits) -> Leaf | None:
    """The number in a formula whose rounding moves the result most."""
    assert line.formula is not None
    here = evaluate(line.formula, digits.shown)
    moved: dict[Leaf, float] = {}
    for leaf in dict.fromkeys(leaves(line.formula)):
        if digits.rounded(leaf) and digits.of(leaf) < digits.precision.most:
            exact = evaluate(line.formula, lambda other, one=leaf: digits.value(one) if other == one else digits.shown(other))  # type: ignore[misc]
            moved[leaf] = abs(exact - here) if isfinite(exact - here) else float("inf")
    return max(moved, key=moved.__getitem__) if moved else None


# -------------------------------------------------------------------------------------------------------------- writing


def short(value: float, digits: int, sure: int) -> str | None:
    """The number with all of its digits, if these are few."""
    if not isfinite(value):
        return f"{value:g}"
    number = Decimal(f"{value:.{sure}g}").normalize() + 0
    return _plain(number) if len(number.as_tuple().digits) <= max(digits, SHORT) else None


def written(value: float, digits: int, sure: int) -> str:
    """The number with all of its digits if these are few, else rounded; whole digits always."""
    few = short(value, digits, sure)
    if few is not None:
        return few
    number = Decimal(repr(value))
    return _plain(number.quantize(Decimal(1).scaleb(_last(number, digits))))


def unit(value: float, digits: int) -> float:
    """One in the last of so many digits."""
    return 10.0 ** _last(Decimal(repr(value)), digits) if isfinite(value) and value else 10.0**-digits


def _last(number: Decimal, digits: int) -> int:
    first = number.adjusted()
    return first - digits + 1 if first >= 15 else min(0, first - digits + 1)


def _plain(number: Decimal) -> str:
    """`0.00012`, `1.2e-7`."""
    if -6 < number.adjusted() < 15 or not number:
        return f"{number:f}"
    return f"{number:e}".replace("e+", "e")

"""How many digits each number is written with: so many that every line can be recomputed from what is written.

A number is written the same wherever it stands. A line holds if its formula, of the numbers as they are written, gives
its result as that is written, to the last digit. Where it does not, the number in it whose rounding matters most gets one
digit more. Numbers with few digits are written with all of them; of others also zeros at the end are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite, isinf, log10, ulp

from flowc.learning.trace.formula import Leaf, Number, Quantity, evaluate, leaves, size_of_terms
from flowc.learning.trace.model import Line
from flowc.records import Record

SHORT = 8  # so few digits are always written, where the machine is sure of more
HALF = 0.45  # of a unit of the last digit: a result nearer to the middle between two is written with a digit more


class Written(Record):
    """A number as it is written, and what that is. `unit`: one of its last digit; `rounded`: digits are left out."""

    text: str
    value: float
    unit: float
    rounded: bool


@dataclass
class Digits:
    """How each number is written: with `least` digits where no more are needed, never with more than those that the machine
    is `sure` of."""

    numbers: Mapping[Quantity, float]
    least: int
    sure: int = 15
    longer: dict[Leaf, int] = field(default_factory=dict)
    _written: dict[Leaf, Written] = field(default_factory=dict)

    def digits_of(self, leaf: Leaf) -> int:
        return self.longer.get(leaf, self.least)

    def exact_value(self, leaf: Leaf) -> float:
        """The number as it is."""
        return leaf.value if isinstance(leaf, Number) else self.numbers[leaf]

    def written_number(self, leaf: Leaf) -> Written:
        if leaf not in self._written:
            number, digits, sure = self.exact_value(leaf), self.digits_of(leaf), self.sure
            text, rounded = write_number(number, digits, sure), short_form(number, digits, sure) is None
            self._written[leaf] = Written(text, float(text), unit_of_last(number, digits), rounded)
        return self._written[leaf]

    def shown_value(self, leaf: Leaf) -> float:
        return self.written_number(leaf).value

    def shown_but(self, one: Leaf) -> Callable[[Leaf], float]:
        """All as they are written, but one as it is."""
        return lambda leaf: self.exact_value(leaf) if leaf == one else self.written_number(leaf).value

    def add_to(self, leaf: Leaf, count: int = 1) -> None:
        """So many digits more."""
        self.longer[leaf] = self.digits_of(leaf) + count
        self._written.pop(leaf, None)


def choose_digits(lines: Sequence[Line], digits: Digits) -> set[Line]:
    """Gives numbers more digits until all lines hold, as far as the machine's own rounding lets them; those that do not."""
    todo = [line for line in reversed(lines) if line.formula is not None]
    stuck: set[Line] = set()
    changed = True
    while changed:
        changed = False
        for line in todo:
            while line not in stuck and not _is_settled(line, digits):
                changed = True
                if not _refine_digits(line, digits):
                    stuck.add(line)
    return {line for line in todo if not line_holds(line, digits)}


def line_holds(line: Line, digits: Digits) -> bool:
    """Whether the written numbers give the written result, and no other, for whoever computes with more digits, too."""
    left = digits.written_number(line.left)
    if isinstance(line.formula, Quantity):  # the same number by another name
        return left.text == digits.written_number(line.formula).text
    if _is_infinite(line, digits):
        return True
    return _result_error(line, digits, digits.shown_value) + _rounding_noise(line, digits) <= 0.5 * left.unit


def _is_settled(line: Line, digits: Digits) -> bool:
    """Whether no more digits are needed, or they would not help."""
    if isinstance(line.formula, Quantity):
        return digits.digits_of(line.left) == digits.digits_of(line.formula)
    if _is_infinite(line, digits):
        return True
    off, noise = _result_error(line, digits, digits.shown_value), _rounding_noise(line, digits)
    unit = digits.written_number(line.left).unit
    if off + noise <= 0.5 * unit:
        return True
    best = _result_error(line, digits, digits.exact_value)
    helps = best + noise < 0.5 * unit or _can_grow(line, digits)
    return not helps and off <= best + 0.5 * max(unit, noise)


def _is_infinite(line: Line, digits: Digits) -> bool:
    """Whether formula and result are infinite: the same number, without a last digit."""
    assert line.formula is not None
    left = digits.shown_value(line.left)
    return isinf(left) and evaluate(line.formula, digits.shown_value) == left


def _can_grow(line: Line, digits: Digits) -> bool:
    """Whether the result may have more digits."""
    left = digits.written_number(line.left)
    return left.rounded and digits.digits_of(line.left) < digits.sure and left.unit > _rounding_noise(line, digits)


def _result_error(line: Line, digits: Digits, number: Callable[[Leaf], float]) -> float:
    """How far the formula's value is from the written result."""
    assert line.formula is not None
    distance = abs(evaluate(line.formula, number) - digits.shown_value(line.left))
    return distance if isfinite(distance) else float("inf")


def _rounding_noise(line: Line, digits: Digits) -> float:
    """What the machine's own rounding may change: it matters where terms cancel."""
    assert line.formula is not None
    return 0.4 * size_of_terms(line.formula, digits.exact_value) * 10.0**-digits.sure


def _refine_digits(line: Line, digits: Digits) -> bool:
    """More digits, where they help most; False where none do."""
    if isinstance(line.formula, Quantity):
        digits.add_to(min(line.left, line.formula, key=digits.digits_of))
        return True
    unit = digits.written_number(line.left).unit
    if _can_grow(line, digits) and _result_error(line, digits, digits.exact_value) > HALF * unit:
        digits.add_to(line.left)
        return True
    moved = _effects_of_rounding(line, digits)
    if not moved:
        return False
    coarsest = max(moved, key=moved.__getitem__)
    most = digits.sure - digits.digits_of(coarsest)
    units = moved[coarsest] / unit
    digits.add_to(coarsest, min(most, int(log10(units))) if 10 <= units < 1e17 else 1)
    return True


def _effects_of_rounding(line: Line, digits: Digits) -> dict[Leaf, float]:
    """How far the rounding of each number in a formula moves the result, where digits can be added."""
    assert line.formula is not None
    here = evaluate(line.formula, digits.shown_value)
    moved: dict[Leaf, float] = {}
    for leaf in dict.fromkeys(leaves(line.formula)):
        if digits.written_number(leaf).rounded and digits.digits_of(leaf) < digits.sure:
            change = abs(evaluate(line.formula, digits.shown_but(leaf)) - here)
            moved[leaf] = change if isfinite(change) else float("inf")
    return moved


# -------------------------------------------------------------------------------------------------------------- writing


def short_form(value: float, digits: int, sure: int) -> str | None:
    """The number with all of its digits, if these are few."""
    if not isfinite(value) or value == 0:
        return f"{value:g}".replace("-0", "0")
    number = Decimal(f"{value:.{sure}g}").normalize()
    most = max(min(SHORT, sure - 2), digits if digits < sure else 0)
    return _plain_number(number) if len(number.as_tuple().digits) <= most else None


def write_number(value: float, digits: int, sure: int) -> str:
    """The number with all of its digits if these are few, else rounded; whole digits always."""
    few = short_form(value, digits, sure)
    if few is not None:
        return few
    number = Decimal(repr(value))
    return _plain_number(number.quantize(Decimal(1).scaleb(_last_place(number, digits))))


def unit_of_last(value: float, digits: int) -> float:
    """One in the last of so many digits, never less than the least number there is."""
    return max(10.0 ** _last_place(Decimal(repr(value)), digits), ulp(0.0)) if isfinite(value) and value else 10.0**-digits


def _last_place(number: Decimal, digits: int) -> int:
    first = number.adjusted()
    return first - digits + 1 if first >= 15 else min(0, first - digits + 1)


def _plain_number(number: Decimal) -> str:
    """`0.00012`, `1.2e-7`."""
    if -6 < number.adjusted() < 15 or not number:
        return f"{number:f}"
    return f"{number:e}".replace("e+", "e")

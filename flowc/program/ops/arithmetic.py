"""Arithmetic, comparisons and cases, of each element."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from math import inf, prod
from typing import Any, ClassVar, Literal

from flowc.program.elements import Elements, Value
from flowc.program.ops.assemble import Stack
from flowc.program.ops.index import Drop
from flowc.program.ops.operation import ANY, Bounds, Elementwise, Machine, NumberWriter, Ranges, Step, Writer
from flowc.program.ops.primitives import Exp, Log
from flowc.program.ops.reduce import Largest
from flowc.program.values import Arg, Symbol

RESIDUE = 1e-7  # of a scale: what rounding leaves, in float32, of a sum that cancels
Sign = Literal[">", ">=", "<", "<=", "=="]


class Copy(Elementwise):
    """x"""

    name: ClassVar[str] = "copy"
    view: ClassVar[bool] = True

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return args[0]

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return d

    def number(self, *args: float) -> float:
        return args[0]

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        return args[0]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return args[0]


class Add(Elementwise):
    """± a ± b ± ..., added from the left; each sign is 1 or -1."""

    signs: tuple[int, ...]

    name: ClassVar[str] = "add"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        total = args[0] if self.signs[0] > 0 else m.np.negative(args[0])
        for sign, arg in zip(self.signs[1:], args[1:], strict=True):
            total = total + arg if sign > 0 else total - arg
        return total

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return d if self.signs[place] > 0 else b.negative(d)

    def number(self, *args: float) -> float:
        return sum(sign * a for sign, a in zip(self.signs, args, strict=True))

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        return w.add(tuple(args), self.signs)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        """However much cancels."""
        return sum(s[1:], s[0])

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        """x - largest(..., x, ...) is at most 0; the sum of exp of these differences at least 1."""
        if self.signs == (1, -1) and step.args[0] in _largest_of(r, step.args[1]):
            return -inf, 0.0
        signed = [b if sign > 0 else (-b[1], -b[0]) for sign, b in zip(self.signs, args, strict=True)]
        low = 1.0 if self._has_exp_zero(r, step) else sum(b[0] for b in signed)
        return low, sum(b[1] for b in signed)

    def _has_exp_zero(self, r: Ranges, step: Step) -> bool:
        """Whether the terms are exp(x - largest) for all that `largest` compares: one of them is exp(0)."""
        exponents = [exp_step.args[0] for exp_step in (r.made(a, Exp) for a in step.args) if exp_step]
        differences = [d for d in (r.made(x, Add) for x in exponents) if d and d.op.signs == (1, -1)]
        if len(differences) < len(step.args) or set(self.signs) != {1}:
            return False
        compared = [_largest_of(r, d.args[1]) for d in differences]
        return all(set(c) <= {d.args[0] for d in differences} and c for c in compared)


def _largest_of(r: Ranges, arg: Arg) -> tuple[Arg, ...]:
    """The numbers whose largest this is."""
    drop = r.made(arg, Drop)
    largest = r.made(drop.args[0], Largest) if drop else None
    stack = r.made(largest.args[0], Stack) if largest else None
    return stack.args if stack else ()


class Multiply(Elementwise):
    """a · b · ..., from the left"""

    name: ClassVar[str] = "multiply"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        result = args[0]
        for arg in args[1:]:
            result = result * arg
        return result

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.multiply(d, *(a for i, a in enumerate(step.args) if i != place))

    def number(self, *args: float) -> float:
        return prod(args)

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        return w.multiply(*args)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """A 0 that was written in the step is kept."""
        zeros = [not isinstance(a, Symbol) and a == 0 for a in step.args]
        factors = [Value((), (w.zero(),)) if zero else v for v, zero in zip(args, zeros, strict=True)]
        return Elementwise.scalars(self, w, step, factors)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        """A square is not negative; the other factors one after the other."""
        factors = list(step.args)
        product_bounds: Bounds = (1.0, 1.0)
        while factors:
            a, bounds = factors[0], args[len(step.args) - len(factors)]
            square = len(factors) > 1 and factors[1] == a
            factors = factors[2:] if square else factors[1:]
            product_bounds = _bounds_of_product(product_bounds, (0.0, inf) if square else bounds)
        return product_bounds


def _bounds_of_product(a: Bounds, b: Bounds) -> Bounds:
    ends = [x * y if x and y else 0.0 for x in a for y in b]
    return min(ends), max(ends)


class Divide(Elementwise):
    """a / b"""

    name: ClassVar[str] = "divide"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.divide(*args)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        _, divisor = step.args
        return b.divide(d, divisor) if place == 0 else b.negative(b.divide(b.multiply(d, step.symbol), divisor))

    def number(self, *args: float) -> float:
        a, b = args
        return a / b

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        return w.divide(*args)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        (a, b), np = x, m.np
        return s[0] / np.abs(b) + np.abs(a / b**2) * s[1]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        (low, high), (least, most) = args
        return _bounds_of_product((low, high), (1 / most, 1 / least)) if least > 0 else ANY


class Power(Elementwise):
    """a ** b"""

    name: ClassVar[str] = "power"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        a, b = args
        return m.np.power(m.np.asarray(a, float), b)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """x^n never takes ln x; the slope of 0^y in y is 0."""
        base, exponent = step.args
        if place == 0:
            return b.multiply(d, exponent, b.power(base, b.add((exponent, -1.0))))
        if not isinstance(base, Symbol):
            return b.multiply(d, step.symbol, b.emit(Log(), base)) if base != 0 else 0.0
        positive = b.emit(Where(), b.emit(Compare("=="), base, 0.0), 1.0, base)
        return b.multiply(d, step.symbol, b.emit(Log(), positive))

    def number(self, *args: float) -> float:
        a, b = args
        power: float = a**b
        return power

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        """By the slope; where the base cancels to nothing, and the slope with it, by what its own rounding is raised to."""
        (a, b), np = x, m.np
        of_base = np.abs(a**b) * (1 + np.abs(b) * s[0] / np.maximum(np.abs(a), 1e-300))
        of_base = of_base + np.where(b > 1, np.abs(b) * (RESIDUE * s[0]) ** np.maximum(b - 1, 0) * s[0], 0.0)
        return of_base + np.abs(a**b * np.log(np.where(a > 0, a, 1))) * s[1]

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        return w.power(*args)


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq,
}  # fmt: skip


class Compare(Elementwise):
    """The truth of a > b, or of another sign."""

    sign: Sign

    name: ClassVar[str] = "compare"
    decides: ClassVar[bool] = True

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return _COMPARE[self.sign](*args)

    def number(self, *args: float) -> float:
        return float(_COMPARE[self.sign](*args))

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return 0.0

    def distance(self, m: Machine, x: Sequence[Any], s: Sequence[Any]) -> tuple[Any, Any] | None:
        return m.np.abs(x[0] - x[1]), s[0] + s[1]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return 0.0, 1.0


class Where(Elementwise):
    """a where the condition holds, else b"""

    name: ClassVar[str] = "where"
    called: ClassVar[bool] = True

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.where(*args)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        if place == 0:
            return 0.0
        condition = step.args[0]
        return b.emit(Where(), condition, d, 0.0) if place == 1 else b.emit(Where(), condition, 0.0, d)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.where(x[0], s[1], s[2])

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        """In the second case x > 0 is known not to hold; a nan stays nan."""
        _, first, second = args
        condition = r.made(step.args[0], Compare)
        if condition and condition.op.sign == ">" and condition.args[0] == step.args[2]:
            second = (second[0], min(second[1], r[condition.args[1]][1]))
        return min(first[0], second[0]), max(first[1], second[1])


class Indicator(Elementwise):
    """1.0 where the condition holds, else 0.0"""

    name: ClassVar[str] = "indicator"
    called: ClassVar[bool] = True
    decides: ClassVar[bool] = True

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.where(args[0], 1.0, 0.0)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return 0.0

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return 0.0, 1.0

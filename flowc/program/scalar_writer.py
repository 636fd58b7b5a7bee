"""Writes steps of single numbers: the same value once, nothing added to zero, nothing multiplied by one."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.program import function_steps
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Add, Copy, Count, Divide, Multiply, Power, Reduce
from flowc.program.ops.operation import How, Kind, Operation, step_of
from flowc.program.values import type_of, types_of
from flowc.source import NOWHERE, Span


class TooLong(ValueError):
    """More elements than anyone would want to read, or Python to run, one by one."""


class ScalarWriter:
    """Steps of numbers, so far. `sample` is a number of every token that is given, if anything is.

    The number 0 as an argument is an element that nothing reaches, and drops out; a zero that somebody wrote is a
    value, `zero()`, as 0 * inf is not 0.
    """

    def __init__(self, sample: Symbol | None, limit: int):
        self.steps: list[Step] = []
        self.span: Span = NOWHERE
        self._sample, self._limit = sample, limit
        self._made: dict[Arg, Step] = {}
        self._known: dict[tuple[Operation, tuple[Arg, ...]], Symbol] = {}

    def emit(self, op: Operation, *args: Arg) -> Symbol:
        """The value of an operation, which may be there already."""
        key = (op, args)
        if key in self._known:
            return self._known[key]
        if len(self.steps) >= self._limit:
            raise TooLong
        symbol = Symbol("temporary", "", op.result_type(types_of(args)), number=len(self.steps) + 1)
        step = Step(symbol, op, args, self.span)
        self.steps.append(step)
        self._made[symbol] = step
        self._known[key] = symbol
        return symbol

    def made(self, arg: Arg, kind: type[Kind]) -> Step[Kind] | None:
        """The step that made this value, if it is that kind of operation."""
        return step_of(self._made.get(arg), kind)

    def opened(self, step: Step) -> tuple[Sequence[Step], Arg]:
        """The steps of an application's formula, and its result."""
        return function_steps.opened(step)

    def close(self, symbol: Symbol) -> None:
        """What gets a name stays as it was written: it is not opened in a longer formula."""
        self._made.pop(symbol, None)

    def zero(self) -> Symbol:
        """A zero that stays in sight."""
        return self.emit(Copy(), 0.0)

    @property
    def tokens(self) -> Arg:
        """How many there are; one, if nothing is given."""
        return self.emit(Count("batch"), self._sample) if self._sample else 1.0

    # ------------------------------------------------------------ arithmetic

    def add(self, args: tuple[Arg, ...], signs: tuple[int, ...] | None = None) -> Arg:
        """± a ± b ± ..., in this order."""
        terms: list[tuple[int, Arg]] = []
        for sign, arg in zip(signs or (1,) * len(args), args, strict=True):
            if isinstance(arg, Symbol) or arg != 0:
                terms += self._terms_of(sign, arg, first=not terms)
        numbers = [sign * arg for sign, arg in terms if not isinstance(arg, Symbol)]
        if len(numbers) == len(terms):
            return float(sum(numbers))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return self._sum_over_tokens(terms) or self.emit(Add(tuple(s for s, _ in terms)), *(a for _, a in terms))

    def _terms_of(self, sign: int, arg: Arg, first: bool) -> list[tuple[int, Arg]]:
        """A first sum is continued; minus signs move into the sum."""
        if not isinstance(arg, Symbol):
            return [(-sign, -arg)] if arg < 0 and not first else [(sign, arg)]
        inner = self.made(arg, Add)
        if inner and (first and sign == 1 or len(inner.args) == 1):
            return [(sign * s, a) for s, a in zip(inner.op.signs, inner.args, strict=True)]
        product = self.made(arg, Multiply)
        if product and not isinstance(product.args[0], Symbol) and product.args[0] < 0 and not first:
            return [(-sign, self.multiply(-product.args[0], *product.args[1:]))]
        return [(sign, arg)]

    def _sum_over_tokens(self, terms: list[tuple[int, Arg]]) -> Symbol | None:
        """Sums over the tokens that are added are one sum."""
        inner = [self.made(arg, Reduce) for _, arg in terms]
        if len(terms) < 2 or not all(inner):
            return None
        values = tuple(step.args[0] for step in inner if step)
        total = self.over_batch("sum", self.add(values, tuple(sign for sign, _ in terms)))
        return total if isinstance(total, Symbol) else None

    def multiply(self, *args: Arg) -> Arg:
        """a · b · ..., one number in front."""
        number = 1.0
        for arg in args:
            number = number if isinstance(arg, Symbol) else number * arg
        rest = [arg for arg in args if isinstance(arg, Symbol)]
        if number == 0 or not rest:
            return number
        if abs(number) == 1:
            product = rest[0] if len(rest) == 1 else self.emit(Multiply(), *rest)
            return product if number == 1 else self.emit(Add((-1,)), product)
        return self.emit(Multiply(), number, *rest)

    def divide(self, a: Arg, b: Arg) -> Arg:
        if not isinstance(a, Symbol) and a == 0 or not isinstance(b, Symbol) and b == 1:
            return a
        if not isinstance(a, Symbol) and not isinstance(b, Symbol) and b != 0:
            return a / b
        return self.emit(Divide(), a, b)

    def power(self, a: Arg, b: Arg) -> Arg:
        """Squares and cubes are products: quicker, and never too large for Python."""
        if not isinstance(b, Symbol) and b in (1, 2, 3) and isinstance(a, Symbol):
            return self.multiply(*(a,) * int(b))
        return self.emit(Power(), a, b)

    # ---------------------------------------------------------------- tokens

    def over_batch(self, how: How, x: Arg) -> Arg:
        """The sum or mean over the tokens; what is the same for each is taken as often as there are tokens."""
        if not type_of(x).batched:
            return x if how == "mean" else self.multiply(self.tokens, x)
        negated = self.made(x, Add)
        if negated and negated.op.signs == (-1,):
            return self.multiply(-1.0, self.over_batch(how, negated.args[0]))
        total = self.emit(Reduce("sum", True), x)
        return total if how == "sum" else self.divide(total, self.tokens)

    def mean(self, total: Arg, size: int) -> Arg:
        """The mean over the tokens and over so many elements, whose sum is `total`; it divides once."""
        over_tokens = self.over_batch("mean", total)
        quotient = self.made(over_tokens, Divide)
        if quotient and quotient.args[1] == self.tokens:
            return self.divide(quotient.args[0], self.multiply(float(size), self.tokens))
        return self.divide(over_tokens, float(size))

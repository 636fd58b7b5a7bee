"""Builds programs: adds steps, with the small simplifications that keep formulas as a textbook writes them.

No factor 1, no term 0, one number in front of a product, minus signs in the sum, one division at the end.
Only temporaries are taken apart again; what has a name stays as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowc.program import function_formulas
from flowc.program.ir import Arg, Step, Symbol, Type
from flowc.program.ops import Add, Compare, Copy, Divide, Drop, Indicator, Multiply, Power, Reduce, Spread
from flowc.program.ops.operation import FACTORS, How, Kind, Operation, step_of
from flowc.program.values import type_of, types_of
from flowc.source import NOWHERE, Span


class Builder:
    """A program being written. `span` is put on the steps that follow."""

    def __init__(self, steps: tuple[Step, ...] = (), first: int = 0):
        self.steps: list[Step] = list(steps)
        self.span: Span = NOWHERE
        self._made: dict[Arg, Step] = {s.symbol: s for s in steps if s.symbol.kind == "temporary"}
        self._names: dict[Symbol, Symbol] = {}  # of temporaries that have been named: whoever holds one still may
        self._next = max((s.symbol.number for s in steps if s.symbol.kind == "temporary"), default=first - 1) + 1

    def emit(self, op: Operation, *args: Arg) -> Symbol:
        """One step more; its value is a new temporary."""
        args = tuple(map(self._by_name, args)) if self._names else args
        symbol = Symbol("temporary", "", op.result_type(types_of(args)), number=self._next)
        self._next += 1
        step = Step(symbol, op, args, self.span)
        self.steps.append(step)
        self._made[symbol] = step
        return symbol

    def name(self, value: Arg, symbol: Symbol, span: Span = NOWHERE, comment: str | None = None) -> Symbol:
        """Give a value its name: the last step, if it is that value, else a copy of it."""
        if self.steps and isinstance(value, Symbol) and self.steps[-1].symbol == value and value in self._made:
            del self._made[value]
            self._names[value] = symbol
            step = replace(self.steps.pop(), symbol=symbol)
        else:
            step = Step(symbol, Copy(), (self._by_name(value),))
        self.steps.append(replace(step, span=span, comment=comment))
        return symbol

    def _by_name(self, arg: Arg) -> Arg:
        return self._names.get(arg, arg) if isinstance(arg, Symbol) else arg

    def made(self, arg: Arg, kind: type[Kind]) -> Step[Kind] | None:
        """The step that made this temporary, if it is that kind of operation."""
        return step_of(self._made.get(arg), kind)

    def write(self, text: str, names: Mapping[str, Arg]) -> Arg:
        """The steps of a formula; its value. `names` are the arguments, parameters, `h` and `d`."""
        return function_formulas.write(self, text, names)

    # ------------------------------------------------------------ arithmetic

    def add(self, args: tuple[Arg, ...], signs: tuple[int, ...] | None = None) -> Arg:
        """± a ± b ± ..., in this order. A first argument that is itself a sum is continued."""
        terms: list[tuple[int, Arg]] = []
        for sign, arg in zip(signs or (1,) * len(args), args, strict=True):
            terms.extend(self._terms_of(sign, arg, first=not terms))
        terms = [t for t in terms if t[1] != 0 or isinstance(t[1], Symbol)]
        numbers = [s * a for s, a in terms if not isinstance(a, Symbol)]
        if len(numbers) == len(terms):
            return float(sum(numbers))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return self.emit(Add(tuple(s for s, _ in terms)), *(a for _, a in terms))

    def _terms_of(self, sign: int, arg: Arg, first: bool) -> list[tuple[int, Arg]]:
        if not isinstance(arg, Symbol):
            return [(-sign, -arg)] if arg < 0 and not first else [(sign, arg)]
        inner = self.made(arg, Add)
        if inner and (first and sign == 1 or len(inner.args) == 1):
            return [(sign * s, a) for s, a in zip(inner.op.signs, inner.args, strict=True)]
        product = self.made(arg, Multiply)
        if product and not isinstance(product.args[0], Symbol) and product.args[0] < 0:
            return [(-sign, self.multiply(-product.args[0], *product.args[1:]))]
        return [(sign, arg)]

    def negative(self, arg: Arg) -> Arg:
        return -arg if not isinstance(arg, Symbol) else self.multiply(-1.0, arg)

    def multiply(self, *args: Arg) -> Arg:
        """a · b · ...: one number in front; a divisor of a factor becomes the divisor of all."""
        factors, divisors = self._factors_of(args)
        number = 1.0
        for f in factors:
            number = number if isinstance(f, Symbol) else number * f
        rest = [f for f in factors if isinstance(f, Symbol)]
        if number == 0:
            return 0.0
        product = self._emit_product(number, rest)
        return self.divide(product, self.multiply(*divisors)) if divisors else product

    def _emit_product(self, number: float, rest: list[Symbol]) -> Arg:
        if not rest:
            return number
        if all(self.made(f, Compare) for f in rest):  # truths are numbers only beside a number
            rest = [self.emit(Indicator(), rest[0]), *rest[1:]]
        if number == 1 and len(rest) == 1:
            return rest[0]
        if number == -1:
            return self.emit(Add((-1,)), self._emit_product(1.0, rest))
        return self.emit(Multiply(), *([] if number == 1 else [number]), *rest)

    def _factors_of(self, args: tuple[Arg, ...]) -> tuple[list[Arg], list[Arg]]:
        """The factors of a product, products among them opened that are not long, and what divides them."""
        factors: list[Arg] = []
        divisors: list[Arg] = []
        for arg in args:
            negated = self.made(arg, Add)
            if negated and negated.op.signs == (-1,):
                factors.append(-1.0)
                arg = negated.args[0]
            quotient = self.made(arg, Divide)
            if quotient:
                divisors.append(quotient.args[1])
                arg = quotient.args[0]
            product = self.made(arg, Multiply)
            factors.extend(product.args if product and len(product.args) < FACTORS else (arg,))
        return factors, divisors

    def divide(self, a: Arg, b: Arg) -> Arg:
        if b == 1 and not isinstance(b, Symbol):
            return a
        if not isinstance(a, Symbol) and not isinstance(b, Symbol) and b != 0:
            return a / b
        if a == 0 and not isinstance(a, Symbol):
            return 0.0
        negated = self.made(a, Add)
        if negated and negated.op.signs == (-1,):
            return self.emit(Add((-1,)), self.divide(negated.args[0], b))
        return self.emit(Divide(), a, b)

    def power(self, a: Arg, b: Arg) -> Arg:
        if not isinstance(b, Symbol) and b == 1:
            return a
        if not isinstance(a, Symbol) and not isinstance(b, Symbol):
            return float(a**b)
        return self.emit(Power(), a, b)

    # -------------------------------------------------------------- shapes

    def reduce(self, how: How, x: Arg, batch: bool = False, axes: tuple[int, ...] = (), keep: bool = False) -> Arg:
        """The sum or mean over the batch and/or axes; a mean of means over all elements is one mean."""
        if not isinstance(x, Symbol) or not (batch or axes):
            return x
        inner = self.made(x, Reduce)
        if inner and inner.op.how == how and batch and not (inner.op.keep or keep or inner.op.batch):
            reduced_shape = type_of(inner.args[0]).shape
            if len(inner.op.axes) == len(reduced_shape):
                return self.reduce(how, inner.args[0], True, inner.op.axes)
        negated = self.made(x, Add)
        if negated and negated.op.signs == (-1,) and isinstance(negated.args[0], Symbol):
            return self.negative(self.reduce(how, negated.args[0], batch, axes, keep))
        return self.emit(Reduce(how, batch, axes, keep), x)

    def total(self, x: Arg, batch: bool) -> Arg:
        """The sum over all axes of a token, and over the batch."""
        t = type_of(x)
        return self.reduce("sum", x, batch and t.batched, tuple(range(len(t.shape))))

    def fit(self, x: Arg, wanted: Type) -> Arg:
        """The gradient of what was repeated: summed where the value was spread out."""
        if not isinstance(x, Symbol):
            return x
        have = x.type
        if not wanted.batched and not wanted.shape:
            return self.total(x, True)
        if have.batched and not wanted.batched:
            if have.shape == wanted.shape:
                return self.reduce("sum", x, batch=True)
            return self.fit(self.reduce("sum", x, batch=True), wanted)
        if len(have.shape) != len(wanted.shape):
            return x
        single = tuple(i for i, (n, m) in enumerate(zip(have.shape, wanted.shape, strict=True)) if m == 1 and n != 1)
        return self.reduce("sum", x, axes=single, keep=True) if single else x

    def drop(self, x: Arg, positions: tuple[int, ...]) -> Arg:
        """Single axes taken away; a sum that kept them does not keep them."""
        inner = self.made(x, Reduce)
        if inner and inner.op.keep and inner.op.axes == positions:
            return self.reduce(inner.op.how, inner.args[0], inner.op.batch, positions)
        if not isinstance(x, Symbol) or not positions:
            return x
        return self.emit(Drop(positions), x)

    def spread(self, x: Arg, wanted: Type) -> Symbol:
        """x repeated to a type; x itself where it has it."""
        if isinstance(x, Symbol) and x.type == wanted:
            return x
        return self.emit(Spread(wanted), x)


def alive(steps: list[Step], wanted: set[Symbol]) -> tuple[Step, ...]:
    """The steps that something needs: all that have a name, and what leads to them."""
    needed = set(wanted)
    living: list[Step] = []
    for step in reversed(steps):
        if step.symbol in needed or step.symbol.kind != "temporary":
            needed.update(a for a in step.args if isinstance(a, Symbol))
            living.append(step)
    return tuple(reversed(living))

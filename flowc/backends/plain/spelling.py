"""Operations on single numbers, as plain Python spells them. Results are numpy's: inf and nan, where Python raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf

from flowc.backends.code.tree import Starred, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.spelling import Spelling, is_number, primitive_of
from flowc.backends.python.table import spells
from flowc.backends.python.text import decimal
from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program import ops
from flowc.program.dependencies import is_part
from flowc.program.ir import Step
from flowc.program.ops.elementary import LARGEST_EXPONENT
from flowc.program.ops.fused import CountOf
from flowc.program.values import type_of


@dataclass(frozen=True, slots=True)
class Careful:
    """`helper` gives a number where Python raises; `never_raises`: of arguments between these bounds."""

    helper: str
    never_raises: Callable[[float, float], bool]


def _is_finite(low: float, high: float) -> bool:
    return -inf < low and high < inf


CAREFUL: dict[type[ops.Operation], Careful] = {
    ops.Exp: Careful("exp_or_inf", lambda low, high: high <= LARGEST_EXPONENT),
    ops.Expm1: Careful("expm1_or_inf", lambda low, high: high <= LARGEST_EXPONENT),
    ops.Log: Careful("log_or_nan", lambda low, high: low > 0),
    ops.Log1p: Careful("log1p_or_nan", lambda low, high: low > -1),
    ops.Sqrt: Careful("sqrt_or_nan", lambda low, high: low >= 0),
    ops.Sin: Careful("sin_or_nan", _is_finite),
    ops.Cos: Careful("cos_or_nan", _is_finite),
}


@dataclass
class PlainSpelling(Spelling):
    """`tokens` is what the number of tokens is called.

    `inside`: the step is a part of a longer formula.
    """

    tokens: str = "n"
    inside: bool = False
    ranges: ops.Ranges = field(default_factory=ops.Ranges)

    def spell_step(self, step: Step, args: Sequence[Expression]) -> Expression:
        self.ranges.add(step)
        self.inside = is_part(step.symbol)
        return super().spell_step(step, args)

    def size(self, array: Expression) -> Expression:
        raise AssertionError("a number has no size")

    # ----------------------------------------------------------- arithmetic

    def number(self, value: float) -> Expression:
        """Floats throughout: Python computes with two floats faster than with a float and an integer."""
        return e.atom(decimal(value))

    def _spell_elementary(self, step: Step[ops.Elementary], args: Sequence[Expression]) -> Expression:
        if isinstance(step.op, ops.Abs):
            return e.call("abs", args[0])
        if isinstance(step.op, ops.Sign):  # of nan it is nan, unlike the function of the diagram
            return self.call_helper("sign_or_nan", args[0])
        careful = CAREFUL.get(type(step.op))
        if careful and not careful.never_raises(*self.ranges[step.args[0]]):
            return self.call_helper(careful.helper, args[0])
        return e.call(step.op.name, args[0])

    @spells(ops.Divide)
    def _spell_divide(self, step: Step[ops.Divide], args: Sequence[Expression]) -> Expression:
        low, high = self.ranges[step.args[1]]
        return e.quotient(*args) if low > 0 or high < 0 else self.call_helper("quotient", *args)

    @spells(ops.Power)
    def _spell_power(self, step: Step[ops.Power], args: Sequence[Expression]) -> Expression:
        """A square of a name is a product; other powers may overflow, or have no value."""
        if step.args[1] in (2, 3) and args[0].is_name:
            return e.product([args[0]] * int(step.args[1]))
        if step.args[1] == 0.5:  # numpy's is the square root: nan at -inf
            return self._primitive(ops.Sqrt(), args[0])
        return self.call_helper("power", *args)

    @spells(ops.Copy, ops.Spread, ops.Drop)
    def _spell_copy(self, step: Step, args: Sequence[Expression]) -> Expression:
        return e.atom(decimal(step.args[0])) if is_number(step.args[0]) else args[0]

    @spells(ops.Reduce)
    def _spell_reduce(self, step: Step[ops.Reduce], args: Sequence[Expression]) -> Expression:
        """One token's part of the sum."""
        return args[0]

    @spells(ops.Count, CountOf)
    def _spell_count(self, step: Step[ops.Count], args: Sequence[Expression]) -> Expression:
        return e.atom(self.tokens)

    # ---------------------------------------------------------------- cases

    @spells(ops.Where)
    def _spell_where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        condition, a, b = args[0], *self.as_floats(step, args)[1:]
        return e.conditional(condition, a, b)

    @spells(ops.Indicator)
    def _spell_indicator(self, step: Step[ops.Indicator], args: Sequence[Expression]) -> Expression:
        return e.conditional(args[0], e.atom("1.0"), e.atom("0.0"))

    @spells(ops.Maximum)
    def _spell_maximum(self, step: Step[ops.Maximum], args: Sequence[Expression]) -> Expression:
        return _positive(args[0]) if args[0].is_name else self.call_helper("positive", args[0])

    @spells(ops.LogAddExp)
    def _spell_logaddexp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        if not args[0].is_name:
            return self._named("softplus", args)
        small = e.call("exp", e.negative(e.call("abs", args[0])))
        return e.total([(1, _positive(args[0])), (1, e.call("log1p", small))])

    @spells(ops.Stack)
    def _spell_stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        return Tuple(tuple(self.as_floats(step, args)))

    @spells(ops.Largest)
    def _spell_largest(self, step: Step[ops.Largest], args: Sequence[Expression]) -> Expression:
        return e.call("max", *(args if type_of(step.args[0]).shape == (1,) else _row(args[0])))

    @spells(ops.Greatest)
    def _spell_greatest(self, step: Step[ops.Greatest], args: Sequence[Expression]) -> Expression:
        return self.call_helper("greatest", *_row(args[0]))

    @spells(ops.FirstLargest)
    def _spell_first_largest(self, step: Step[ops.FirstLargest], args: Sequence[Expression]) -> Expression:
        return self.call_helper("first_largest", *_row(args[0]))

    @spells(ops.Select)
    def _spell_select(self, step: Step[ops.Select], args: Sequence[Expression]) -> Expression:
        """An element of a vector that is 1 at one place: this is the place."""
        return e.conditional(e.compare(args[0], "==", e.atom(str(step.op.index[0]))), e.atom("1.0"), e.atom("0.0"))

    # ------------------------------------------------------------ functions

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        """The function written out, where it has a line of its own and its argument a name."""
        if function.name == "identity":
            return args[0]
        op = primitive_of(function)
        if op is not None:
            return self._primitive(op, args[0])
        if self.inside or not args[0].is_name:
            return None
        inline = _INLINE.get(function.name)
        return inline(self, args[0]) if inline else None

    def _primitive(self, op: ops.Elementary, x: Expression) -> Expression:
        if isinstance(op, ops.Abs):
            return e.call("abs", x)
        careful = CAREFUL.get(type(op))
        return self.call_helper(careful.helper, x) if careful else e.call(op.name, x)

    def _named(self, name: str, args: Sequence[Expression]) -> Expression:
        self.helpers[name] = lookup(name)
        return e.call(name, *args)

    def logistic(self, x: Expression) -> Expression:
        """1 / (1 + exp(-x)) as long as that exponential is finite; beyond, exp(x) is the same number."""
        far = e.total([(1, self.number(1)), (1, e.call("exp", e.negative(x)))])
        near = e.quotient(self.number(1), far)
        return e.conditional(e.compare(x, ">", self.number(-700)), near, e.call("exp", x))


def _row(numbers: Expression) -> tuple[Expression, ...]:
    """A tuple's numbers as arguments, one by one."""
    return numbers.items if isinstance(numbers, Tuple) else (Starred(numbers),)


def _positive(x: Expression) -> Expression:
    """max(x, 0), and nan for nan."""
    return e.conditional(e.compare(x, "<=", e.atom("0.0")), e.atom("0.0"), x)


def _step(s: PlainSpelling, x: Expression) -> Expression:
    return e.conditional(e.compare(x, ">=", e.atom("0.0")), e.atom("1.0"), e.atom("0.0"))


def _sign(s: PlainSpelling, x: Expression) -> Expression:
    negative = e.conditional(e.compare(x, "<", e.atom("0.0")), e.atom("-1.0"), e.atom("0.0"))
    return e.conditional(e.compare(x, ">", e.atom("0.0")), e.atom("1.0"), negative)


_INLINE: dict[str, Callable[[PlainSpelling, Expression], Expression]] = {
    "step": _step,
    "sign": _sign,
    "relu": lambda s, x: _positive(x),
    "logistic": PlainSpelling.logistic,
    "square": lambda s, x: e.product([x, x]),
}

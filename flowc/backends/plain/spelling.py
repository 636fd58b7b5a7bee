"""Operations on single numbers, as plain Python spells them. Results are numpy's: inf and nan, where Python raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf

from flowc.backends.code.fill import fill
from flowc.backends.code.quote import read
from flowc.backends.code.tree import Starred, Tuple
from flowc.backends.plain.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.spelling import Spelling, spell_as
from flowc.backends.python.table import spells
from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS
from flowc.program import ops
from flowc.program.dependencies import is_part
from flowc.program.ir import Step
from flowc.program.ops.fused import CountOf
from flowc.program.ops.primitives import LARGEST_EXPONENT
from flowc.program.values import type_of

# The helpers that give a number where Python raises, and the bounds of arguments for which it never does.
CAREFUL: dict[type[ops.Operation], tuple[str, Callable[[float, float], bool]]] = {
    ops.Exp: ("exp_or_inf", lambda low, high: high <= LARGEST_EXPONENT),
    ops.Expm1: ("expm1_or_inf", lambda low, high: high <= LARGEST_EXPONENT),
    ops.Log: ("log_or_nan", lambda low, high: low > 0),
    ops.Log1p: ("log1p_or_nan", lambda low, high: low > -1),
    ops.Sqrt: ("sqrt_or_nan", lambda low, high: low >= 0),
    ops.Sin: ("sin_or_nan", lambda low, high: -inf < low and high < inf),
    ops.Cos: ("cos_or_nan", lambda low, high: -inf < low and high < inf),
}
POSITIVE = "0.0 if x <= 0.0 else x"  # max(x, 0), and nan for nan
# Functions of a name that are written out, where that is a line of its own. The logistic function is 1 / (1 + exp(-x)) as long
# as that exponential is finite; beyond, exp(x) is the same number.
WRITTEN_OUT = {
    "step": "1.0 if x >= 0.0 else 0.0",
    "sign": "1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0",
    "relu": POSITIVE,
    "logistic": "1.0 / (1.0 + exp(-x)) if x > -700.0 else exp(x)",
    "square": "x * x",
}


@dataclass
class PlainSpelling(Spelling):
    """`tokens` is what the number of tokens is called.

    `inside`: the step is a part of a longer formula.
    """

    templates = HELPERS

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
        return e.decimal(value)

    _spell_copy = spell_as("x", ops.Copy, ops.Spread, ops.Drop)
    _spell_reduce = spell_as("x", ops.Reduce)  # one token's part of the sum

    def _spell_elementary(self, step: Step[ops.Elementary], args: Sequence[Expression]) -> Expression:
        """Of a function's argument no bounds are known."""
        if isinstance(step.op, ops.Sign):  # of nan it is nan, unlike the function of the diagram
            return self.call_helper("sign_or_nan", args[0])
        name, never_raises = CAREFUL.get(type(step.op), ("", None))
        if never_raises and not (step.args and never_raises(*self.ranges[step.args[0]])):
            return self.call_helper(name, args[0])
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
            return self.call_helper("sqrt_or_nan", args[0])
        return self.call_helper("power", *args)

    @spells(ops.Count, CountOf)
    def _spell_count(self, step: Step[ops.Count], args: Sequence[Expression]) -> Expression:
        return e.atom(self.tokens)

    # ---------------------------------------------------------------- cases

    _spell_indicator = spell_as("1.0 if x else 0.0", ops.Indicator)

    @spells(ops.Where)
    def _spell_where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        return e.conditional(*args)

    @spells(ops.Maximum)
    def _spell_maximum(self, step: Step[ops.Maximum], args: Sequence[Expression]) -> Expression:
        return _write(POSITIVE, args[0]) if args[0].is_name else self.call_helper("positive", args[0])

    @spells(ops.LogAddExp)
    def _spell_logaddexp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        if args[0].is_name:
            return _write(f"({POSITIVE}) + log1p(exp(-abs(x)))", args[0])
        return self.function_call(FUNCTIONS["softplus"], args, [])

    @spells(ops.Stack)
    def _spell_stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        return Tuple(tuple(args))

    @spells(ops.Largest)
    def _spell_largest(self, step: Step[ops.Largest], args: Sequence[Expression]) -> Expression:
        return e.call("max", *(args if type_of(step.args[0]).shape == (1,) else _numbers_of(args[0])))

    @spells(ops.Greatest)
    def _spell_greatest(self, step: Step[ops.Greatest], args: Sequence[Expression]) -> Expression:
        return self.call_helper("greatest", *_numbers_of(args[0]))

    @spells(ops.FirstLargest)
    def _spell_first_largest(self, step: Step[ops.FirstLargest], args: Sequence[Expression]) -> Expression:
        return self.call_helper("first_largest", *_numbers_of(args[0]))

    @spells(ops.Select)
    def _spell_select(self, step: Step[ops.Select], args: Sequence[Expression]) -> Expression:
        """An element of a vector that is 1 at one place: this is the place."""
        return _write(f"1.0 if x == {step.op.index[0]} else 0.0", args[0])

    # ------------------------------------------------------------ functions

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        """The function written out, where it has a line of its own and its argument a name."""
        if function.name not in WRITTEN_OUT:
            return super().library_call(function, args, parameters)
        return None if self.inside or not args[0].is_name else _write(WRITTEN_OUT[function.name], args[0])


def _write(text: str, x: Expression) -> Expression:
    return fill(read(text), {"x": x})


def _numbers_of(row: Expression) -> tuple[Expression, ...]:
    """A tuple's numbers as arguments, one by one."""
    return row.items if isinstance(row, Tuple) else (Starred(row),)

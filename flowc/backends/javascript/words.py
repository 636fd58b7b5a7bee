"""Operations on single numbers as JavaScript spells them. What engines compute in ways of their own is printed into the file."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan

from flowc.backends.backend import Refused
from flowc.backends.code.tree import Compare, Conditional, Expression, Name, Number
from flowc.backends.javascript.templates import TEMPLATES
from flowc.backends.loops.words import Words
from flowc.backends.python import expression as e
from flowc.backends.python import text
from flowc.program import ops
from flowc.program.ir import Step

EXACT = {"abs": "Math.abs", "sqrt": "Math.sqrt"}  # by the standard, on every engine


class JavaScriptWords(Words):
    def spelled(self, step: Step, args: Sequence[Expression]) -> Expression:
        """What is computed with is a number, as types have it, and never whether something holds."""
        if isinstance(step.op, ops.Add | ops.Multiply | ops.Divide):
            args = [Conditional(a, Number("1"), Number("0")) if isinstance(a, Compare) else a for a in args]
        return super().spelled(step, args)

    def number(self, value: float) -> Expression:
        if isnan(value):
            return Name("NaN")
        if abs(value) == inf:
            return e.negative(Name("Infinity")) if value < 0 else Name("Infinity")
        return Number(text.number(value))

    def called(self, name: str, x: Expression) -> Expression:
        """Raises Refused."""
        if name in EXACT:
            return e.call(EXACT[name], x)
        if name not in TEMPLATES:
            raise Refused(f"there is no `{name}` in JavaScript files; they have {', '.join(f'`{n}`' for n in sorted({*EXACT, *TEMPLATES}))}")
        return self.helper(name, x)

    def as_number(self, whole: Expression) -> Expression:
        return whole

    def whole_quotient(self, a: Expression, b: Expression) -> Expression:
        return e.call("Math.floor", e.quotient(a, b))

    def power(self, x: Expression, exponent: Expression) -> Expression:
        return self.helper("power", x, exponent)

"""Operations on single numbers, and the words of a language that loops need: each language has a subclass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from flowc.backends.code.tree import Conditional, Expression, Index, Name, Number, Product
from flowc.backends.python import expression as e
from flowc.backends.python.spelling import primitive_of
from flowc.backends.python.table import Table, spells
from flowc.maths.function import Function
from flowc.program import ops
from flowc.program.ir import Step


class Words(Table, ABC):
    """How a language spells operations on single numbers. Collects the functions that the text calls, by their names: one
    with a record is made of its formula, one without (None) is a template of the language."""

    def __init__(self) -> None:
        self.helpers: dict[str, Function | None] = {}

    def spelled(self, step: Step, args: Sequence[Expression]) -> Expression:
        """The value of a step of single numbers, its arguments already spelled."""
        return self.table[type(step.op)](self, step, args)

    @abstractmethod
    def number(self, value: float) -> Expression: ...

    @abstractmethod
    def called(self, name: str, x: Expression) -> Expression:
        """A function of the language's own library."""

    @abstractmethod
    def as_number(self, whole: Expression) -> Expression:
        """A count as a number that is computed with."""

    def whole_quotient(self, a: Expression, b: Expression) -> Expression:
        """Of whole numbers, without the rest."""
        return e.quotient(a, b)

    def helper(self, name: str, *args: Expression, record: Function | None = None) -> Expression:
        self.helpers[name] = record
        return e.call(name, *args)

    # ----------------------------------------------------------------------------------------------------- arithmetic

    @spells(ops.Copy, ops.Spread, ops.Lift, ops.Drop, ops.Reshape)
    def _copy(self, step: Step, args: Sequence[Expression]) -> Expression:
        return args[0]

    @spells(ops.Add)
    def _add(self, step: Step[ops.Add], args: Sequence[Expression]) -> Expression:
        return e.total(list(zip(step.op.signs, args, strict=True)))

    @spells(ops.Multiply)
    def _multiply(self, step: Step[ops.Multiply], args: Sequence[Expression]) -> Expression:
        return e.flattened(args) if step.symbol.kind == "gradient" else e.product(args)

    @spells(ops.Divide)
    def _divide(self, step: Step[ops.Divide], args: Sequence[Expression]) -> Expression:
        return e.quotient(args[0], args[1])

    @spells(ops.Power)
    def _power(self, step: Step[ops.Power], args: Sequence[Expression]) -> Expression:
        """As numpy: a square is a product, which is exact, half a power the root."""
        x, exponent = args[0], step.args[1]
        if exponent == 2:
            return Product((("", x), ("*", x))) if is_short(x) else self.helper("square", x)
        if exponent == 0.5:
            return self.called("sqrt", x)
        return self.power(x, args[1])

    @abstractmethod
    def power(self, x: Expression, exponent: Expression) -> Expression: ...

    @spells(
        ops.Exp, ops.Expm1, ops.Log, ops.Log1p, ops.Sqrt, ops.Sin, ops.Cos, ops.Tanh, ops.Abs,
    )  # fmt: skip
    def _elementary(self, step: Step[ops.Elementary], args: Sequence[Expression]) -> Expression:
        return self.called(step.op.name, args[0])

    # ---------------------------------------------------------------------------------------------------------- cases

    @spells(ops.Sign)
    def _sign(self, step: Step[ops.Sign], args: Sequence[Expression]) -> Expression:
        return self.helper("sign_or_nan", args[0])

    @spells(ops.Maximum)
    def _maximum(self, step: Step[ops.Maximum], args: Sequence[Expression]) -> Expression:
        return self.helper("positive_part", args[0])

    @spells(ops.LogAddExp)
    def _log_add_exp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        return self.helper("softplus", args[0])

    @spells(ops.Compare)
    def _compare(self, step: Step[ops.Compare], args: Sequence[Expression]) -> Expression:
        return e.compare(args[0], step.op.sign, args[1])

    @spells(ops.Indicator)
    def _indicator(self, step: Step[ops.Indicator], args: Sequence[Expression]) -> Expression:
        return Conditional(args[0], self.number(1.0), self.number(0.0))

    @spells(ops.Where)
    def _where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        return Conditional(args[0], args[1], args[2])

    @spells(ops.Apply)
    def _apply(self, step: Step[ops.Apply], args: Sequence[Expression]) -> Expression:
        """A function of the language by its name; those that are one word of the library by that."""
        record, parameters = step.op.record, [self.number(p) for p in step.op.parameters]
        defaults = [default for _, default in record.parameters[len(parameters) :] if default is not None]
        if record.name == "identity":
            return args[0]
        operation = primitive_of(record)
        if operation:
            return self.spelled(Step(step.symbol, operation, step.args), args)
        return self.helper(record.name, *args, *parameters, *map(self.number, defaults), record=record)


def is_short(x: Expression) -> bool:
    """Whether it may be written twice."""
    return isinstance(x, Name | Number | Index)

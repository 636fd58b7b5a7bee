"""A function of the registry, by its record."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, prod
from typing import Any, ClassVar

from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program.elements import Elements, Value
from flowc.program.ops.index import Lift
from flowc.program.ops.operation import ANY, Bounds, Machine, NumberWriter, Operation, Ranges, Step, Writer, each
from flowc.program.values import Arg, Symbol, Type, broadcast, type_of


class Apply(Operation):
    """`function` is a name of the maths registry; `elements`: its rule over the elements of one vector."""

    function: str
    parameters: tuple[float, ...] = ()
    elements: bool = False

    name: ClassVar[str] = "apply"

    @property
    def record(self) -> Function:
        function = lookup(self.function)
        assert function is not None, self.function
        return function

    def result_type(self, types: Sequence[Type]) -> Type:
        """Activations keep the type; losses that are applied whole give a number a token."""
        if self.elements or self.record.kind in ("reduction", "loss"):
            return Type(any(t.batched for t in types), ())
        return broadcast(types)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """The function's formula, evaluated by the same rules."""
        steps, result = m.opened(step)
        values: dict[Any, Any] = dict(zip(step.args, args, strict=True))
        for inner in steps:
            values[inner.symbol] = m.evaluate(inner, [values.get(a, a) for a in inner.args])
        return values.get(result, result)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """The pullback of the record."""
        function = self.record
        rule = function.elements if self.elements else function.rule
        assert rule is not None and rule.pullback, function.name
        formula = rule.pullback[place]
        if not formula:
            return 0.0
        names = bindings(function, step.args, self.parameters, self.elements)
        if isinstance(d, Symbol) and d.type.batched and len(d.type.shape) < len(type_of(step.args[place]).shape):
            d = b.emit(Lift(tuple(range(len(type_of(step.args[place]).shape)))), d)
        if function.kind == "vector":
            d = b.spread(d, step.symbol.type)
        return b.write(formula, {**names, "h": step.symbol, "d": d})

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """An elementwise function stays what it is; others are their formulas."""
        if self.record.kind == "elementwise":
            return each(step, args, lambda here: w.emit(self, *here))
        steps, result = w.opened(step)
        value_of: dict[Arg, Value] = dict(zip(step.args, args, strict=True))
        for inner in steps:
            values = [value_of.get(a) or Value((), (a,)) for a in inner.args]
            value_of[inner.symbol] = Value(inner.symbol.type.shape, inner.op.scalars(w, inner, values))
        value = value_of.get(result) or Value((), (result,))
        shape = step.symbol.type.shape
        return value.elements if value.shape == shape else value.elements * prod(shape)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return _BOUNDS.get(self.function, ANY)


_BOUNDS: dict[str, Bounds] = {
    "step": (0.0, 1.0), "logistic": (0.0, 1.0), "tanh": (-1.0, 1.0), "sign": (-1.0, 1.0), "relu": (0.0, inf),
    "softplus": (0.0, inf), "abs": (0.0, inf), "square": (0.0, inf), "exp": (0.0, inf), "sqrt": (0.0, inf),
    "sin": (-1.0, 1.0), "cos": (-1.0, 1.0),
}  # fmt: skip


def bindings(
    function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...], elements: bool
) -> dict[str, Arg]:
    """Arguments and parameters by the names that the record's formulas use."""
    names = ("xi",) if elements else function.arguments
    values = dict(zip(names, args, strict=True))
    defaults = {name: default for name, default in function.parameters if default is not None}
    numbers = dict(zip((name for name, _ in function.parameters), parameters, strict=False))
    return {**values, **defaults, **numbers}

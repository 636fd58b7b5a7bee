"""The derivative of every operation: from the gradient of its value, the gradients of its arguments.

A rule is called with the builder, the step, the place of the argument and the gradient d that arrives; it
adds steps and gives the gradient of that argument, before sums over what was repeated (`Builder.fit`).
Source of the formulas: Griewank and Walther 2008, Evaluating Derivatives, chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable

from flowc.maths.functions import lookup
from flowc.program.builder import Builder
from flowc.program.formula import bindings, write
from flowc.program.ir import Arg, Contraction, Step, Symbol
from flowc.program.mesh_rules import RULES as MESH_RULES
from flowc.program.types import type_of

Pull = Callable[[Builder, Step, int, Arg], Arg]


def pull(builder: Builder, step: Step, place: int, d: Arg) -> Arg:
    """The gradient of `step.args[place]`; the number 0 where nothing comes through."""
    rule = RULES.get(step.op)
    return rule(builder, step, place, d) if rule else 0.0


def _add(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    return d if step.data[place] > 0 else b.negative(d)


def _multiply(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    others = [a for i, a in enumerate(step.args) if i != place]
    return b.multiply(d, *others)


def _divide(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    _, divisor = step.args
    return b.divide(d, divisor) if place == 0 else b.negative(b.divide(b.multiply(d, step.symbol), divisor))


def _power(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """x^n never takes ln x; the slope of 0^y in y is 0."""
    base, exponent = step.args
    if place == 0:
        return b.multiply(d, exponent, b.power(base, b.add((exponent, -1.0))))
    if not isinstance(base, Symbol):
        return b.multiply(d, step.symbol, b.emit("log", base)) if base != 0 else 0.0
    positive = b.emit("where", b.emit("compare", base, 0.0, data="=="), 1.0, base)
    return b.multiply(d, step.symbol, b.emit("log", positive))


def _where(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    if place == 0:
        return 0.0
    condition = step.args[0]
    return b.emit("where", condition, d, 0.0) if place == 1 else b.emit("where", condition, 0.0, d)


def _reduce(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """Every element gets what arrives at the sum; of a mean its share."""
    x, data = step.args[0], step.data
    shape = type_of(x).shape
    if data.how == "mean":
        of = "all" if data.batch and data.axes else "batch" if data.batch else "token"
        d = b.divide(d, b.emit("count", x, data=of))
    if isinstance(d, Symbol) and d.type.shape != shape and len(d.type.shape) < len(shape) and d.type != SCALAR:
        d = b.emit("lift", d, data=data.axes)
    return d


def _contract(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    operands, result = step.data.spec.split("->")
    letters = operands.split(",")
    wanted = letters[place]
    x = step.args[place]
    sum_batch = not type_of(x).batched and type_of(d).batched
    if len(letters) == 1:
        return b.emit("contract", d, data=Contraction(f"{result}->{wanted}", sum_batch))
    other = step.args[1 - place]
    sum_batch = sum_batch or not type_of(x).batched and type_of(other).batched
    missing = tuple(i for i, c in enumerate(wanted) if c not in result + letters[1 - place])
    found = "".join(c for c in wanted if c in result + letters[1 - place])
    if type_of(d) == SCALAR and not result:
        return b.multiply(d, other)
    if type_of(d).shape != step.symbol.type.shape:
        d = b.spread(d, step.symbol.type)
    spec = f"{result},{letters[1 - place]}->{found}"
    part: Arg = b.emit("contract", d, other, data=Contraction(spec, sum_batch))
    return b.emit("lift", part, data=missing) if missing else part


def _select(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    x = step.args[0]
    assert isinstance(x, Symbol)
    return b.emit("place", b.spread(d, step.symbol.type), data=step.data, given=x.type)


def _place(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    d = b.spread(d, step.symbol.type)
    return b.emit("select", d, data=step.data)


def _stack(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    d = b.spread(d, step.symbol.type)
    return b.emit("select", d, data=(place,))


def _assemble(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """Of every element that the argument fills: its coefficient times what arrives there."""
    d = b.spread(d, step.symbol.type)
    filled = step.data.filled.get(place, [])
    return b.add(tuple(b.multiply(c, b.emit("select", d, data=index)) for c, index in filled))


def _lift(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    if isinstance(d, Symbol) and d.type == SCALAR:
        return d
    return b.drop(b.fit(d, step.symbol.type), step.data)


def _drop(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    if not isinstance(d, Symbol) or d.type == SCALAR:
        return d
    return b.emit("lift", d, data=step.data)


def _reshape(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    d = b.spread(d, step.symbol.type)
    return b.emit("reshape", d, given=type_of(step.args[0]))


def _spread(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """What was repeated over axes that it lacked gets their sum; `fit` does the rest."""
    x = type_of(step.args[0])
    d = b.spread(d, step.symbol.type)
    if len(x.shape) < len(d.type.shape) and x.shape:
        extra = tuple(range(len(d.type.shape) - len(x.shape)))
        return b.reduce("sum", d, axes=extra)
    return b.total(d, False) if not x.shape and x.batched else d


def _vector(slope: str) -> Pull:
    """An operation that gives one number for a vector's elements."""

    def rule(b: Builder, step: Step, place: int, d: Arg) -> Arg:
        if isinstance(d, Symbol) and d.type.batched:
            d = b.emit("lift", d, data=(0,))
        return b.multiply(d, b.emit(slope, step.args[0]))

    return rule


def _formula(slope: str) -> Pull:
    """An elementwise operation: d times its slope, a formula in the argument x and the value h."""

    def rule(b: Builder, step: Step, place: int, d: Arg) -> Arg:
        return b.multiply(d, write(b, slope, {"x": step.args[0], "h": step.symbol}))

    return rule


def _apply(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """A function of the registry: the pullback of its record."""
    function = lookup(step.data.function)
    assert function is not None, step.data.function
    rule = function.elements if step.data.elements else function.rule
    assert rule is not None and rule.pullback, function.name
    formula = rule.pullback[place]
    if not formula:
        return 0.0
    names = bindings(function, step.args, step.data.parameters, step.data.elements)
    if isinstance(d, Symbol) and d.type.batched and len(d.type.shape) < len(type_of(step.args[place]).shape):
        d = b.emit("lift", d, data=tuple(range(len(type_of(step.args[place]).shape))))
    if function.kind == "vector":
        d = b.spread(d, step.symbol.type)
    return write(b, formula, {**names, "h": step.symbol, "d": d})


SCALAR = type_of(0.0)

RULES: dict[str, Pull] = {
    "copy": lambda b, step, place, d: d,
    "add": _add,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "where": _where,
    "maximum": _formula("x > 0"),
    "logaddexp": _formula("logistic(x)"),
    "exp": _formula("h"),
    "expm1": _formula("h + 1"),
    "log": _formula("1 / x"),
    "log1p": _formula("1 / (1 + x)"),
    "sqrt": _formula("sqrt_slope(x)"),
    "abs": _formula("sign(x)"),
    "sin": _formula("cos(x)"),
    "cos": _formula("-sin(x)"),
    "tanh": _formula("1 - h**2"),
    "reduce": _reduce,
    "contract": _contract,
    "select": _select,
    "place": _place,
    "stack": _stack,
    "assemble": _assemble,
    "lift": _lift,
    "drop": _drop,
    "reshape": _reshape,
    "spread": _spread,
    "greatest": _vector("first_largest"),
    "prod": _vector("others"),
    "apply": _apply,
    **MESH_RULES,
}

"""The interpreter: the reference meaning of a program, in plain numpy and float64, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from flowc.maths.functions import lookup
from flowc.program import formula
from flowc.program.ir import Program, Step, Symbol
from flowc.program.mesh_run import operations

Array = np.ndarray
Values = dict[Symbol, Array]


def run(program: Program, values: Mapping[Symbol, Any]) -> Values:
    """Every symbol's value, from those of inputs (n, ...), targets (n, ...) and weights (shape).

    Steps that lead from a symbol which is not given (a target, in inference) are left out.
    """
    known: Values = {s: np.asarray(v, dtype=float) for s, v in values.items()}
    batch = next((len(known[s]) for s in (*program.inputs, *program.targets) if s in known), 1)
    with np.errstate(all="ignore"):
        for step in program.steps:
            if all(a in known for a in step.args if isinstance(a, Symbol)):
                known[step.symbol] = evaluate(step, [known.get(a, a) for a in step.args], batch)  # type: ignore[arg-type]
    return known


def evaluate(step: Step, args: list[Any], batch: int) -> Array:
    """The value of one step; a value without batch axis has the shape of its type."""
    result = np.asarray(OPERATIONS[step.op](step, batch, *args), dtype=float)
    t = step.symbol.type
    return np.broadcast_to(result, ((batch, *t.shape) if t.batched else t.shape))


def _axes(step: Step, axes: tuple[int, ...]) -> tuple[int, ...]:
    """Axes of the token as axes of the array."""
    first = step.args[0]
    shift = int(isinstance(first, Symbol) and first.type.batched)
    return tuple(a + shift for a in axes)


def _add(step: Step, batch: int, *args: Array) -> Array:
    total = args[0] if step.data[0] > 0 else np.negative(args[0])
    for sign, arg in zip(step.data[1:], args[1:], strict=True):
        total = total + arg if sign > 0 else total - arg
    return total


def _multiply(step: Step, batch: int, *args: Array) -> Array:
    result = args[0]
    for arg in args[1:]:
        result = result * arg
    return result


def _compare(step: Step, batch: int, a: Array, b: Array) -> Array:
    compare: Callable = {
        ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal, "==": np.equal,
    }[step.data]  # fmt: skip
    return compare(a, b)


def _reduce(step: Step, batch: int, x: Array) -> Array:
    axes = _axes(step, step.data.axes)
    axes = (0, *axes) if step.data.batch else axes
    reduced: Callable = np.sum if step.data.how == "sum" else np.mean
    return reduced(x, axis=axes, keepdims=step.data.keep)


def _first_largest(step: Step, batch: int, x: Array) -> Array:
    return np.eye(x.shape[-1])[np.argmax(x, axis=-1)]


def _others(step: Step, batch: int, x: Array) -> Array:
    """The product of all the others, also where some are 0."""
    n = x.shape[-1]
    return np.stack([np.prod(np.delete(x, i, axis=-1), axis=-1) for i in range(n)], axis=-1)


def _count(step: Step, batch: int, x: Array) -> Array:
    t = step.args[0].type  # type: ignore[union-attr]
    token = int(np.prod(t.shape))
    return np.asarray({"token": token, "batch": batch, "all": token * batch}[step.data])


def _contract(step: Step, batch: int, *args: Array) -> Array:
    operands, result = step.data.spec.split("->")
    letters = [
        ("N" if isinstance(a, Symbol) and a.type.batched else "") + own
        for own, a in zip(operands.split(","), step.args, strict=True)
    ]
    out = ("N" if step.symbol.type.batched else "") + result
    return np.einsum(f"{','.join(letters)}->{out}", *args)


def _index(step: Step, symbol: Symbol) -> tuple:
    """An index into tokens as one into the array."""
    whole = (slice(None),) if symbol.type.batched else ()
    return (*whole, *(i if isinstance(i, int) else slice(*i) for i in step.data))


def _select(step: Step, batch: int, x: Array) -> Array:
    return x[_index(step, step.args[0])]  # type: ignore[arg-type]


def _place(step: Step, batch: int, x: Array) -> Array:
    t = step.symbol.type
    result = np.zeros((batch, *t.shape) if t.batched else t.shape)
    result[_index(step, step.symbol)] = x
    return result


def _assemble(step: Step, batch: int, *args: Array) -> Array:
    numbers = [c if place is None else c * args[place] for c, place in step.data.entries]
    return np.reshape(np.asarray(numbers, dtype=float), step.data.shape)


def _lift(step: Step, batch: int, x: Array) -> Array:
    for axis in _axes(step, step.data):
        x = np.expand_dims(x, axis)
    return x


def _reshape(step: Step, batch: int, x: Array) -> Array:
    t = step.symbol.type
    return x.reshape((batch, *t.shape) if t.batched else t.shape)


def _spread(step: Step, batch: int, x: Array) -> Array:
    """Batched values repeat along single axes; others take the batch axis on as well."""
    return np.asarray(x)


def _apply(step: Step, batch: int, *args: Array) -> Array:
    """A function's formula, evaluated by the same rules."""
    function = lookup(step.data.function)
    assert function is not None, step.data.function
    steps, result = formula.expand(function, step.args, step.data.parameters, step.data.elements)
    known: dict[Any, Array] = dict(zip(step.args, args, strict=True))
    for inner in steps:
        known[inner.symbol] = evaluate(inner, [known.get(a, a) for a in inner.args], batch)
    return known.get(result, result)  # type: ignore[arg-type,return-value]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "literal": lambda step, batch: step.data,
    "copy": lambda step, batch, x: x,
    "add": _add,
    "multiply": _multiply,
    "divide": lambda step, batch, a, b: np.divide(a, b),
    "power": lambda step, batch, a, b: np.power(np.asarray(a, float), b),
    "compare": _compare,
    "where": lambda step, batch, c, a, b: np.where(c, a, b),
    "indicator": lambda step, batch, c: np.where(c, 1.0, 0.0),
    "maximum": lambda step, batch, x: np.maximum(x, 0),
    "logaddexp": lambda step, batch, x: np.logaddexp(x, 0),
    "reduce": _reduce,
    "largest": lambda step, batch, x: np.max(x, axis=-1, keepdims=True),
    "first_largest": _first_largest,
    "greatest": lambda step, batch, x: np.max(x, axis=-1),
    "prod": lambda step, batch, x: np.prod(x, axis=-1),
    "others": _others,
    "count": _count,
    "contract": _contract,
    "select": _select,
    "place": _place,
    "stack": lambda step, batch, *xs: np.stack(np.broadcast_arrays(*xs), axis=-1),
    "assemble": _assemble,
    "lift": _lift,
    "drop": lambda step, batch, x: np.squeeze(x, _axes(step, step.data)),
    "reshape": _reshape,
    "spread": _spread,
    "zeros_like": lambda step, batch, x: np.zeros_like(x),
    "apply": _apply,
    **operations(evaluate),
    **{
        name: lambda step, batch, x, f=f: f(x)
        for name, f in {
            "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt,
            "abs": np.abs, "sign": np.sign, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
        }.items()
    },
}  # fmt: skip

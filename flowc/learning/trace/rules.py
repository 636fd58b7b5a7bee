"""The records' formulas written out: for arrays of formulas, an array of formulas. Where they branch, as the numbers do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

from flowc.learning.trace.formula import (
    ONE,
    ZERO,
    Call,
    Formula,
    Number,
    Quantity,
    add,
    evaluate,
    negative,
    over,
    power,
    times,
)
from flowc.maths.function import Function
from flowc.maths.functions import HELPERS, lookup

Array = np.ndarray  # of formulas
Known = Callable[[Quantity | Number], float]
Named = Callable[[str, Array], Array]  # a letter and formulas -> the quantities that they are from now on

COMPARE = {ast.Gt: np.greater, ast.GtE: np.greater_equal, ast.Lt: np.less, ast.LtE: np.less_equal, ast.Eq: np.equal}
LETTERS = {"largest": "m", "total": "s"}


@cache
def _parse_rule(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


def names_in(text: str) -> set[str]:
    """The names that a formula uses."""
    return {node.id for line in _parse_rule(text) for node in ast.walk(line) if isinstance(node, ast.Name)}


def array_of(formulas: Sequence[Formula], shape: tuple[int, ...]) -> Array:
    elements = np.empty(len(formulas), dtype=object)
    elements[:] = formulas
    return elements.reshape(shape)


def scalar_of(formula: Formula) -> Array:
    return array_of([formula], ())


def names_of_rule(function: Function, arguments: Sequence[Array], parameters: Sequence[float]) -> dict[str, Array]:
    """Arguments and parameters by the names that the record's formulas use."""
    names = ("xi",) if function.elements and len(arguments) == 1 else function.arguments
    parameter_values = dict(zip((name for name, _ in function.parameters), parameters, strict=False))
    defaults = {name: default for name, default in function.parameters if default is not None}
    numbers = {name: scalar_of(Number(value)) for name, value in {**defaults, **parameter_values}.items()}
    return {**dict(zip(names, arguments, strict=False)), **numbers}


class Writer:
    """Writes formulas with the numbers known. `named` gives results on the way names of their own, where they need one;
    `shifted`: exponents are lowered by the largest, so that none overflows."""

    def __init__(self, known: Known, named: Named | None = None, shifted: bool = True):
        self.known, self.named, self.shifted = known, named, shifted

    def write_formula(self, text: str, names: Mapping[str, Array]) -> Array:
        """The last line of a formula; those before name results on the way."""
        scope = dict(names)
        *lines, last = _parse_rule(text)
        for line in lines:
            assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
            name = line.targets[0].id
            scope[name] = self._name_results(name, self._write_value(line.value, scope))
        assert isinstance(last, ast.Expr)
        return self._write_value(last.value, scope)

    def _name_results(self, letter: str, formulas: Array) -> Array:
        plain = all(isinstance(f, Quantity | Number) for f in formulas.flat)
        return formulas if plain or self.named is None else self.named(letter, formulas)

    def _write_value(self, node: ast.expr, names: Mapping[str, Array]) -> Array:
        match node:
            case ast.Constant(value=int() | float() as number):
                return scalar_of(Number(float(number)))
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return each_of(negative, self._write_value(operand, names))
            case ast.BinOp(left=left, op=op, right=right):
                return each_of(_BINARY[type(op)], self._write_value(left, names), self._write_value(right, names))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                a, b = (self._evaluate_elements(self._write_value(side, names)) for side in (left, right))
                return each_of(Number, COMPARE[type(op)](a, b).astype(float))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._write_call(name, [self._write_value(arg, names) for arg in args])
        raise AssertionError(f"a formula with {ast.dump(node)}")

    def _evaluate_elements(self, formulas: Array) -> np.ndarray:
        numbers: np.ndarray = np.vectorize(lambda f: evaluate(f, self.known), otypes=[float])(formulas)
        return numbers

    def _write_call(self, name: str, args: list[Array]) -> Array:
        x = args[0]
        if name == "where":
            return each_of(lambda c, a, b: a if c == ONE else b, *args)
        if name in ("sum", "mean", "prod", "greatest", "count"):
            return scalar_of(_over_all(name, tuple(x.flat)))
        if name in ("total", "largest", "first_largest"):
            return self._reduce_axis(name, x)
        if name == "others":
            return array_of([times(*(f for i, f in enumerate(x) if i != k)) for k in range(len(x))], x.shape)
        if name in HELPERS:
            return self.write_formula(HELPERS[name].rule.value, {"xi": x})
        function = lookup(name)
        if function is not None and function.kind == "vector":
            return self.write_formula(function.rule.value, {"xi": x})
        if name == "maximum":
            return each_of(lambda a, b: Call("max", (b, a)), *args)
        if name == "indicator":
            return x
        return each_of(lambda a: Call(SPELLED.get(name, name), (a,)), x)

    def _reduce_axis(self, name: str, x: Array) -> Array:
        """Over the last axis, which keeps one element, or its size for the first of the largest."""
        rows = [tuple(row) for row in x.reshape(-1, x.shape[-1])]
        if name == "first_largest":
            return array_of([Call("argmax", row, (), k) for row in rows for k in range(len(row))], x.shape)
        if name == "largest" and not self.shifted:
            return scalar_of(ZERO)
        reduced = [_over_all("greatest" if name == "largest" else "sum", row) for row in rows]
        return self._name_results(LETTERS[name], array_of(reduced, (*x.shape[:-1], 1)))


SPELLED = {"logaddexp": "softplus"}  # its second argument is always 0


def _over_all(name: str, formulas: Sequence[Formula]) -> Formula:
    match name:
        case "sum":
            return add(*((1, f) for f in formulas))
        case "mean":
            return over(add(*((1, f) for f in formulas)), Number(float(len(formulas))))
        case "prod":
            return times(*formulas)
        case "greatest":
            return Call("max", tuple(formulas))
    return Number(float(len(formulas)))


def each_of(function: Callable[..., Formula], *arrays: Array) -> Array:
    """A function of each element, arrays repeated to one shape; there may be any number of them."""
    repeated = np.broadcast_arrays(*arrays)
    results = np.empty(repeated[0].shape, object)
    for place in np.ndindex(results.shape):
        results[place] = function(*(a[place] for a in repeated))
    return results


_BINARY: dict[type, Callable[..., Formula]] = {
    ast.Add: lambda a, b: add((1, a), (1, b)), ast.Sub: lambda a, b: add((1, a), (-1, b)),
    ast.Mult: times, ast.Div: over, ast.Pow: power,
}  # fmt: skip

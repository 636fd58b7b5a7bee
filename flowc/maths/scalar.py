"""The records' formulas for plain numbers, without any library of arrays: functions of numbers are numbers."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache

from flowc.maths.function import Function
from flowc.maths.functions import lookup

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Eq: operator.eq,
}  # fmt: skip

# The elementwise words of formulas; what the program makes of each is in `program/ops/`.
VOCABULARY: dict[str, Callable[..., float]] = {
    "exp": math.exp, "expm1": math.expm1, "log": math.log, "log1p": math.log1p, "sqrt": math.sqrt, "abs": abs,
    "sign": lambda x: float((x > 0) - (x < 0)), "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
    "where": lambda condition, a, b: a if condition else b, "indicator": float, "maximum": max,
    "logaddexp": lambda x, zero: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
}  # fmt: skip


def of_numbers(function: Function, *arguments: float) -> float:
    """An elementwise function, or an operation of two, of plain numbers; parameters follow the arguments.

    Raises ArithmeticError or ValueError where it has no value.
    """
    names = [*function.arguments, *(name for name, _ in function.parameters)]
    scope = dict(zip(names, arguments, strict=False))
    for name, default in function.parameters:
        if default is not None:
            scope.setdefault(name, default)
    *lines, last = _parsed(function.rule.value)
    for line in lines:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        scope[line.targets[0].id] = _value(line.value, scope)
    assert isinstance(last, ast.Expr)
    return float(_value(last.value, scope))


@cache
def _parsed(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


def _value(node: ast.expr, scope: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return scope[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, scope)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, scope), _value(right, scope))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _OPERATORS[type(op)](_value(left, scope), _value(right, scope))
        case ast.Call(func=ast.Name(id=name), args=args):
            values = [_value(a, scope) for a in args]
            if name in VOCABULARY:
                return VOCABULARY[name](*values)
            called = lookup(name)
            assert called is not None, name
            return of_numbers(called, *values)
    raise AssertionError(f"a formula with {ast.dump(node)}")

"""The formulas of the function records, written out as steps of the program."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache

from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program.builder import Builder
from flowc.program.ir import Application, Arg, Step, Symbol
from flowc.program.types import type_of

COMPARISONS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}
OF_ZERO = ("maximum", "logaddexp")  # their second argument is always 0
ONE_TO_ONE = frozenset(
    ["where", "indicator", "exp", "expm1", "log", "log1p", "sqrt", "abs", "sign", "sin", "cos", "tanh"]
    + ["largest", "first_largest", "greatest", "prod", "others"]
)


@cache
def _parsed(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


def write(builder: Builder, text: str, names: Mapping[str, Arg]) -> Arg:
    """Add the steps of a formula; its value. `names` are the arguments, parameters, `h` and `d`."""
    scope = dict(names)
    *lines, last = _parsed(text)
    for line in lines:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        scope[line.targets[0].id] = _value(builder, line.value, scope)
    assert isinstance(last, ast.Expr)
    return _value(builder, last.value, scope)


def expand(
    function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...] = (), elements: bool = False,
    autograd: bool = False,
) -> tuple[tuple[Step, ...], Arg]:  # fmt: skip
    """A record's value on these arguments as steps, and the result. `autograd`: the form that differentiates well."""
    builder = Builder(first=1 + max((a.number for a in args if isinstance(a, Symbol)), default=0))
    result = value(builder, function, args, parameters, elements, autograd)
    return tuple(builder.steps), result


def pulled(
    name: str, parameters: tuple[float, ...], symbols: Mapping[str, Symbol]
) -> tuple[tuple[Step, ...], Arg]:  # fmt: skip
    """The gradient that an activation hands on, as steps, and the result; `symbols` are xi, h and d."""
    function = lookup(name)
    assert function is not None, name
    builder = Builder(first=1 + max(s.number for s in symbols.values()))
    names = {**bindings(function, (symbols["xi"],), parameters, False), **symbols}
    result = write(builder, function.rule.pullback[0], names)
    return tuple(builder.steps), result


def value(
    builder: Builder, function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...] = (),
    elements: bool = False, autograd: bool = False,
) -> Arg:  # fmt: skip
    """Add the steps of a record's value to a program."""
    rule = function.elements if elements else function.rule
    assert rule is not None
    text = (autograd and rule.autograd) or rule.value
    return write(builder, text, bindings(function, args, parameters, elements))


def bindings(
    function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...], elements: bool
) -> dict[str, Arg]:
    """Arguments and parameters by the names that the record's formulas use."""
    names = ("xi",) if elements else function.arguments
    values = dict(zip(names, args, strict=True))
    defaults = {name: default for name, default in function.parameters if default is not None}
    given = dict(zip((name for name, _ in function.parameters), parameters, strict=False))
    return {**values, **defaults, **given}


def _value(b: Builder, node: ast.expr, scope: Mapping[str, Arg]) -> Arg:
    match node:
        case ast.Constant():
            return float(node.value)  # type: ignore[arg-type]
        case ast.Name():
            return scope[node.id]
        case ast.UnaryOp(op=ast.USub()):
            return b.negative(_value(b, node.operand, scope))
        case ast.Compare():
            a, c = (_value(b, n, scope) for n in (node.left, node.comparators[0]))
            return b.emit("compare", a, c, data=COMPARISONS[type(node.ops[0])])
        case ast.BinOp():
            return _binary(b, node, scope)
        case ast.Call(func=ast.Name(id=name)):
            return _call(b, name, tuple(_value(b, a, scope) for a in node.args))
    raise AssertionError(f"a formula with {ast.dump(node)}")


def _binary(b: Builder, node: ast.BinOp, scope: Mapping[str, Arg]) -> Arg:
    left, right = _value(b, node.left, scope), _value(b, node.right, scope)
    match node.op:
        case ast.Add():
            return b.add((left, right))
        case ast.Sub():
            return b.add((left, right), (1, -1))
        case ast.Mult():
            return b.multiply(left, right)
        case ast.Div():
            return b.divide(left, right)
        case ast.Pow():
            return b.power(left, right)
    raise AssertionError(f"a formula with {ast.dump(node.op)}")


def _call(b: Builder, name: str, args: tuple[Arg, ...]) -> Arg:
    x = args[0]
    axes = tuple(range(len(type_of(x).shape)))
    if name in ("sum", "mean"):
        return b.reduce(name, x, axes=axes)
    if name == "total":
        return b.reduce("sum", x, axes=axes[-1:], keep=True)
    if name == "count":
        return b.emit("count", x, data="token") if axes else 1.0
    if name in OF_ZERO:
        return b.emit(name, x)
    if name in ONE_TO_ONE:
        return b.emit(name, *args)
    assert lookup(name), name
    return b.emit("apply", *args, data=Application(name))

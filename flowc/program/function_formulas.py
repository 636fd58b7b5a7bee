"""The formulas of the function records, written out as steps of the program."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache

from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program.ops import OPERATIONS, Apply, Compare, Count, OfZero
from flowc.program.ops.apply import bindings
from flowc.program.ops.arithmetic import Sign
from flowc.program.ops.operation import Operation, Writer
from flowc.program.values import Arg, type_of

COMPARISONS: dict[type[ast.cmpop], Sign] = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}
CALLED: dict[str, Operation] = {op.name: op() for op in OPERATIONS if op.called}


@cache
def _parse_formula(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


def write(builder: Writer, text: str, names: Mapping[str, Arg]) -> Arg:
    """Add the steps of a formula; its value. `names` are the arguments, parameters, `h` and `d`."""
    scope = dict(names)
    *lines, last = _parse_formula(text)
    for line in lines:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        scope[line.targets[0].id] = _write_value(builder, line.value, scope)
    assert isinstance(last, ast.Expr)
    return _write_value(builder, last.value, scope)


def value(
    builder: Writer, function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...] = (),
    elements: bool = False, autograd: bool = False,
) -> Arg:  # fmt: skip
    """Add the steps of a record's value to a program."""
    rule = function.elements if elements else function.rule
    assert rule is not None
    text = (autograd and rule.autograd) or rule.value
    return write(builder, text, bindings(function, args, parameters, elements))


def _write_value(b: Writer, node: ast.expr, scope: Mapping[str, Arg]) -> Arg:
    match node:
        case ast.Constant(float() | int() as value):
            return float(value)
        case ast.Name():
            return scope[node.id]
        case ast.UnaryOp(op=ast.USub()):
            return b.negative(_write_value(b, node.operand, scope))
        case ast.Compare():
            a, c = (_write_value(b, n, scope) for n in (node.left, node.comparators[0]))
            return b.emit(Compare(COMPARISONS[type(node.ops[0])]), a, c)
        case ast.BinOp():
            return _write_binary(b, node, scope)
        case ast.Call(func=ast.Name(id=name)):
            return _write_call(b, name, tuple(_write_value(b, a, scope) for a in node.args))
    raise AssertionError(f"a formula with {ast.dump(node)}")


def _write_binary(b: Writer, node: ast.BinOp, scope: Mapping[str, Arg]) -> Arg:
    left, right = _write_value(b, node.left, scope), _write_value(b, node.right, scope)
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


def _write_call(b: Writer, name: str, args: tuple[Arg, ...]) -> Arg:
    x = args[0]
    axes = tuple(range(len(type_of(x).shape)))
    if name == "sum":
        return b.reduce("sum", x, axes=axes)
    if name == "mean":
        return b.reduce("mean", x, axes=axes)
    if name == "total":
        return b.reduce("sum", x, axes=axes[-1:], keep=True)
    if name == "count":
        return b.emit(Count("token"), x) if axes else 1.0
    op = CALLED.get(name)
    if isinstance(op, OfZero):
        if args[1:] != (0,):
            raise ValueError(f"a formula has `{name}` of something and 0 alone, as `{name}(a, 0)`; for the larger of two write `where(a > b, a, b)`")
        return b.emit(op, x)
    if op is not None:
        return b.emit(op, *args)
    assert lookup(name), name
    return b.emit(Apply(name), *args)

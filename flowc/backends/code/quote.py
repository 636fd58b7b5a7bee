"""Trees of code that is written as Python: `read("np.ones(n)")`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

from flowc.backends.code import tree as t
from flowc.backends.code.scope import names

FACTORS = {ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.FloorDiv: "//", ast.Mod: "%"}
COMPARISONS = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


@lru_cache(4096)
def read(text: str) -> t.Expression:
    """The tree of an expression; a keyword `name=value` or a starred argument is one, too."""
    try:
        return Reader(text).read(ast.parse(text, mode="eval").body)
    except SyntaxError:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
        (argument,) = Reader(f"f({text})").read_arguments(call)
        return argument


@lru_cache(1024)
def names_in(text: str) -> frozenset[str]:
    """Every name in some lines of Python."""
    return frozenset(names(ast.parse(text)))


class Reader:
    """Python's own tree of `text` as ours."""

    def __init__(self, text: str):
        self.lines = text.split("\n")

    def read(self, node: ast.expr) -> t.Expression:
        match node:
            case ast.Name(name):
                return t.Name(name)
            case ast.Constant(value):
                return self._read_constant(node, value)
            case ast.JoinedStr(values):
                return t.Format(tuple(self._read_part(v) for v in values))
            case ast.Attribute(value, name):
                return t.Attribute(self.read(value), name)
            case ast.Subscript(value, places):
                inner = places.elts if isinstance(places, ast.Tuple) and places.elts else [places]
                return t.Index(self.read(value), self.read_all(inner))
            case ast.Slice(first, last, step):
                return t.Slice(*(self.read(part) if part else None for part in (first, last, step)))
            case ast.Call():
                return t.Call(self.read(node.func), self.read_arguments(node))
            case ast.Starred(value):
                return t.Starred(self.read(value))
            case ast.Tuple(items):
                return t.Tuple(self.read_all(items))
            case ast.List(items):
                return t.List(self.read_all(items))
            case ast.Set(items):
                return t.Dict(self.read_all(items))
            case ast.Dict(keys, values):
                return t.Dict(tuple(self._read_entry(k, v) for k, v in zip(keys, values, strict=True)))
            case ast.ListComp(item, loops):
                return t.List((self._read_loops(self.read(item), loops),))
            case ast.GeneratorExp(item, loops):
                return t.Tuple((self._read_loops(self.read(item), loops),))
            case ast.DictComp(key, value, loops):
                return t.Dict((self._read_loops(self._read_entry(key, value), loops),))
            case ast.Lambda(arguments, value):
                return t.Lambda(tuple(a.arg for a in arguments.args), self.read(value))
            case ast.IfExp(condition, value, otherwise):
                return t.Conditional(self.read(condition), self.read(value), self.read(otherwise))
        return self._read_operation(node)

    def _read_operation(self, node: ast.expr) -> t.Expression:
        match node:
            case ast.UnaryOp(ast.USub(), operand):
                inner = self.read(operand)
                return t.Number("-" + inner.digits) if isinstance(inner, t.Number) else t.Negative(inner)
            case ast.UnaryOp(ast.Not(), operand):
                return t.Not(self.read(operand))
            case ast.BinOp(base, ast.Pow(), exponent):
                return t.Power(self.read(base), self.read(exponent))
            case ast.BinOp(left, ast.Add() | ast.Sub() as op, right):
                before = self.read(left)
                terms = before.terms if isinstance(before, t.Sum) else ((1, before),)
                return t.Sum((*terms, (1 if isinstance(op, ast.Add) else -1, self.read(right))))
            case ast.BinOp(left, op, right):
                before = self.read(left)
                factors = before.factors if isinstance(before, t.Product) else (("", before),)
                return t.Product((*factors, (FACTORS[type(op)], self.read(right))))
            case ast.Compare(left, ops, others):
                words = ["", *(COMPARISONS[type(op)] for op in ops)]
                return t.Compare(tuple(zip(words, self.read_all([left, *others]), strict=True)))
            case ast.BoolOp(op, values):
                word = "and" if isinstance(op, ast.And) else "or"
                return t.Compare(tuple((word if i else "", self.read(v)) for i, v in enumerate(values)))
        raise ValueError(f"no tree for {ast.unparse(node)!r}")

    def read_all(self, nodes: Sequence[ast.expr]) -> tuple[t.Expression, ...]:
        return tuple(map(self.read, nodes))

    def read_arguments(self, call: ast.Call) -> tuple[t.Expression, ...]:
        named = [(k.arg, self.read(k.value)) for k in call.keywords]
        if len(call.args) == 1 and not named and isinstance(call.args[0], ast.GeneratorExp):
            only = call.args[0]
            return (self._read_loops(self.read(only.elt), only.generators),)
        return (*self.read_all(call.args), *(t.Named(n, x) if n else t.Starred(x, "**") for n, x in named))

    def _read_constant(self, node: ast.Constant, value: object) -> t.Expression:
        if isinstance(value, str):
            return t.Text(value)
        if value is None or value is ... or isinstance(value, bool):
            return t.Constant("..." if value is ... else str(value))
        return t.Number(self.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode())

    def _read_part(self, value: ast.expr) -> str | tuple[t.Expression, str]:
        if isinstance(value, ast.FormattedValue):
            formats = value.format_spec.values if isinstance(value.format_spec, ast.JoinedStr) else []
            return self.read(value.value), "".join(str(v.value) for v in formats if isinstance(v, ast.Constant))
        assert isinstance(value, ast.Constant)
        return str(value.value)

    def _read_entry(self, key: ast.expr | None, value: ast.expr) -> t.Expression:
        return t.Entry(self.read(key), self.read(value)) if key else t.Starred(self.read(value), "**")

    def _read_loops(self, item: t.Expression, loops: Sequence[ast.comprehension]) -> t.Expression:
        return t.Comprehension(
            item, tuple(t.Loop(self.read(x.target), self.read(x.iter), self.read_all(x.ifs)) for x in loops)
        )

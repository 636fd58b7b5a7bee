"""Trees of code that is written as Python: `read("np.ones(n)")`; holes in it are filled with trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache

from flowc.backends.code import tree as t
from flowc.backends.code.fill import Tree, fill

HOLE = "__hole__"
FACTORS = {ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.FloorDiv: "//", ast.Mod: "%"}
COMPARISONS = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


@lru_cache(4096)
def read(text: str) -> t.Expression:
    """The tree of an expression; a keyword `name=value` or a starred argument is one, too."""
    try:
        return Reader(text).tree(ast.parse(text, mode="eval").body)
    except SyntaxError:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
        (argument,) = Reader(f"f({text})").arguments(call)
        return argument


def filled(text: str, items: Sequence[t.Expression]) -> t.Expression:
    """The tree of `text`, with `items` where the HOLE is."""
    hole: Tree = items[0] if len(items) == 1 else tuple(items)
    return fill(read(text), {HOLE: hole})


def names_of(node: ast.AST) -> frozenset[str]:
    """Every name in Python's own tree."""
    names: set[str] = set()
    _collect(node.__dict__.values(), names)
    return frozenset(names)


def _collect(parts: Iterable[object], names: set[str]) -> None:
    for part in parts:
        if type(part) is ast.Name:
            names.add(part.id)
        elif type(part) is list:
            _collect(part, names)
        elif isinstance(part, ast.AST):
            _collect(part.__dict__.values(), names)


@lru_cache(1024)
def names_in(text: str) -> frozenset[str]:
    """Every name in some lines of Python."""
    return names_of(ast.parse(text))


class Reader:
    """Python's own tree of `text` as ours."""

    def __init__(self, text: str):
        self.lines = text.split("\n")

    def tree(self, node: ast.expr) -> t.Expression:
        match node:
            case ast.Name(name):
                return t.Name(name)
            case ast.Constant(value):
                return self._constant(node, value)
            case ast.JoinedStr(values):
                return t.Format(tuple(self._part(v) for v in values))
            case ast.Attribute(value, name):
                return t.Attribute(self.tree(value), name)
            case ast.Subscript(value, places):
                inner = places.elts if isinstance(places, ast.Tuple) and places.elts else [places]
                return t.Index(self.tree(value), self.trees(inner))
            case ast.Slice(first, last, step):
                return t.Slice(*(self.tree(part) if part else None for part in (first, last, step)))
            case ast.Call():
                return t.Call(self.tree(node.func), self.arguments(node))
            case ast.Starred(value):
                return t.Starred(self.tree(value))
            case ast.Tuple(items):
                return t.Tuple(self.trees(items))
            case ast.List(items):
                return t.List(self.trees(items))
            case ast.Set(items):
                return t.Dict(self.trees(items))
            case ast.Dict(keys, values):
                return t.Dict(tuple(self._entry(k, v) for k, v in zip(keys, values, strict=True)))
            case ast.ListComp(item, loops):
                return t.List((self._comprehension(self.tree(item), loops),))
            case ast.GeneratorExp(item, loops):
                return t.Tuple((self._comprehension(self.tree(item), loops),))
            case ast.DictComp(key, value, loops):
                return t.Dict((self._comprehension(self._entry(key, value), loops),))
            case ast.Lambda(arguments, value):
                return t.Lambda(tuple(a.arg for a in arguments.args), self.tree(value))
            case ast.IfExp(condition, value, otherwise):
                return t.Conditional(self.tree(condition), self.tree(value), self.tree(otherwise))
        return self._operation(node)

    def _operation(self, node: ast.expr) -> t.Expression:
        match node:
            case ast.UnaryOp(ast.USub(), operand):
                inner = self.tree(operand)
                return t.Number("-" + inner.digits) if isinstance(inner, t.Number) else t.Negative(inner)
            case ast.UnaryOp(ast.Not(), operand):
                return t.Not(self.tree(operand))
            case ast.BinOp(base, ast.Pow(), exponent):
                return t.Power(self.tree(base), self.tree(exponent))
            case ast.BinOp(left, ast.Add() | ast.Sub() as op, right):
                before = self.tree(left)
                terms = before.terms if isinstance(before, t.Sum) else ((1, before),)
                return t.Sum((*terms, (1 if isinstance(op, ast.Add) else -1, self.tree(right))))
            case ast.BinOp(left, op, right):
                before = self.tree(left)
                factors = before.factors if isinstance(before, t.Product) else (("", before),)
                return t.Product((*factors, (FACTORS[type(op)], self.tree(right))))
            case ast.Compare(left, ops, others):
                words = ["", *(COMPARISONS[type(op)] for op in ops)]
                return t.Compare(tuple(zip(words, self.trees([left, *others]), strict=True)))
            case ast.BoolOp(op, values):
                word = "and" if isinstance(op, ast.And) else "or"
                return t.Compare(tuple((word if i else "", self.tree(v)) for i, v in enumerate(values)))
        raise ValueError(f"no tree for {ast.unparse(node)!r}")

    def trees(self, nodes: Sequence[ast.expr]) -> tuple[t.Expression, ...]:
        return tuple(map(self.tree, nodes))

    def arguments(self, call: ast.Call) -> tuple[t.Expression, ...]:
        named = [(k.arg, self.tree(k.value)) for k in call.keywords]
        if len(call.args) == 1 and not named and isinstance(call.args[0], ast.GeneratorExp):
            only = call.args[0]
            return (self._comprehension(self.tree(only.elt), only.generators),)
        return (*self.trees(call.args), *(t.Named(n, x) if n else t.Starred(x, "**") for n, x in named))

    def _constant(self, node: ast.Constant, value: object) -> t.Expression:
        if isinstance(value, str):
            return t.Text(value)
        if value is None or value is ... or isinstance(value, bool):
            return t.Constant("..." if value is ... else str(value))
        return t.Number(self.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode())

    def _part(self, value: ast.expr) -> str | tuple[t.Expression, str]:
        if isinstance(value, ast.FormattedValue):
            format_ = value.format_spec
            return self.tree(value.value), "".join(v.value for v in format_.values) if isinstance(format_, ast.JoinedStr) else ""  # type: ignore[attr-defined]
        assert isinstance(value, ast.Constant)
        return str(value.value)

    def _entry(self, key: ast.expr | None, value: ast.expr) -> t.Expression:
        return t.Entry(self.tree(key), self.tree(value)) if key else t.Starred(self.tree(value), "**")

    def _comprehension(self, item: t.Expression, loops: Sequence[ast.comprehension]) -> t.Expression:
        return t.Comprehension(
            item, tuple(t.Loop(self.tree(x.target), self.tree(x.iter), self.trees(x.ifs)) for x in loops)
        )

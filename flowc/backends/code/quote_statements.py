"""Statements that are written as Python, as trees; what is not to be changed stays as its lines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.quote import FACTORS, Reader
from flowc.backends.code.scope import names_of_node


def statement(text: str) -> t.Statement:
    """The tree of one statement."""
    (code,) = statements(text)
    return code


def statements(text: str) -> tuple[t.Statement, ...]:
    """The trees of a text, its comments and empty lines among them."""
    return StatementReader(text).read_block(ast.parse(text).body, 0)


class StatementReader(Reader):
    """Python's own statements of `text` as ours. Those that use none of `holes` stay lines; without `holes` all are trees."""

    def __init__(self, text: str, holes: Iterable[str] | None = None):
        super().__init__(text)
        self.holes = None if holes is None else {*holes}

    def read_block(self, nodes: Sequence[ast.stmt], before: int) -> tuple[t.Statement, ...]:
        """Statements of one indentation, and what stands between them. `before`: the number of the last line above."""
        code: list[t.Statement] = []
        for node in nodes:
            first = first_line(node)
            code += self._read_gap(before, first - 1)
            code.append(self._quote(node, first) if self._stays(node) else self._read_noted(node))
            before = node.end_lineno or first
        return tuple(code)

    def _quote(self, node: ast.stmt, first: int) -> t.Quoted:
        """The lines of a statement, as they stand."""
        lines = [line[node.col_offset :] for line in self.lines[first - 1 : node.end_lineno]]
        return t.Quoted(tuple(lines), names_of_node(node), getattr(node, "name", ""))

    def _read_noted(self, node: ast.stmt) -> t.Statement:
        """The tree of a statement, with the comment behind it or behind its head."""
        head = _head_of(node)
        line = self.lines[(head.end_lineno or 0) - 1].encode()[head.end_col_offset or 0 :].decode()
        words = line.removeprefix(":").strip()
        code = self._read_statement(node)
        return t.Noted(code, words.removeprefix("# ")) if words.startswith("#") else code

    def _read_gap(self, before: int, last: int) -> list[t.Statement]:
        rows = [row for line in self.lines[before:last] if not (row := line.strip()) or row[0] == "#"]
        if self.holes is not None:
            return [t.Quoted(tuple(rows))] if rows else []
        return [t.Comment(row.removeprefix("# ")) if row else t.Blank() for row in rows]

    def _stays(self, node: ast.stmt) -> bool:
        return self.holes is not None and names_of_node(node).isdisjoint(self.holes)

    def _read_statement(self, node: ast.stmt) -> t.Statement:
        match node:
            case ast.Assign(targets, value):
                return t.Assign(self.read_all(targets), self.read(value))
            case ast.AugAssign(target, operator, value):
                word = FACTORS.get(type(operator)) or ("+" if isinstance(operator, ast.Add) else "-")
                return t.Assign((self.read(target),), self.read(value), word)
            case ast.Return(value):
                return t.Return(self.read(value) if value else None)
            case ast.Assert(condition):
                return t.Assert(self.read(condition))
            case ast.Expr(ast.Yield(ast.expr() as value)):
                return t.Yield(self.read(value))
            case ast.Expr(value):
                return t.Do(self.read(value))
            case ast.Raise(ast.expr() as value):
                return t.Raise(self.read(value))
            case ast.Pass() | ast.Continue() | ast.Break():
                return t.Jump(type(node).__name__.lower())
        return self.read_compound(node)

    def read_compound(self, node: ast.stmt) -> t.Statement:
        match node:
            case ast.For(target, values, body):
                return t.For(self.read(target), self.read(values), self.read_block(body, _line_of(node)))
            case ast.While(condition, body):
                return t.While(self.read(condition), self.read_block(body, _line_of(node)))
            case ast.If(condition, body, otherwise):
                inner = self.read_block(body, _line_of(node))
                return t.If(self.read(condition), inner, self.read_block(otherwise, self._line_of_else(body, otherwise)))
            case ast.With(items, body):
                entered = [(self.read(i.context_expr), self.read(i.optional_vars) if i.optional_vars else None) for i in items]
                return t.With(tuple(entered), self.read_block(body, _line_of(node)))
            case ast.Try(body, handlers):
                kinds = [(self.read(h.type), self.read_block(h.body, h.lineno)) for h in handlers if h.type]
                return t.Try(self.read_block(body, node.lineno), tuple(kinds))
            case ast.FunctionDef():
                return t.Function(
                    node.name, self.read_parameters(node.args), *self._read_body(node), self.read_all(node.decorator_list)
                )
            case ast.ClassDef():
                return t.Class(node.name, self.read_all(node.bases), *self._read_body(node))
        raise ValueError(f"no tree for {ast.unparse(node)!r}")

    def _line_of_else(self, body: Sequence[ast.stmt], otherwise: Sequence[ast.stmt]) -> int:
        """The line of `else:`; of an `elif` that above it."""
        first = (body[-1].end_lineno or 0) + 1
        return first if otherwise and otherwise[0].lineno > first else first - 1

    def _read_body(self, node: ast.FunctionDef | ast.ClassDef) -> tuple[str, tuple[t.Statement, ...]]:
        """Its docstring on one line, and its body without it; beside lines that stay, so does the docstring."""
        doc = ast.get_docstring(node)
        if doc is None or self.holes is not None:
            doc, body = "", self.read_block(node.body, node.lineno)
        else:
            doc, body = " ".join(doc.split()), self.read_block(node.body[1:], node.body[0].end_lineno or 0)
        return doc, tuple(code for code in body if code != t.Blank() or isinstance(node, ast.FunctionDef))

    def read_parameters(self, arguments: ast.arguments) -> tuple[t.Expression, ...]:
        """Those of a function, in order."""
        plain = [*arguments.posonlyargs, *arguments.args]
        values = [None] * (len(plain) - len(arguments.defaults)) + [*arguments.defaults]
        parameters: list[t.Expression] = [self._read_parameter(a, v) for a, v in zip(plain, values, strict=True)]
        if arguments.vararg:
            parameters.append(t.Starred(t.Name(arguments.vararg.arg)))
        parameters += [self._read_parameter(a, v) for a, v in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
        return (*parameters, *([t.Starred(t.Name(arguments.kwarg.arg), "**")] if arguments.kwarg else []))

    def _read_parameter(self, name: ast.arg, value: ast.expr | None) -> t.Expression:
        return t.Named(name.arg, self.read(value)) if value else t.Name(name.arg)


def first_line(node: ast.stmt) -> int:
    """That of its decorators, where it has any."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(d.lineno for d in decorators)])


def _head_of(node: ast.stmt) -> ast.expr | ast.stmt:
    """What ends where a comment may begin."""
    match node:
        case ast.If(condition) | ast.While(condition):
            return condition
        case ast.For():
            return node.iter
        case ast.With():
            return node.items[-1].context_expr
    return node


def _line_of(node: ast.stmt) -> int:
    return _head_of(node).end_lineno or 0

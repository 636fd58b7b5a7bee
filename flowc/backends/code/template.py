"""Definitions for printed files that are real Python, kept in files of their own: checked, imported and run as any other."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import flowc
from flowc.backends.code import tree as t
from flowc.backends.code.fill import Tree, fill_in
from flowc.backends.code.quote_statements import StatementReader, first_line

FOLDER = os.path.join(os.path.dirname(flowc.__file__), "backends")


class Templates:
    """The definitions of one file, read when the first is asked for. `path`: from the folder of backends.

    `holes`: what stands in the place of a name of the file. A tree, or several where there may be several; for a name
    that is the whole condition of an `if`, whether it holds: then only what is done is printed.
    """

    def __init__(self, path: str):
        self.path = os.path.join(FOLDER, path)

    @cached_property
    def text(self) -> str:
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    @cached_property
    def nodes(self) -> dict[str, ast.stmt]:
        """Functions, classes, values with a name, and what is tried to be imported; methods as `Class.method`."""
        return {name: node for name, node in _list_definitions(ast.parse(self.text).body, "")}

    def definition(self, name: str, /, **holes: Tree) -> t.Statement:
        """What the file has under this name."""
        node = self.nodes[name]
        (code,) = StatementReader(self.text, holes).read_block([node], first_line(node) - 1)
        (filled,) = fill_in(code, holes)
        return filled

    def variant(self, name: str, called: str, /, **holes: Tree) -> t.Function:
        """A function that has another name in a printed file."""
        function = self._read_function(name, holes)
        return t.Function(called, function.arguments, function.doc, function.body, function.decorators)

    def body_of(self, name: str, /, **holes: Tree) -> tuple[t.Statement, ...]:
        """What a function does, to be done elsewhere."""
        return self._read_function(name, holes).body

    def _read_function(self, name: str, holes: Mapping[str, Tree]) -> t.Function:
        (filled,) = fill_in(StatementReader(self.text, holes).read_compound(self.nodes[name]), holes)
        assert isinstance(filled, t.Function)
        return filled

    def methods(self, name: str) -> list[str]:
        """The methods of a class, in order."""
        return [inner.removeprefix(f"{name}.") for inner in self.nodes if inner.startswith(f"{name}.")]

    def chosen(self, name: str, methods: Sequence[str], /, **holes: Tree) -> t.Class:
        """A class, with these of its methods."""
        node = self.nodes[name]
        assert isinstance(node, ast.ClassDef)
        reader = StatementReader(self.text, holes)
        before = [n for n in node.body if not isinstance(n, ast.FunctionDef)]
        body = (*reader.read_block(before, node.lineno), *(self.definition(f"{name}.{method}", **holes) for method in methods))
        return t.Class(name, reader.read_all(node.bases), "", body)


def _list_definitions(nodes: Sequence[ast.stmt], within: str) -> Iterator[tuple[str, ast.stmt]]:
    for node in nodes:
        match node:
            case ast.FunctionDef(name) | ast.Assign([ast.Name(name)]) | ast.Try([ast.ImportFrom(names=[ast.alias(name), *_])]):
                yield within + name, node
            case ast.ClassDef(name, body=body):
                yield name, node
                yield from _list_definitions(body, f"{name}.")


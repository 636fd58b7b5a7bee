"""Roots in the step of a method: a library whose root is of arrays alone has those of numbers as powers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import Statement


def roots_of_arrays(lines: Sequence[str]) -> tuple[Statement, ...]:
    """The lines, in which `sqrt` is called with arrays: the weight, its gradient, and what is made of them.

    What is kept is the number 0 before the first step, and what is made of settings is always a number.
    """
    arrays = {"w", "g"}
    rewritten: list[Statement] = []
    for line in lines:
        code = ast.parse(line)
        rewriter = _Roots(arrays)
        changed = ast.unparse(rewriter.visit(code)) if rewriter.has_others(code) else line
        rewritten.append(statement(changed))
        target, _, value = line.partition(" = ")
        if _names(ast.parse(value)) & arrays:
            arrays.add(target)
    return tuple(rewritten)


class _Roots(ast.NodeTransformer):
    def __init__(self, arrays: set[str]):
        self.arrays = arrays

    def has_others(self, code: ast.AST) -> bool:
        return any(map(self._is_of_number, ast.walk(code)))

    def _is_of_number(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and not _names(node) & self.arrays

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        return ast.BinOp(node.args[0], ast.Pow(), ast.Constant(0.5)) if self._is_of_number(node) else node


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}

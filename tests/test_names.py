"""Names say what they hold: no participle and no pronoun is one."""

import ast

import pytest

from tests.test_imports import FILES, PACKAGE

# Of a sum, and of what it is made of, `left` and `hidden` are terms of the field; these are none.
WORDS = {
    "found", "known", "made", "given", "wanted", "kept", "own", "whole", "each", "more", "met", "said", "early", "taken",
}  # fmt: skip
PUBLIC = {("nets/tables.py", "given")}  # an attribute of what `Flow.test` gives


def files():
    """Templates are printed, and have names for their readers."""
    return [path for path in FILES if path.parent.name != "templates"]


def assigned(path):
    """The names that something is assigned to, fields of records among them, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, node.lineno


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_assigned_has_a_name_that_says_what_it_is(path):
    there = str(path.relative_to(PACKAGE))
    assert [(name, line) for name, line in assigned(path) if name in WORDS and (there, name) not in PUBLIC] == []

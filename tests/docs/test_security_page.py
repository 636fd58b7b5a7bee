"""Each claim of the page on security names the tests that hold it, and these exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
CLAIMS = [row for row in PAGE.splitlines() if row.startswith("| **")]


@pytest.mark.parametrize("row", CLAIMS, ids=lambda row: row.split("**")[1])
def test_a_claim_is_held_by_a_test(row):
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
    assert tests
    for path, name in tests:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"

"""Each claim of the pages on security and on reliability names the tests that hold it, and these exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("security", "reliability")}
CLAIMS = [
    (page, row)
    for page, text in PAGES.items()
    for row in text.splitlines()
    if row.startswith("| ") and not row.startswith(("| |", "| asked |"))
]  # fmt: skip


@pytest.mark.parametrize("page, row", CLAIMS, ids=lambda words: re.sub(r"\W+", " ", words)[:60].strip())
def test_a_claim_is_held_by_a_test(page, row):
    tests = re.findall(r"`(?:pytest )?(tests/[\w/]+\.py)(?:::(\w+))?`", row)
    assert tests
    for path, name in tests:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert not name or name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"

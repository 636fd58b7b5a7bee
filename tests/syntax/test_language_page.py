"""The reference page keeps up with the grammar."""

import re
from pathlib import Path

import pytest

from flowc.source import Source
from flowc.syntax import limits
from flowc.syntax.keywords import KEYWORDS
from flowc.syntax.machine import grammar
from flowc.syntax.parser import parse_with_warnings
from flowc.syntax.wording.shared import example

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```flow[^\n]*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.split("\n")[0])
def test_its_blocks_parse(text: str) -> None:
    assert not parse_with_warnings(Source("language.md", text))[1]


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_it_shows_every_keyword(keyword: str) -> None:
    assert f"`{keyword}" in PAGE
    assert any(re.search(rf"^{keyword}\b", text, re.MULTILINE) for text in BLOCKS) or f"`{keyword} " in PAGE


def test_its_examples_reach_every_kind_of_statement() -> None:
    rules = re.search(r"^_statement: (.*)$", grammar(), re.MULTILINE)
    assert rules
    kinds = set(rules[1].split(" | "))
    trees = [parse_with_warnings(Source("t", text))[0] for text in [*BLOCKS, "train sgd(rate=0.1)"]]
    met = {type(statement).__name__ for tree in trees for statement in tree.statements}
    names = {
        "header": "Header", "indices": "Indices", "declaration": "Declaration", "weights": "Weights", "arrows": "Arrows",
        "plain_arrows": "PlainArrows", "equation": "Equation", "loss": "Loss", "train": "Train", "data": "DataTable",
        "nodes": "NodesFile", "edges": "EdgesFile",
    }  # fmt: skip
    assert kinds == set(names) and set(names.values()) | {"DataFile", "DataFormulas"} <= met


def test_its_limits_are_those_of_the_code() -> None:
    table = PAGE[PAGE.index("## Limits") :]
    for limit in (limits.DEPTH, limits.LEVELS, limits.DIGITS, limits.LETTERS, limits.MISTAKES):
        assert re.search(rf"\| {limit}\b", table)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_the_examples_in_messages_parse(keyword: str) -> None:
    for text in re.findall(r"`([^`]*)`", example(keyword).partition(", or")[0]):
        assert parse_with_warnings(Source("t", text))[0].statements


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "@", "^"])
def test_it_names_every_operator(operator: str) -> None:
    assert f"`{operator}`" in PAGE

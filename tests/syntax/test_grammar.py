"""The grammar is strict LALR(1), and no terminal of one context is read in another."""

import re

import pytest
from lark import Lark

from flowc.syntax.keywords import KEYWORDS
from flowc.syntax.machine import grammar, machine, options

RESERVED = {word.upper() for word in KEYWORDS}


def test_it_is_strict() -> None:
    pytest.importorskip("interegular")  # without it, strict mode finds no collisions of terminals
    Lark(grammar(), strict=True, **options())


@pytest.fixture(scope="module")
def states() -> list[set[str]]:
    """The terminals that each state of the parser reads."""
    table = machine()[0].parser.parser._parse_table  # type: ignore[attr-defined]
    return [
        {name for name in state if name.isupper() or name.startswith(("_", "$"))} for state in table.states.values()
    ]


def test_tables_keep_to_themselves(states: list[set[str]]) -> None:
    for state in states:
        if "SIGNED" in state:
            assert not state & {"NUMBER", "PLUS", "MINUS", "LPAR", "LSQB", "PLAIN_ARROWS", *RESERVED}
        if "BAR" in state:
            assert not state & {
                "NUMBER",
                "PLAIN_ARROWS",
                *RESERVED,
            }  # operators: a name is read before it is known whose


def test_keywords_are_read_only_where_a_statement_begins(states: list[set[str]]) -> None:
    for state in states:
        if state & RESERVED:
            assert state >= RESERVED | {"NAME", "NUMBER", "PLAIN_ARROWS"}
            assert not state & {"STRING", "SIGNED", "BAR", "RBRACE", "PLUS", "COLON", "TILDE"}
        else:
            assert "PLAIN_ARROWS" not in state


def test_every_rule_has_its_method() -> None:
    lark, build = machine()
    for rule in lark.rules:
        name = rule.alias or rule.options.template_source or rule.origin.name
        inlined = (
            str(name).startswith("_") or (rule.options.expand1 and len(rule.expansion) == 1) or name == "statement"
        )
        assert inlined or hasattr(build, str(name)), name


def test_every_keyword_begins_a_statement() -> None:
    rules = re.sub(r"//[^\n]*|%extend[^\n]*", "", grammar())
    used = {word for rule in re.findall(r"^\w+:(.*(?:\n +\|.*)*)", rules, re.MULTILINE) for word in re.findall(r"\b[A-Z]+\b", rule)}
    assert used >= RESERVED

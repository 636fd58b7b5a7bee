"""Every bad text of `tests/bad/syntax` gives exactly the diagnostics beside it; FLOWC_ACCEPT=1 writes them anew."""

import os
from pathlib import Path

import pytest

from flowc.diagnostics.codes import CODES
from flowc.diagnostics.error import FlowError
from flowc.syntax import decode
from flowc.syntax.parser import parse_with_warnings
from tests.snapshot import line

BAD = Path(__file__).parent.parent / "bad" / "syntax"
FILES = sorted(BAD.glob("*.flow"))


def diagnose(data: bytes, name: str) -> str:
    try:
        source = decode(data, name)
        problems = parse_with_warnings(source)[1]
    except FlowError as error:
        source, problems = error.source, error.diagnostics
    assert all(0 <= p.span.start <= p.span.end <= len(source.text) for p in problems)
    assert all(p.code in CODES for p in problems)
    return "".join(line(source, problem) + "\n" for problem in problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_diagnostics(path: Path) -> None:
    found = diagnose(path.read_bytes(), path.name)
    expected = path.with_suffix(".expected")
    if os.environ.get("FLOWC_ACCEPT") == "1":
        expected.write_text(found, encoding="utf-8")
    assert found, "this text has nothing wrong with it"
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_many() -> None:
    assert len(FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_message_names_a_terminal(path: Path) -> None:
    words = set(path.with_suffix(".expected").read_text(encoding="utf-8").replace("`", " ").split())
    assert not words & {
        "NAME",
        "NUMBER",
        "SIGNED",
        "STRING",
        "LPAR",
        "RPAR",
        "LSQB",
        "RSQB",
        "_ARROW",
        "_NEWLINE",
        "$END",
    }

"""docs/adding-a-keyword.md, followed to the letter in a copy of flowc: a word in one place, and its statement."""

import pytest

from tests.copies import COPIED, block, copied, page, python

PAGE = page("adding-a-keyword.md")
DIAGRAM = block(PAGE, "flow new")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's changes, and its diagram."""
    parts = (*COPIED, "tests/syntax", "tests/corpus/diagrams")
    folder = copied(tmp_path_factory.mktemp("copy"), PAGE, parts)
    (folder / "net.flow").write_text(DIAGRAM, encoding="utf-8")
    return folder


COMMANDS = """
from pathlib import Path
from flowc.__main__ import main

text = Path("net.flow").read_text()
assert main(["check", "net.flow"]) == 0
assert main(["fmt", "--check", "net.flow"]) == 0
assert main(["run", "net.flow", "x=0.5"]) == 0
assert main(["compile", "net.flow", "--emit", "tree"]) == 0
assert main(["verify", "net.flow", "--seconds", "0", "--backend", "numpy"]) == 0
for wrong in ("note", "noet 'words'", "remark 'words'", "note words", "note 3", "Note 'words'"):
    Path("wrong.flow").write_text(text + wrong + "\\n")
    print("::", wrong)
    assert main(["check", "wrong.flow"]) == 1
Path("loose.flow").write_text(text.replace('note   "', "note '").replace('board"', "board'  # on Monday"))
assert main(["fmt", "loose.flow"]) == 0
print(Path("loose.flow").read_text())
"""


def test_the_commands_know_it(copy):
    said = python(copy, "-c", COMMANDS)
    assert 'note   "drawn on the board"  # on Monday\n' in said
    assert "Remark" in said and "all agree" in said
    assert 'note` needs something after it' in said and 'as `note "drawn on the board"`' in said
    for wrong in ("noet", "remark", "Note"):
        assert f"`{wrong}` is not a keyword; did you mean `note" in said, said


COLOURS = """
from pygments.token import Keyword, Name
from flowc.doors.lexer import FlowLexer

tokens = [(kind, text) for kind, text in FlowLexer().get_tokens(open("net.flow").read()) if text == "note"]
assert [kind for kind, _ in tokens] == [Keyword, Name, Name, Name], tokens
"""
DRAWN = """
from flowc.testing.words import SPELLED
assert "note" in SPELLED
"""


def test_colours_and_property_tests_know_it(copy):
    python(copy, "-c", COLOURS + DRAWN)


def test_the_grammar_stays_strict(copy):
    python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/syntax/test_grammar.py")

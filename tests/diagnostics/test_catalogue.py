"""Every entry of the catalogue: its wrong text gives exactly its code, its right text no error."""

from functools import partial

import pytest

from flowc.diagnostics import FlowError
from flowc.diagnostics.codes import CODES, syntax
from flowc.graph.files.access import Unreadable
from flowc.pipeline import understand
from flowc.syntax import decode, parse_with_warnings

SYNTAX = {code.name for code in syntax.CODES}


def opened(files, name):
    """A file of the example."""
    if name not in files:
        raise Unreadable("there is no such file")
    return files[name].encode()


def diagnostics(code, wrong):
    """What the stage that the code belongs to says of the wrong text, or of the right one."""
    text, files = (code.wrong, code.wrong_files) if wrong else (code.right, code.right_files)
    data = text if isinstance(text, bytes) else text.encode()
    try:
        source = decode(data, "example.flow")
        if code.name in SYNTAX:
            return parse_with_warnings(source)[1]
        return understand(source, dict(code.settings), partial(opened, dict(files))).warnings
    except FlowError as error:
        return error.diagnostics


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_wrong_gives_exactly_this_code(code):
    assert {d.code for d in diagnostics(code, wrong=True)} == {code.name}


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_right_gives_no_error(code):
    assert [d for d in diagnostics(code, wrong=False) if d.severity == "error" or d.code == code.name] == []


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_name_is_a_slug_and_a_summary_a_sentence(code):
    assert all(word.isalpha() and word.islower() for word in code.name.split("-"))
    assert code.summary.endswith((".", "?")) and not code.summary.startswith(code.name)

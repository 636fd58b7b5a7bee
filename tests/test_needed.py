"""`python -m tests.needed` names tests that are there, and for every room some beside those of all."""

import pytest

from tests.needed import ALWAYS, ROOT, needed
from tests.test_imports import FILES, PACKAGE

ROOMS = {path.relative_to(PACKAGE).parts[0]: path for path in FILES}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_tests(room):
    found = needed([str(ROOMS[room].relative_to(ROOT))])
    assert {*found} > {*ALWAYS} and all((ROOT / path).exists() for path in found)


def test_those_that_import_a_file_are_among_them():
    assert "tests/plots/test_curves.py" in needed(["flowc/maths/scalar.py"])
    assert "tests/program" in needed(["flowc/program/lower.py"])


def test_those_that_share_a_helper_with_it_are_among_them():
    assert "tests/doors/test_compile_train.py" in needed(["tests/examples/variants.py"])


def test_a_test_needs_itself_and_a_page_the_pages():
    assert needed(["tests/graph/test_data.py"]) == sorted([*ALWAYS, "tests/graph/test_data.py"])
    assert "tests/docs/test_pages.py" in needed(["docs/data.md"])


def test_a_text_that_is_printed_needs_its_room():
    assert "tests/backends" in needed(["flowc/backends/javascript/templates/random.js"])

"""The catalogue's entries of the graph stage: the wrong text gives that code alone, the right one gives no problem."""

import pytest

from flowc.diagnostics.codes.graph import CODES
from tests.graph.reading import codes


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_wrong_and_right(code) -> None:
    sizes = dict(code.settings)
    assert set(codes(code.wrong, **sizes)) == {code.name}
    assert codes(code.right, **sizes) == []

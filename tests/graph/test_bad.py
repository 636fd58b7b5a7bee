"""Every bad text of `tests/bad/graph` gives exactly the diagnostics beside it; FLOWC_ACCEPT=1 writes them anew.

The files that texts name stand beside them.
"""

import os
from pathlib import Path

import pytest

from flowc.diagnostics.codes import CODES
from flowc.doors.cli.diagram_files import beside
from flowc.source import Source
from tests.graph.reading import problems
from tests.snapshot import line

BAD = Path(__file__).parent.parent / "bad" / "graph"
FILES = sorted(BAD.glob("*.flow"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_diagnostics(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = problems(text, beside(str(path)))
    source = Source(path.name, text)
    assert found, "this text has nothing wrong with it"
    assert all(0 <= p.span.start <= p.span.end <= len(text) for p in found)
    assert all(p.code in CODES for p in found)
    written = "".join(line(source, problem) + "\n" for problem in found)
    expected = path.with_suffix(".expected")
    if os.environ.get("FLOWC_ACCEPT") == "1":
        expected.write_text(written, encoding="utf-8")
    assert written == expected.read_text(encoding="utf-8")


def test_there_are_many() -> None:
    assert len(FILES) >= 120

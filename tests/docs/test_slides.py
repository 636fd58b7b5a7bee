"""docs/slides.md: its commands write the files that its talks take, and these compile."""

from pathlib import Path

import pytest

from tests.docs.test_pages import FENCE, console
from tests.drawing.latex import compile_latex, read_pages

PAGE = Path(__file__).parents[2] / "docs" / "slides.md"


@pytest.fixture(scope="module")
def blocks():
    """Of the page by their kinds."""
    pairs = [(block["kind"], block["text"]) for block in FENCE.finditer(PAGE.read_text(encoding="utf-8"))]
    return {kind: [text for k, text in pairs if k == kind] for kind, _ in pairs}


@pytest.fixture
def folder(blocks, tmp_path, monkeypatch):
    """With the files that the page's commands write."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(PAGE.parents[1] / "examples")
    for text in blocks["console"]:
        console(text)
    return tmp_path


def test_the_talk_of_the_page_compiles(blocks, folder):
    (text,) = blocks["latex talk"]
    pages = read_pages(compile_latex(folder, text, "talk"))
    assert len(pages) == 1 + 1 + 17 and "Exclusive or" in pages[0] and "One token" in pages[1]

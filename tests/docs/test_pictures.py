"""The pictures of the pages are those that flowc draws now, and the sheet shows every example."""

import re
import runpy
from pathlib import Path

import pytest

import flowc
from flowc.syntax.format import format_source

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_pictures.py"))


@pytest.mark.parametrize("name", MADE["PICTURES"])
def test_a_picture_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == MADE["picture"](name)


@pytest.mark.parametrize("name, function", [("contact-sheet.png", "contact_sheet"), ("unit-sheet.png", "unit_sheet"), ("four.png", "four")])
def test_a_sheet_is_up_to_date(name, function):
    from io import BytesIO

    import numpy as np
    from PIL import Image

    old, new = (np.asarray(Image.open(BytesIO(png))) for png in ((DOCS / name).read_bytes(), MADE[function]()))
    assert old.shape == new.shape
    assert abs(old.astype(int) - new).mean() < 0.5


PLOTS = runpy.run_path(str(DOCS / "make_plots.py"))


@pytest.mark.parametrize("name", PLOTS["PLOTS"])
def test_a_plot_shows_what_flowc_plots_now(name):
    """By its words: its lines are spelled otherwise by another version of matplotlib."""
    from xml.etree import ElementTree

    assert ElementTree.parse(DOCS / name).getroot()[1].text == PLOTS["plot"](name).alt


def test_the_unit_s_page_has_a_row_for_each_diagram():
    rows = re.findall(r"^\| (\w+) \|", (DOCS / "unit.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(rows) - {"diagram"}) == sorted(path.stem for path in (DOCS / "unit").glob("*.flow"))
    for path in (DOCS / "unit").glob("*.flow"):
        assert format_source(flowc.load(path).source) == path.read_text(encoding="utf-8")

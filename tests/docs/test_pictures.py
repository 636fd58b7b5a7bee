"""The pictures of the pages are those that flowc draws now, and the sheet shows every example."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_pictures.py"))


@pytest.mark.parametrize("name", MADE["PICTURES"])
def test_a_picture_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == MADE["picture"](name)


@pytest.mark.parametrize("name, function", [("contact-sheet.png", "contact_sheet"), ("four.png", "four")])
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

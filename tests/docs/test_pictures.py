"""The pictures of the pages are those that flowc draws now, and the sheet shows every example."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_pictures.py"))


@pytest.mark.parametrize("name", MADE["PICTURES"])
def test_a_picture_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == MADE["picture"](name)


def test_the_sheet_is_up_to_date():
    from io import BytesIO

    import numpy as np
    from PIL import Image

    old, new = (np.asarray(Image.open(BytesIO(png))) for png in ((DOCS / "contact-sheet.png").read_bytes(), MADE["contact_sheet"]()))
    assert old.shape == new.shape
    assert abs(old.astype(int) - new).mean() < 0.5

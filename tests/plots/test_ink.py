"""Plots as files: the same bytes every time, with words for those who do not see them."""

import io
import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from PIL import Image

from flowc.drawing.label import Label
from flowc.plots.fit import Data, Fitted, fit
from flowc.plots.formats import FORMATS
from flowc.plots.ink import as_bytes
from flowc.plots.regions import Panel, Plane, Points, regions
from flowc.plots.zones import of_sides

SVG = "{http://www.w3.org/2000/svg}"
TITLE = 'A "title" with $x$, <b> & \\'


def plot(theme="light"):
    x = np.linspace(-1, 1, 50)
    label = Label("x", "x"), Label("<y> $&", None)
    return fit(TITLE, label, x, [Fitted(0, x), Fitted(3, x**2)], Data(x[::7], x[::7] ** 2, Label("y")), theme)


def soft():
    x = np.linspace(-1, 1, 40)
    values = 1 / (1 + np.exp(-4 * (x[:, None] + x)))
    plane = Plane(x, x, (Label("x₁", "x_1"), Label("x₂", "x_2")))
    sides = of_sides(values, 0.5, (Label("low"), Label("high")))
    points = Points(np.array([0.5, -0.5]), np.array([0.5, 0.5]), np.array([1, 0]), (Label("0"), Label("1")))
    return regions("Soft", plane, [Panel(Label("f", "f"), sides, values)], points)


def test_points_beside_the_plane_are_not_drawn():
    """They would stand on the legend, and take the room of the axes."""
    x = np.linspace(0, 0.1, 40)
    plane = Plane(x, x, (Label("a"), Label("b")))
    sides = of_sides(x[:, None] - x, 0.0, (Label("low"), Label("high")))
    points = Points(np.array([0.05, 0.05, 0.1]), np.array([0.05, 0.9, 0.0]), np.array([1, 0, 0]), (Label("0"), Label("1")))
    drawn = regions("Part", plane, [Panel(Label("f"), sides)], points)
    places = [tuple(place) for line in drawn.axes[0].lines if line.get_marker() == "o" for place in line.get_xydata()]
    assert sorted(places) == [(0.05, 0.05), (0.1, 0.0)] and "2 data points" in drawn.alt


@pytest.mark.parametrize("make", [plot, soft])
@pytest.mark.parametrize("form", FORMATS)
def test_the_bytes_are_the_same_every_time(make, form):
    first = as_bytes(make(), form)
    with matplotlib.rc_context({"font.size": 40, "axes.facecolor": "pink", "svg.hashsalt": None, "text.usetex": False}):
        assert as_bytes(make(), form) == first
    assert b"Matplotlib" not in first and b"CreationDate" not in first and b"dc:date" not in first


def test_the_bytes_do_not_hang_on_the_hash_seed():
    program = "from hashlib import sha256; from tests.plots.test_ink import *; print(sha256(as_bytes(plot(), 'svg')).hexdigest())"
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "MPLCONFIGDIR": matplotlib.get_configdir(), "PYTHONPATH": "."},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


def test_an_svg_begins_with_its_words():
    root = ElementTree.fromstring(as_bytes(plot(), "svg"))
    assert [part.tag for part in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == TITLE and root[1].text == plot().alt
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]
    assert not list(root.iter(f"{SVG}text")) and not list(root.iter(f"{SVG}script"))


def test_two_plots_of_a_page_share_no_id():
    ids = [one for drawn in (plot(), plot("dark"), soft()) for one in re.findall(rb'\bid="([^"]*)"', as_bytes(drawn, "svg"))]
    assert len(ids) == len({*ids})


def test_parts_of_a_plot_are_found_by_their_ids():
    svg = as_bytes(plot(), "svg")
    named, meant = (set(re.findall(form, svg)) for form in (rb'\bid="([^"]*)"', rb'href="#([^"]*)"|url\(#([^)]*)\)'))
    assert len(meant) > 10 and {a or b for a, b in meant} <= named


def test_a_png_has_its_width_and_words():
    with Image.open(io.BytesIO(as_bytes(plot(), "png", 700))) as image:
        assert image.width == 700
        assert image.info["Title"] == TITLE and image.info["Description"] == plot().alt


def test_a_pdf_has_its_title():
    assert as_bytes(plot(), "pdf").startswith(b"%PDF") and b"/Title" in as_bytes(plot(), "pdf")


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_letters_can_be_read(theme):
    from flowc.plots.look import look

    def luminance(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        return sum(
            w * (p / 12.92 if p <= 0.04 else ((p + 0.055) / 1.055) ** 2.4)
            for w, p in zip((0.2126, 0.7152, 0.0722), parts)
        )

    def contrast(one, other):
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    found = look(theme)
    grounds = [found.page, found.low, found.high, *(found.fill(k) for k in range(21))]
    assert min(contrast(found.ink, ground) for ground in grounds) > 4
    assert min(contrast(colour, found.page) for colour in (found.line, found.path, found.muted)) > 3


def test_a_curve_far_away_does_not_hide_the_data():
    x = np.linspace(-1, 1, 50)
    found = fit("t", (Label("x"), Label("y")), x, [Fitted(0, 1e6 * x), Fitted(9, x)], Data(x, x, Label("y")))
    low, high = found.axes[0].get_ylim()
    assert low > -5 and high < 5


def test_a_notebook_shows_it():
    assert plot()._repr_png_().startswith(b"\x89PNG")

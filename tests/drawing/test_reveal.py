"""Steps in reveal.js: each click shows one more, and print, `fragments: false` and a page without a script the last."""

import re
from collections import Counter

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.picture import Disk, Lettering, Panel
from flowc.drawing.themes import LIGHT

from .browser import find_node_package, opened_page
from .diagrams import EXAMPLES

MAZUR = next(path for path in EXAMPLES if path.stem == "worked_example")
XOR = next(path for path in EXAMPLES if path.stem == "xor")
OPTIONS = {"show": "steps", "loss": True, "captions": True}
DECK = """<!doctype html>
<html><head><meta charset="utf-8">
<link rel="stylesheet" href="{reveal}/dist/reveal.css"></head>
<body><div class="reveal"><div class="slides">
<section><h2>Title</h2></section>
<section>{figure}</section>
<section>{other}</section>
</div></div>
<script src="{reveal}/dist/reveal.js"></script>
<script>const ready = Reveal.initialize({{ transition: "none", {config} }});</script>
</body></html>
"""
# the words of what is seen, and the fill of every rim
SEEN = """() => {
  const seen = element => {
    for (let e = element; e && e.tagName !== 'BODY'; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.visibility !== 'visible' || style.display === 'none' || parseFloat(style.opacity) < 0.01) return false;
    }
    return true;
  };
  const svg = [...document.querySelectorAll('section.present svg, body > .flow svg')][0];
  return {
    words: [...svg.querySelectorAll('path > title')].filter(t => seen(t.parentElement)).map(t => t.textContent),
    rims: [...svg.querySelectorAll('g.node circle, g.node rect')].filter(seen).map(c => c.getAttribute('fill')),
    box: JSON.stringify(svg.getBoundingClientRect()),
    status: (document.querySelector('.aria-status') || {}).textContent || '',
  };
}"""


@pytest.fixture(scope="module")
def pictures():
    return drawn(flowc.load(MAZUR), OPTIONS)[0]


@pytest.fixture
def deck(tmp_path):
    def write(config="", figure=None, other=""):
        reveal = find_node_package("reveal.js").as_uri()
        figure = flowc.render(MAZUR, "html", **OPTIONS) if figure is None else figure
        path = tmp_path / "deck.html"
        path.write_text(DECK.format(reveal=reveal, figure=figure, other=other, config=config), encoding="utf-8")
        return path

    return write


def expected(picture):
    marks = [mark for group in picture.groups for mark in group.marks]
    words = Counter(mark.label.text for mark in marks if isinstance(mark, Lettering))
    rims = Counter(LIGHT[mark.look] for g in picture.groups if g.kind == "node" for mark in g.marks if isinstance(mark, Disk | Panel))
    return words, rims


def looked_at(page):
    page.wait_for_timeout(300)  # reveal.js fades for 200 ms
    seen = page.evaluate(SEEN)
    return (Counter(seen["words"]), Counter(seen["rims"])), seen


def test_each_click_is_a_step(deck, pictures):
    with opened_page(deck()) as page:
        page.evaluate("() => ready")
        page.keyboard.press("ArrowRight")
        boxes = set()
        for k, picture in enumerate(pictures):
            shown, seen = looked_at(page)
            assert shown == expected(picture), f"step {k + 1}"
            boxes.add(seen["box"])
            if k:
                assert picture.step in seen["status"]  # which screen readers read
            page.keyboard.press("ArrowRight")
        assert len(boxes) == 1
        assert page.evaluate("() => Reveal.getIndices().h") == 2
        page.keyboard.press("ArrowLeft")
        assert looked_at(page)[0] == expected(pictures[-1])
        page.keyboard.press("ArrowLeft")
        assert looked_at(page)[0] == expected(pictures[-2])


def test_without_fragments_the_last_step_stands(deck, pictures):
    with opened_page(deck("fragments: false")) as page:
        page.evaluate("() => ready")
        page.keyboard.press("ArrowRight")
        assert looked_at(page)[0] == expected(pictures[-1])


@pytest.mark.parametrize("separate, pages", [("true", 1 + 17 + 1), ("false", 3)])
def test_printed_steps_are_pages_or_the_last(deck, pictures, separate, pages):
    with opened_page(deck(f"pdfSeparateFragments: {separate}"), "?print-pdf") as page:
        page.evaluate("() => ready")
        page.wait_for_selector(".pdf-page")
        count = page.evaluate("() => document.querySelectorAll('.pdf-page').length")
        assert count == pages
        last = SEEN.replace("section.present svg, body > .flow svg", ".pdf-page svg").replace("[0]", ".at(-1)")
        seen = page.evaluate(last)
        assert (Counter(seen["words"]), Counter(seen["rims"])) == expected(pictures[-1])


def test_printed_by_the_browser_the_last_step_stands(deck, pictures):
    """Without reveal.js's own way to print."""
    with opened_page(deck()) as page:
        page.evaluate("() => ready")
        page.keyboard.press("ArrowRight")
        page.emulate_media(media="print")
        assert looked_at(page)[0] == expected(pictures[-1])


def test_alone_in_a_page_the_last_step_stands(tmp_path, pictures):
    path = tmp_path / "steps.html"
    path.write_text(f"<!doctype html><meta charset='utf-8'><body>{flowc.render(MAZUR, 'html', **OPTIONS)}", encoding="utf-8")
    with opened_page(path) as page:
        assert looked_at(page)[0] == expected(pictures[-1])
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_two_of_them_are_in_one_deck(deck):
    one, two = flowc.render(XOR, "html", show="steps", row=1), flowc.render(XOR, "html", show="steps", row=2)
    ids = re.findall(r' id="([^"]*)"', one + two)
    assert len(ids) == len({*ids})
    with opened_page(deck(figure=one, other=two)) as page:
        page.evaluate("() => ready")
        for _ in range(1 + 3 + 1 + 3):
            page.keyboard.press("ArrowRight")
        assert page.evaluate("() => [Reveal.getIndices().h, Reveal.getIndices().f]") == [2, 2]


def test_a_fragment_fades_and_nothing_else():
    """Other ways would throw a group to the corner, since they set its transform."""
    text = flowc.render(MAZUR, "html", **OPTIONS)
    assert {*re.findall(r'class="(fragment[^"]*)"', text)} == {"fragment", "fragment custom flow-gone"}
    assert not re.search(r'class="fragment[^>]*transform', text)


def test_a_picture_without_steps_is_the_svg():
    assert f'<div class="flow">\n{flowc.render(XOR)}</div>\n' == flowc.render(XOR, "html")

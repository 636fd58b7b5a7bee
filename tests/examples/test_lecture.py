"""examples/lecture: its outputs are built, nothing leaves its slide, and the pages look as they did when they were last looked at."""

import re
import shutil
from pathlib import Path

import pytest

import flowc
from tests.drawing.browser import find_node_package, opened_page
from tests.drawing.latex import read_pages
from tests.examples.variants import flowc as command

LECTURE = Path(__file__).parents[2] / "examples" / "lecture"
SHEET = LECTURE.parents[1] / "docs" / "lecture.png"
pytest.importorskip("matplotlib", reason="plots need the extra `plot`")
pytest.importorskip("ziamath", reason="pictures need the extra `draw`")

from examples.lecture import words
from examples.lecture.beamer import BeamerDeck, compile_deck
from examples.lecture.notebook import Notebook
from examples.lecture.reveal import RevealDeck
from examples.lecture.site import Site, build_site
from examples.lecture.talk import Picture
from examples.lecture.unit import SECTIONS, TITLE

SLIDES = [slide for section in SECTIONS for slide in section.slides]


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    document = BeamerDeck(tmp_path_factory.mktemp("beamer")).write(TITLE, SECTIONS)
    pdf = compile_deck(document.with_name("handout.tex"))
    if pdf is None:
        pytest.skip("`pdflatex` (Debian: texlive-latex-extra, texlive-pictures) is not installed")
    return pdf


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return RevealDeck(tmp_path_factory.mktemp("reveal")).write(TITLE, SECTIONS)


@pytest.mark.parametrize("path", sorted(LECTURE.glob("*.flow")), ids=lambda path: path.stem)
def test_diagrams_are_in_their_canonical_form(path):
    assert command("fmt", "--check", str(path))[0] == 0 and not flowc.load(path).warnings


def test_every_slide_is_a_page_and_nothing_leaves_it(handout):
    log = handout.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"Overfull \\[vh]box", log)
    pages = read_pages(handout)
    assert len(pages) == 1 + len(SECTIONS) + len(SLIDES)
    text = iter(pages)
    for slide in SLIDES:
        title = re.sub(r"\W", "", slide.title)
        assert any(title in re.sub(r"\W", "", page) for page in text), f"{slide.title} is missing, or in another order"


def test_steps_are_overlays(handout):
    """Those of two slides: 4 of exclusive or, 10 of the net by hand."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("`pdfinfo` (Debian: poppler-utils) is not installed")
    pdf = compile_deck(handout.with_name("lecture.tex"))
    assert pdf is not None
    assert len(read_pages(pdf)) == 1 + len(SECTIONS) + len(SLIDES) + 3 + 10


def test_pages_look_as_when_they_were_last_looked_at(handout):
    """After a change that is meant: python -m examples.lecture FOLDER --sheet docs/lecture.png, and look."""
    import numpy as np
    from PIL import Image

    from examples.lecture.sheet import make_sheet

    if shutil.which("pdftoppm") is None:
        pytest.skip("`pdftoppm` (Debian: poppler-utils) is not installed")
    old, new = (np.asarray(image.convert("RGB")).astype(int) for image in (Image.open(SHEET), make_sheet(handout)))
    assert old.shape == new.shape
    assert abs(old - new).mean() < 2.0


def test_the_deck_asks_for_nothing_from_elsewhere(deck):
    html = deck.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    for name in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert name.startswith("reveal.js/") or (deck.parent / name).exists()
    assert html.count("<section>") == 1 + len(SECTIONS) + len(SLIDES)
    assert html.count("<img ") == html.count(' alt="') and ' alt=""' not in html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len({*ids})


def test_no_slide_of_the_deck_is_too_high_or_too_wide(deck):
    shutil.copytree(find_node_package("reveal.js") / "dist", deck.parent / "reveal.js" / "dist", dirs_exist_ok=True)
    with opened_page(deck) as page:
        page.set_viewport_size({"width": 1120, "height": 700})
        page.wait_for_function("() => Reveal.isReady()")
        for k in range(page.evaluate("() => Reveal.getTotalSlides()")):
            page.evaluate(f"() => Reveal.slide({k}, 0, 99)")
            low, right, title = page.evaluate("""() => {
              const boxes = [...Reveal.getCurrentSlide().querySelectorAll('h2, p, li, svg, img, pre, math')].map(e => e.getBoundingClientRect());
              const ends = boxes.map(b => [b.bottom, b.right]);
              return [Math.max(0, ...ends.map(e => e[0])), Math.max(0, ...ends.map(e => e[1])), Reveal.getCurrentSlide().textContent.slice(0, 40)];
            }""")
            assert low <= 700 and right <= 1120, title


def test_the_site_is_built_without_a_warning(tmp_path):
    page = build_site(Site(tmp_path).write(TITLE, SECTIONS))
    if page is None:
        pytest.skip("MkDocs (the extra `mkdocs`) is not installed")
    pages = [path.read_text(encoding="utf-8") for path in page.parent.glob("[1-7]-*.html")]
    assert len(pages) == len(SECTIONS)
    pictures = sum(isinstance(block, Picture) for slide in SLIDES for block in (*slide.blocks, *slide.beside))
    assert sum(text.count('<g id="') > 0 for text in pages) >= 5 and "".join(pages).count('role="img"') >= pictures


def test_the_notebook_runs_and_every_cell_shows_something(tmp_path):
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    path = Notebook(tmp_path).write(TITLE, SECTIONS)
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert len(code) > 40 and all(cell.outputs for cell in code[1:])


def test_words_are_set_in_both():
    text = "One *of* two: $x_1$ & `a_b`.\nGoes on.\n\n- first $h^{(1)}$\n  goes on\n- second"
    assert words.as_latex(text) == (
        "One *of* two: $x_1$ \\& \\texttt{a\\_b}. Goes on.\\par\n\n\\begin{itemize}\n\\item first $h^{(1)}$ goes on\n\\item second\n\\end{itemize}\n"
    )
    html = words.as_html(text)
    assert html.startswith("<p>One *of* two: <math") and "&amp; <code>a_b</code>. Goes on.</p>" in html
    assert html.count("<li>") == 2 and "goes on</li>" in html

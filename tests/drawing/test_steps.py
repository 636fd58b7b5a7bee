"""Steps as one file: pages of a PDF, overlays of Beamer. What comes later is not in the slide that comes before."""

import re
import shutil
import subprocess

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.overlays import overlay_groups
from flowc.drawing.picture import Lettering

from .diagrams import EXAMPLES
from .latex import compile_latex, read_pages

MAZUR = next(path for path in EXAMPLES if path.stem == "worked_example")
OPTIONS = {"show": "steps", "loss": True}


@pytest.fixture(scope="module")
def pictures():
    return drawn(flowc.load(MAZUR), OPTIONS)[0]


@pytest.fixture(scope="module")
def tikz():
    return flowc.render(MAZUR, "tikz", **OPTIONS)


def numbers_in(picture):
    """Those in circles and on arrows, whatever their sign."""
    labels = [mark.label.text for group in picture.groups for mark in group.marks if isinstance(mark, Lettering) and group.kind != "legend"]
    return {label.lstrip("−") for label in labels if re.fullmatch(r"−?\d+\.\d{2,}", label)}


@pytest.mark.parametrize("step", [0, 1, 6, -1])
def test_each_step_is_the_marks_of_its_overlays(pictures, step):
    """Seen together they are the picture, in the order that it is painted."""
    count = len(pictures)
    step %= count
    for overlays in overlay_groups(pictures):
        seen = [mark for part in overlays.parts if part.span[0] <= step <= part.span[1] for mark in part.marks]
        there = [g.marks for g in pictures[step].groups if (g.kind, g.name) == (overlays.group.kind, overlays.group.name)]
        assert not there and not seen or sorted(map(repr, seen)) == sorted(map(repr, there[0]))
        if overlays.group.kind == "node":
            assert seen[0] == there[0][0]  # the rim is under what stands in it
    order = [(o.group.kind, o.group.name) for o in overlay_groups(pictures)]
    there = [(g.kind, g.name) for g in pictures[step].groups]
    assert there == [key for key in order if key in there]


def test_a_slide_does_not_have_the_numbers_of_a_later_one(pictures, tikz, tmp_path):
    """`visible on` would leave them in the file, for all who can copy text."""
    (tmp_path / "steps.tikz").write_text(tikz, encoding="utf-8")
    text = "\\documentclass{beamer}\n\\usepackage{amsmath,tikz}\n\\usetikzlibrary{overlay-beamer-styles}\n\\begin{document}\n"
    frame = "\\begin{frame}{Title}\nFirst\\pause\n\n\\resizebox{8cm}{!}{\\input{steps.tikz}}\n\\end{frame}\n"
    pages = read_pages(compile_latex(tmp_path, f"{text}{frame}\\end{{document}}\n"))
    assert len(pages) == len(pictures) + 1
    every = set().union(*map(numbers_in, pictures))
    for page, picture in zip(pages[1:], pictures, strict=True):
        there = {number for number in every if re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", page)}
        assert there == numbers_in(picture)
    assert len(numbers_in(pictures[3]) - numbers_in(pictures[2])) >= 2  # or nothing could leak


def test_a_picture_does_not_jump(tikz, tmp_path):
    """On every slide it is as large as it says, and what stands beside it stays where it is."""
    assert tikz.count(r"\useasboundingbox") == 1
    if shutil.which("pdftotext") is None:
        pytest.skip("`pdftotext` is not installed")
    (tmp_path / "steps.tikz").write_text(tikz, encoding="utf-8")
    frame = "\\begin{frame}{Title}\n\\resizebox{8cm}{!}{\\input{steps.tikz}}\n\nBelowit\n\\end{frame}\n"
    pdf = compile_latex(tmp_path, f"\\documentclass{{beamer}}\n\\usepackage{{amsmath,tikz}}\n\\begin{{document}}\n{frame}\\end{{document}}\n")
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    places = re.findall(r'<word (xMin.*)>Belowit</word>', boxes)
    assert len(places) > 10 and len({*places}) == 1


DOCUMENTS = {
    "article": r"\documentclass{article}\usepackage{amsmath,tikz}",
    "handout": r"\documentclass[handout]{beamer}\usepackage{amsmath,tikz}",
    "with beamerarticle": r"\documentclass{article}\usepackage{beamerarticle}\usepackage{amsmath,tikz}",
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_on_paper_the_last_step_stands(pictures, tikz, tmp_path, kind):
    (tmp_path / "steps.tikz").write_text(tikz, encoding="utf-8")
    frame = "\\begin{frame}\n\\resizebox{10cm}{!}{\\input{steps.tikz}}\n\\end{frame}" if kind != "article" else "\\input{steps.tikz}"
    (page,) = read_pages(compile_latex(tmp_path, f"{DOCUMENTS[kind]}\n\\begin{{document}}\n{frame}\n\\end{{document}}\n"))
    assert {n for n in numbers_in(pictures[-1]) if n not in page} == set()
    gone = numbers_in(pictures[5]) - numbers_in(pictures[-1])
    assert gone and not [n for n in gone if re.search(rf"(?<![\d.]){re.escape(n)}(?!\d)", page)]


def test_the_text_of_steps_may_stand_in_a_frame(tikz, tmp_path):
    """Which reads it as an argument: there is no # in it."""
    document = f"\\documentclass{{beamer}}\n\\usepackage{{amsmath,tikz}}\n\\begin{{document}}\n\\begin{{frame}}\n{tikz}\\end{{frame}}\n\\end{{document}}\n"
    compile_latex(tmp_path, document)


def test_a_pdf_has_a_page_for_each_step(pictures, tmp_path):
    pdf = flowc.render(MAZUR, "pdf", **OPTIONS)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(pictures)
    assert pdf.count(b"/Alt") >= len(pictures)
    assert len(re.findall(rb"/Type\s*/Page\b", flowc.render(MAZUR, "pdf", show="values"))) == 1

"""Whoever follows `flowc docs PLACE` gets a document with its diagrams: what it prints is written, and its command run."""

import re
import shutil

import pytest

from flowc.__main__ import main
from flowc.doors.documents.places import GUIDES

from .programs import ROOT, needs, pandocs, run

MADE = {  # the pages, and how often the diagram's name is in each, in the sentence for those who do not see it
    "sphinx": "site/index.html", "myst-parser": "site/index.html", "mkdocs": "site/index.html", "zensical": "site/index.html", "pandoc": "page.html",
}  # fmt: skip
MODULES = {"sphinx": ["sphinx"], "myst-parser": ["sphinx", "myst_parser"], "mkdocs": ["mkdocs", "pymdownx"], "zensical": ["zensical"], "pandoc": []}


def printed(capsys, *arguments):
    status = main(["docs", *arguments])
    return status, *capsys.readouterr()


def files_of(text):
    """What stands below each `==> NAME <==`."""
    return dict(re.findall(r"^==> (.*?) <==\n(.*?)(?=\n==> |\Z)", text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("place", MADE)
def test_a_newcomer_gets_a_document(place, capsys, tmp_path):
    needs(*MODULES[place])
    program = pandocs()[-1]
    if place == "pandoc" and program is None:
        pytest.skip("pandoc is not installed")
    status, text, _ = printed(capsys, place)
    assert status == 0
    files = files_of(text)
    install, command = files.pop(GUIDES[place].title), files.pop("and then")
    assert install.startswith('pip install "flowc[')
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    status, said = run(tmp_path, re.sub("^pandoc ", f"{program} ", command))
    assert status == 0, said
    html = " ".join((tmp_path / MADE[place]).read_text(encoding="utf-8").split())
    assert "Both, by a threshold: a network of 2 inputs and 1 output (step); 2 weights and 1 bias." in html
    assert "2 weights and 1 bias, with the values of one token." in html and "A token" in html


SLIDES = {"beamer": ["talk.pdf"], "revealjs": ["slides.html"], "marp": ["net.svg"], "github": ["net.svg", "net-dark.svg"]}


@pytest.mark.parametrize("place", SLIDES)
def test_a_newcomer_gets_slides_and_pages(place, capsys, tmp_path):
    program = pandocs()[-1]
    for tool, there in (("beamer", shutil.which("pdflatex")), ("revealjs", program)):
        if place == tool and there is None:
            pytest.skip(f"what makes {tool} is not installed")
    files = files_of(printed(capsys, place)[1])
    del files[GUIDES[place].title]
    command = files.pop("and then").removesuffix("&& marp slides.md\n")  # npm's
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    status, said = run(tmp_path, re.sub("^pandoc ", f"{program} ", command).replace("pdflatex", "pdflatex -halt-on-error -interaction=nonstopmode"))
    assert status == 0, said
    assert all((tmp_path / name).stat().st_size > 1000 for name in SLIDES[place])
    for text in files.values():
        assert {*re.findall(r"(net[\w-]*\.svg|\w+\.tikz)", text)} <= {path.name for path in tmp_path.iterdir()}


def test_the_extras_are_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for guide in GUIDES.values():
        assert re.search(rf"^{guide.extra} = \[", text, re.MULTILINE)


def test_the_list_and_what_there_is_not(capsys):
    status, out, _ = printed(capsys)
    assert status == 0 and [line.split()[0] for line in out.splitlines()] == [*GUIDES]
    status, _, err = printed(capsys, "sphynx")
    assert status == 2 and err == "flowc: there is no place `sphynx`; did you mean `sphinx`?\n"


def test_every_place_is_on_the_page(capsys):
    page = (ROOT / "docs/documents.md").read_text(encoding="utf-8")
    for place in GUIDES:
        assert f"flowc docs {place}" in page

"""The Lua filter in every pandoc that is here, and under a stub of Quarto; and what it calls, alone."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from base64 import b64decode
from pathlib import Path

import pytest

import flowc
from flowc.__main__ import main
from flowc.doors.documents.pandoc import replace_blocks

from .programs import BAD, NET, ROOT, SAID, pandocs, run

FENCE = f"```flow\n{NET}```\n"
PAGE = f"""---
title: Nets
flowc:
  direction: up
---

{FENCE}

```{{.flow .wide #fig-xor file=xor.flow caption="The *or*, $x_1 \\oplus x_2$" width=50%}}
```

- in a list

  ```{{.flow file=xor.flow show=equations part=forward}}
  ```

```{{.flow file=xor.flow show=code part=forward}}
```

```python
flow = 1
```
"""
ALT = "Both: a network of 2 inputs and 1 output (step); 2 weights and 1 bias."


def writer(program, tmp_path):
    """Writes a page in a folder; the status and what is said."""
    if program is None:
        pytest.skip("neither pandoc (Debian: `pandoc`) nor the package pypandoc_binary is installed")
    shutil.copy(ROOT / "examples/xor.flow", tmp_path)

    def write(text, arguments, filter="$(flowc pandoc-filter)", source="page.md", **environment):
        (tmp_path / "page.md").write_text(text, encoding="utf-8")
        return run(tmp_path, f'{program} --lua-filter="{filter}" {arguments} {source}', **environment)

    write.folder = tmp_path
    write.version = int(subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1].split(".")[0])
    return write


@pytest.fixture(params=pandocs(), ids=lambda path: "none" if path is None else Path(path).parent.name)
def each_pandoc(request, tmp_path):
    return writer(request.param, tmp_path)


@pytest.fixture
def pandoc(tmp_path):
    """The newest."""
    return writer(pandocs()[-1], tmp_path)


def test_html(each_pandoc):
    pandoc = each_pandoc
    status, said = pandoc(PAGE, "--mathml -t html -o page.html")
    assert status == 0, said
    html = (pandoc.folder / "page.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img\s+src="data:image/svg\+xml;base64,[^"]*"[^>]*>', html, re.DOTALL)
    assert len(pictures) == 2
    assert ALT in " ".join(pictures[0].split()) and 'aria-description="Nodes: x1: input; x2: input; f: output' in " ".join(pictures[0].split())
    assert re.search(r"<figcaption[^>]*>The\s+\*or\*,\s+<(span\s+class=\"math inline\"><)?math", html) and 'id="fig-xor"' in html and "width:50" in pictures[1]
    assert "forward" in html and "<strong>Forward</strong>" in html and "class=\"sourceCode python\"" in html


def test_every_picture_is_drawn_with_the_defaults_of_the_page(pandoc):
    assert pandoc(PAGE, "-t gfm --extract-media=media -o out.md")[0] == 0
    drawn = {path.read_text(encoding="utf-8") for path in (pandoc.folder / "media").rglob("*.svg")}
    assert drawn == {flowc.render(NET, direction="up"), flowc.render(ROOT / "examples/xor.flow", direction="up")}


@pytest.mark.parametrize("format, kind", [("latex", "pdf"), ("beamer", "pdf"), ("rst", "svg")])
def test_the_best_format_of_each_writer(pandoc, format, kind):
    assert pandoc(PAGE, f"-t {format} --extract-media=media -o out.txt")[0] == 0
    files = [*(pandoc.folder / "media").rglob("flow-*")]
    assert [path.suffix for path in files] == [f".{kind}"] * 2
    text = (pandoc.folder / "out.txt").read_text(encoding="utf-8")
    assert all(path.name in text for path in files)
    assert pandoc.version < 3 or format == "rst" or f"alt={{{ALT}}}" in text


def test_typst_has_pictures_with_their_sentence_which_its_standard_of_accessibility_asks_for(pandoc):
    import typst

    if pandoc.version < 3:
        pytest.skip("this pandoc writes no typst")
    page = PAGE.partition("- in a list")[0].replace(", $x_1 \\oplus x_2$", "")  # mathematics has no sentence yet
    assert pandoc(page, "-s -o page.typ")[0] == 0
    text = (pandoc.folder / "page.typ").read_text(encoding="utf-8")
    assert text.count("#image(bytes(") == 2 and f'alt: "{ALT}"' in text and "width: 50%" in text
    pdf = typst.compile(str(pandoc.folder / "page.typ"), pdf_standards=["ua-1"])
    assert pdf.count(b"/Alt(") == 2


@pytest.mark.parametrize("format, folder", [("docx", "word/media"), ("pptx", "ppt/media"), ("odt", "Pictures"), ("epub", "EPUB/media")])
def test_office_and_books(pandoc, format, folder):
    assert pandoc(PAGE, f"-o page.{format}")[0] == 0
    with zipfile.ZipFile(pandoc.folder / f"page.{format}") as archive:
        pictures = [name for name in archive.namelist() if name.startswith(folder) and not name.endswith("/")]
        assert {Path(name).suffix for name in pictures} == {".svg" if format == "epub" else ".png"} and len(pictures) == 2
        texts = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".xhtml")))
    assert format == "odt" or ALT in " ".join(texts.split())  # pandoc writes none into odt


def test_a_pdf_is_made(pandoc):
    if shutil.which("pdflatex") is None or shutil.which("pdftotext") is None:
        pytest.skip("Debian's `texlive-latex-recommended` and `poppler-utils` are not installed")
    status, said = pandoc(PAGE, "-o page.pdf")
    assert status == 0, said
    text = run(pandoc.folder, "pdftotext -layout page.pdf -")[1]
    assert "Forward" in text and "The *or*" in text


def test_a_broken_diagram_ends_it_with_the_line_of_the_document(each_pandoc):
    pandoc = each_pandoc
    text = f"Text.\n\n{FENCE}\n- item\n\n  ```flow\n{''.join(f'  {line}' for line in BAD.splitlines(True))}  ```\n\n```{{.flow file=no.flow}}\n```\n"
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "x3" in line)
    status, said = pandoc(text, "-o page.html")
    assert status == 83
    assert said.startswith(f"page.md:{line}:5: error[unknown-node]: {SAID}\n  {line} | x1, x3 -> f : 1\n")
    assert f"page.md:{line + 3}: no such file or directory: ./no.flow\n" in said
    assert not (pandoc.folder / "page.html").exists()


def test_of_standard_input_the_number_of_the_block_is_said(pandoc):
    status, said = pandoc(f"{FENCE}\n```flow\n{BAD}```\n", "-o page.html", source="< page.md")
    assert status == 83 and said.startswith(f"standard input, flow block 2:3:5: error[unknown-node]: {SAID}\n")


def test_a_head_that_is_wrong_is_told(pandoc):
    status, said = pandoc(f"---\nflowc: up\n---\n\n{FENCE}", "-o page.html")
    assert status == 83 and said == "flowc: in the head of the page `flowc` has options below it, as `direction: up`\n"
    status, said = pandoc(f"---\nflowc:\n  colour: red\n---\n\n{FENCE}", "-o page.html")
    assert status == 83 and said.startswith("page.md:6: there is no option `colour`")


def test_without_diagrams_flowc_is_not_asked(pandoc):
    assert pandoc("Text.\n", "-o page.html", FLOWC="/nowhere/flowc")[0] == 0
    status, said = pandoc(FENCE, "-o page.html", FLOWC="/nowhere/flowc")
    assert status == 83 and "the program `/nowhere/flowc` cannot be started; the variable FLOWC names it" in said


STEPS = '## A slide\n\n```{.flow #steps file=xor.flow steps="" row=2 caption="All of it"}\n```\n\n## Another\n\n```{.flow file=xor.flow show=steps row=2}\n```\n'


def test_steps_are_clicks_of_slides(pandoc):
    assert pandoc(STEPS, "-t revealjs -o slides.html")[0] == 0
    html = (pandoc.folder / "slides.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 2 and html.count('class="fragment') > 4 and 'id="steps"' in html and "<p>All of it</p>" in html
    assert pandoc(STEPS, "-t beamer -s -o slides.tex")[0] == 0
    tex = (pandoc.folder / "slides.tex").read_text(encoding="utf-8")
    assert tex.count("\\begin{tikzpicture}") == 2 and tex.count("\\usepackage{tikz}") == 1 and "All of it" in tex
    assert pandoc(STEPS, "-t html -o page.html")[0] == 0
    assert (pandoc.folder / "page.html").read_text(encoding="utf-8").count("<img") == 8  # a page shows them one below the other


def test_steps_in_beamer_compile(pandoc):
    if shutil.which("pdflatex") is None or shutil.which("pdfinfo") is None:
        pytest.skip("Debian's `texlive-latex-recommended` and `poppler-utils` are not installed")
    head = "---\nheader-includes:\n  - \\setbeamertemplate{navigation symbols}{}\n---\n\n"
    status, said = pandoc(head + STEPS.partition("## Another")[0], "-t beamer -o slides.pdf")
    assert status == 0, said
    assert re.search(r"Pages: +4\n", run(pandoc.folder, "pdfinfo slides.pdf")[1])


# --------------------------------------------------------------------------------------------------------------- Quarto


OPTIONS = "#| label: fig-net\n#| fig-cap: \"Both\"\n#| fig-alt: Two inputs\n#| fig-align: center\n#| direction: up\n"


@pytest.fixture
def quarto(pandoc):
    """Its table, and pandoc reading another file than the author's. The program itself cannot be had everywhere."""

    def write(text, arguments):
        folder = pandoc.folder
        (folder / "paper.qmd").write_text(f"---\ntitle: A\n---\n\n{text}")
        filter = Path(run(folder, "flowc pandoc-filter")[1].strip()).read_text(encoding="utf-8")
        (folder / "flow.lua").write_text(f'quarto = {{ doc = {{ input_file = "paper.qmd" }} }}\n{filter}', encoding="utf-8")
        return pandoc(text, arguments, filter="flow.lua")

    write.folder, write.version = pandoc.folder, pandoc.version
    return write


def test_quartos_options_stand_in_the_text(quarto):
    assert quarto(f"```flow\n{OPTIONS}{NET}```\n", "-t html -o page.html")[0] == 0
    html = (quarto.folder / "page.html").read_text(encoding="utf-8")
    assert 'id="fig-net"' in html and re.search(r"<figcaption[^>]*>Both</figcaption>", html)
    assert "Two inputs" in html and ALT not in html


def test_quartos_problems_are_at_the_lines_of_its_own_file(quarto):
    status, said = quarto(f"```flow\n{OPTIONS}{BAD}```\n", "-t html -o page.html")
    assert status == 83 and said.startswith(f"paper.qmd:13:5: error[unknown-node]: {SAID}\n")


# ------------------------------------------------------------------------------------------- what the filter calls, alone


def sent(*blocks, version=(1, 23, 1), **meta):
    return {"pandoc-api-version": [*version], "meta": {"flowc": {"t": "MetaMap", "c": meta}}, "blocks": [*blocks]}


def block(text="", **options):
    return {"t": "CodeBlock", "c": [["", ["flow"], [[name, value] for name, value in options.items()]], text]}


def test_each_block_is_a_div():
    document, results = replace_blocks(sent(block(NET), block(NET, show="code"), block(NET, show="equations")), "html")
    assert [part["t"] for part in document["blocks"]] == ["Div"] * 3
    assert [[node["t"] for node in part["c"][1]] for part in document["blocks"]] == [
        ["Para"], ["CodeBlock"], ["Para", "Para", "Para", "BulletList"],
    ]  # fmt: skip
    assert not any(result.problems for result in results)


@pytest.mark.parametrize("version, kind", [((1, 22, 1), "Para"), ((1, 23), "Figure"), ((1, 24, 5), "Figure")])
def test_a_figure_is_what_this_pandoc_has_for_one(version, kind):
    document, _ = replace_blocks(sent(block(NET, caption="A $x$"), version=version), "html")
    (node,) = document["blocks"][0]["c"][1]
    assert node["t"] == kind


def test_metadata_of_every_kind_is_a_default():
    words = {"theme": {"t": "MetaInlines", "c": [{"t": "Str", "c": "dark"}]}, "loss": {"t": "MetaBool", "c": True}, "direction": {"t": "MetaString", "c": "up"}}
    document, _ = replace_blocks(sent(block(NET), **words), "html")
    (image,) = document["blocks"][0]["c"][1][0]["c"]
    svg = b64decode(image["c"][2][0].partition(",")[2]).decode()
    assert svg == flowc.render(NET, theme="dark", loss=True, direction="up")


def test_the_command(capsys, monkeypatch):
    assert main(["pandoc-filter"]) == 0
    path = Path(capsys.readouterr().out.rstrip("\n"))
    assert path.is_absolute() and path.name == "flow.lua" and "pandoc-filter" in path.read_text(encoding="utf-8")
    for text, status, said in [
        (json.dumps(sent(block(NET))), 0, '"Div"'),
        (json.dumps(sent(block(BAD))), 1, SAID),
        ("{", 2, "standard input is no document of pandoc"),
        ("{}", 2, "standard input is no document of pandoc"),
        ('{"blocks": 5}', 2, "standard input is no document of pandoc"),
    ]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert main(["pandoc-filter", "--blocks", "html"]) == status
        assert said in "".join(capsys.readouterr())

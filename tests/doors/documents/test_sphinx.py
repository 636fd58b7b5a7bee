"""The directive of Sphinx, in reStructuredText and in MyST: a site and a book are built from the same sources by Sphinx itself."""

import re
import shutil

import pytest

from .programs import BAD, NET, ROOT, SAID, needs, run

CONF = 'extensions = ["myst_parser", "flowc.sphinx"]\nmyst_fence_as_directive = ["flow"]\nnumfig = True\nflowc_options = {"direction": "up"}\n'
INDENTED = "".join(f"   {line}" for line in NET.splitlines(True))
INDEX = f"""\
Nets
====

.. toctree::

   page

See :numref:`fig-xor`.

.. flow:: nets/xor.flow
   :name: fig-xor
   :caption: The *or*, :math:`x_1`
   :width: 60%
   :align: right
   :class: wide
   :alt: Or & not

.. flow::

{INDENTED}
.. flow:: /nets/xor.flow
   :show: equations
   :part: forward

.. flow:: nets/xor.flow
   :show: code
   :part: forward

.. flow:: nets/xor.flow
   :show: trace
   :row: 2

.. flow:: nets/xor.flow
   :steps:
   :row: 2
"""
PAGE = f"# A page\n\n```flow\n{NET}```\n\n```{{flow}} nets/xor.flow\n:name: fig-two\n:caption: Again\n:row: 2\n```\n\n{{numref}}`fig-two`\n"
MANY = f"""\
# Bad

```flow
{BAD}```

```{{flow}}
---
theme: dark
---
{BAD}```

- in a list

  ```{{flow}}
  :theme: dark

  {BAD.replace(chr(10), chr(10) + "  ").rstrip()}
  ```

```{{flow}} no.flow
```

```{{flow}} nets/xor.flow
:theme: violet
```

The end.
"""
BUILD = "python -m sphinx -W --keep-going -q -b"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder in which a site and a book are."""
    needs("sphinx", "myst_parser")
    folder = tmp_path_factory.mktemp("site")
    (folder / "nets").mkdir()
    shutil.copy(ROOT / "examples/xor.flow", folder / "nets")
    for name, text in {"conf.py": CONF, "index.rst": INDEX, "page.md": PAGE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    for builder in ("html", "latex"):
        assert run(folder, f"{BUILD} {builder} -j 2 -d trees . {builder}") == (0, "")
    return folder


def test_pictures_are_files_with_their_sentence(site):
    html = (site / "html/index.html").read_text(encoding="utf-8")
    pictures = dict(re.findall(r'<img alt="([^"]*)"[^>]*src="_images/([^"]*)"', html))
    assert "Or &amp; not" in pictures and any(alt.startswith("Both: a network of 2 inputs") for alt in pictures)
    assert {name.rpartition(".")[2] for name in pictures.values()} == {"svg"}
    for name in pictures.values():
        text = (site / "html/_images" / name).read_text(encoding="utf-8")
        assert text.startswith("<svg ") and 'fill="#ffffff"/>' in text


def test_a_figure_has_its_number_caption_place_and_classes(site):
    html = (site / "html/index.html").read_text(encoding="utf-8")
    classes, figure = re.search(r'<figure class="([^"]*)" id="fig-xor">(.*?)</figure>', html, re.DOTALL).groups()
    assert {*classes.split()} == {"align-right", "flow", "wide"}
    assert "width: 60%" in figure and "The <em>or</em>, " in figure and 'class="math' in figure
    number = re.search(r"Fig\. (\d)", figure)[1]
    assert f'href="#fig-xor"><span class="std std-numref">Fig. {number}</span>' in html


def test_options_of_the_site_are_those_of_every_diagram(site):
    (both,) = {name for name in re.findall(r'alt="Both[^>]*src="_images/([^"]*)"', (site / "html/index.html").read_text(encoding="utf-8"))}
    width, height = re.search(r'width="(\d+)" height="(\d+)"', (site / "html/_images" / both).read_text(encoding="utf-8")).groups()
    assert int(height) > int(width)


def test_equations_code_trace_and_steps(site):
    html = (site / "html/index.html").read_text(encoding="utf-8")
    assert html.count("\\begin{align*}") == 2 and "f &amp;= u(\\xi_{3})" in html and "-0.5 = 0" not in html.partition("Forward")[0]
    assert '<span class="k">def</span>' in html and "highlight-python" in html
    assert len(re.findall("<img", re.search(r'<div class="flow-steps docutils container">(.*?)</div>', html, re.DOTALL)[1])) == 4


def test_a_book_has_pdf(site):
    tex = next((site / "latex").glob("*.tex")).read_text(encoding="utf-8")
    names = re.findall(r"\\sphinxincludegraphics.*?\{\{(flow-[0-9a-f]+)\}\.pdf\}", tex)
    assert len(names) == 8 and all((site / f"latex/{name}.pdf").read_bytes().startswith(b"%PDF") for name in names)
    assert "\\caption{The \\sphinxstyleemphasis{or}" in tex and "\\begin{align*}" in tex
    assert not [*(site / "latex").glob("flow-*.svg")]


def test_a_changed_diagram_is_read_again(site):
    path = site / "nets/xor.flow"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("exclusive or", "exclusive OR"), encoding="utf-8")
        status, said = run(site, "python -m sphinx -d trees . html")
        assert status == 0 and "2 changed" in said
        assert "The exclusive OR of two bits" in (site / "html/index.html").read_text(encoding="utf-8")
    finally:
        path.write_text(text, encoding="utf-8")


def test_every_problem_is_at_its_line_and_the_page_stays(site, tmp_path):
    shutil.copytree(site / "nets", tmp_path / "nets")
    rst = f"Bad\n===\n\n.. toctree::\n\n   bad\n\n.. flow::\n   :theme: dark\n\n{''.join(f'   {line}' for line in BAD.splitlines(True))}\nThe end.\n"
    for name, text in {"conf.py": CONF, "index.rst": rst, "bad.md": MANY}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    status, said = run(tmp_path, f"{BUILD} html . html")
    assert status == 1
    lines = {name: [n for n, line in enumerate(text.splitlines(), 1) if "x3" in line] for name, text in (("index.rst", rst), ("bad.md", MANY))}
    assert sorted(said.splitlines()) == sorted(
        [f"{tmp_path}/{name}:{n}: WARNING: {SAID}; did you mean `x2`? [flowc.problem]" for name in lines for n in lines[name]]
        + [
            f"{tmp_path}/bad.md:{MANY[: MANY.index(what)].count(chr(10)) + 1}: WARNING: {words} [flowc.problem]"
            for what, words in (
                ("```{flow} no.flow", f"no such file or directory: {tmp_path}/no.flow"),
                ("```{flow} nets/xor.flow", "`theme` is one of light, dark, print, auto, not 'violet'"),
            )
        ]
    )
    html = (tmp_path / "html/bad.html").read_text(encoding="utf-8")
    assert html.count(SAID) == 3 and "The end." in html and 'class="flow admonition error"' in html

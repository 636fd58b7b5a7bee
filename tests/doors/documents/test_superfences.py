"""The fences of Python-Markdown: alone, and in sites that MkDocs and Zensical build."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import flowc

from .programs import BAD, NET, ROOT, SAID, needs, run

BUILDS = {"mkdocs": "mkdocs build --strict", "zensical": "zensical build"}
CONFIG = """\
site_name: Nets
markdown_extensions:
  - attr_list
  - pymdownx.superfences:
      custom_fences:
        - name: flow
          class: flow
          format: !!python/name:flowc.markdown.fence
          validator: !!python/name:flowc.markdown.validator
"""
PAGE = f"""\
# Nets

```flow
{NET}```

- in a list

    ```flow theme="dark"
{"".join(f"    {line}" for line in NET.splitlines(True))}    ```

```{{.flow #fig-xor file="xor.flow" caption="The <or>" width="60%"}}
```
"""


@pytest.fixture
def markdown():
    """A page as HTML."""
    needs("pymdownx")
    from markdown import Markdown

    from flowc.markdown import fence, validator

    fences = [{"name": "flow", "class": "flow", "format": fence, "validator": validator}]
    return lambda text: Markdown(
        extensions=["attr_list", "pymdownx.superfences"], extension_configs={"pymdownx.superfences": {"custom_fences": fences}}
    ).convert(text)


def blocks(html):
    """The tree of what stands in the place of fences."""
    return ElementTree.fromstring(f"<page>{html}</page>")


def test_a_picture_stands_in_the_page(markdown):
    html = markdown(f"Text.\n\n```flow\n{NET}```\n")
    svg = flowc.render(NET, background=True)
    assert svg[svg.index("\n") :].strip() in html
    assert blocks(html).find("figure").attrib == {"class": "flow"}
    assert 'style="max-width: 100%; height: auto" xmlns=' in html


def test_no_id_is_there_twice(markdown):
    html = markdown(f"```flow\n{NET}```\n\n" * 3 + f'```flow theme="dark"\n{NET}```\n')
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len({*ids}) and html.count("<svg") == 4
    for picture in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert re.search('aria-labelledby="([^"]*)"', picture)[1].split() == re.findall(r'\bid="([^"]*)"', picture)[:2]


def test_a_caption_a_name_and_a_width(markdown, monkeypatch):
    monkeypatch.chdir(ROOT / "examples")
    html = markdown('```{.flow #fig-xor file="xor.flow" caption="The <or>" width="60%" direction="up"}\n```\n')
    figure = blocks(html).find("figure")
    assert figure.attrib == {"class": "flow", "id": "fig-xor"} and figure.find("figcaption").text == "The <or>"
    assert "width: 60%" in html and '>The exclusive or of two bits: a network of 2 inputs' in html


def test_everything_else_that_can_be_shown(markdown, monkeypatch):
    monkeypatch.chdir(ROOT / "examples")
    html = markdown('```flow file="worked_example.flow" show="equations"\n```\n')
    page = blocks(html.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
    assert [head.text for head in page.iter("strong")] == ["Forward", "Loss", "Backward", "Update"]
    assert len([*page.iter("math")]) > 4 and len([*page.iter("li")]) == 5
    html = markdown('```flow file="xor.flow" show="code" part="forward"\n```\n')
    assert '<div class="highlight">' in html and '<span class="k">def</span>' in html
    html = markdown('```flow file="xor.flow" show="trace" row="2"\n```\n')
    assert html.count("<math") == 2 and html.count("<li") == 1  # the trace, and what its step function means
    assert markdown('```flow file="xor.flow" steps row="2"\n```\n').count("<svg") == 4


@pytest.mark.parametrize(
    "fence, message",
    [
        (f"```flow\n{BAD}```", SAID),
        ('```flow theme="pink"\n```', "`theme` is one of light, dark, print, auto, not 'pink'"),
        ('```flow file="no.flow"\n```', "no such file or directory"),
        ('```flow width="60% ; x"\n' + NET + "```", "`width` cannot be `60% ; x`"),
        ('```flow colour="red"\n' + NET + "```", "there is no option `colour`"),
    ],
)
def test_what_is_wrong_ends_the_page(markdown, fence, message):
    from pymdownx.superfences import SuperFencesException

    with pytest.raises(SuperFencesException, match=re.escape(message)):
        markdown(f"Text.\n\n{fence}\n")


def test_a_fault_of_flowcs_own_is_not_swallowed(markdown, monkeypatch):
    from pymdownx.superfences import SuperFencesException

    monkeypatch.setattr("flowc.doors.documents.superfences.embed", lambda *_: 1 / 0)
    with pytest.raises(SuperFencesException, match="a fault of flowc's own: ZeroDivisionError"):
        markdown(f"```flow\n{NET}```\n")


def test_words_of_the_author_are_no_html(markdown):
    html = markdown('```flow caption="<script>" alt="<img src=x>"\nflow net "<b>"\ninput x "</svg><script>"\noutput f\nx -> f : 1\n```\n')
    assert "<script" not in html and "<img" not in html and "<b>" not in html


@pytest.fixture(params=BUILDS)
def site(request, tmp_path):
    """A folder, and what builds it."""
    needs(request.param, "pymdownx")
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (tmp_path / "docs/xor.flow").write_text((ROOT / "examples/xor.flow").read_text())
    return tmp_path, BUILDS[request.param]


def test_a_site_is_built(site):
    folder, command = site
    (folder / "docs/index.md").write_text(PAGE)
    status, said = run(folder, command)
    assert status == 0, said
    html = (folder / "site/index.html").read_text(encoding="utf-8")
    assert html.count('<figure class="flow"') == 3 and "The &lt;or&gt;</figcaption>" in html


def test_a_broken_diagram_ends_the_build_with_its_line(site):
    folder, command = site
    text = PAGE + f"\n1. one\n\n    ```flow\n{''.join(f'    {line}' for line in BAD.splitlines(True))}    ```\n"
    (folder / "docs/index.md").write_text(text)
    status, said = run(folder, command)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "x3" in line)
    assert status != 0 and f"docs/index.md:{line}:5: error[unknown-node]: {SAID}" in said


def test_warnings_are_of_mkdocs_which_strict_counts(tmp_path):
    needs("mkdocs", "pymdownx")
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (tmp_path / "docs/index.md").write_text(f"# Nets\n\n```flow\n{NET}input y\n```\n")
    status, said = run(tmp_path, "mkdocs build --strict")
    assert status == 1 and re.search(r"WARNING -\s+\S*docs/index.md:9: ", said) and "Aborted with 1 warnings in strict mode" in said


def test_the_modules_that_users_name_are_thin():
    for name in ("markdown", "sphinx"):
        text = (Path(flowc.__file__).parent / f"{name}.py").read_text()
        assert len(text.splitlines()) < 10

"""Every block of code in the pages runs, and every link between them leads somewhere.

What stands after the three ticks says how a block is tested:

    flow              checks without an error
    flow wrong CODE   gives just this error
    flow fragment     parses: a statement or two, whose nodes are declared elsewhere
    flow new, python record     run by tests/test_adding_a_function.py and its like
    python package FILE         a module of tests/test_adding_a_backend.py
    python            runs, after those above it; after a comment `<!-- output of: flowc ... -->` it is that command's output
    c                 is the output of the command in the comment above it
    c program         run by tests/backends/test_c.py
    js                is the output of the command in the comment above it
    js program, html page       run by tests/backends/test_javascript.py, with what a program prints
    latex talk        compiled by tests/docs/test_slides.py
    console           each `flowc` command succeeds; below a line `$ flowc ...`, its output
    json              parses
    text, lark, toml  is not code of ours; after `<!-- said of it -->` it is what `flowc check` says of the block above
"""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

import flowc
from flowc import FlowError
from flowc.source import Source
from flowc.syntax.parser import parse
from tests.copies import side
from tests.examples.variants import flowc as command

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])
FENCE = re.compile(
    r"(?:<!-- (?:output of: )?(?P<made>[^\n]*) -->\n)?^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(page):
    """Each block with what came before: the block above, and for python the page's program up to here."""
    above = program = ""
    for number, block in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
        before = program if block["kind"] == "python" else above
        yield pytest.param(block["kind"], block["text"], block["made"], before, id=f"{page.name}-{number}")
        above = block["text"]
        if block["kind"] == "python" and not block["made"]:
            program += block["text"]


BLOCKS = [block for page in PAGES for block in blocks(page)]


def run(line):
    program, *arguments = shlex.split(line)
    assert program == "flowc"
    return command(*arguments)


def flow(words, text):
    if not words:
        flowc.loads(text)
    elif words == ["fragment"]:
        parse(Source("page.flow", text))
    elif words[0] == "wrong":
        with pytest.raises(FlowError) as raised:
            flowc.loads(text)
        assert {d.code for d in raised.value.diagnostics if d.severity == "error"} == set(words[1:])
    else:
        assert words == ["new"], f"unknown kind of flow block: {words}"


RAN = {}  # by the program of a page up to here: the names that it left, and where Python looks for modules


def execute(before, text, monkeypatch):
    """A block after those above it, which run once for all blocks below them."""
    names, places = RAN.pop(before, ({"__name__": "page"}, None))
    if places is None:
        exec(compile(before, "page", "exec"), names)
    else:
        monkeypatch.setattr(sys, "path", places)
    exec(compile(text, "page", "exec"), names)
    RAN[before + text] = names, [*sys.path]


def printed(text, command):
    status, out, err = run(command)
    assert status == 0, err
    assert text == out


def python(words, text, made, before, monkeypatch):
    if made:
        printed(text, made)
    elif words[:1] not in (["record"], ["package"]):
        execute(before, text, monkeypatch)


def console(text):
    lines = text.replace("\\\n", " ").splitlines()
    shown = any(line.startswith("$ ") for line in lines)
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ") or not shown]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        answer = "\n".join(lines[start + 1 : end]).strip()
        for part in lines[start].removeprefix("$ ").split("&&"):
            line = re.sub(r"\s#.*", "", part).strip().removeprefix(".venv/bin/")
            if line.startswith("flowc "):
                status, out, err = run(line)
                assert answer in ((out + err).strip(), "") and status == (1 if "error" in answer else 0), out + err


@pytest.mark.parametrize("kind, text, made, before", BLOCKS)
def test_block(kind, text, made, before, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [*sys.path])  # a page may install something
    language, *words = kind.split()
    match language:
        case "flow":
            flow(words, text)
        case "python":
            python(words, text, made, before, monkeypatch)
        case "c" | "js" | "html" | "latex":
            assert made or kind in ("c program", "js program", "html page", "latex talk")
            if made:
                printed(text, made)
        case "console":
            for beside in ("examples", "tests"):  # what the commands write stays out of the repository
                (tmp_path / beside).symlink_to(ROOT / beside)
            monkeypatch.chdir(tmp_path)
            console(text)
        case "json":
            json.loads(text)
        case "text" if made == "said of it":
            monkeypatch.chdir(tmp_path)
            Path("diagram.flow").write_text(before, encoding="utf-8")
            _, out, err = run("flowc check diagram.flow")
            assert text == out + err
        case "diff":  # of a file that has the lines once, so that the page says where
            (path,) = words
            assert Path(path).read_text(encoding="utf-8").count(side(text, "-")) == 1
        case _:
            assert language in ("text", "lark", "toml"), f"blocks of {language!r} are not tested"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_sentences(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for line in re.findall(r"`(flowc [^`]*examples/[^`]*)`", text.replace("\n", " ")):
        status, _, err = run(line)
        assert status == 0, err


def anchors(page):
    heads = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    for target in (a or b for a, b in targets):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path) if path else page
        assert other.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(other), f"{page.name} links to {target}"


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for page in ROOT.glob("docs/*.md"):
        assert page.name == "index.md" or f"({page.name})" in index, f"docs/index.md does not name {page.name}"


def test_the_architecture_names_files_that_are_there():
    text = FENCE.sub("", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    named = re.findall(r"`((?:[\w-]+/)+[\w.-]*|\w+\.py)`", text)
    assert len(named) > 25
    folders = [ROOT, *(ROOT / "flowc" / room for room in ("", "backends", "diagnostics", "syntax"))]
    missing = [name for name in named if not any((folder / name).exists() for folder in folders)]
    assert not missing


def test_the_architecture_names_every_room():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for room in ROOT.glob("flowc/*/__init__.py"):
        assert f"| `{room.parent.name}/` |" in text

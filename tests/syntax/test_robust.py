"""Hostile texts: no exception but FlowError, no recursion, no long wait."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapes import shape

from flowc.diagnostics.codes import CODES
from flowc.diagnostics.error import FlowError
from flowc.source import Source
from flowc.syntax import decode, format_source
from flowc.syntax.dump import dump
from flowc.syntax.limits import DEPTH, LETTERS, LEVELS, MISTAKES
from flowc.syntax.parser import parse, parse_with_warnings

TEXTS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "good").glob("*.flow"))]
BITS = [
    *"()[]{}|,;:=~+-*/@^.'\"#\n\t 01x",
    "->",
    "..",
    "^T",
    "\r",
    "\x00",
    "–",
    "²",
    "ξ₁",
    "input ",
    "data {",
    "loss ",
    "\n\n",
    "1e999",
]


def judge(text: str) -> None:
    """Parses, or complains properly; what parses is formatted without loss."""
    source = Source("t", text)
    started = time.process_time()
    try:
        tree = parse_with_warnings(source)[0]
    except FlowError as error:
        assert error.diagnostics
        for problem in error.diagnostics:
            assert problem.code in CODES and problem.message
            assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert time.process_time() - started < 2
        return
    once = format_source(source)
    assert shape(parse(Source("t", once))) == shape(tree)
    assert format_source(Source("t", once)) == once


@settings(
    max_examples=int(os.environ.get("FLOWC_EXAMPLES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.sampled_from(TEXTS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from(BITS)), max_size=4)
)
def test_mutated_texts(text: str, edits: list[tuple[float, int, str]]) -> None:
    for where, removed, bit in edits:
        at = int(where * len(text))
        text = text[:at] + bit + text[at + removed :]
    judge(text)


def test_a_plain_arrow_that_is_written_otherwise() -> None:
    judge("input x\noutput p\nx -> p : + 0\n1 -> p : -+1.5\n")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*BITS, "f", " = ", "h", "step(", ")", "0.5", " : ", "node "]), max_size=30).map("".join)
)
def test_texts_of_nothing_but_bits(text: str) -> None:
    judge(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    judge(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    try:
        decode(data, "t")
    except FlowError as error:
        assert error.diagnostics


def test_lines_are_shuffled() -> None:
    lines = [line for text in TEXTS for line in text.split("\n")]
    generator = random.Random(0)
    for _ in range(50):
        judge("\n".join(generator.sample(lines, 12)))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000, "f = " + "(" * 100_000 + "x" + ")" * 100_000, "f = " + "[" * 100_000, "f = " + "-" * 100_000 + "x",
        "f = " + "x^" * 20_000 + "x", "f = " + "x+" * 20_000 + "x", "f = " + "step(" * 20_000 + "x" + ")" * 20_000,
        "(" * 50_000 + "]" * 50_000, "{" * 100_000, "data {" + "x " * 10_000 + "\n" + "1 " * 10_000 + "}",
        '"' * 100_000, "'" + "\"'" * 50_000, "#" * 100_000, "x" * 100_000, "x -> " * 5_000, "f = " + "1" * 100_000,
        "f = 1e" + "9" * 100_000, "f = 0." + "0" * 100_000 + "1", " " * 100_000 + "x", "\n" * 100_000, ";" * 100_000,
        "x, " * 20_000 + "y -> h : 1", "input " + "x" * 50_000 + "²", "f = (\n" * 20_000, "x ->\n" * 20_000,
        "data { x\n" + "1 2\n" * 5_000 + "}", "x -> h : 1" + " " * 100_000 + "!", ("x -> h : 1 " + "\t" * 300 + "\n") * 300 + "!",
        "ξ" * 100_000 + " = 1", "x -> h : " + "1" * 5_000, "weight w[" + "1," * 20_000 + "]", "f = \"" + "a" * 100_000,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)  # fmt: skip
def test_hostile_texts_are_quick(text: str) -> None:
    parse(Source("warm", "input x"))
    started = time.process_time()
    try:
        parse(Source("t", text))
    except FlowError as error:
        assert 0 < len(error.diagnostics) <= MISTAKES
    assert time.process_time() - started < 2


def codes(text: str) -> list[str]:
    try:
        parse(Source("t", text))
    except FlowError as error:
        return [problem.code for problem in error.diagnostics]
    return []


@pytest.mark.parametrize(("opening", "closing"), ["()", "[]"])
def test_brackets_at_the_limit(opening: str, closing: str) -> None:
    assert codes(f"f = {opening * DEPTH}x{closing * DEPTH}") == []
    assert codes(f"f = {opening * (DEPTH + 1)}x{closing * (DEPTH + 1)}") == ["too-deep"]


def test_operations_at_the_limit() -> None:
    assert codes("f = " + "^".join(["x"] * LEVELS)) == []
    assert codes("f = " + "^".join(["x"] * (LEVELS + 1))) == ["too-deep"]
    assert codes("x -> h : " + "-" * LEVELS + "1") == ["too-deep"]
    assert codes("loss L = " + "-" * LEVELS + "x") == ["too-deep"]
    assert codes("train gd(rate=" + "-" * LEVELS + "1)") == ["too-deep"]
    assert codes("weight w = " + "-" * LEVELS + "1") == ["too-deep"]
    assert codes("weight w ~ " + "-" * LEVELS + "1") == ["too-deep"]
    assert codes("x -> h : w = " + "-" * LEVELS + "1") == ["too-deep"]
    assert codes("x[" + "-" * LEVELS + "1] -> h : w") == ["too-deep"]
    assert codes("node h : step(" + "-" * LEVELS + "1)") == ["too-deep"]
    assert codes("node h[" + "3," * LEVELS + "]") == []


@pytest.mark.parametrize("letter", ["a", "ξ"])
def test_names_at_the_limit(letter: str) -> None:
    name, longer = letter * LETTERS, letter * (LETTERS + 1)
    assert codes(f"input x\nnode {name}\nx -> {name} : 1\n") == []
    assert codes(f"x -> {longer} : 1\n") == codes(f"node {longer}\n") == codes(f"f = 2*{longer}\n") == ["bad-name"]
    assert codes(f"index k = {longer}") == ["bad-name"] and codes(f'index k = "{longer}"') == []
    with pytest.raises(FlowError, match=f"`{letter * 20}…` has 256 letters; a name has 255 at most"):
        parse(Source("t", f"f = {longer}"))


@pytest.mark.parametrize("operations", [" + ", " - ", "*", "/", " @ "])
def test_a_flat_run_may_be_long(operations: str) -> None:
    """It is one operation to all who walk the tree, so none of them recurses into it."""
    text = "f = " + operations.join(["x"] * 5000) + "\n"
    source = Source("t", text)
    assert format_source(source) == text
    assert len(dump(parse(source), source).splitlines()) == 5003  # Equation, left, the run, and its operands


def test_the_parser_is_the_same_with_a_broken_cache_and_without_one(tmp_path: Path) -> None:
    folder = tmp_path / "flowc"
    script = (
        "from flowc.syntax.parser import parse; from flowc.source import Source; print(parse(Source('t', 'f = 2*x')))"
    )

    def run(cache: Path) -> str:
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        return subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        ).stdout

    fresh = run(tmp_path)
    (table,) = folder.iterdir()
    assert run(tmp_path) == fresh
    for broken in (b"", table.read_bytes()[:1000], b"nonsense"):
        table.write_bytes(broken)
        assert run(tmp_path) == fresh
    (tmp_path / "file").write_text("")
    assert run(tmp_path / "file") == fresh
    folder.chmod(0o777)  # anyone could have written the table: it is not read
    table.write_bytes(b"nonsense")
    assert run(tmp_path) == fresh and table.read_bytes() == b"nonsense"

"""From a block to what stands in its place: every kind of content, problems at the document's line, and the cache."""

import json
import os
from pathlib import Path

import pytest

import flowc
from flowc.doors.documents import embed as module
from flowc.doors.documents.blocks import Image, Items, Listing, Mathematics, Span, Words, as_data, of_data
from flowc.doors.documents.embed import Place, embed
from flowc.learning.weights import write_weights

from .programs import NET, ROOT

EXAMPLES = ROOT / "examples"
PLACE = Place("page.md", 10, 12, str(EXAMPLES))


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Nothing is there before a test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/flowc/documents"


def shown(file, format="svg", **options):
    result = embed("", f"{file}.flow", options, PLACE, format)
    assert result.problems == ()
    return result.blocks


@pytest.mark.parametrize("format", ["svg", "pdf", "png"])
def test_a_picture_is_that_of_render(format):
    (image,) = shown("xor", format, direction="up")
    content = flowc.render(EXAMPLES / "xor.flow", format, direction="up")
    assert image.content == (content.encode() if format == "svg" else content)
    assert image.alt.startswith("The exclusive or of two bits: a network of 2 inputs")
    assert image.size[1] > image.size[0] > 100


def test_a_token_steps_and_alt():
    (image,) = shown("xor", values="x1=0 x2=1", alt="Ours")
    assert image.content.decode() == flowc.render(EXAMPLES / "xor.flow", values={"x1": 0, "x2": 1}, alt="Ours")
    assert image.alt == "Ours"
    images = shown("xor", steps="", row="2")
    assert tuple(one.content.decode() for one in images) == flowc.render(EXAMPLES / "xor.flow", show="steps", row=2)
    assert len(images) == 4


def test_a_theme_that_follows_its_reader_is_light_in_other_formats():
    assert shown("xor", "pdf", theme="auto") == shown("xor", "pdf")
    assert b"prefers-color-scheme" in shown("xor", theme="auto")[0].content


def test_code_is_that_of_compile():
    net = flowc.load(EXAMPLES / "worked_example.flow").compile()
    (listing,) = shown("worked_example", show="code", part="gradients")
    assert listing.language == "python" and listing.text.startswith("def gradients(") and listing.text in net.source
    (listing,) = shown("worked_example", show="code", backend="c")
    assert listing.language == "c" and "void forward(" in listing.text


def test_equations_are_words_and_mathematics():
    blocks = shown("worked_example", show="equations")
    heads = [block.spans[0].text for block in blocks if isinstance(block, Words)]
    assert heads == ["Forward", "Loss", "Backward", "Update", "where"]
    latex = flowc.load(EXAMPLES / "worked_example.flow").equations("latex")
    for block in blocks:
        if isinstance(block, Mathematics):
            assert f"\\begin{{align*}}\n{block.latex}\n\\end{{align*}}" in latex
            assert block.mathml.startswith("<mtable ")
    assert isinstance(blocks[-1], Items) and blocks[-1].items[0][0].kind == "math"
    (_, forward) = shown("xor", show="equations", part="forward")[:2]
    assert [line.split("&=")[0].strip() for line in forward.latex.split("\n")][-1] == "f"


def test_equations_with_numbers_of_the_seed_or_of_a_file(tmp_path):
    (tmp_path / "net.flow").write_text("input x\noutput f\nx -> f : w ~ uniform(-1, 1)\n")
    weights = flowc.load(tmp_path / "net.flow").compile().init(3)
    place = Place("page.md", 1, 2, str(tmp_path))
    of_seed = embed("", "net.flow", {"show": "equations", "numbers": "", "seed": "3", "digits": "6"}, place, "svg")
    assert f"{float(weights['w']):.6g}" in of_seed.blocks[1].latex
    (tmp_path / "learnt.safetensors").write_bytes(write_weights(weights, {}))
    of_file = embed("", "net.flow", {"show": "equations", "weights": "learnt.safetensors", "digits": "6"}, place, "svg")
    assert of_file.blocks == of_seed.blocks
    assert of_file.files == (str(tmp_path / "net.flow"), str(tmp_path / "learnt.safetensors"))
    assert embed("", "net.flow", {"weights": "none.safetensors"}, place, "svg").problems[0].message.startswith("cannot use the weights of `none")


def test_a_trace_has_every_number():
    blocks = shown("worked_example", show="trace")
    heads = [block.spans[0].text for block in blocks if isinstance(block, Words)]
    assert heads[:5] == ["Forward", "Loss", "Backward", "Weights", "Step, by the rate 0.5"]
    assert "0.3775" in blocks[1].latex and "0.2984" in blocks[3].latex


def test_a_trace_may_be_a_part_and_says_what_its_signs_mean():
    where, meanings = shown("worked_example", show="trace", part="forward")[2:]
    head, lines, *_ = shown("worked_example", show="trace", part="backward")
    assert head.spans[0].text == "Backward" and r"\delta_{o_{1}} &= " in lines.latex
    assert where.spans[0].text == "where" and meanings.items[0][0].text.startswith(r"\sigma(\xi) = ")
    (_, lines, *_) = shown("worked_example", show="trace", part="backward", gradients="partial")
    assert r"\partial \xi_{o_{1}}" in lines.latex and "delta" not in lines.latex
    (_, lines, *_) = shown("worked_example", show="equations", part="backward", gradients="partial")
    assert r"\partial \xi_{o_{1}}" in lines.latex and "delta" not in lines.latex


@pytest.mark.parametrize("plot", ["activations", "loss w5 w6"])
def test_a_plot_is_an_image_with_its_sentence(plot):
    pytest.importorskip("matplotlib")
    (image,) = shown("worked_example", plot=plot, steps="3")
    assert image.format == "svg" and b"<svg" in image.content and len(image.alt) > 20
    (ours,) = shown("worked_example", plot=plot, steps="3", alt="Ours")
    assert ours.alt == "Ours" and b"Ours</desc>" in ours.content


# ------------------------------------------------------------------------------------------------------------- problems


def said(text="", file=None, folder=".", **options):
    return [(p.line, p.message) for p in embed(text, file, options, Place("page.md", 10, 12, str(folder)), "svg").problems]


def test_problems_of_a_text_are_at_the_documents_lines():
    problems = embed("input x\noutput f\ny -> f : 1\n\nz -> f : 1\n", None, {}, Place("a/page.md", 10, 12, "a"), "svg").problems
    assert [p.line for p in problems] == [14, 16]
    assert problems[1].where.startswith("a/page.md:16: there is no node or weight `z`; declare it")
    assert problems[1].text.startswith("a/page.md:16:1: error[unknown-node]: there is no node or weight `z`\n  16 | z -> f : 1\n")


def test_problems_of_a_file_are_at_the_line_that_names_it(tmp_path):
    (tmp_path / "bad.flow").write_text("input x\noutput f\nz -> f : 1\n")
    ((line, message),) = said(file="bad.flow", folder=tmp_path)
    assert line == 10 and message.startswith(f"{tmp_path}/bad.flow:3:1: there is no node or weight `z`")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"file": "no.flow"}, "no such file or directory: ./no.flow"),
        ({"file": "no.flow", "text": NET}, "a diagram is a text or a file, not both; leave the text or `no.flow` away"),
        ({}, "there is no diagram: neither a text nor a file"),
        ({"text": NET, "theme": "pink"}, "`theme` is one of light, dark, print, auto, not 'pink'"),
        ({"text": NET, "row": "1"}, "net has no data; give values, as `values={'x': 0}`"),
        ({"text": NET, "values": "x1=1"}, "x2"),
        ({"text": NET, "show": "trace", "values": "y=1"}, "net has no input or target `y`"),
        ({"text": NET, "show": "trace", "row": "1"}, "net has no data"),
        ({"text": NET, "show": "gradients", "values": "x1=1 x2=1"}, "there are no gradients without a loss and its targets"),
        ({"text": NET, "show": "equations", "part": "update"}, "net has no equations for `--part update`"),
        ({"text": NET, "show": "equations", "part": "forwards"}, "`part` of equations is one of forward, loss"),
        ({"text": NET, "show": "trace", "part": "step", "values": "x1=1 x2=1"}, "`part` of a trace is one of forward, loss"),
        ({"text": NET, "show": "trace", "part": "loss", "values": "x1=1 x2=1"}, "the trace of net has nothing in `loss`: it has no loss"),
        ({"text": NET, "show": "equations", "gradients": "d"}, "`gradients` is one of delta, partial, not 'd'"),
        ({"text": NET, "show": "code", "backend": "fortran"}, "there is no backend `fortran`"),
        ({"text": NET, "show": "code", "part": "nothing"}, "nothing"),
        ({"text": NET, "plot": "regions g"}, "g"),
        ({"text": NET, "weights": "../x.safetensors"}, "the path leads out of the diagram's folder"),
    ],
)
def test_all_else_is_said_at_the_line_of_the_block(options, message):
    ((line, told),) = said(**options)
    assert line == 10 and message in told and "\n" not in told


def test_warnings_are_at_their_lines():
    text = 'input x "שלום"\noutput f\ninput y\nx -> f : 1\n'
    lines = [w.line for w in embed(text, None, {}, PLACE, "svg").warnings]
    assert sorted(lines) == [10, 14]  # of the letters that no font has, and of y, which leads nowhere


# ---------------------------------------------------------------------------------------------------------------- cache


def test_what_was_made_once_is_not_made_again(cache, monkeypatch):
    first = embed(NET, None, {"theme": "dark"}, PLACE, "svg")
    assert len([*cache.iterdir()]) == 1
    monkeypatch.setattr(module, "make_content", None)
    assert embed(NET, None, {"theme": "dark"}, PLACE, "svg") == first
    elsewhere = embed(NET, None, {"theme": "dark"}, Place("b.md", 70, 71, "."), "svg")
    assert elsewhere.blocks == first.blocks


@pytest.mark.parametrize("change", [{"theme": "light"}, {"direction": "up"}, {"values": "x1=1 x2=1"}, {"show": "equations"}])
def test_another_option_is_another_content(cache, change):
    first = embed(NET, None, {"theme": "dark"}, PLACE, "svg")
    assert embed(NET, None, change, PLACE, "svg").blocks != first.blocks


def test_a_file_that_the_diagram_names_is_part_of_it(tmp_path):
    (tmp_path / "net.flow").write_text('input x\noutput f\nx -> f : 2\ndata "rows.csv"\n')
    place = Place("page.md", 1, 2, str(tmp_path))
    alts = []
    for number in (1, 5):
        (tmp_path / "rows.csv").write_text(f"x,f\n{number},0\n")
        result = embed("", "net.flow", {"row": "1"}, place, "svg")
        assert {os.path.basename(path) for path in result.files} == {"net.flow", "rows.csv"}
        alts.append(result.blocks[0].content)
    assert alts[0] != alts[1]


def test_what_is_broken_in_the_cache_is_made_again(cache):
    first = embed(NET, None, {}, PLACE, "svg")
    (path,) = cache.iterdir()
    path.write_text("{")
    assert embed(NET, None, {}, PLACE, "svg") == first


def test_a_problem_is_not_kept(cache):
    assert embed(NET, None, {"row": "1"}, PLACE, "svg").problems
    assert not cache.exists() or not [*cache.iterdir()]


def test_blocks_go_through_json():
    blocks = [
        Image("png", b"\x89\0", "A", (3, 4)), Mathematics("a", "<mi>a</mi>"), Listing("x = 1\n", "python"),
        Words((Span("strong", "B"), Span("text", " ü"))), Items(((Span("math", "x"),), ())),
    ]  # fmt: skip
    assert [of_data(json.loads(json.dumps(as_data(block)))) for block in blocks] == blocks
    assert blocks[0].uri == "data:image/png;base64,iQA="


def test_the_version_of_what_is_kept_is_that_of_flowcs_files():
    newest = max(path.stat().st_mtime_ns for path in Path(flowc.__file__).parent.rglob("*.py"))
    assert module._version_of_flowc() == newest


def test_the_table_of_a_folder_is_part_of_it(tmp_path):
    (tmp_path / "net.flow").write_text(NET)
    place = Place("page.md", 1, 2, str(tmp_path))
    drawn = [embed("", "net.flow", {}, place, "svg").blocks[0].content.decode()]
    (tmp_path / "flowc.toml").write_text('[draw]\ndirection = "up"\n')
    drawn.append(embed("", "net.flow", {}, place, "svg").blocks[0].content.decode())
    assert drawn == [flowc.render(NET), flowc.render(NET, direction="up")]


@pytest.mark.parametrize("show", ["equations", "trace"])
@pytest.mark.parametrize("name", ["autoencoder", "net232", "iris", "worked_example", "evolved"])
def test_words_have_no_sign_that_a_document_may_have_no_letter_for(name, show):
    """LaTeX sets ⊙ among words no more than Word does; as a formula every place has it."""
    options = {"show": show} | ({"values": "x=1,0,0,0"} if name == "autoencoder" and show == "trace" else {})
    words = [block for block in shown(name, **options) if isinstance(block, (Words, Items))]
    lines = [line for block in words for line in (block.items if isinstance(block, Items) else [block.spans])]
    assert lines and all(span.text.encode("cp1252") for line in lines for span in line if span.kind != "math")

"""`flowc draw` and `flowc.render`, as their users call them."""

import pytest

import flowc
from flowc.__main__ import main

XOR = "input x1, x2\noutput f : step\nx1, x2 -> f : 1\n1 -> f : -1.5\ndata {\n  x1 x2 | f\n  0 0 | 0\n  1 1 | 1\n}\n"


@pytest.fixture
def diagram(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "and.flow").write_text(XOR)
    return tmp_path


@pytest.mark.parametrize("name, begins", [("a.svg", b"<svg "), ("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.tikz", b"% needs"), ("a.tex", b"% needs")])
def test_the_ending_says_the_format(diagram, name, begins):
    assert main(["draw", "and.flow", "-o", name]) == 0
    assert (diagram / name).read_bytes().startswith(begins)


def test_to_standard_output(diagram, capsysbinary):
    assert main(["draw", "and.flow"]) == 0
    assert capsysbinary.readouterr().out.decode() == flowc.render("and.flow")
    assert main(["draw", "and.flow", "--format", "tikz", "--theme", "print", "--direction", "up"]) == 0
    assert capsysbinary.readouterr().out.decode() == flowc.render("and.flow", "tikz", theme="print", direction="up")


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_bytes_to_standard_output(diagram, capsysbinary, format):
    assert main(["draw", "and.flow", "--format", format, "-o", "-"]) == 0
    assert capsysbinary.readouterr().out == flowc.render("and.flow", format)


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_bytes_do_not_go_to_a_terminal(diagram, capsys, monkeypatch, format):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["draw", "and.flow", "--format", format]) == 2
    assert capsys.readouterr() == ("", f"flowc: a {format} is written to files; name one, `-o picture.{format}`\n")


def test_ids_begin_as_is_asked(diagram, capsysbinary):
    assert main(["draw", "and.flow", "--id-prefix", "fig-1"]) == 0
    svg = capsysbinary.readouterr().out.decode()
    assert svg == flowc.render("and.flow", id_prefix="fig-1")
    assert 'aria-labelledby="fig-1-title fig-1-desc"' in svg
    assert '<g id="fig-1-f" class="node">' in svg


def test_values_as_run_takes_them(diagram, capsysbinary):
    assert main(["draw", "and.flow", "x1=1", "x2=0"]) == 0
    given = capsysbinary.readouterr().out.decode()
    assert given == flowc.render("and.flow", values={"x1": 1, "x2": 0})
    assert "<title>−0.5</title>" in given
    assert main(["draw", "and.flow", "--row", "2"]) == 0
    assert capsysbinary.readouterr().out.decode() == flowc.render("and.flow", row=2)


def test_steps_are_numbered_files(diagram):
    assert main(["draw", "and.flow", "--show", "steps", "-o", "and.svg"]) == 0
    assert sorted(path.name for path in diagram.glob("*.svg")) == ["and-01.svg", "and-02.svg"]
    assert tuple(path.read_text() for path in sorted(diagram.glob("*.svg"))) == flowc.render("and.flow", show="steps")


def test_steps_are_one_file_where_the_format_has_pages(diagram, capsysbinary):
    for ending in ("pdf", "tikz"):
        assert main(["draw", "and.flow", "--show", "steps", "-o", f"and.{ending}"]) == 0
        assert [path.name for path in diagram.glob(f"*.{ending}")] == [f"and.{ending}"]
        assert main(["draw", "and.flow", "--show", "steps", "--format", ending, "-o", "-"]) == 0
        assert (diagram / f"and.{ending}").read_bytes() == capsysbinary.readouterr().out


def test_captions_say_what_is_computed(diagram):
    assert main(["draw", "and.flow", "--show", "steps", "--captions", "-o", "and.svg"]) == 0
    assert tuple(path.read_text() for path in sorted(diagram.glob("*.svg"))) == flowc.render("and.flow", show="steps", captions=True)
    assert "step(ξ) = step(−1.5) = 0</title>" in (diagram / "and-02.svg").read_text()


@pytest.mark.parametrize("name, names", [("%d-and.svg", ["01-and.svg", "02-and.svg"]), ("and_%03d.pdf", ["and_01.pdf", "and_02.pdf"])])
def test_a_name_says_where_the_number_of_a_step_stands(diagram, name, names):
    assert main(["draw", "and.flow", "--show", "steps", "-o", name]) == 0
    assert sorted(path.name for path in diagram.glob("*and*") if path.suffix in (".svg", ".pdf")) == names


def test_it_needs_no_data_file(diagram):
    (diagram / "far.flow").write_text('input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\ndata "not_there.csv"\n')
    assert main(["draw", "far.flow", "-o", "far.svg"]) == 0


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        (["nowhere.flow"], 2, "cannot read `nowhere.flow`"),
        (["and.flow", "-o", "and.flow", "--format", "svg"], 2, "`and.flow` is the diagram itself"),
        (["and.flow", "-o", "and.flow/", "--format", "svg"], 2, "is the diagram itself"),
        (["listed.flow", "-o", "nodes.csv", "--format", "svg"], 2, "`nodes.csv` is a file that the diagram names"),
        (["and.flow", "-o", "a.gif"], 2, "says no format"),
        (["and.flow", "-o", "a.png", "--width", "1000000"], 2, "from 1 to 20000, not 1000000"),
        (["and.flow", "-o", "a.xyz", "--format", "pdf", "--width", "10"], 2, "the width is of a PNG"),
        (["and.flow", "-o", "a.svg", "--format", "pdf"], 2, "has the name of a svg file"),
        (["and.flow", "--id-prefix", "1st"], 2, "`1st` cannot begin an id"),
        (["and.flow", "--id-prefix", "a b"], 2, "cannot begin an id"),
        (["and.flow", "--id-prefix", "a", "--format", "png"], 2, "ids are of an SVG or HTML"),
        (["and.flow", "--show", "steps"], 2, "steps are written to files"),
        (["and.flow", "--captions"], 2, "captions are of steps; show those"),
        (["and.flow", "--show", "gradients"], 2, "no gradients without a loss"),
        (["and.flow", "--row", "3"], 2, "there is no row 3"),
        (["and.flow", "x1=1", "--row", "1"], 2, "say the same in two ways"),
        (["and.flow", "x1=1"], 2, "x2"),
        (["and.flow", "--many", "4"], 2, "a whole number from 5 on, not 4, since first"),
        (["and.flow", "--theme", "pink"], 2, "invalid choice"),
        (["and.flow", "--theme", "auto", "-o", "a.png"], 2, "only an SVG or HTML can change"),
        (["and.flow", "--standalone"], 2, "only TikZ can be"),
        (["and.flow", "-o", "no/such/folder/a.svg"], 2, "no such file or directory"),
        (["bad.flow"], 1, "unknown-node"),
    ],
)  # fmt: skip
def test_refusals(diagram, capsys, arguments, status, said):
    (diagram / "bad.flow").write_text("input x\noutput f\nz -> f : 1\n")
    (diagram / "listed.flow").write_text('nodes "nodes.csv"\nx -> f : 1\n')
    (diagram / "nodes.csv").write_text("name,role\nx,input\nf,output\n")
    before = {path.name: path.read_bytes() for path in diagram.iterdir()}
    assert main(["draw", *arguments]) == status
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in diagram.iterdir()} == before


def test_steps_are_written_all_or_none(diagram, capsys):
    (diagram / "and-02.svg").mkdir()
    assert main(["draw", "and.flow", "--show", "steps", "-o", "and.svg"]) == 2
    assert not (diagram / "and-01.svg").exists()


def test_signs_without_a_font_are_told(diagram, capsys):
    (diagram / "hostile.flow").write_text('input x "שלום"\noutput f\nx -> f : 1\n', encoding="utf-8")
    assert main(["draw", "hostile.flow", "-o", "a.svg"]) == 0
    assert "is set in the viewer's font" in capsys.readouterr().err
    assert ">שלום</text>" in (diagram / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "options, said",
    [
        ({"format": "gif"}, "there is no format `gif`"),
        ({"directoin": "up"}, "did you mean `direction`"),
        ({"direction": "left"}, "`direction` is one of right, up"),
        ({"theme": "pink"}, "`theme` is one of"),
        ({"many": 3}, "a whole number from 5 on"),
        ({"row": 9}, "there is no row 9"),
        ({"show": "values", "values": {"x1": 1}}, "x2"),
        ({"show": "gradients"}, "no gradients without a loss"),
        ({"show": "steps", "values": {"z": 1}}, "z"),
        ({"width": 0, "format": "png"}, "width"),
        ({"width": 10**6, "format": "png"}, "to 20000"),
        ({"width": 10}, "the width is of a PNG"),
        ({"theme": "auto", "format": "pdf"}, "only an SVG"),
        ({"standalone": True}, "only TikZ"),
        ({"id_prefix": "a", "format": "tikz"}, "ids are of an SVG or HTML"),
        ({"id_prefix": "ä"}, "cannot begin an id"),
        ({"id_prefix": 5}, "`id_prefix` cannot be 5"),
        ({"values": 5}, "`values` cannot be 5"),
        ({"row": "1"}, "`row` is a whole number"),
        ({"alt": 5}, "`alt` cannot be 5"),
        ({"legend": "x"}, "`legend` cannot be"),
        ({"weights": {"W": [[1]]}}, "W"),
    ],
)
def test_render_refuses(options, said):
    with pytest.raises(ValueError, match=said):
        flowc.render(XOR, **options)


def test_render_takes_flows_texts_and_paths(diagram):
    flow = flowc.load("and.flow")
    named = flowc.render(flow, name="and")
    assert flowc.render("and.flow") == flowc.render(flow)
    assert flowc.render(diagram / "and.flow", name="and") == named
    assert flowc.render("flow and\n" + XOR) == named
    with pytest.raises(flowc.FlowError):
        flowc.render("input x\noutput f\n")

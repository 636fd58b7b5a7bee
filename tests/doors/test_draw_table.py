"""`flowc.toml` beside a diagram says once how the pictures of its folder are drawn."""

import pytest

import flowc
from flowc.__main__ import main

NET = "input x\noutput f\nx -> f : w ~ 0.5\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "net.flow").write_text(NET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_table_holds_for_the_command_and_for_render(folder, capsys):
    plain = flowc.render("net.flow")
    (folder / "flowc.toml").write_text('[draw]\ndirection = "up"\narrows = "both"\n')
    assert main(["draw", "net.flow"]) == 0
    shown = capsys.readouterr().out
    assert shown == flowc.render("net.flow")
    assert shown != plain and "w = 0.5" in shown


def test_what_is_said_beats_the_table(folder, capsys):
    plain = flowc.render("net.flow")
    (folder / "flowc.toml").write_text('[draw]\ndirection = "up"\nlegend = true\n')
    assert main(["draw", "net.flow", "--direction", "right", "--no-legend"]) == 0
    assert capsys.readouterr().out == plain
    assert flowc.render("net.flow", direction="right", legend=False) == plain


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[draw]\nthem = "dark"', "flowc.toml: there is no option `them`; did you mean `theme`?"),
        ('[draw]\ntheme = "pink"', "flowc.toml: `theme` is one of"),
        ("[draw]\nmany = 2", "`many` is a whole number from 5 on, not 2"),
        ('[draw]\nalt = "all alike"', "`alt` is of one picture"),
        ("[drawing]", "there is no table `[drawing]`"),
        ("draw = 3", "`draw` is a table"),
        ("[draw", "flowc.toml: "),
        ("\udcff", "flowc.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_table(folder, capsys, table, said):
    (folder / "flowc.toml").write_bytes(table.encode("utf-8", "surrogateescape"))
    assert main(["draw", "net.flow"]) == 2
    assert said in capsys.readouterr().err
    with pytest.raises(ValueError, match="flowc.toml"):
        flowc.render("net.flow")


def test_no_output_is_written_over_the_table(folder, capsys):
    (folder / "flowc.toml").write_text("[draw]\n")
    assert main(["draw", "net.flow", "-o", "flowc.toml", "--format", "svg"]) == 2
    assert (folder / "flowc.toml").read_text() == "[draw]\n"

"""Files of nodes and edges: found beside the diagram, and nothing is opened outside its folder."""

import io
import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import flowc
from flowc.graph.files.access import Unreadable
from flowc.nets import sibling_files
from tests.doors.command import in_process

NODES = "name,role,activation\nx,input,\nf,output,tanh\n"
EDGES = "source,target,weight,learnt\nx,f,0.5,yes\n1,f,-1,no\n"
FLOW = 'nodes "nodes.csv"\nedges "edges.csv"\n'


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def folder(tmp_path):
    """A folder with a diagram, inside another with a file that must not be read."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text(NODES)
    for name, text in (("a.flow", FLOW), ("nodes.csv", NODES), ("edges.csv", EDGES)):
        (inside / name).write_text(text)
    return inside


def test_every_door_finds_them(run, folder, monkeypatch):
    value = [np.tanh(0.5 * 3 - 1)]
    nets = [flowc.load(folder / "a.flow"), flowc.loads(FLOW, folder / "b.flow")]
    assert run("check", folder / "a.flow") == (0, "", "")
    monkeypatch.chdir(folder)
    nets += [flowc.load("a.flow"), flowc.loads(FLOW)]
    for net in nets:
        compiled = net.compile()
        assert compiled.forward(compiled.init(), {"x": [3.0]})["f"] == pytest.approx(value)
    first = run("compile", "a.flow")
    assert first[0] == 0 and "tanh" in first[1]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(FLOW.encode())))
    assert run("check", "-") == (0, "", "")
    assert run("fmt", "--check", "a.flow") == (0, "", "")


def test_nothing_that_is_read_is_written_over(run, folder):
    (folder / "rows.csv").write_text("x\n1\n")
    (folder / "a.flow").write_text(FLOW + 'data test "rows.csv"\n')
    (folder / "link.py").symlink_to("edges.csv")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    for name in ("edges.csv", "nodes.csv", "rows.csv", "link.py"):
        for more in ([], ["--emit", "network"], ["--emit", "program"], ["--style", "fast"]):
            status, out, err = run("compile", folder / "a.flow", *more, "-o", folder / name)
            assert (status, out) == (2, "") and f"{name}` is a file that the diagram names; name another file" in err
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_the_tree_and_the_formatter_open_nothing(run, tmp_path):
    (tmp_path / "a.flow").write_text(FLOW)
    status, out, _ = run("compile", tmp_path / "a.flow", "--emit", "tree")
    assert status == 0 and "EdgesFile path='edges.csv' 2:1" in out
    assert run("fmt", "--check", tmp_path / "a.flow")[0] == 0
    status, out, _ = run("check", tmp_path / "a.flow")
    assert status == 1 and "error[unreadable-file]: nodes.csv: no such file" in out


def why(folder, name):
    with pytest.raises(Unreadable) as raised:
        sibling_files.files_beside(str(folder / "a.flow"))(name)
    return str(raised.value)


def test_nothing_outside_the_folder_is_opened(folder, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(sibling_files.os, "open", lambda path, *more: opened.append(path) or real(path, *more))
    (folder / "link.csv").symlink_to("../secret.csv")
    (folder / "far").symlink_to("..")
    assert "absolute" in why(folder, str(folder / "nodes.csv"))
    assert "out of the diagram's folder" in why(folder, "../secret.csv")
    assert "out of the diagram's folder" in why(folder, "../inside2/nodes.csv")
    assert "a link that leads out" in why(folder, "link.csv")
    assert "a link that leads out" in why(folder, "far/secret.csv")
    assert opened == []


def test_links_and_folders_inside_are_fine(folder):
    (folder / "more").mkdir()
    (folder / "more" / "link.csv").symlink_to("../nodes.csv")
    read = sibling_files.files_beside(str(folder / "a.flow"))
    assert read("more/link.csv") == read("more/../nodes.csv") == read("./nodes.csv") == NODES.encode()


def test_a_link_to_the_diagram_counts_as_where_it_stands(folder, tmp_path):
    (tmp_path / "other").symlink_to(folder)
    assert sibling_files.files_beside(str(tmp_path / "other" / "a.flow"))("nodes.csv") == NODES.encode()


def test_only_ordinary_files_are_read(folder, monkeypatch):
    os.mkfifo(folder / "pipe.csv")
    assert why(folder, "pipe.csv") == "it is no ordinary file"
    assert "a folder" in why(folder, ".")
    assert why(folder, "a\0b") == "no file can have this name"
    assert why(folder, "x" * 5000) == "file name too long"
    (folder / "loop.csv").symlink_to("loop.csv")
    assert why(folder, "loop.csv")
    monkeypatch.setattr(sibling_files, "LARGEST", 3)
    assert "larger than" in why(folder, "nodes.csv")


def test_problems_are_told_by_row(run, folder):
    (folder / "edges.csv").write_text(EDGES + "x,g,1,no\n" * 2)
    status, out, err = run("check", folder / "a.flow")
    assert status == 1 and "error[unknown-node]: edges.csv, row 4: there is no node or weight `g`" in out
    assert err == "1 error in 1 file\n"
    status, out, _ = run("check", "--format", "sarif", folder / "a.flow")
    assert status == 1 and "edges.csv, row 4" in out


def test_rows_stand_in_their_order(run, folder):
    (folder / "edges.csv").write_text(EDGES + "".join(f"x,g{k},1,no\n" for k in range(12)))
    lines = [line for line in run("check", folder / "a.flow")[1].splitlines() if "error" in line]
    assert [int(line.split("row ")[1].split(":")[0]) for line in lines] == list(range(4, 16))


def test_arrows_have_names(folder):
    (folder / "edges.csv").write_text(EDGES.replace("no", "yes") + "")
    net = flowc.load(folder / "a.flow").compile()
    slopes = net.gradients(net.init(), {"x": [3.0, 1.0]}, of="f", wrt=["w_f_x", "b_f", "w_edges", "x"])
    assert list(slopes) == ["w_f_x", "b_f", "w_edges", "x"]
    delta = 1 - np.tanh([0.5, -0.5]) ** 2
    assert slopes["w_f_x"] == pytest.approx(3 * delta[0] + delta[1])
    assert slopes["b_f"] == pytest.approx(delta.sum())
    assert slopes["w_edges"].tolist() == [slopes["w_f_x"], slopes["b_f"]]
    for style in ("layers", "fast"):
        again = flowc.load(folder / "a.flow").compile(style=style)
        assert again.gradients(again.init(), {"x": [3.0, 1.0]}, of="f", wrt="w_f_x") == {
            "w_f_x": pytest.approx(slopes["w_f_x"])
        }
    with pytest.raises(ValueError, match="no node, excitation or weight `w_f_y`"):
        net.gradients(net.init(), {"x": [3.0]}, of="f", wrt="w_f_y")

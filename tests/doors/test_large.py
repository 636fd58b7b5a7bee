"""Diagrams with more arrows than a source can be read with: their numbers stand in a file beside the output."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.__main__ import main

NODES, FAN = 300, 6


@pytest.fixture
def diagram(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    names = [f"h{k}" for k in range(NODES)]
    functions = ["tanh", "logistic", "relu", "sin", ""]
    nodes = [
        "x1,input,",
        "x2,input,",
        "y,target,",
        *(f"{n},node,{functions[k % 5]}" for k, n in enumerate(names)),
        "f,output,",
    ]
    (tmp_path / "nodes.csv").write_text("name,role,activation\n" + "\n".join(nodes) + "\n")
    rows = []
    for k, name in enumerate(names):
        before = ["x1", "x2", *names[max(0, k - 40) : k - k % 20]]
        sources = {*rng.choice(before, min(FAN, len(before)), replace=False).tolist(), "1"}
        rows += [
            f"{s},{name},{rng.normal(0, 0.4):.3f},{'yes' if rng.random() < 0.8 else 'no'}" for s in sorted(sources)
        ]
    rows += [f"{name},f,{rng.normal(0, 0.4):.3f},yes" for name in names[-20:]]
    (tmp_path / "edges.csv").write_text("source,target,weight,learnt\n" + "\n".join(rows) + "\n")
    path = tmp_path / "large.flow"
    path.write_text('nodes "nodes.csv"\nedges "edges.csv"\nloss mse(f, y)\n')
    return path


def test_weights_stand_beside_the_file(diagram: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = diagram.with_name("net.py")
    assert main(["compile", str(diagram), "--style", "fast", "-o", str(out)]) == 0
    assert out.with_suffix(".safetensors").exists()
    assert len(out.read_text()) < 25_000  # the levels, not the arrows
    net = runpy.run_path(str(out))
    flow = flowc.load(diagram)
    slide = flow.compile()
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(7, 2)), rng.normal(size=(7, 1))
    given = {"x1": x[:, 0], "x2": x[:, 1], "y": y[:, 0]}
    weights = net["initial_weights"]()
    np.testing.assert_allclose(net["forward"](x, **weights)[:, 0], slide.forward(slide.init(), given)["f"], rtol=1e-10)
    loss, slopes = net["gradients"](x, y, **weights)
    assert loss == pytest.approx(slide.loss(slide.init(), given), rel=1e-10)
    expected = np.sort(slide.gradients(slide.init(), given)["w_edges"])
    np.testing.assert_allclose(np.sort(slopes["w"]), expected, rtol=1e-8, atol=1e-12)
    before, _ = net["learn"](weights, x, y, rate=0.01)
    assert net["gradients"](x, y, **weights)[0] < before


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("lower", ["auto", "dense", "sparse"])
def test_the_file_says_which_row_each_of_its_weights_is(diagram: Path, lower: str, backend: str) -> None:
    if backend == "torch":
        pytest.importorskip("torch")
    out = diagram.with_name(f"{backend}_{lower}.py")
    options = ["--style", "fast", "--lower", lower, "--backend", backend, "--dtype", "float64"]
    assert main(["compile", str(diagram), *options, "-o", str(out)]) == 0
    file = runpy.run_path(str(out))
    slide = flowc.load(diagram).compile()
    rows = slide.init()["w_edges"] * np.linspace(0.5, 1.5, len(slide.init()["w_edges"]))
    order = file["ORDER"]["w"]
    assert sorted(np.asarray(order).tolist()) == list(range(len(rows)))
    assert set(file) & {"WEIGHTS"} == set()
    x, y = np.random.default_rng(1).normal(size=(7, 2)), np.zeros((7, 1))
    given = {"x1": x[:, 0], "x2": x[:, 1], "y": y[:, 0]}
    if backend == "torch":
        x, y, numbers = (file["torch"].tensor(a) for a in (x, y, rows))
    else:
        numbers = rows
    found = np.asarray(file["forward"](x, numbers[order]))
    np.testing.assert_allclose(found[:, 0], slide.forward({"w_edges": rows}, given)["f"], rtol=1e-10)
    slopes = numbers * 0
    slopes[order] = file["gradients"](x, y, w=numbers[order])[1]["w"]
    expected = slide.gradients({"w_edges": rows}, given)["w_edges"]
    np.testing.assert_allclose(np.asarray(slopes), expected, rtol=1e-8, atol=1e-12)


def test_standard_output_refuses(diagram: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = len(diagram.with_name("edges.csv").read_text().splitlines()) - 1
    for lower in ("auto", "dense"):
        assert main(["compile", str(diagram), "--style", "fast", "--lower", lower]) == 2
        said = capsys.readouterr()
        assert said.out == "" and f"{rows} arrows are too many to read in a source" in said.err and "-o" in said.err


def test_what_compile_did_not_write_stays(diagram: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Learnt weights of the name that the numbers would have; those of an earlier compile are written again."""
    out, beside = diagram.with_name("net.py"), diagram.with_name("net.safetensors")
    command = ["compile", str(diagram), "--style", "fast", "-o", str(out)]
    from flowc.learning.weights import write_weights

    for other in (write_weights({"w_edges": np.zeros(3)}, {"diagram": "large"}), b"", b"something else", b"\xff" * 40):
        beside.write_bytes(other)
        assert main(command) == 2
        assert f"`{beside}`, which `compile` did not write" in capsys.readouterr().err
        assert beside.read_bytes() == other and not out.exists()
    beside.unlink()
    assert main(command) == 0
    first = beside.read_bytes()
    assert main([*command, "--lower", "sparse"]) == 0 and main(command) == 0
    assert beside.read_bytes() == first


def test_source_and_numbers_are_two_files(diagram: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = diagram.with_name("net.safetensors")
    assert main(["compile", str(diagram), "--style", "fast", "-o", str(out)]) == 2
    assert "has the name of a file of weights; name it `.py`" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("barred", ["net.py", "net.safetensors"])
def test_both_files_are_written_or_none(diagram: Path, barred: str, capsys: pytest.CaptureFixture[str]) -> None:
    """New numbers with an old source would be another net."""
    out, beside = diagram.with_name("net.py"), diagram.with_name("net.safetensors")
    command = ["compile", str(diagram), "--style", "fast", "-o", str(out)]
    assert main(command) == 0
    old = {path: path.read_bytes() for path in (out, beside)}
    other = ["compile", str(diagram), "--style", "fast", "--lower", "sparse", "-o", str(out)]
    diagram.with_name(barred).unlink()
    diagram.with_name(barred).mkdir()
    capsys.readouterr()
    assert main(other) == 2
    assert barred in capsys.readouterr().err
    for path, data in old.items():
        assert path.is_dir() if path.name == barred else path.read_bytes() == data
    assert not [*diagram.parent.glob(".flowc-*")]


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_source_refuses_the_numbers_of_another(diagram: Path, backend: str) -> None:
    """A kill between the two moves leaves a new file beside an old one, of the same names and shapes."""
    if backend == "torch":
        pytest.importorskip("torch")
    out, beside = diagram.with_name("net.py"), diagram.with_name("net.safetensors")
    command = ["compile", str(diagram), "--style", "fast", "--backend", backend, "-o", str(out)]
    assert main(command) == 0
    old = {path: path.read_bytes() for path in (out, beside)}
    edges = diagram.with_name("edges.csv")
    weight = edges.read_text().split("\n")[1].split(",")[2]
    edges.write_text(edges.read_text().replace(f",{weight},", ",0.125,", 1))
    assert main(command) == 0
    new = {path: path.read_bytes() for path in (out, beside)}
    assert len(old[beside]) == len(new[beside]) and old[beside] != new[beside]
    for source, numbers in ((old, new), (new, old)):
        out.write_bytes(source[out])
        beside.write_bytes(numbers[beside])
        with pytest.raises(ValueError, match=r"net\.safetensors holds other numbers than this file was made with"):
            runpy.run_path(str(out))
        beside.write_bytes(source[beside])
        runpy.run_path(str(out))


def test_plain_python_is_refused_at_once(diagram: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowc import pipeline

    monkeypatch.setattr("flowc.program.lowering.SCALAR_LINES", 100)
    monkeypatch.setattr(pipeline, "plan", lambda *taken: pytest.fail("there is no need to look at every line"))
    assert main(["compile", str(diagram), "--style", "fast", "--lower", "scalar"]) == 2
    with pytest.raises(ValueError, match="a line for every element, here more than 100"):
        flowc.load(diagram).compile(style="fast", lower="scalar")


def test_the_api_runs_it_by_name(diagram: Path) -> None:
    flow = flowc.load(diagram)
    slide, fast = flow.compile(), flow.compile(style="fast", lower="sparse")
    given = {"x1": [0.5, -1.0], "x2": [0.25, 2.0], "y": [0.0, 1.0]}
    w = slide.init()
    expected, found = slide.forward(w, given), fast.forward(w, given)
    assert expected.keys() == found.keys()
    np.testing.assert_allclose(found["h299"], expected["h299"], rtol=1e-10)
    np.testing.assert_allclose(
        fast.gradients(w, given)["w_edges"], slide.gradients(w, given)["w_edges"], rtol=1e-8, atol=1e-12
    )

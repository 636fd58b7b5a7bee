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


def test_standard_output_refuses(diagram: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(diagram), "--style", "fast"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "too many to read in a source" in said.err and "-o" in said.err


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

"""Diagrams as meshes, forced: the API, and files as they are printed, agree with the interpreter of the plain program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flowc
from flowc.program.lowering import gathered
from tests.program.test_mesh import EXAMPLES, MIXED, SMOOTH

TEXTS = {"mixed": MIXED, "smooth": SMOOTH, "evolved": (EXAMPLES / "evolved.flow").read_text()}
FORCED = ["auto", "dense", "sparse"]


def data_for(net: flowc.doors.net.Net, tokens: int = 6) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.normal(size=(tokens, *shape)) for name, shape in {**net.inputs, **net.targets}.items()}


@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_every_node_and_gradient_by_name(name: str, lower: str) -> None:
    flow = flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow")
    plain, mesh = flow.compile(), flow.compile(style="fast", lower=lower)
    w, data = plain.init(seed=3), data_for(plain)
    expected, found = plain.forward(w, data), mesh.forward(w, data)
    assert expected.keys() == found.keys()
    for node, value in expected.items():
        np.testing.assert_allclose(found[node], value, rtol=1e-12, atol=1e-13, err_msg=node)
    assert mesh.loss(w, data) == pytest.approx(plain.loss(w, data), rel=1e-12)
    for weight, value in plain.gradients(w, data).items():
        np.testing.assert_allclose(mesh.gradients(w, data)[weight], value, rtol=1e-10, atol=1e-13, err_msg=weight)
    nodes = [n for n in expected if n not in plain.targets and n != plain._program.loss.owner]
    theirs, ours = plain.gradients(w, data, wrt=nodes), mesh.gradients(w, data, wrt=nodes)
    for node in nodes:
        np.testing.assert_allclose(ours[node], theirs[node], rtol=1e-10, atol=1e-13, err_msg=node)
    of = next(iter(plain.outputs))
    theirs, ours = plain.gradients(w, data, of=of, wrt=nodes), mesh.gradients(w, data, of=of, wrt=nodes)
    for node in nodes:
        np.testing.assert_allclose(ours[node], theirs[node], rtol=1e-10, atol=1e-13, err_msg=node)


@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_runs_and_its_gradients_are_right(name: str, lower: str, tmp_path: Path) -> None:
    net = flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow").compile(style="fast", lower=lower)
    path = tmp_path / "net.py"
    path.write_text(net.source)
    done = subprocess.run([sys.executable, path, "--selftest"], capture_output=True, text=True, check=False)
    assert done.stdout == "ok\n", done.stderr
    assert max(map(len, net.source.splitlines())) <= 79


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_diagrams(data: st.DataObject) -> None:
    from flowc.testing.strategies import diagrams

    diagram = data.draw(diagrams())
    flow = flowc.loads(diagram.text)
    if not gathered(flow.network):
        return
    plain, mesh = flow.compile(), flow.compile(style="fast", lower=data.draw(st.sampled_from(FORCED[1:])))
    w, values = plain.init(seed=1), data_for(plain)
    try:
        expected = plain.forward(w, values)
    except (FloatingPointError, ValueError):
        return
    found = mesh.forward(w, values)
    for node, value in expected.items():
        scale = 1 + np.abs(value).max()
        np.testing.assert_allclose(found[node], value, rtol=1e-9, atol=1e-9 * scale, err_msg=f"{node} of\n{diagram.text}")


@pytest.mark.parametrize("lower", ["dense", "sparse", "scalar", "chunked"])
def test_a_threshold_does_not_flip(lower: str) -> None:
    """Tenths: 0.3 - 0.1 - 0.2 is negative in one order of the sum, and 0 in another."""
    text = "input a, b, c\noutput f, g\nh = 0.3*a - 0.1*b - 0.2*c\nf = step(h)\ng = step(a + b - c)\n"
    flow = flowc.loads(text)
    tenths = np.random.default_rng(0).integers(-9, 10, size=(2000, 3)) / 10
    data = dict(zip("abc", tenths.T, strict=True))
    expected = flow.compile().forward({}, data)
    found = flow.compile(style="fast", lower=lower).forward({}, data)
    for name in expected:
        assert np.array_equal(found[name], expected[name]), name


def test_weights_called_as_the_parts_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    from flowc.backends.python import mesh

    monkeypatch.setattr(mesh, "CACHED", 0)
    text = "input a, b\noutput f\nweight parts ~ 0.3, i ~ 0.2\nm = exp(parts)*a*exp(i)\na, m -> f : parts\nb -> f : i\n"
    flow = flowc.loads(text)
    file = {"__name__": "net"}
    exec(flow.compile(style="fast", lower="sparse").source, file)
    x = np.random.default_rng(0).normal(size=(70, 2))
    weights = {"parts": np.array(0.3), "i": np.array(0.2)}
    expected = flow.compile().forward(weights, {"a": x[:, 0], "b": x[:, 1]})["f"]
    np.testing.assert_allclose(file["forward"](x, **weights)[:, 0], expected, rtol=1e-13)

"""Diagrams as meshes, forced: the API, and files as they are printed, agree with the interpreter of the plain program."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import flowc
from flowc.backends import find
from flowc.backends.backend import Options, Refused
from flowc.pipeline import plan
from flowc.program.lowering import choose, gathered
from tests.agreement.profile import examples
from tests.program.test_mesh import EXAMPLES, MIXED, SMOOTH
from tests.scripts import as_script

TEXTS = {"mixed": MIXED, "smooth": SMOOTH, "evolved": (EXAMPLES / "evolved.flow").read_text()}
FORCED = ["auto", "dense", "sparse"]


def data_for(net: flowc.nets.net.Net, tokens: int = 6) -> dict[str, np.ndarray]:
    """Any inputs, and targets that every loss takes."""
    rng = np.random.default_rng(1)
    inputs = {name: rng.normal(size=(tokens, *shape)) for name, shape in net.inputs.items()}
    return inputs | {name: rng.uniform(size=(tokens, *shape)) for name, shape in net.targets.items()}


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
    assert as_script(path, "--selftest") == "ok\n"
    assert max(map(len, net.source.splitlines())) <= 79


@examples(25)
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
        np.testing.assert_allclose(
            found[node], value, rtol=1e-9, atol=1e-9 * scale, err_msg=f"{node} of\n{diagram.text}"
        )


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


ARRAYS = """
input a, b
output f
weight V[2,2] ~ 0.5, U[0..1] ~ 0.25
node h, g : tanh
a -> h : V[1,1]
b -> h : V[2,1]
a -> g : U[0]
b -> g : U[1]
m = h*g
m, h -> f : ~ 2
"""


@pytest.mark.parametrize("lower", FORCED[1:])
def test_every_packed_array_is_named_as_the_diagram_has_it(lower: str) -> None:
    file = {"__name__": "net"}
    exec(flowc.loads(ARRAYS).compile(style="fast", lower=lower).source, file)
    assert file["WEIGHTS"].keys() == file["initial_weights"]().keys() == {"w", "w_f"}
    assert set(file["WEIGHTS"]["w"]) == {"V[1,1]", "V[2,1]", "U[0]", "U[1]"}
    assert set(file["WEIGHTS"]["w_f"]) == {"w_f_m", "w_f_h"}


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_sparse_levels_have_no_zeros_that_infinity_could_meet(backend: str) -> None:
    if backend == "torch":
        pytest.importorskip("torch")
    text = "input a, b\noutput f, g, h\na -> f : 2\nb -> g : 3\na, b -> h : 1\n"
    flow = flowc.loads(text)
    file: dict = {"__name__": "net"}
    exec(flow.compile(backend, "float64", style="fast", lower="sparse").source, file)
    x = np.array([[np.inf, 1.0], [1.0, np.nan], [2.0, 3.0]])
    made = file["torch"].tensor(x) if backend == "torch" else x
    expected = np.stack([2 * x[:, 0], 3 * x[:, 1], x[:, 0] + x[:, 1]], axis=1)
    np.testing.assert_array_equal(np.asarray(file["forward"](made)), expected)


def test_very_many_weights_are_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all that the diagram learns: weight after weight, each row by row, those outside of meshes too."""
    from flowc import pipeline
    from flowc.backends.python import mesh, packs
    from flowc.program.lowering import Lowering
    from flowc.program.mesh import pack

    monkeypatch.setattr(pack, "NAMED", 0)
    monkeypatch.setattr(mesh, "INLINE", 0)
    net = flowc.loads(ARRAYS).compile()
    numbers = np.concatenate([w.ravel() for w in net.init().values()])
    table = packs.tensors_beside(pipeline.plan(net._network, Lowering("mesh", "dense")))
    for name in ("w", "w_f"):
        np.testing.assert_array_equal(numbers[table[f"order_{name}"]], table[name])


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


# ------------------------------------------------- what a file is given, and what it keeps

WIDE = """\
input x1, x2, x3
target y1, y2
node h1, h2 : tanh
output f1, f2
x1, x2 -> h1 : ~ 0.3
x2, x3, h1 -> h2 : ~ 0.4
h2, h1 -> f1 : ~ 0.1
h2, x3 -> f2 : ~ 0.5
1 -> h1, f1 : ~ 0.1
loss mse(f1, y1) + mse(f2, y2)
"""


def library_of(backend: str) -> tuple[Any, Any]:
    """What makes zeros, and the array of a result."""
    if backend == "numpy":
        return np.zeros, np.asarray
    torch = pytest.importorskip("torch")
    return (lambda *shape: torch.zeros(*shape, dtype=torch.float64)), lambda t: t.numpy()


def file_of(backend: str, style: str = "fast", lower: str = "sparse", dtype: str = "float64") -> dict[str, Any]:
    file: dict[str, Any] = {"__name__": "net"}
    exec(flowc.loads(WIDE).compile(backend, style=style, lower=lower, dtype=dtype).source, file)
    return file


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize(("style", "lower"), [("fast", "sparse"), ("fast", "dense"), ("layers", "sparse")])
def test_arrays_of_other_shapes_are_refused(backend: str, style: str, lower: str) -> None:
    """Too few columns would leave the numbers of an earlier call in their rows."""
    zeros, _ = library_of(backend)
    file = file_of(backend, style, lower)
    weights = file["initial_weights"]()
    (count,) = weights["w"].shape
    x, y = zeros((5, 3)), zeros((5, 2))
    file["forward"](x, **weights)
    for wrong in ((5, 2), (5, 4), (5,), (5, 3, 1)):
        with pytest.raises(ValueError, match=re.escape(f"x has the shape {wrong}, needs (n, 3)")):
            file["forward"](zeros(wrong), **weights)
        with pytest.raises(ValueError, match="x has the shape"):
            file["fit"](weights, zeros(wrong), y, steps=1)
    for wrong in ((5, 1), (5, 3), (5,)):
        for call in (
            lambda y: file["gradients"](x, y, **weights),
            lambda y: file["learn"](weights, x, y),
            lambda y: file["fit"](weights, x, y, steps=1),
        ):
            with pytest.raises(ValueError, match=re.escape(f"y has the shape {wrong}, needs (n, 2)")):
                call(zeros(wrong))
    for wrong in (count - 1, count + 1):
        with pytest.raises(ValueError, match=re.escape(f"w has the shape ({wrong},), needs ({count},)")):
            file["forward"](x, zeros(wrong))


def test_the_api_refuses_them_too() -> None:
    net = flowc.loads(WIDE).compile(style="fast", lower="sparse")
    data = {"x1": np.zeros(5), "x2": np.zeros((5, 2)), "x3": np.zeros(5)}
    with pytest.raises(ValueError, match=re.escape("the input `x2` has the shape (5, 2), needs (n,)")):
        net.forward(net.init(), data)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_rows_are_kept_for_few_sizes_of_a_batch(backend: str) -> None:
    zeros, array = library_of(backend)
    file = file_of(backend)
    weights = file["initial_weights"]()
    weights = weights if backend == "numpy" else {name: w.double() for name, w in weights.items()}
    expected = array(file["forward"](zeros((1, 3)) + 0.5, **weights))[0]
    for tokens in [*range(1, 30), 3, 1]:
        np.testing.assert_array_equal(array(file["forward"](zeros((tokens, 3)) + 0.5, **weights))[-1], expected)
        file["gradients"](zeros((tokens, 3)), zeros((tokens, 2)), **weights)
    kept = file["MESH"].prepared if backend == "numpy" else file["MESH"].made
    assert len(kept) == file["KEPT"] == 4


@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_precisions_may_be_mixed(dtype: str, lower: str) -> None:
    """Whichever of inputs, targets and weights are in single and double precision, or whole numbers."""
    file = file_of("numpy", lower=lower, dtype=dtype)
    rng = np.random.default_rng(0)
    given = {"x": rng.integers(-3, 3, size=(5, 3)), "y": rng.integers(-3, 3, size=(5, 2))}
    w = rng.integers(-2, 3, size=len(file["initial_weights"]()["w"]))
    kinds = (np.float32, np.float64, np.int64)
    loss, slopes = file["gradients"](*(a.astype(float) for a in given.values()), w.astype(float))
    for of_x, of_y, of_w in itertools.product(kinds, kinds, kinds):
        found, d = file["gradients"](given["x"].astype(of_x), given["y"].astype(of_y), w.astype(of_w))
        np.testing.assert_allclose(found, loss, rtol=1e-5)
        np.testing.assert_allclose(d["w"], slopes["w"], rtol=1e-4, atol=1e-5)
    fitted = file["fit"]({"w": w.astype(np.float32)}, given["x"].astype(float), given["y"].astype(float), steps=2)
    assert np.isfinite(fitted["w"]).all()


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_function_of_a_file_is_a_part_of_it(name: str, backend: str) -> None:
    """As `logistic_rows` is, and `rows_of` beside `product`."""
    network = flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow").network
    program = plan(network, choose(network, "fast", "sparse"))

    def text(part: str | None) -> str:
        return find(backend).emit(network, program, Options(style="fast", lower="sparse", part=part)).text

    functions = re.findall(r"^(?:def|class) (\w+)", text(None), re.MULTILINE)
    with pytest.raises(Refused) as refusal:
        text("no such part")
    assert set(functions) <= set(re.findall(r"`(\w+)`", str(refusal.value)))

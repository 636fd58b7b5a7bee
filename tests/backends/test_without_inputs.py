"""Diagrams without inputs: one token where nothing is given; the batch of the targets while learning."""

import numpy as np
import pytest

import flowc
from flowc.backends import find
from flowc.backends.backend import Options, Refused
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import all_ways, check_ways, differing_ways, plain_way
from flowc.pipeline import plan
from flowc.program.lowering import Unsuitable, choose

ALONE = ["output f\nf = 3", "output f[2]\nf = [3, 4]", "output f[2]\nweight w ~ 2\nf = [1, w]\nloss sum(f)"]
MEAN = "target y\noutput f\nweight w ~ 2\nf = w\nloss mse(f, y) + 0.5*w^2"


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("text", ALONE)
def test_one_token_where_nothing_is_given(text: str, backend: str) -> None:
    net = flowc.loads(text).compile(backend, dtype="float64")
    weights = net.init()
    expected = {"f = 3": [3], "[3, 4]": [[3, 4]], "[1, w]": [[1, 2]]}
    (values,) = (v for k, v in expected.items() if k in text)
    np.testing.assert_array_equal(net.forward(weights, {})["f"], values)
    exec(compile(net.source, "made", "exec"), made := {"__name__": "made"})  # what a student runs
    given = made["initial_weights"]() if weights else {}
    np.testing.assert_array_equal(np.asarray(made["forward"](**given)), values)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_constant_learns_the_mean_of_its_targets(backend: str) -> None:
    net = flowc.loads(MEAN).compile(backend, dtype="float64")
    y = [1.0, 2.0, 6.0]
    assert net.loss({"w": 2.0}, {"y": y}) == pytest.approx(np.mean((2 - np.array(y)) ** 2) + 2)
    assert net.gradients({"w": 2.0}, {"y": y})["w"] == pytest.approx(2 * (2 - 3) + 2)


def test_a_constant_beside_a_target_that_nothing_uses_is_one_value_for_all_tokens() -> None:
    reference = Reference.of("output v\ntarget y\n1 -> v : ~", batch=5)
    assert check_ways(reference, differing_ways(reference.network, [*plain_way(), *all_ways()])) > 0


# ------------------------------------------------------------ whole files, run

TABLE = "data {\n  y f\n  1 2\n  3 2\n}\n"
SHOWN = {
    "learns": "target y\noutput f, g[2]\nweight w ~ 2\nf = w\ng = [1, w]\nloss mse(f, y) + sum(g)\n" + TABLE,
    "one": "target y\noutput f\nweight w ~ 2\nf = w\nloss mse(f, y)\n" + TABLE,
    "fixed": "target y\noutput f, g[2]\nf = 2\ng = [1, f]\n" + TABLE,
}
NOTHING = "input x\ntarget y\nnode h\nweight w ~ 2\nh = w*x\nloss mse(h, y)\ndata {\n  x y\n  1 2\n  2 2\n}\n"
WAYS = [
    (backend, form, style, lower, batch, gradient)
    for backend, form, gradients in (
        ("numpy", "functions", ["explicit"]), ("torch", "functions", ["explicit", "autograd"]),
        ("torch", "module", ["autograd"]),
    )
    for gradient in gradients
    for style, lower, batch in (
        ("nodes", None, None), ("layers", None, None), ("layers", "sparse", None), ("fast", None, 1), ("fast", None, 9),
        ("fast", "scalar", 9), ("fast", "dense", None), ("fast", "chunked", None),
    )
]  # fmt: skip


def files(text: str) -> list[str]:
    """The file of each way, where it has one."""
    network, found = flowc.loads(text).network, []
    for backend, form, style, lower, batch, gradient in WAYS:
        options = Options(form=form, style=style, lower=lower, batch=batch, gradient=gradient)
        try:
            program = plan(network, choose(network, style, lower, batch, find(backend).lowerings))
            found.append(find(backend).emit(network, program, options).text)
        except (Refused, Unsuitable):
            continue
    return found


def ran(source: str, *arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.argv", ["made.py", *arguments])
    exec(compile(source, "made", "exec"), {"__name__": "__main__"})
    return capsys.readouterr().out


@pytest.mark.parametrize("what", SHOWN)
def test_the_table_shows_the_one_token_beside_every_row(
    what: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in files(SHOWN[what]):
        said = ran(source, capsys=capsys, monkeypatch=monkeypatch)
        if "def table" in source:
            ends = {line.split("|")[-1].strip() for line in said.splitlines()[1:]}
            assert ends == {"2" if what == "one" else "2 1 2"} and len(said.splitlines()) == 3
        if "--selftest" in source:
            assert ran(source, "--selftest", capsys=capsys, monkeypatch=monkeypatch) == "ok\n"


def test_without_outputs_there_is_no_table_to_show(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in files(NOTHING):
        assert "ROWS" not in source and "\n     =" not in source
        assert ran(source, "--selftest", capsys=capsys, monkeypatch=monkeypatch) == "ok\n"


def test_torch_makes_numbers_of_the_type_that_was_asked_for() -> None:
    network = flowc.loads("weight w[2] = [0.1, 0.3]\noutput f[2]\nf = w").network
    for dtype in ("float32", "float64"):
        source = find("torch").emit(network, plan(network), Options(dtype=dtype)).text
        exec(compile(source, "made", "exec"), made := {"__name__": "made"})
        assert str(made["forward"]().dtype) == f"torch.{dtype}"


@pytest.mark.parametrize("style", ["nodes", "layers", "fast"])
def test_torchs_gradients_are_tensors_also_where_they_are_numbers(style: str) -> None:
    network = flowc.loads("input x\noutput f\nweight a ~ 1, b ~ 2\nf = x\nloss 2*b + a").network
    source = find("torch").emit(network, plan(network, choose(network, style)), Options(style=style, gradient="explicit")).text
    exec(compile(source, "made", "exec"), made := {"__name__": "made"})
    _, slopes = made["gradients"](made["torch"].zeros(3), **made["initial_weights"]())
    assert {name: (str(d.dtype), d.item()) for name, d in slopes.items()} == {
        "a": ("torch.float32", 1), "b": ("torch.float32", 2),
    }  # fmt: skip

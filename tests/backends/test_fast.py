"""Style `fast` of arrays, dense and in chunks, and `fit`: the same numbers as everywhere, by fewer calls."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import flowc
from flowc.backends import find
from flowc.backends.backend import Options
from flowc.backends.python.naming import NameTable
from flowc.graph.network import Network
from flowc.nets.initial_weights import start
from flowc.pipeline import plan
from flowc.program import verify
from flowc.program.dump import line
from flowc.program.ir import Program, Step
from flowc.program.lowering import Lowering
from flowc.program.notes import LOOP, ONCE, START
from flowc.program.passes.descent import descent
from flowc.program.passes.hoist import hoisted
from flowc.program.passes.results import slopes
from flowc.program.phases import phases_of
from flowc.program.splits_over_batch import over_tokens
from tests.backends.running import array, drawn, module, reference

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.flow"))
WAYS = {
    "numpy dense": ("numpy", "dense", {}),
    "numpy chunked": ("numpy", "chunked", {}),
    "torch dense": ("torch", "dense", {}),
    "torch autograd": ("torch", "dense", {"gradient": "autograd"}),
}


@cache
def network_of(name: str) -> Network:
    return flowc.load(EXAMPLES / f"{name}.flow").network


@cache
def learning() -> tuple[str, ...]:
    return tuple(n for n in NAMES if network_of(n).loss and any(w.learnt for w in network_of(n).weights))


def source_of(network: Network, way: str, style: str = "fast", dtype: str = "float64", part: str | None = None) -> str:
    backend, lowering, more = WAYS[way]
    program = plan(network, Lowering(lowering))  # type: ignore[arg-type]
    return find(backend).emit(network, program, Options(style=style, dtype=dtype, part=part, **more)).text


class Case:
    """A diagram at drawn numbers: what goes in, in the library's arrays, and what the interpreter makes of it."""

    def __init__(self, network: Network, way: str = "numpy dense", tokens: int = 5):
        self.network, self.numpy = network, way.startswith("numpy")
        self.program: Program = plan(network)
        self.values = drawn(self.program, tokens=tokens)
        fixed = {w.name: start(w, 0) for w in network.weights if not w.learnt}
        self.values |= {s: fixed[s.owner] for s in self.program.weights if s.owner in fixed}
        self.learnt = [s for s in self.program.weights if s.owner not in fixed]
        self.names = NameTable(network, self.program)
        self.expected = reference(self.program, self.values)
        self.inputs = [self.made(self.values[s]) for s in self.program.inputs]
        self.samples = [*self.inputs, *(self.made(self.values[s]) for s in self.program.targets)]

    def made(self, value: Any) -> Any:
        return np.array(value, float) if self.numpy else torch.tensor(value, dtype=torch.float64)

    def weights(self) -> dict[str, Any]:
        return {self.names[s]: self.made(self.values[s]) for s in self.learnt}


def close(found: Any, expected: Any, tolerance: float) -> None:
    scale = np.abs(expected).max(initial=1.0)
    np.testing.assert_allclose(array(found), expected, rtol=tolerance, atol=tolerance * scale)


# --------------------------------------------------------------- agreement


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_outputs_and_gradients(name: str, way: str) -> None:
    case = Case(network_of(name), way)
    generated = module(source_of(case.network, way))
    outputs = generated["forward"](*case.inputs, **case.weights())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    for symbol, value in zip(case.program.outputs, outputs, strict=True):
        close(value, case.expected[symbol], 1e-12)
        assert value.shape == case.expected[symbol].shape
    if name not in learning():
        return
    loss, found = generated["gradients"](*case.samples, **case.weights())
    close(loss, case.expected[case.program.loss], 1e-12)
    for symbol in case.learnt:
        close(found[case.names[symbol]], case.expected[case.program.gradients[symbol]], 1e-11)


@pytest.mark.parametrize("tokens", [0, 1, 300, 513])
@pytest.mark.parametrize("name", ["xor", "worked_example", "softmax", "sine_mse"])
def test_chunks_make_the_whole(name: str, tokens: int) -> None:
    case = Case(network_of(name), tokens=max(tokens, 1))
    generated = module(source_of(case.network, "numpy chunked"))
    generated["CHUNK"] = 256
    inputs = [x[:tokens] for x in case.inputs]
    outputs = generated["forward"](*inputs, **case.weights())
    for symbol, value in zip(
        case.program.outputs, [outputs] if len(case.program.outputs) == 1 else outputs, strict=True
    ):
        close(value, case.expected[symbol][:tokens], 1e-12)
    if name != "xor" and tokens:
        loss, found = generated["gradients"](*case.samples, **case.weights())
        close(loss, case.expected[case.program.loss], 1e-12)
        for symbol in case.learnt:
            close(found[case.names[symbol]], case.expected[case.program.gradients[symbol]], 1e-11)


PENALTY = "weight w ~ 1, v ~ 2\ninput x\ntarget y\noutput f\nf = w*x + v\n"


@pytest.mark.parametrize(
    "loss, how",
    [
        ("sse(f, y)", "sum"), ("mse(f, y)", "mean"), ("2*mse(f, y) + 0.1*w^2", "mean"), ("sse(f, y) + 0.1*w^2", None),
        ("sse(f, y) + mse(f, y)", None), ("0.1*w^2", None),
    ],
)  # fmt: skip
def test_which_losses_come_apart(loss: str, how: str | None) -> None:
    network = flowc.loads(f"{PENALTY}loss {loss}").network
    assert over_tokens(plan(network)) == how
    case = Case(network, tokens=700)
    generated = module(source_of(network, "numpy chunked"))
    generated["CHUNK"] = 256
    value, found = generated["gradients"](*case.samples, **case.weights())
    close(value, case.expected[case.program.loss], 1e-12)
    for symbol in case.learnt:
        close(found[case.names[symbol]], case.expected[case.program.gradients[symbol]], 1e-11)


@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-4), ("bfloat16", 0.1)])
@pytest.mark.parametrize("name", ["net232", "softmax", "autoencoder", "sine_mse"])
def test_narrow_types_stay_narrow(name: str, dtype: str, tolerance: float) -> None:
    case = Case(network_of(name))
    for way in WAYS if dtype == "float32" else ("torch dense",):
        generated = module(source_of(case.network, way, dtype=dtype))
        kind = getattr(np if way.startswith("numpy") else torch, dtype)

        def made(x: Any, way: str = way, kind: Any = kind) -> Any:
            return np.array(x, kind) if way.startswith("numpy") else torch.tensor(x, dtype=kind)

        weights = {n: made(w) for n, w in case.weights().items()}
        samples = [made(x) for x in case.samples]
        loss, _ = generated["gradients"](*samples, **weights)
        np.testing.assert_allclose(_wide(loss), case.expected[case.program.loss], rtol=tolerance)
        fitted = generated["fit"](weights, *samples, steps=2)
        learnt = generated["learn"](weights, *samples)[1]
        assert {w.dtype for w in (*fitted.values(), *learnt.values())} == {
            kind if isinstance(kind, torch.dtype) else np.dtype(kind)
        }


def _wide(value: Any) -> float:
    return float(value)


# ------------------------------------------------------------------ learning


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", learning())
def test_learn_changes_the_weights_and_gives_the_loss_before(name: str, way: str) -> None:
    case = Case(network_of(name), way)
    plain = module(source_of(case.network, way, style="nodes"))
    fast = module(source_of(case.network, way))
    weights, expected = case.weights(), case.weights()
    own = dict(weights)
    for _ in range(3):
        before, expected = plain["learn"](expected, *case.samples, rate=0.01)
        loss, same = fast["learn"](weights, *case.samples, rate=0.01)
        close(loss, array(before), 1e-11)
        assert same is weights
    for key, value in expected.items():
        close(weights[key], array(value), 1e-11)
        if array(value).shape:
            assert weights[key] is own[key]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("style", ["layers", "fast"])
@pytest.mark.parametrize("name", learning())
def test_fit_is_learn_again_and_again(name: str, style: str, way: str) -> None:
    case = Case(network_of(name), way)
    plain = module(source_of(case.network, way, style="nodes"))
    given, expected = case.weights(), case.weights()
    rate = 1e-3
    for _ in range(20):
        _, expected = plain["learn"](expected, *case.samples, rate=rate)
    found = module(source_of(case.network, way, style=style))["fit"](given, *case.samples, rate=rate, steps=20)
    assert list(found) == list(expected)
    for key, value in expected.items():
        close(found[key], array(value), 1e-12)
    for key, value in case.weights().items():
        np.testing.assert_array_equal(array(given[key]), array(value))
        assert found[key] is not given[key]


TANGLED = "weight v ~ 2, w ~ 3, u[2] ~ 1\ninput x[2]\ntarget y\noutput f\nf = v*w\nloss "
ALIASES = ["v*w + sum(u)", "v + mse(f, y)", "v", "sum(u*x)"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("loss", ALIASES)
def test_gradients_that_are_other_weights(loss: str, way: str) -> None:
    """The gradient of v is w: a step must not see what it has changed already."""
    case = Case(flowc.loads(TANGLED + loss).network, way)
    plain = module(source_of(case.network, way, style="nodes"))
    fast = module(source_of(case.network, way))
    before, expected = plain["learn"](case.weights(), *case.samples, rate=0.5)
    found, learnt = fast["learn"](case.weights(), *case.samples, rate=0.5)
    fitted = fast["fit"](case.weights(), *case.samples, rate=0.5, steps=1)
    close(found, array(before), 1e-12)
    for key, value in expected.items():
        close(learnt[key], array(value), 1e-12)
        close(fitted[key], array(value), 1e-12)


def test_floats_will_do_for_scalars() -> None:
    network = network_of("sine")
    generated = module(source_of(network, "numpy dense"))
    x = np.linspace(-3, 3, 50)
    weights = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
    fitted = generated["fit"](weights, x, np.sin(x), steps=1)
    assert weights == {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
    _, learnt = generated["learn"](weights, x, np.sin(x))
    for name in "abcd":
        np.testing.assert_allclose(fitted[name], learnt[name], rtol=1e-12)


def test_logistic_far_out(recwarn) -> None:
    generated = module(source_of(network_of("logistic"), "numpy dense"))
    x = np.array([-800.0, -40.0, -1.0, 0.0, 40.0, 800.0])
    found = generated["forward"](x)
    np.testing.assert_allclose(found, [0, np.exp(-40.0), 1 / (1 + np.e), 0.5, 1, 1], rtol=1e-15)
    assert not recwarn.list


# ---------------------------------------------------------- once and again


def parted(text: str | Network) -> tuple[Program, dict[str, tuple[Step, ...]]]:
    """The program of `fit`, and its phases."""
    network = flowc.loads(text).network if isinstance(text, str) else text
    found = verify(hoisted(verify(slopes(verify(descent(plan(network)))))))
    return found, {START: (), ONCE: (), LOOP: (), **phases_of(found)}


def test_the_cubic_is_two_products() -> None:
    found, parts = parted(network_of("sine"))
    assert [p.type.shape for p in found.gradients] == [(4,)]
    assert [s.op.name for s in parts[ONCE]] == ["power", "power", "spread", "stack"]
    assert [s.op.name for s in parts[LOOP]] == ["contract", "add", "multiply", "contract"]
    assert "loss" not in {s.symbol.kind for s in parts[LOOP]}


def test_other_terms_stay() -> None:
    found, parts = parted(
        "weight a ~ 1, b ~ 2, c ~ 3\ninput x\ntarget y\noutput f\nf = a - b*x + tanh(c*x) + x^2\nloss mse(f, y)"
    )
    assert [p.owner for p in found.gradients] == ["c", ""]
    assert any(line(s).endswith("+ f_3  (n)") for s in parts[LOOP]) or any("f_" in line(s) for s in parts[LOOP])


@pytest.mark.parametrize("function", ["step", "relu", "abs", "sign"])
def test_sums_before_a_kink_keep_their_order(function: str) -> None:
    text = f"weight a ~ 1, b ~ 2\ninput x\ntarget y\nnode h : {function}\noutput f\nh = {function}(a + b*x)\nf = a*h\nloss mse(f, y)"
    _, parts = parted(text.replace(f"node h : {function}\n", ""))
    assert not parts[START]


def test_a_shared_weight_is_put_in_again_in_every_round() -> None:
    text = "weight a ~ 1, b ~ 2\ninput x\ntarget y\noutput f, g\nf = a + b*x\ng = a + b*f\nloss mse(f, y) + mse(g, y)"
    found, parts = parted(text)
    assert not parts[START] and {p.owner for p in found.gradients} == {"a", "b"}
    assert [s.op.name for s in parts[LOOP]].count("assemble") >= 1


def test_equal_data_share_a_matrix() -> None:
    _, parts = parted(network_of("worked_example"))
    assert len(parts[START]) == 2
    assert [s.op.name for s in parts[ONCE]].count("stack") == 1


# ------------------------------------------------------------- as it reads

SINE = '''\
def fit(weights, x, y, rate=1e-06, steps=2000):
    """The weights after so many steps of gradient descent on these data."""
    w = np.array([weights["a"], weights["b"], weights["c"], weights["d"]])

    # once: whatever depends on the data alone
    X = np.stack([np.ones(len(x)), x, x**2, x**3]).T

    for _ in range(steps):
        # forward
        f = X.dot(w)

        # backward
        d_f = 2 * (f - y)
        d_w = d_f.dot(X)

        # one step downhill
        w -= rate * d_w
    a, b, c, d = w
    return {"a": a, "b": b, "c": c, "d": d}
'''
AUTOENCODER = """\
        # one step downhill
        W.addmm_(h.T, d_xhat, alpha=-rate)
        W.addmm_(d_xi_h.T, x, alpha=-rate)
        b.sub_(d_xi_h.sum(dim=0), alpha=rate)
        c.sub_(d_xhat.sum(dim=0), alpha=rate)
    return {"W": W, "b": b, "c": c}
"""
CHUNKS = '''\
def forward(x1, x2):
    """The output f of every token, CHUNK of them at a time."""
    f = np.empty(len(x1), np.float32)
    for i in range(0, len(x1), CHUNK):
        part = slice(i, i + CHUNK)
        f[part] = few_forward(x1[part], x2[part])
    return f
'''


def test_showpieces() -> None:
    assert source_of(network_of("sine"), "numpy dense", part="fit") == SINE
    assert source_of(network_of("autoencoder"), "torch dense", part="fit").endswith(AUTOENCODER)
    assert source_of(network_of("xor"), "numpy chunked", dtype="float32", part="forward") == CHUNKS


def test_softmax_and_its_logarithm_share_one_exponential() -> None:
    source = source_of(network_of("softmax"), "numpy dense", part="gradients")
    assert source.count("np.exp(") == 1 and "softmax(" not in source
    assert source_of(network_of("softmax"), "torch dense", part="gradients").count("torch.log_softmax(") == 1


def test_all_are_narrow_clean_and_the_same_every_time(tmp_path) -> None:
    for name in NAMES:
        for way in WAYS:
            for style in ("layers", "fast"):
                source = source_of(network_of(name), way, style)
                assert source == source_of(network_of(name), way, style)
                assert source.isascii() and all(len(row) <= 79 and row == row.rstrip() for row in source.split("\n"))
                (tmp_path / f"{name}_{way}_{style}.py".replace(" ", "_")).write_text(source)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "E,F,I,W",
        "--line-length",
        "79",
    ]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_they_run_and_test_themselves(name: str, way: str, monkeypatch, capsys) -> None:
    dtype = "float32" if way.startswith("torch") else "float64"
    source = source_of(network_of(name), way, dtype=dtype)
    for arguments in ([], ["--selftest"]):
        monkeypatch.setattr(sys, "argv", ["generated.py", *arguments])
        module(source, "__main__")
        printed = capsys.readouterr().out
        assert printed.endswith("ok\n") if arguments and name in learning() else printed


ODD = "weight rate ~ 1, steps ~ 2, w ~ 3, X ~ 4\ninput weights, CHUNK\ntarget part\noutput share, i\n" \
    "share = rate + steps*weights + w*CHUNK\ni = tanh(X*share)\nloss mse(share, part) + mse(i, part)"  # fmt: skip


def test_matrices_are_kept_by_columns() -> None:
    """x @ W.T is faster so; the gradient is in the same order, scalars stay scalars."""
    network = flowc.loads(
        "input x[3]\ntarget y[2]\nweight k ~\noutput f[2]\nx -> f : W ~\n1 -> f : k\nloss mse(f, y)\n"
    ).network
    made = module(source_of(network, "numpy dense", dtype="float32"))
    weights = made["initial_weights"]()
    assert weights["W"].flags.f_contiguous and not weights["W"].flags.c_contiguous
    assert np.shape(weights["k"]) == ()
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 3)).astype("f4"), rng.normal(size=(5, 2)).astype("f4")
    _, slopes = made["gradients"](x, y, **weights)
    assert slopes["W"].flags.f_contiguous and slopes["W"].dtype == np.float32
    made["learn"](weights, x, y, 0.1)
    assert weights["W"].flags.f_contiguous


@pytest.mark.parametrize("way", WAYS)
def test_odd_names_are_in_nobodys_way(way: str) -> None:
    case = Case(flowc.loads(ODD).network, way)
    generated = module(source_of(case.network, way))
    plain = module(source_of(case.network, way, style="nodes"))
    before, expected = plain["learn"](case.weights(), *case.samples)
    loss, found = generated["learn"](case.weights(), *case.samples)
    fitted = generated["fit"](case.weights(), *case.samples, steps=1)
    close(loss, array(before), 1e-12)
    for key, value in expected.items():
        close(found[key], array(value), 1e-12)
        close(fitted[key], array(value), 1e-12)


# ------------------------------------------------------------------- torch


@pytest.mark.parametrize("name", ["net232", "softmax", "autoencoder", "sine", "xor", "layers"])
def test_torch_compiles_whole(name: str, tmp_path, monkeypatch) -> None:
    case = Case(network_of(name), "torch dense")
    (tmp_path / f"fast_{name}.py").write_text(source_of(case.network, "torch dense"))
    monkeypatch.syspath_prepend(str(tmp_path))
    generated = vars(import_module(f"fast_{name}"))

    def compiled(function: str) -> Any:
        torch._dynamo.reset()
        return torch.compile(generated[function], fullgraph=True, backend="eager")

    found = compiled("forward")(*case.inputs, **case.weights())
    expected = generated["forward"](*case.inputs, **case.weights())
    assert torch.equal(found, expected) if isinstance(found, torch.Tensor) else found == expected
    if name not in learning():
        return
    weights, alone = case.weights(), case.weights()
    loss, _ = compiled("learn")(weights, *case.samples)
    before, _ = generated["learn"](alone, *case.samples)
    assert torch.equal(loss, before) and all(torch.equal(weights[n], alone[n]) for n in weights)
    fitted = compiled("fit")(weights, *case.samples, steps=3)
    for key, value in generated["fit"](alone, *case.samples, steps=3).items():
        assert torch.equal(fitted[key], value)


def test_relu_goes_back_by_torchs_own_function() -> None:
    text = "input x[3]\ntarget y[2]\nnode h[4] : relu, g[3] : logistic\noutput f[2] : tanh\nx -> h -> g -> f : ~\n1 -> h, g, f : ~\nloss mse(f, y)"
    case = Case(flowc.loads(text).network, "torch dense")
    source = source_of(case.network, "torch dense")
    assert all(f"{name}_backward(d_" in source for name in ("relu", "logistic", "tanh"))
    _, found = module(source)["gradients"](*case.samples, **case.weights())
    for symbol in case.learnt:
        close(found[case.names[symbol]], case.expected[case.program.gradients[symbol]], 1e-11)


# --------------------------------------------------------------- the doors


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", ["xor", "softmax", "sine_mse"])
def test_the_api_runs_it(name: str, backend: str) -> None:
    flow = flowc.load(EXAMPLES / f"{name}.flow")
    fast, plain = (flow.compile(backend, "float64", style=style) for style in ("fast", "nodes"))
    values = Case(flow.network).values
    data = {s.owner: v for s, v in values.items() if s.kind != "weight"}
    weights = fast.init(1)
    for key, value in plain.forward(weights, data).items():
        np.testing.assert_allclose(fast.forward(weights, data)[key], value, rtol=1e-12)
    if fast.weights:
        for key, value in plain.gradients(weights, data).items():
            np.testing.assert_allclose(fast.gradients(weights, data)[key], value, rtol=1e-11, atol=1e-14)


def test_a_bias_that_is_there_twice_is_added_twice() -> None:
    text = "input x[2]\noutput f[2]\nweight W[2, 2] ~, b[2] ~, c[2] ~\nf = W @ x + b - c + b - b + c - c\n"
    case = Case(flowc.loads(text).network, "torch dense")
    source = source_of(case.network, "torch dense")
    assert "torch.addmm(b, x, W.T)" in source
    close(module(source)["forward"](*case.inputs, **case.weights()), case.expected[case.program.outputs[0]], 1e-12)


def test_long_steps_downhill_are_narrow() -> None:
    text = (
        "input first, second\ntarget wanted\noutput result\nweight outside ~ 1, inside ~ 2, between ~ 3\n"
        "result = outside*tanh(inside*first)*sin(between*second)*exp(second - first)\nloss mse(result, wanted)"
    )
    source = source_of(flowc.loads(text).network, "torch dense")
    assert "outside.sub_(" in source
    assert max(map(len, source.split("\n"))) <= 79

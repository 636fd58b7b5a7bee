"""Plain Python on floats: the numbers of the interpreter, also where Python itself would raise; and how it reads."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import flowc
from flowc.backends.backend import Options, Refused
from flowc.backends.numpy import NumpyBackend
from flowc.execution.python import execute
from flowc.nets.verifying.reference import Key, Reference
from flowc.nets.verifying.tolerance import NEAR, allowed_difference
from flowc.pipeline import plan
from flowc.program import differentiate, lower
from flowc.program.ir import Program
from flowc.program.lowering import Lowering
from flowc.program.run import run
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples
from tests.backends.running import module

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
SEEDS = st.integers(1, 2**32 - 1)
NUMPY = NumpyBackend()
LEARNS = """\
input x1, x2
target y
node h1, h2 : tanh
output f : tanh
x1, x2 -> h1, h2 : ~
1 -> h1, h2, f : ~
h1, h2 -> f : ~
loss mse(f, y)
train gd(rate=0.5, steps=2000)
"""


def text_of(written: str | Path, batch: int | None = None, **options: Any) -> str:
    flow = flowc.load(written) if isinstance(written, Path) else flowc.loads(written)
    program = plan(flow.network, Lowering("scalar"))
    return NUMPY.emit(flow.network, program, Options(style="fast", batch=batch, **options)).text


def made(written: str | Path, batch: int | None = None, **options: Any) -> dict[str, Any]:
    return module(text_of(written, batch, **options))


# ----------------------------------------------------------------- the same numbers


def outputs_of(forward: Any, reference: Reference, batch: int | None, weights: dict[str, Any]) -> list[Any]:
    """What `forward` gives for all tokens, output by output."""
    inputs = [reference.inputs[s.owner].tolist() for s in reference.program.inputs]
    several = len(reference.program.outputs) > 1
    if batch:
        found = forward(*inputs, **weights)
        return list(found) if several else [found]
    rows = [forward(*token, **weights) for token in (zip(*inputs, strict=True) if inputs else [()])]
    return list(zip(*rows, strict=True)) if several else [rows]


def results(reference: Reference, batch: int | None) -> Iterator[tuple[Key, Any]]:
    """Of the printed file, and of the module of the API."""
    network, program = reference.network, replace(reference.program, lowering="scalar")
    file = module(NUMPY.emit(network, program, Options(style="fast", batch=batch)).text)
    names = list(file["initial_weights"]()) if reference.learnt else []
    weights = {name: w.tolist() for name, w in zip(names, reference.learnt.values(), strict=True)}
    for symbol, found in zip(program.outputs, outputs_of(file["forward"], reference, batch, weights), strict=True):
        yield ("node", symbol.owner), found
    if "gradients" in file:
        samples = [reference.inputs[s.owner].tolist() for s in (*program.inputs, *program.targets)]
        loss, slopes = file["gradients"](*samples, **weights)
        assert program.loss is not None
        yield ("loss", program.loss.owner), loss
        yield from ((("gradient", w), slopes[name]) for w, name in zip(reference.learnt, names, strict=True))
        check_fit(file, weights, samples)
    wanted = {f"{kind} {name}": s for (kind, name), s in reference.symbols.items()}
    values = module(NUMPY.emit_values(network, program, wanted, Options()))["values"]
    found = values(**{s.owner: np.asarray(v) for s, v in reference.given.items()})
    yield from ((key, found[" ".join(key)]) for key in reference.symbols)


def check_fit(file: dict[str, Any], weights: dict[str, Any], samples: list[Any]) -> None:
    """Steps of `learn`, one after the other, are what `fit` does."""
    fitted = file["fit"](weights, *samples, rate=1e-3, steps=3)
    for _ in range(3):
        _, weights = file["learn"](weights, *samples, rate=1e-3)
    assert list(fitted) == list(weights)
    for name, w in weights.items():
        np.testing.assert_allclose(fitted[name], w, rtol=1e-10, atol=1e-11)


def check(reference: Reference, batch: int | None) -> None:
    for key, result in results(reference, batch):
        expected, scale = reference.expected_value(key)
        found = np.asarray(result, float)
        if not reference.program.inputs and found.shape != expected.shape:
            found = np.broadcast_to(found, expected.shape)  # one token stands for all
        assert found.shape == expected.shape, key
        if reference.exact and key[0] != "loss":
            assert np.array_equal(found, expected), reference.failure_of("scalar", key, f"is {found}, not {expected}")
        far = np.abs(found - expected) > allowed_difference(scale, key[0] == "gradient")
        assert not np.any(far | np.isnan(found)), reference.failure_of("scalar", key, f"is {found}, not {expected}")


@pytest.mark.parametrize("batch", [None, 4])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples(path: Path, batch: int | None) -> None:
    check(Reference.of(flowc.load(path)), batch)


@examples(60)
@given(diagrams(), SEEDS, st.sampled_from([None, 4]))
def test_random_diagrams(diagram: Diagram, seed: int, batch: int | None) -> None:
    reference = Reference.of(diagram, seed=seed)
    assume(reference.scales.nearest > NEAR and reference.finite)
    check(reference, batch)


@examples(30)
@given(diagrams(exact=True), st.integers(0, 2**32 - 1))
def test_exact_diagrams_are_equal_bit_for_bit(diagram: Diagram, seed: int) -> None:
    """Ties and thresholds included."""
    check(Reference.of(diagram, seed=seed), 4)


def gradients_of(program: Program, of: Any, wrt: Any, given_values: Any) -> tuple[Program, dict[str, np.ndarray]]:
    found = differentiate(program, of, wrt)
    values = run(found, given_values)
    return found, {f"{i}": values[found.gradients[s]] for i, s in enumerate(wrt)}


@examples(40)
@given(diagrams(loss=False), SEEDS, st.integers(0, 100))
def test_gradients_of_a_node(diagram: Diagram, seed: int, which: int) -> None:
    """Of any node with respect to inputs, excitations, nodes and weights."""
    reference = Reference.of(diagram, seed=seed)
    assume(reference.scales.nearest > NEAR and reference.finite)
    plain = lower(reference.network)
    nodes = [s for s in plain.activations.values() if not s.anonymous and s.kind == "activation"]
    hidden = [s for s in plain.excitations.values() if not s.anonymous]
    wrt = [*plain.inputs, *hidden, *nodes, *plain.weights]
    program, expected = gradients_of(plain, nodes[which % len(nodes)], wrt, reference.given)
    wanted = {f"{i}": program.gradients[s] for i, s in enumerate(wrt)}
    source = NUMPY.emit_values(reference.network, replace(program, lowering="scalar"), wanted, Options())
    found = module(source)["values"](**{s.owner: np.asarray(v) for s, v in reference.given.items()})
    for key, value in expected.items():
        size = 1 + np.max(np.abs(value), initial=0.0)
        np.testing.assert_allclose(np.broadcast_to(found[key], value.shape), value, rtol=1e-10, atol=1e-11 * size)


def test_the_api_runs_it() -> None:
    flow = flowc.load(EXAMPLES[0].parent / "softmax.flow")
    scalar, plain = flow.compile(style="fast", lower="scalar"), flow.compile()
    rng = np.random.default_rng(0)
    weights = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    data = {"x": rng.normal(size=(6, 2)), "y": np.eye(3)[rng.integers(3, size=6)]}
    assert "numpy" not in scalar.source
    assert scalar.loss(weights, data) == pytest.approx(plain.loss(weights, data), rel=1e-13)
    for wrt in (None, ["x"], ["p", "xi_p"]):
        for name, value in plain.gradients(weights, data, wrt=wrt).items():
            np.testing.assert_allclose(scalar.gradients(weights, data, wrt=wrt)[name], value, rtol=1e-12, atol=1e-15)


# ------------------------------------------------------- where Python would raise

NUMBERS = [
    0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, -40.0, 1e-310, 1e-200, 1e200, -1e200, 750.0, -750.0, 709.5, -709.5, 710.0,
    np.inf, -np.inf, np.nan,
]  # fmt: skip
FORMULAS = [
    "exp(x)", "log(x)", "sqrt(x)", "abs(x)", "x^2", "x^3", "x^4", "x^-1", "x^-2", "x^0.5", "1/x", "x / (x - 1)", "-1/x^2",
    "sin(x)", "cos(x)", "tanh(x)", "logistic(x)", "step(x)", "sign(x)", "relu(x)", "leaky_relu(x)", "elu(x)", "gelu(x)",
    "silu(x)", "softplus(x)", "square(x)", "max(x, 1)", "min(x, 0)", "2^x", "x^x", "exp(2*x)", "relu(1 - x)",
    "logistic(2*x)", "exp(-abs(x))", "log(1 + x^2)", "softplus(3*x)", "sqrt(x^2 + 1)", "log(-x)", "0*x",
    "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
]  # fmt: skip


def assert_same(found: Any, expected: np.ndarray) -> None:
    """Also inf and nan; equal but for the last digits."""
    np.testing.assert_allclose(np.asarray(found, float), expected, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("formula", FORMULAS)
def test_values_where_numbers_end(formula: str) -> None:
    written = f"input x\noutput f\nf = {formula}\n"
    flow = flowc.loads(written)
    program = lower(flow.network)
    x = np.array(NUMBERS)
    given_values = {program.inputs[0]: x}
    expected = run(program, given_values)[program.outputs[0]]
    found = made(written, 4)["forward"](NUMBERS)
    assert all(type(value) is float for value in found)
    assert_same(found, expected)
    assert_same([made(written)["forward"](value) for value in NUMBERS], expected)
    slope, expected_slopes = gradients_of(program, program.outputs[0], program.inputs, given_values)
    wanted = {"0": slope.gradients[slope.inputs[0]]}
    source = NUMPY.emit_values(flow.network, replace(slope, lowering="scalar"), wanted, Options())
    assert_same(module(source)["values"](x=x)["0"], expected_slopes["0"])


ROWS = [
    [1.0, 1.0, 1.0], [0.0, 2.0, 2.0], [3.0, -1.0, 3.0], [-0.0, 0.0, -1.0], [1000.0, 0.0, -1000.0], [np.nan, 1.0, 2.0],
    [1.0, np.nan, 2.0], [np.inf, 1.0, 2.0], [-np.inf, 1.0, 2.0], [-np.inf] * 3, [np.inf, np.inf, 0.0],
]  # fmt: skip
VECTORS = ["softmax", "log_softmax", "argmax", "max", "min", "sum", "mean", "product"]


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_where_numbers_end(name: str) -> None:
    """Ties go to the first, nan is passed on."""
    shape = "[3]" if name in ("softmax", "log_softmax", "argmax") else ""
    written = f"input x[3]\noutput f{shape}\nf = {name}(x)\n"
    flow = flowc.loads(written)
    program = lower(flow.network)
    given_values = {program.inputs[0]: np.array(ROWS)}
    expected = run(program, given_values)[program.outputs[0]]
    assert_same(made(written, 4)["forward"](ROWS), expected)
    slope, expected_slopes = gradients_of(program, program.outputs[0], program.inputs, given_values)
    wanted = {"0": slope.gradients[slope.inputs[0]]}
    source = NUMPY.emit_values(flow.network, replace(slope, lowering="scalar"), wanted, Options())
    assert_same(module(source)["values"](x=np.array(ROWS))["0"], expected_slopes["0"])


def test_a_step_at_its_threshold_is_the_interpreters() -> None:
    """Sums are added in the order written, so the last bit is the same."""
    written = "input x1, x2, x3\noutput f : step\nx1 -> f : 0.1\nx2 -> f : 0.2\nx3 -> f : -0.3\n"
    program = lower(flowc.loads(written).network)
    rng = np.random.default_rng(0)
    x = rng.integers(1, 9, size=(3, 2000)).astype(float)
    x[2] = (x[0] + 2 * x[1]) / 3  # 0.1*x1 + 0.2*x2 - 0.3*x3 is 0 but for rounding
    expected = run(program, dict(zip(program.inputs, x, strict=True)))[program.outputs[0]]
    assert 0 < expected.sum() < 2000
    np.testing.assert_array_equal(made(written, 4)["forward"](*x.tolist()), expected)


# ------------------------------------------------------------------- what is learnt


def test_fit_is_learn_many_times() -> None:
    file = made(LEARNS, 4)
    x1, x2, y = [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]
    weights = start = file["initial_weights"](0)
    for _ in range(50):
        _, weights = file["learn"](weights, x1, x2, y)
    fitted = file["fit"](start, x1, x2, y, steps=50)
    for name, w in weights.items():
        assert fitted[name] == pytest.approx(w, rel=1e-12, abs=1e-13)
    loss, _ = file["gradients"](x1, x2, y, **file["fit"](start, x1, x2, y))
    assert loss < 0.01
    assert start == file["initial_weights"](0)


def test_what_depends_on_the_inputs_alone_is_computed_once() -> None:
    """The powers of x, before the steps."""
    fit = text_of(EXAMPLES[0].parent / "sine.flow", 4, part="fit")
    assert fit.index("= x * x\n") < fit.index("for _ in range(steps):")
    assert "error" not in fit and "L" not in fit.split()


@pytest.mark.parametrize(
    "text",
    [
        "input x\ntarget y\noutput f\nweight a = 0.5, w ~ 0.3\nh = (a^2 + 1)*x\nf = w*h + tanh(a)*x\nloss mse(f, y)\n",
        "input x\noutput f\nweight w ~ 0.3\nf = w*x\nloss f\n",
    ],
)
def test_what_the_tokens_need_is_computed_before_them(text: str) -> None:
    """A number made of fixed weights; how many tokens there are."""
    check(Reference.of(text, seed=3), 4)


@pytest.mark.parametrize("count", [6, 12, 40])
def test_fit_takes_many_inputs(count: int) -> None:
    """So many that the names of a token need lines of their own, with something that is computed once."""
    names = ", ".join(f"x{i}" for i in range(count))
    squares = " + ".join(f"x{i}^2" for i in range(count))
    for node in ("g", "samples", "tokens"):  # whatever it is called
        once = f"input {names}\ntarget y\noutput f\nweight w ~ 0.3\n{node} = {squares}\nf = w*{node}\nloss mse(f, y)\n"
        check(Reference.of(once, seed=3), 4)
    error = f"input {names}\ntarget y\nnode h : tanh\noutput f\n{names} -> h : ~\n1, h -> f : ~\nloss mse(f, sin(y))\n"
    check(Reference.of(error, seed=3), 4)


def test_samples_must_be_of_one_length() -> None:
    file = made(LEARNS, 4)
    weights = file["initial_weights"]()
    for call in (
        lambda: file["forward"]([1.0], [1.0, 2.0], **weights),
        lambda: file["gradients"]([1.0, 2.0], [1.0, 2.0], [1.0], **weights),
        lambda: file["fit"](weights, [1.0], [1.0, 2.0], [1.0]),
    ):
        with pytest.raises(ValueError, match="zip"):
            call()


@pytest.mark.parametrize("batch", [None, 4])
def test_without_inputs_there_is_one_token(batch: int | None) -> None:
    alone = made("output f[2]\nweight w ~ 2\nf = [1, w]\nloss sum(f)", batch)
    assert alone["forward"](w=2.0) == ([1.0, 2.0] if batch is None else [[1.0, 2.0]])
    assert alone["gradients"](w=2.0) == (3.0, {"w": 1.0})
    assert alone["fit"]({"w": 2.0}, rate=0.5, steps=2) == {"w": 1.0}
    mean = made("target y\noutput f\nweight w ~ 2\nf = w\nloss mse(f, y) + 0.5*w^2", batch)
    loss, d = mean["gradients"]([1.0, 2.0, 6.0], w=2.0)
    assert loss == pytest.approx((1 + 0 + 16) / 3 + 2) and d == {"w": pytest.approx(-2 + 2)}


# ----------------------------------------------------------------------- how it reads

XOR = '''\
def forward(x1, x2):
    """The output f of one token."""
    xi1 = 0.5 - x1 - x2  # xor.flow:6
    h1 = 1.0 if xi1 >= 0.0 else 0.0  # neither of them
    xi2 = -1.5 + x1 + x2  # xor.flow:8
    h2 = 1.0 if xi2 >= 0.0 else 0.0  # both of them
    xi3 = 0.5 - h1 - h2  # xor.flow:10
    f = 1.0 if xi3 >= 0.0 else 0.0  # neither, nor both: one of them
    return f
'''
SOFTMAX = '''\
def forward(x, W, b):
    """The output p of every token."""
    (W_cat_1, W_cat_2), (W_dog_1, W_dog_2), (W_bird_1, W_bird_2) = W
    b_cat, b_dog, b_bird = b
    all_p = []
    for x_1, x_2 in x:
        xi_p_cat = W_cat_1 * x_1 + W_cat_2 * x_2 + b_cat  # softmax.flow:8
        xi_p_dog = W_dog_1 * x_1 + W_dog_2 * x_2 + b_dog
        xi_p_bird = W_bird_1 * x_1 + W_bird_2 * x_2 + b_bird
        largest_p = max(xi_p_cat, xi_p_dog, xi_p_bird)
        e_p_1 = exp(xi_p_cat - largest_p)
        e_p_2 = exp(xi_p_dog - largest_p)
        e_p_3 = exp(xi_p_bird - largest_p)
        total_p = e_p_1 + e_p_2 + e_p_3
        p_cat = e_p_1 / total_p
        p_dog = e_p_2 / total_p
        p_bird = e_p_3 / total_p
        all_p.append([p_cat, p_dog, p_bird])
    return all_p
'''
LOGISTIC = '''\
def gradients(x, y, w):
    """The loss, and its derivative for every weight."""
    n = len(x)
    L = d_w = 0.0
    for x, y in zip(x, y, strict=True):
        # forward
        xi_f = w * x
        f = 1.0 / (1.0 + exp(-xi_f)) if xi_f > -700.0 else exp(xi_f)

        # loss: mse, the mean over tokens
        error = f - y
        L += error * error

        # backward: the same lines, read from the last to the first
        d_f = 2.0 * error / n
        d_xi_f = d_f * f * (1.0 - f)
        d_w += d_xi_f * x
    L = L / n
    return L, {"w": d_w}
'''
FIT = '''\
def fit(weights, x, y, rate=0.1, steps=100):
    """The weights after so many steps of gradient descent on these data."""
    w = weights["w"]
    tokens = list(zip(x, y, strict=True))
    n = len(tokens)
    scale = 2.0 / n

    for _ in range(steps):
        d_w = 0.0
        for x, y in tokens:
            # forward
            xi_f = w * x
            f = 1.0 / (1.0 + exp(-xi_f)) if xi_f > -700.0 else exp(xi_f)

            # backward
            d_f = scale * (f - y)
            d_xi_f = d_f * f * (1.0 - f)
            d_w += d_xi_f * x

        # one step downhill
        w -= rate * d_w
    return {"w": w}
'''
ONE = "input x\ntarget y\noutput f : logistic\nx -> f : w ~\nloss mse(f, y)\n"


def test_it_reads_as_the_slide() -> None:
    assert text_of(EXAMPLES[0].parent / "xor.flow", 1, part="forward") == XOR


def test_elements_have_the_diagrams_names() -> None:
    assert text_of(EXAMPLES[0].parent / "softmax.flow", 4, part="forward") == SOFTMAX


def test_backward_mirrors_forward() -> None:
    assert text_of(ONE, 4, part="gradients") == LOGISTIC
    assert text_of(ONE, 4, part="fit") == FIT


def test_a_single_input_is_a_list_first() -> None:
    assert "    for x in list(x):\n" in text_of("input x\noutput f : step\nx -> f : 2\n", 4)


def test_names_give_way() -> None:
    """Whatever the diagram calls its nodes, the file's own names stay apart."""
    written = (
        "input n[2], x, x_1, abs\ntarget tokens[2]\noutput error[2]\nnode exp : tanh\nnode max : logistic\n"
        "x, x_1, abs -> exp : ~\nx -> max : scale ~\nn -> error : W ~\nexp, max -> error : ~\nloss mse(error, tokens)\n"
    )
    check(Reference.of(flowc.loads(written)), 4)
    file = made(written, 4)
    with contextlib.redirect_stdout(io.StringIO()):
        file["selftest"]()


LINES = {path.stem: path for path in EXAMPLES} | {
    "wide": "input x[40]\ntarget y[12]\noutput f[12] : softmax\nx -> f : ~\nloss cross_entropy(f, y)\n",
    "fixed": "input x[3]\noutput f[7] : relu\nweight W[7, 3] = 0.123456789, c[7] = 1.5\nx -> f : W\n1 -> f : c\n",
    "many": "input " + ", ".join(f"input_{i}" for i in range(30)) + "\noutput f : step\n"
    + ", ".join(f"input_{i}" for i in range(30)) + " -> f : ~\n",
    "grid": "input a[2, 3], b[3]\ntarget y[2]\noutput f[2] : tanh\na -> f : ~\nb -> f : ~\nloss sse(f, y)\n",
    "all": "input x\noutput " + ", ".join(f"f{i}" for i in range(len(FORMULAS))) + "\n"
    + "".join(f"f{i} = {formula}\n" for i, formula in enumerate(FORMULAS)),
    "kept": "input x[4]\noutput p[4], g[4], h\np = argmax(x)\ng = log_softmax(x)\nh = max(x) + min(x)\n",
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_files_are_narrow_ascii_and_clean(dtype: str, tmp_path: Path) -> None:
    for name, written in LINES.items():
        for batch in (1, 4):
            source = text_of(written, batch, dtype=dtype)
            assert source == text_of(written, batch, dtype=dtype)
            assert source.isascii() and source.endswith("\n") and not source.endswith("\n\n")
            assert [line for line in source.split("\n") if len(line) > 79 or line != line.rstrip()] == []
            assert ("double precision" in source) == (dtype == "float32")
            assert imports(source) <= {"math", "random", "sys", "statistics"}
            (tmp_path / f"{name}_{batch}.py").write_text(source)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "E,F,I,W"]
    done = subprocess.run([*command, "--line-length", "79", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def imports(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("batch", [1, 4])
def test_files_run_and_test_themselves(batch: int, monkeypatch, capsys) -> None:
    for written in LINES.values():
        source = text_of(written, batch)
        for arguments in (["--selftest"], []):
            monkeypatch.setattr(sys, "argv", ["made.py", *arguments])
            module(source, "__main__")
            printed = capsys.readouterr().out
            assert printed.endswith("ok\n") if arguments and "def selftest" in source else printed


def test_files_stand_alone(tmp_path: Path) -> None:
    path = tmp_path / "xor.py"
    path.write_text(text_of(EXAMPLES[0].parent / "xor.flow", 4))
    done = subprocess.run([sys.executable, "-I", "-W", "error", str(path)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "x1  x2 | f | forward: f", "0   0  | 0 | 0", "0   1  | 1 | 1", "1   0  | 1 | 1", "1   1  | 0 | 0",
    ]  # fmt: skip


def test_the_same_bytes_for_every_hash_seed() -> None:
    code = (
        "import flowc, sys\nfor path in sys.argv[1:]:\n"
        "    print(flowc.load(path).compile(style='fast', lower='scalar', batch=4).source)"
    )
    paths = [str(p) for p in EXAMPLES if p.stem in ("softmax", "autoencoder", "activations", "iris")]
    texts = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )  # fmt: skip
        texts.add(done.stdout)
    assert len(texts) == 1


# ---------------------------------------------------------------------------- refusals


def test_what_is_too_long_is_refused() -> None:
    for size in ("100", "1000"):
        written = f"input x[{size}]\ntarget y[{size}]\noutput f[{size}]\nx -> f : ~\nloss mse(f, y)\n"
        with pytest.raises(Refused, match="here more than 5,000; take `--lower dense`"):
            text_of(written)


def test_parts() -> None:
    assert text_of(ONE, part="learn").startswith("def learn(weights, x, y, rate=0.1):\n")
    with pytest.raises(Refused, match="there is no part `backwards`; the file has `uniform`, `initial_weights`, "):
        text_of(ONE, part="backwards")


def test_long_sums_keep_their_order() -> None:
    names = [f"x{i}" for i in range(600)]
    arrows = "".join(f"{name} -> f : {1 if i % 3 else -0.1}\n" for i, name in enumerate(names))
    forward = made(f"input {', '.join(names)}\noutput f\n{arrows}")["forward"]
    values = np.random.default_rng(0).normal(size=600).tolist()
    expected = -0.1 * values[0]
    for i in range(1, 600):
        expected = expected + (values[i] if i % 3 else -0.1 * values[i])
    assert forward(*values) == expected


@pytest.mark.parametrize("size, cells", [("1, 2", ["1,1", "1,2"]), ("1, 1, 2", ["1,1,1", "1,1,2"])])
def test_a_table_is_printed_beside_an_output_of_one_row(size: str, cells: list[str], capsys: pytest.CaptureFixture) -> None:
    columns = " ".join(f"x[{cell}]" for cell in cells)
    text = f"input x[{size}]\noutput f[{size}]\nf = 2*x\ndata {{\n{columns}\n1 2\n}}\n"
    for batch in (1, 2):
        execute(flowc.loads(text).compile(style="fast", lower="scalar", batch=batch).source, "table")["table"]()
        assert " | " in capsys.readouterr().out

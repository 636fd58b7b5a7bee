"""JavaScript, bit for bit: sums in numpy's order, functions that are the same on every engine, draws of Python's streams."""

import math
import random
from statistics import NormalDist

import mpmath
import numpy as np
import pytest

import flowc
from flowc.backends.javascript.templates import TEMPLATES
from flowc.execution.python import execute
from flowc.nets.verifying.reference import Reference
from tests.backends.javascript_module import NODE, JavaScriptFile, call_all

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node, to run JavaScript")

LIBRARY = "".join(text.replace("export ", "") for text in TEMPLATES.values())
LIBRARY += "export const call_each = (name, all) => all.map((x) => table[name](...x));\n"
LIBRARY += f"const table = {{ {', '.join(name for name in TEMPLATES if name != 'selftest')} }};\n"


def call_each(folder, calls):
    """What functions give for lists of arguments, by their names."""
    return dict(zip(calls, call_all(folder, {"library": LIBRARY}, [["library", "call_each", [k, v]] for k, v in calls.items()]), strict=True))


# ----------------------------------------------------------------------------------------------------------- functions

rng = random.Random(1)


def some(draw, count=400):
    return [draw() for _ in range(count)]


def wide(low, high):
    return some(lambda: rng.choice([-1, 1]) * 10 ** rng.uniform(low, high))


def between(low, high):
    return some(lambda: rng.uniform(low, high))


near_right_angles = some(lambda: float(rng.randint(-600_000, 600_000) * mpmath.pi / 2))
FUNCTIONS = {
    "exp": (mpmath.exp, [*between(-745, 709.7), *between(-1, 1), *wide(-20, 2.8), *between(-745.1, -708)]),
    "expm1": (mpmath.expm1, [*between(-40, 709), *between(-3, 3), *wide(-300, 0), *between(0.34, 0.4)]),
    "log": (mpmath.log, [*some(lambda: 10 ** rng.uniform(-323, 308)), *between(0.5, 2), *between(0.99, 1.01)]),
    "log1p": (mpmath.log1p, [*wide(-300, -1), *between(-0.999, 3), *between(-0.3, 0.42), *some(lambda: 10 ** rng.uniform(0, 300))]),
    "tanh": (mpmath.tanh, [*between(-22, 22), *between(-1, 1), *wide(-300, 1)]),
    "sin": (mpmath.sin, [*between(-10, 10), *wide(-300, 6), *wide(6, 308), *near_right_angles]),
    "cos": (mpmath.cos, [*between(-10, 10), *wide(-300, 6), *wide(6, 308), *near_right_angles]),
}  # fmt: skip
POWERS = [
    *some(lambda: (10 ** rng.uniform(-5, 5), rng.uniform(-60, 60))), *some(lambda: (rng.uniform(-10, 10), float(rng.randint(-9, 9)))),
    *some(lambda: (1 + rng.uniform(-1e-3, 1e-3), rng.uniform(-1e5, 1e5))), *some(lambda: (10 ** rng.uniform(-320, 308), rng.uniform(-1, 1))),
]  # fmt: skip


def units(value, exact):
    """How far a number is from what it should be, in units of the last digit of that."""
    return float(abs(mpmath.mpf(float(value)) - exact) / math.ulp(float(exact)))


def test_functions_are_right_to_less_than_a_unit_of_the_last_digit(tmp_path):
    calls = {name: [[x] for x in numbers] for name, (_, numbers) in FUNCTIONS.items()}
    results = call_each(tmp_path, calls | {"power": POWERS})
    with mpmath.workprec(200):
        for name, (exact, numbers) in FUNCTIONS.items():
            worst = max((units(y, exact(mpmath.mpf(x))), x) for x, y in zip(numbers, results[name], strict=True))
            assert 0.4 < worst[0] < 0.95, (name, worst)
        worst = max((units(y, mpmath.mpf(x) ** mpmath.mpf(n)), x, n) for (x, n), y in zip(POWERS, results["power"], strict=True))
        assert 0.4 < worst[0] < 0.95, worst


EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 5e-324, -5e-324, 1e300, -1e300, 1e-300, 710.0, -750.0, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "softplus", "sign_or_nan", "positive_part"])
def test_where_functions_have_no_usual_value_they_have_numpys(name, tmp_path):
    with np.errstate(all="ignore"):
        of_numpy = {"softplus": lambda x: np.logaddexp(x, 0.0), "sign_or_nan": np.sign, "positive_part": lambda x: np.maximum(x, 0.0)}
        expected = [float(of_numpy.get(name, getattr(np, name, None))(x)) for x in EDGES]
    np.testing.assert_allclose(call_each(tmp_path, {name: [[x] for x in EDGES]})[name], expected, rtol=3e-16, atol=0)


def test_powers_of_edges_are_cs(tmp_path):
    pairs = [(x, y) for x in EDGES for y in EDGES if y != 0.5]
    with np.errstate(all="ignore"):
        expected = [float(np.power(np.float64(x), np.float64(y))) for x, y in pairs]
    np.testing.assert_allclose(call_each(tmp_path, {"power": pairs})["power"], expected, rtol=3e-16, atol=0)


# ---------------------------------------------------------------------------------------------------------------- sums


def test_sums_are_added_in_the_order_of_numpy(tmp_path):
    rows = [[rng.uniform(-1, 1) * 10 ** rng.uniform(-8, 8) for _ in range(n)] for n in (*range(40), 127, 128, 129, 136, 137, 255, 256, 257, 1000, 5001)]
    results = call_each(tmp_path, {"sum": [[row] for row in rows], "mean": [[row] for row in rows[1:]]})
    assert results["sum"] == [float(np.sum(row)) for row in rows] and results["mean"] == [float(np.mean(row)) for row in rows[1:]]
    assert results["sum"] != [sum(row) for row in rows]


NODES = ["identity", "relu", "step", "sign", "abs", "square", "leaky_relu"]


def scalar_diagram(rng):
    """Of + - * / and of functions that are exact, or rounded once: a few single nodes, learnt and fixed weights, a formula."""
    nodes, lines = [f"x{k}" for k in range(1, rng.randint(2, 4))], []
    inputs = ", ".join(nodes)
    for k in range(1, rng.randint(3, 6)):
        lines.append(f"node h{k} : {rng.choice(NODES)}")
        sources = rng.sample([*nodes, "1"], rng.randint(1, len(nodes)))
        lines += [f"{source} -> h{k} : {rng.choice(['~', '~ 0.5', '-1.5'])}" for source in sources]
        nodes.append(f"h{k}")
    first, *_, other, last = nodes
    formula = rng.choice([f"{last}*{first} - {other}", f"{last}/(1.5 + {first}^2)", f"sqrt(abs({last})) + {first}"])
    arrows = "\n".join(lines)
    loss = rng.choice(["mse", "mae"])
    return f"input {inputs}\ntarget y\nnode p\noutput f\n{arrows}\np = {formula}\np -> f : ~\n1 -> f : ~\nloss {loss}(f, y)\n"


VECTORS = [
    "input x[#]\ntarget y[#]\nweight w[#] ~ 1\nweight v ~ 1\noutput f[#]\nf = relu(w*x + v)\nloss mse(f, y)\n",
    "input x[#]\ntarget y\nweight w[#] ~ 1\noutput f\nf = sum(w*x)\nloss mae(f, y)\n",
    "input x[#]\ntarget y[#]\nweight w[#] ~ 1\noutput f[#]\nf = w*x/mean(x^2)\nloss mse(f, y) + 0.5*sum(w^2)\n",
]  # fmt: skip


def exact_diagrams():
    """Of single nodes, and of vectors that meet element by element; as many tokens as sums of every form have."""
    for k in range(80):
        yield scalar_diagram(random.Random(k)), rng.choice([1, 4, 7, 8, 9, 20, 130, 300])
    for text in VECTORS:
        yield from ((text.replace("#", str(n)), batch) for n in (2, 8, 20, 150) for batch in (1, 9, 40))


def test_exact_diagrams_give_the_bits_of_the_numpy_file(tmp_path):
    """Outputs, loss, gradients and a step of learning."""
    files, expected = [], []
    for k, (text, batch) in enumerate(exact_diagrams()):
        reference = Reference.of(text, seed=k, batch=batch)
        noisy = {name: value + np.random.default_rng(k).normal(size=np.shape(value)) for name, value in reference.inputs.items()}
        file = JavaScriptFile(Reference.of(reference.diagram, reference.learnt, noisy), f"net{k}")
        files.append(file)
        expected.append(of_numpy(file))
    calls = [[*f.calls(), [f.name, "learn", [*f.weights, *f.samples(f.sheet.samples), 0.3]], *f.calls_of_learning()] for f in files]
    results = call_all(tmp_path, {f.name: f.text for f in files}, [call for some in calls for call in some])
    for file, some, numbers in zip(files, calls, expected, strict=True):
        *outputs, gradients, step, fitted, learnt = results[: len(some)]
        np.testing.assert_equal(fitted, learnt, file.text)
        results = results[len(some) :]
        assert (outputs, gradients["loss"], gradients["gradients"], step["weights"]) == numbers, file.reference.diagram.text


def of_numpy(file):
    """Outputs, loss, gradients, and weights after a step, by the printed numpy file."""
    printed = execute(flowc.loads(file.reference.diagram.text).compile().source, "printed")
    samples = [file.reference.given[s] for s in file.sheet.samples]
    weights = {s.owner: file.reference.given[s] for s in file.sheet.learnt}
    loss, slopes = printed["gradients"](*samples, **weights)
    _, learnt = printed["learn"](weights, *samples, rate=0.3)
    outputs = np.asarray(printed["forward"](*samples[:-1], **weights))
    outputs = np.broadcast_to(outputs, (file.batch, *outputs.shape[1:])).tolist()
    return outputs, float(loss), *({name: np.asarray(x).tolist() for name, x in d.items()} for d in (slopes, learnt))


# --------------------------------------------------------------------------------------------------------------- draws


def test_streams_are_pythons(tmp_path):
    names = ["w", "größe", "日本", "𝔵", *("n" * k for k in (108, 109, 110, 111, 112, 130, 300))]
    draws = call_each(tmp_path, {"uniform": [[seed, name, 0, 1, [700]] for seed in (0, 1, 2**40) for name in names]})["uniform"]
    streams = [random.Random(f"{seed}/{name}") for seed in (0, 1, 2**40) for name in names]
    assert draws == [[stream.random() for _ in range(700)] for stream in streams]


def test_quantiles_are_pythons(tmp_path):
    """In the tails by a logarithm, which on another system may be another in the last digit."""
    shares = [rng.random() for _ in range(3000)] + [2**-54, 1e-9, 1 - 1e-9, 0.075, 0.925]
    results = call_each(tmp_path, {"normal_quantile": [[p] for p in shares]})["normal_quantile"]
    np.testing.assert_allclose(results, [NormalDist().inv_cdf(p) for p in shares], rtol=1e-15, atol=0)
    middle = [(p, x) for p, x in zip(shares, results, strict=True) if abs(p - 0.5) <= 0.425]
    assert len(middle) > 2000 and all(x == NormalDist().inv_cdf(p) for p, x in middle)


@pytest.mark.parametrize("start", ["~ uniform(-2, 3)", "~ normal(1, 0.5)", "~ glorot", "~ he", "~", "~ 0.25"])
def test_weights_start_where_the_numpy_file_has_them_start(start, tmp_path):
    text = f"input x[3]\ntarget y\nnode h[2] : tanh\noutput f\nweight W[2, 3] {start}\nweight b {start}\nx -> h : W\nh -> f : ~\n1 -> f : b\nloss mse(f, y)\n"
    flow, file = flowc.loads(text), JavaScriptFile(Reference.of(text))
    numpy_file = execute(flow.compile().source, "printed")
    results = call_all(tmp_path, {"net": file.text}, [["net", "initial_weights", [seed]] for seed in (0, 7)] + [["net", "initial_weights", []]])
    for found, seed in zip(results, (0, 7, 0), strict=True):
        for name, value in numpy_file["initial_weights"](seed).items():
            np.testing.assert_allclose(found[name], value, rtol=0 if "normal" not in start and "he" not in start else 4e-16, atol=0)

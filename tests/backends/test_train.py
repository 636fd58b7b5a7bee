"""The printed loops learn what `flowc train` learns: every example, every form, every method."""

import re
from functools import cache

import numpy as np
import pytest
import torch

import flowc
from flowc.graph.network import File, Formulas, Table
from flowc.learning.order import draw_batches
from flowc.nets.verifying.loops import assert_loops_agree
from tests.backends.scripts import FORMS, agree, executed, script, trained
from tests.examples.variants import CHAINS, EXAMPLES, NAMES


def learns(name):
    network = flowc.load(EXAMPLES / f"{name}.flow").network
    with_data = [d for d in network.data if isinstance(d, (Table, File, Formulas))]
    return bool(network.loss and with_data and any(w.learnt for w in network.weights))


STEPS, LENGTH = 300, re.compile(r"\bsteps=(\d+)")
LEARNING = [name for name in NAMES if learns(name)]
CASES = [(n, f) for n in LEARNING for f in FORMS if not f.startswith("sequential") or n in CHAINS]


@cache
def engine(name):
    return trained(EXAMPLES / f"{name}.flow")


@cache
def example(name, form):
    return executed(script(EXAMPLES / f"{name}.flow", *FORMS[form]))


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The examples' first STEPS steps, by name: their diagrams, and what `flowc train` learns."""
    folder = tmp_path_factory.mktemp("begun")

    def of(name):
        for path in EXAMPLES.glob(f"{name}*"):
            text = path.read_text(encoding="utf-8")
            (folder / path.name).write_text(LENGTH.sub(lambda m: f"steps={min(STEPS, int(m[1]))}", text), encoding="utf-8")
        path = folder / f"{name}.flow"
        return path, trained(path)

    return cache(of)


def test_the_lectures_diagrams_are_among_them():
    assert {"sine", "sine_mse", "softmax", "iris", "net232", "autoencoder", "worked_example"} <= set(LEARNING)


@pytest.mark.parametrize("name, form", CASES, ids=[f"{n}-{f}" for n, f in CASES])
def test_examples_learn_what_flowc_train_learns(name, form, begun):
    """In numpy to the end; in other forms, which take as long for each step, until every token was met many times."""
    if form == "numpy":
        agree(example(name, form), engine(name), 1e-12)
        return
    path, engines = begun(name)
    agree(executed(script(path, *FORMS[form]), path.parent), engines, 1e-12)


@pytest.mark.parametrize("name", LEARNING)
def test_numpy_gives_the_very_bits_of_flowc_train(name):
    found, wanted = example(name, "numpy"), engine(name)
    assert found.curve.tolist() == wanted.curve.tolist()
    assert [w.tolist() for w in found.weights.values()] == [w.tolist() for w in wanted.weights.values()]


@pytest.mark.parametrize("form, options", [("numpy", ["--dtype", "float32"]), ("torch", ["--backend", "torch"])])
@pytest.mark.parametrize("name", ["softmax", "sine_mse", "net232"])
def test_single_precision_is_near(name, form, options):
    found = executed(script(EXAMPLES / f"{name}.flow", *options))
    agree(found, engine(name), 1e-4)
    assert {str(w.dtype) for w in found.weights.values()} == {"float32"}


def test_sine_is_the_tutorials_loop():
    """The loop of the tutorial that the lecture cites, from the same start."""
    start = flowc.load(EXAMPLES / "sine.flow").compile().init(0)
    a, b, c, d = (float(start[name]) for name in "abcd")
    x = np.linspace(-np.pi, np.pi, 2000)
    y = np.sin(x)
    losses = []
    for _ in range(2000):
        y_pred = a + b * x + c * x**2 + d * x**3
        losses.append(np.square(y_pred - y).sum())
        grad_y_pred = 2.0 * (y_pred - y)
        a -= 1e-6 * grad_y_pred.sum()
        b -= 1e-6 * (grad_y_pred * x).sum()
        c -= 1e-6 * (grad_y_pred * x**2).sum()
        d -= 1e-6 * (grad_y_pred * x**3).sum()
    for form in ("numpy", "torch", "optimizer", "module"):
        found = example("sine", form)
        assert np.allclose(found.curve, losses, rtol=1e-12, atol=0)
        assert np.allclose([found.weights[name] for name in "abcd"], [a, b, c, d], rtol=1e-12, atol=1e-14)


def test_what_a_method_keeps_of_long_names_has_lines_of_its_own(tmp_path):
    long = "the_weight_of_the_first_neuron_in"
    text = f"input x\noutput f\nweight {long} ~ 0.5\nf = {long}*x\nloss f^2\ndata {{\n  x\n  1\n  2\n}}\ntrain adam(steps=3)"
    path = tmp_path / "long.flow"
    path.write_text(text)
    assert_loops_agree(flowc.load(path))
    printed = script(path, *FORMS["numpy"])
    assert f"    m_{long} = 0.0\n    v_{long} = 0.0\n" in printed


# ------------------------------------------------------------------------------------------------------------ methods

NET = """\
index  class = cat, dog, bird
input  x[2]
target y[class]
node   h[3] : tanh
output p[class] : softmax

x -> h -> p : ~
1 -> h, p   : ~

loss cross_entropy(p, y)
data {
  x[1] x[2] | y
  0    1    | cat
  1    0    | dog
  1    1    | bird
  0    2    | cat
  2    0    | dog
  2    2    | bird
  -1   2    | bird
}
"""

METHODS = [
    "gd(rate=0.5, steps=50)",
    "gd(epochs=12)",
    "gd(rate=0.5, steps=50, weight_decay=0.1, decay=0.1)",
    "sgd(rate=0.3, batch=2, steps=50)",
    "sgd(rate=0.3, batch=3, epochs=9, seed=5)",
    "sgd(rate=0.3, batch=50, steps=30)",
    "sgd(rate=0.1, batch=3, replace=true, steps=50)",
    "sgd(rate=0.1, replace=true, steps=50)",
    "sgd(rate=0.1, batch=3, order=data, epochs=10)",
    "sgd(rate=0.5, batch=2, steps=50, gamma=0.5, every=20)",
    "sgd(rate=0.5, batch=2, epochs=7, cosine=true)",
    "momentum(rate=0.1, batch=4, steps=50)",
    "momentum(rate=0.1, momentum=0.5, weight_decay=0.01, steps=50, gamma=0.9)",
    "adam(rate=0.01, steps=50)",
    "adam(rate=0.01, batch=2, steps=50, beta1=0.8, beta2=0.99, eps=1e-6, weight_decay=0.1)",
    "adam(rate=0.05, warmup=20, cosine=true, decay=0.01, gamma=0.9, every=5, steps=50)",
    "adamw(rate=0.01, steps=50)",
    "adamw(rate=0.01, weight_decay=0.2, steps=50, batch=2)",
    "adamw(weight_decay=0, steps=20)",
    "rmsprop(steps=50)",
    "rmsprop(rate=0.02, beta2=0.9, weight_decay=0.05, steps=50, batch=3)",
]


@pytest.mark.parametrize("how", METHODS)
def test_methods_are_those_of_flowc_train_and_of_torch_optim(how, tmp_path):
    """Every form; those with an optimiser hold the written steps to torch's own."""
    path = tmp_path / "net.flow"
    path.write_text(f"{NET}train {how}\n")
    wanted = trained(path)
    for options in FORMS.values():
        agree(executed(script(path, *options)), wanted, 1e-12)


@pytest.mark.parametrize("form", [f for f in FORMS if f.endswith("optimizer")])
def test_an_optimiser_is_used_where_one_is_asked_for(form, tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(f"{NET}train adamw(rate=0.01, weight_decay=0.2, decay=0.1, steps=20)\n")
    text = script(path, *FORMS[form])
    assert "torch.optim.AdamW(" in text and "optimizer.step()" in text and "def adamw" not in text
    assert "weight_decay=0.2" in text and "LambdaLR" in text


@pytest.mark.parametrize("tokens, size", [(7, 2), (7, 3), (5, 4), (6, 3), (150, 16)])
@pytest.mark.parametrize("how", ["", ", replace=true", ", order=data"])
def test_batches_are_those_of_flowc_train(tokens, size, how, tmp_path):
    path = tmp_path / "line.flow"
    path.write_text(
        "input x\ntarget y\noutput f\nweight w ~ 0\nf = w*x\nloss mse(f, y)\n"
        f"data {{\n  x = linspace(0, 1, {tokens})\n  y = x\n}}\ntrain sgd(batch={size}, steps=40, seed=3{how})\n"
    )
    names = {"__name__": "made"}
    exec(compile(script(path), "made.py", "exec"), names)
    ours = names["batches"](tokens, size, *([3] if "data" not in how else []))
    theirs = draw_batches(tokens, size, 3, "replace" in how, "data" in how)
    assert [list(next(ours)) for _ in range(100)] == [list(next(theirs)) for _ in range(100)]


# ------------------------------------------------------------------------------------------------------------- reading


def test_torch_is_in_the_idiom_of_the_slides():
    text = script(EXAMPLES / "sine.flow", "--backend", "torch")
    for line in ("L.backward()", "with torch.no_grad():", "a -= rate * a.grad", "a.grad = None", ".requires_grad_()"):
        assert line in text
    text = script(EXAMPLES / "net232.flow", "--backend", "torch", "--form", "sequential")
    for line in ("torch.nn.Sequential(", "for param in model.parameters():", "param -= rate * param.grad"):
        assert line in text


def test_a_small_equation_ends_with_the_fitted_formula():
    wanted = "f = 0.04702 + 0.8259 x + -0.008111 x^2 + -0.08895 x^3"
    for form in ("numpy", "torch", "module"):
        assert example("sine", form).end == [wanted]
    end = example("worked_example", "numpy").end
    assert end[0] == "h1 = logistic(0.1498 i1 + 0.1996 i2 + 0.35)" and len(end) == 4


def test_classes_end_with_how_many_are_right():
    for form in ("numpy", "torch", "module", "sequential"):
        assert example("softmax", form).end[-1] == "p right: 6 of 6"
    assert example("evolved", "numpy").end[-1] == "f right: 8 of 8"


def test_without_train_it_says_that_the_defaults_learn():
    text = script(EXAMPLES / "net232.flow")
    assert "# the diagram does not say how to learn" in text and "rate = 0.1" in text and "range(1000)" in text


def test_models_of_scripts_are_torchs():
    names = {"__name__": "made"}
    exec(compile(script(EXAMPLES / "softmax.flow", *FORMS["sequential"]), "made.py", "exec"), names)
    assert type(names["model"]) is torch.nn.Sequential

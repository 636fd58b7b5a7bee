"""The text itself: how the showpieces read, names, long lines, what people's words cannot do, parts, refusals."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from dataclasses import replace
from statistics import NormalDist
from unicodedata import normalize

import numpy as np
import pytest
import torch

import flowc
from flowc.backends import find, names
from flowc.backends.backend import Options, Refused
from flowc.backends.numpy import NumpyBackend
from flowc.backends.python.naming import NameTable
from flowc.backends.python.text import number
from flowc.backends.torch import TorchBackend
from flowc.backends.torch.module import MODULE_NAMES
from flowc.graph.network import Arrow, Network, Node, Operand
from flowc.maths.ascii import identifier, plain
from flowc.maths.index_map import SCALAR_LINE
from flowc.pipeline import plan
from flowc.source import NOWHERE, Source
from tests.backends import diagrams
from tests.backends.running import array, drawn, emitted, module

NUMPY, TORCH = NumpyBackend(), TorchBackend()
WAYS = [
    (NUMPY, {}), (NUMPY, {"dtype": "float32"}), (TORCH, {}), (TORCH, {"gradient": "explicit"}),
    (TORCH, {"form": "module"}), (TORCH, {"dtype": "bfloat16"}),
]  # fmt: skip

XOR = '''\
def forward(x1, x2):
    """The output f of every token."""
    xi1 = 0.5 - x1 - x2  # xor.flow:6
    h1 = step(xi1)  # neither of them
    xi2 = -1.5 + x1 + x2  # xor.flow:8
    h2 = step(xi2)  # both of them
    xi3 = 0.5 - h1 - h2  # xor.flow:10
    f = step(xi3)
    return f
'''
NET232 = '''\
def gradients(x, y, W_h_x, b_h, W_f_h, b_f):
    """The loss, and its derivative for every weight."""
    # forward
    xi_h = x @ W_h_x.T + b_h
    h = logistic(xi_h)
    f = h @ W_f_h.T + b_f

    # loss: mse, the mean over tokens and elements
    L = np.mean((f - y) ** 2)

    # backward: the same lines, read from the last to the first
    d_f = 2 * (f - y) / f.size
    d_W_f_h = d_f.T @ h
    d_b_f = d_f.sum(axis=0)
    d_h = d_f @ W_f_h
    d_xi_h = d_h * h * (1 - h)
    d_W_h_x = d_xi_h.T @ x
    d_b_h = d_xi_h.sum(axis=0)
    return L, {"W_h_x": d_W_h_x, "b_h": d_b_h, "W_f_h": d_W_f_h, "b_f": d_b_f}
'''
SEQUENTIAL = """\
model = torch.nn.Sequential(
    torch.nn.Linear(2, 3),  # xi_h
    torch.nn.Sigmoid(),  # h
    torch.nn.Linear(3, 2),  # f
)
"""


def text(network: Network, backend=NUMPY, **options: str) -> str:
    return backend.emit(network, diagrams.program_of(network), Options(**options)).text


# ------------------------------------------------------------- as it reads


@pytest.mark.parametrize("backend", [NUMPY, TORCH])
def test_xor_reads_as_the_sketch(backend) -> None:
    assert text(diagrams.xor(), backend, part="forward") == XOR


def test_backward_mirrors_forward() -> None:
    assert text(diagrams.net232(), part="gradients") == NET232


def test_shared_weights_add_up() -> None:
    assert "    d_W = h.T @ d_xhat + d_xi_h.T @ x\n" in text(diagrams.autoencoder())
    assert "    xhat = h @ W + c  # W again: shared (autoencoder.flow:10)\n" in text(diagrams.autoencoder())


def test_softmax_and_cross_entropy() -> None:
    source = text(diagrams.softmax())
    assert "    L = -np.mean(np.sum(y * log_softmax(xi_p), axis=-1))\n" in source
    assert "    d_xi_p = (p - y) / len(x)\n" in source


def test_powers_stay_inside_the_line() -> None:
    assert "    f = a + b * x + c * x**2 + d * x**3  # cubic.flow:5\n" in text(diagrams.cubic())
    assert "    d_d = (d_f * x**3).sum()\n" in text(diagrams.cubic())


def test_fixed_weights_are_constants() -> None:
    source = text(diagrams.worked())
    assert "\nb1 = 0.35\nb2 = 0.6\n" in source
    assert "def forward(i1, i2, w1, w2, w3, w4, w5, w6, w7, w8):" in source


def test_sequential_is_the_lectures() -> None:
    network = diagrams.net232()
    assert text(network, TORCH, form="sequential", part="model") == SEQUENTIAL
    generated = emitted(TORCH, network, diagrams.program_of(network), form="sequential", dtype="float64")
    functions = emitted(TORCH, network, diagrams.program_of(network), dtype="float64")
    x = torch.randn((4, 2), dtype=torch.float64)
    assert torch.allclose(generated["model"](x), functions["forward"](x, **functions["initial_weights"]()))


def test_sequential_names_what_breaks_the_chain() -> None:
    with pytest.raises(Refused, match="`x2` breaks: a chain has one input"):
        text(diagrams.xor(), TORCH, form="sequential")


def test_sequential_says_which_loss_it_does_not_have() -> None:
    chain = "input x[3]\nnode h[2] : tanh\noutput f[3]\nx -> h -> f : ~\n"
    with pytest.raises(Refused, match="this one is `mse` of `f` and `x`$"):
        text(flowc.loads(chain + "loss mse(f, x)\n").network, TORCH, form="sequential")
    lines = "input x[9]\nnode h\noutput f\n" + "".join(f"x[{k}] -> h : ~\n" for k in range(1, 10)) + "h -> f : ~\n"
    with pytest.raises(Refused, match="^form `sequential` needs one chain of layers, which `h` breaks: it is fed by `x`, not"):
        text(flowc.loads(lines).network, TORCH, form="sequential")


@pytest.mark.parametrize("written", ["weight w ~ 1\nloss w^2", "input x\nnode h\nx -> h : 2"])
def test_sequential_needs_an_output(written: str) -> None:
    flow = flowc.loads(written)
    with pytest.raises(Refused, match="no output"):
        TORCH.emit(flow.network, plan(flow.network), Options(form="sequential"))


def test_cross_entropy_takes_the_excitations() -> None:
    source = text(diagrams.softmax(), TORCH, form="sequential")
    assert "torch.nn.Softmax" not in source and "CrossEntropyLoss()" in source
    generated = module(source)
    generated["selftest"]()


@pytest.mark.parametrize("form", ["sequential", "module"])
def test_a_self_test_is_apart_from_what_was_learnt(form: str) -> None:
    generated = module(text(diagrams.net232(), TORCH, form=form))
    model = generated["model"] if form == "sequential" else generated["Net232"]()
    data = torch.rand(3, 2), torch.rand(3, 2)
    for _ in range(2):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        generated["learn"](*[model] * (form == "module"), optimizer, *data)
    before = {name: (w.clone(), w.grad.clone()) for name, w in model.named_parameters()}
    generated["selftest"]()
    for name, w in model.named_parameters():
        assert all(torch.equal(a, b) for a, b in zip((w, w.grad), before[name], strict=True))


def test_a_weight_that_the_loss_does_not_feel_has_the_gradient_0_and_decays() -> None:
    flow = flowc.loads("input x\ntarget y\noutput f\nweight a ~ 1, b ~ 2\nf = a*x + step(b)\nloss mse(f, y)\n")
    generated = module(flow.compile("torch", form="module").source)
    model = generated["Diagram"]()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.5)
    generated["learn"](model, optimizer, torch.ones(2), torch.ones(2))
    assert model.b.grad == 0 and model.b.item() == pytest.approx(2 - 0.1 * 0.5 * 2)


@pytest.mark.parametrize("backend, said", [("numpy", "1.0"), ("torch", "x.new_ones(())")])
def test_a_loss_without_a_forward_line_has_no_heading_for_it(backend: str, said: str) -> None:
    flow = flowc.loads("weight a ~ 1\ninput x\noutput f\nf = x\nloss a\n")
    source = flow.compile(backend, gradient="explicit").source
    assert "    # loss\n    L = a\n\n" in source and "    # forward\n" not in source
    assert f"    d_a = {said}\n" in source


def test_a_power_of_nothing_has_the_slope_0_in_its_exponent() -> None:
    flow = flowc.loads("input x\noutput f\ntarget y\nweight a ~ 2\nf = x^a\nloss mse(f, y)\n")
    for backend in ("numpy", "torch"):
        assert flow.compile(backend).gradients({"a": 2.0}, {"x": [0.0], "y": [3.0]})["a"] == 0


def test_module_agrees_with_functions() -> None:
    for make in diagrams.ALL.values():
        network = make()
        program = diagrams.program_of(network)
        of_class = emitted(TORCH, network, program, form="module", dtype="float64")
        functions = emitted(TORCH, network, program, dtype="float64")
        name = next(n for n, v in of_class.items() if isinstance(v, type) and issubclass(v, torch.nn.Module))
        values = drawn(program)
        inputs = [torch.tensor(values[s]) for s in program.inputs]
        weights = functions["initial_weights"]() if "initial_weights" in functions else {}
        first, second = of_class[name]()(*inputs), functions["forward"](*inputs, **weights)
        np.testing.assert_array_equal(np.stack([array(first)]).ravel(), np.stack([array(second)]).ravel()) if not (
            isinstance(first, tuple)
        ) else [np.testing.assert_array_equal(array(a), array(b)) for a, b in zip(first, second, strict=True)]


# ------------------------------------------------------------------ format


@pytest.mark.parametrize("name", diagrams.ALL)
def test_narrow_ascii_and_clean(name: str, tmp_path) -> None:
    for i, (backend, options) in enumerate(WAYS):
        source = text(diagrams.ALL[name](), backend, **options)
        assert source.isascii() and source.endswith("\n") and not source.endswith("\n\n")
        assert all(len(line) <= 79 and line == line.rstrip() for line in source.split("\n"))
        (tmp_path / f"{name}_{i}.py").write_text(source)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "E,F,I,W"]
    done = subprocess.run([*command, "--line-length", "79", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_same_bytes_every_time() -> None:
    for make in diagrams.ALL.values():
        assert text(make()) == text(make())


def test_numbers() -> None:
    assert [number(v) for v in (2.0, 0.5, -1.5, 1e-6, 1e20, 0.1 + 0.2)] == [
        "2", "0.5", "-1.5", "1e-06", "1e+20", "0.30000000000000004",
    ]  # fmt: skip
    assert number(float("inf")) == 'float("inf")'


# ------------------------------------------------------------------- names


def chain_of(*spelled: str) -> Network:
    """input -> node -> ... -> output, each tanh of the one before, all by these names."""
    first, *rest = spelled
    nodes = [Node(first, "input", ())]
    for before, name in zip(spelled, rest, strict=False):
        role = "output" if name == rest[-1] else "hidden"
        arrows = (Arrow(before, SCALAR_LINE, 0.5, None, None, NOWHERE),)
        nodes.append(Node(name, role, (), "logistic", arrows=arrows))  # type: ignore[arg-type]
    target = Node("y", "target", (), learning_only=True)
    loss = Node("loss_", "loss", (), "mse", operands=(Operand(spelled[-1]), Operand("y")), learning_only=True)
    return Network("names", None, diagrams.source("names.flow"), (nodes[0], target, *nodes[1:], loss), (), "loss_")


ODD = [
    ("exp", "lambda", "np", "forward", "d_h", "h"), ("xi_h", "h", "d_xi_h", "L", "weights"),
    ("μ", "mu", "ξ", "xi", "ξ1"), ("logistic", "torch", "loss", "self", "rate"), ("x̂", "xhat", "ŷ", "λ", "Δ"),
    ("ж", "名", "u0436", "step", "data"), ("rng", "abs", "_", "eps"), ("abs", "len", "print", "ROWS", "None_"),
    ("h1", "g1", "xi1", "xi_h1"), ("__debug__", "None", "True", "class", "match"), ("d", "name", "w", "x", "v"),
]  # fmt: skip


@pytest.mark.parametrize("spelled", ODD)
def test_odd_names_stay_apart(spelled: tuple[str, ...]) -> None:
    network = chain_of(*spelled)
    program = diagrams.program_of(network)
    table = NameTable(network, program, ["logistic"])
    ours = [table[s] for s in (*program.activations.values(), *program.excitations.values(), program.loss)]
    assert len(set(ours)) == len(ours)
    assert all(name.isidentifier() and normalize("NFKC", name) == name for name in ours)
    x = np.linspace(-1, 1, 4)
    expected = x
    for _ in spelled[1:]:
        expected = 1 / (1 + np.exp(-0.5 * expected))
    for backend, options in (
        (NUMPY, {}),
        (TORCH, {"dtype": "float64"}),
        (TORCH, {"form": "module", "dtype": "float64"}),
    ):
        generated = emitted(backend, network, program, **options)
        given = x if backend is NUMPY else torch.tensor(x)
        forward = generated["Names"]() if "form" in options else generated["forward"]
        np.testing.assert_allclose(array(forward(given)), expected, rtol=1e-12)


def test_only_clashing_names_change() -> None:
    network = chain_of("x", "exp", "tanh", "sum", "f")
    source = text(network)
    for name in ("exp", "tanh", "sum"):
        assert f"    {name} = logistic(xi_{name})" in source
    assert "_ is" not in source


def test_the_header_says_how_names_are_spelled() -> None:
    flow = flowc.loads("input größe, ξ, xi, lambda\noutput ŷ\nŷ = größe + ξ + xi + lambda\n")
    source = flow.compile().source
    assert "Names changed for Python: lambda_ is lambda.\n" in source and "    ŷ = größe + ξ + xi + lambda_  #" in source


def test_a_sign_that_python_does_not_have_is_written_by_its_number() -> None:
    source = flowc.loads("input x⃝, x_u20dd\noutput ŷ\nŷ = x⃝ + x_u20dd\n").compile().source
    assert "Names changed for Python: x_u20dd is x(U+20DD), x_u005fu20dd is x_u20dd.\n" in source


def test_elements_keep_their_letters() -> None:
    flow = flowc.loads("index k = Bar, Bär, 'Ä\"', Öl\ninput x[2]\noutput p[k] : softmax\nx -> p : ~\n")
    assert "on: Bar, Bär, Ä', Öl." in flow.compile().source


def test_short_excitation_names() -> None:
    network = chain_of("x", "h1", "h2", "f")
    assert "    xi1 = 0.5 * x\n" in text(network).replace("  # names.flow:1", "")
    assert "xi_h1" in text(chain_of("x", "h1", "g1", "f"))


def test_transliteration() -> None:
    assert [identifier(n) for n in ("ξ1", "x̂", "ŷ", "Δx", "λ", "größe", "ς")] == [
        "xi1", "xhat", "yhat", "Deltax", "lambda", "grosse", "sigma",
    ]  # fmt: skip


def test_names_that_modules_refuse_are_known() -> None:
    own = {n for n in dir(torch.nn.Module()) if not n.startswith("_")}
    assert own <= MODULE_NAMES


# -------------------------------------------------------- people's words

NASTY = [
    "x\rimport os", 'a """ b', "back\\slash\\", "line\u2028two\u2029three\x0bfour\x0cfive\x85six", '"', "'''", "\\N{DASH}",
    "{braces} %s", "ends with \\", "# noqa", "-*- coding: utf-7 -*-", "\x00nul", "ξ → x² — “quoted”", "😀" * 60, "w " * 200,
]  # fmt: skip


@pytest.mark.parametrize("words", NASTY)
def test_words_cannot_break_out(words: str) -> None:
    plain_network = diagrams.worked()
    nodes = tuple(replace(n, comment=words, label=words) for n in plain_network.nodes)
    network = replace(
        plain_network,
        nodes=nodes,
        title=words,
        source=Source(words, plain_network.source.text),
        header_comments=(words,),
    )
    for backend, options in WAYS:
        source = backend.emit(network, diagrams.program_of(network), Options(command=words, **options)).text
        assert source.isascii() and "\r" not in source
        ours, theirs = ast.parse(text(plain_network, backend, **options)), ast.parse(source)
        assert _shape(ours) == _shape(theirs)
        module(source)


def _shape(tree: ast.Module) -> str:
    """The code without docstrings and names of classes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


def test_plain_is_one_line_of_ascii() -> None:
    for words in NASTY:
        assert plain(words).isascii() and plain(words).isprintable()


# ------------------------------------------------------------ long diagrams


def long_sum(terms: int) -> Network:
    inputs = tuple(Node(f"x{i}", "input", ()) for i in range(terms))
    arrows = tuple(Arrow(f"x{i}", SCALAR_LINE, 1.0 if i % 3 else -0.1, None, None, NOWHERE) for i in range(terms))
    return Network(
        "long", None, diagrams.source("long.flow"), (*inputs, Node("f", "output", (), arrows=arrows)), (), None
    )


@pytest.mark.parametrize("terms", [199, 200, 201, 3500])
def test_long_sums_keep_their_order(terms: int) -> None:
    network = long_sum(terms)
    program = diagrams.program_of(network)
    values = np.random.default_rng(0).normal(size=(terms, 3))
    expected = -0.1 * values[0]
    for i in range(1, terms):
        expected = expected + (1.0 if i % 3 else -0.1) * values[i]
    for backend in (NUMPY, TORCH):
        given = values if backend is NUMPY else torch.tensor(values)
        found = emitted(backend, network, program)["forward"](*given)
        assert np.array_equal(array(found), expected)


def test_deep_diagrams() -> None:
    network = chain_of("x", *(f"n{i}" for i in range(1500)))
    program = diagrams.program_of(network)
    found = emitted(NUMPY, network, program)["forward"](np.ones(2))
    assert np.isfinite(found).all()


# ------------------------------------------------------------------ options


def test_initial_weights_are_the_streams() -> None:
    network = diagrams.autoencoder()
    stream = random.Random("7/W")
    expected = [0.0 + 0.5 * NormalDist().inv_cdf(stream.random() or 2**-54) for _ in range(8)]
    for backend in (NUMPY, TORCH):
        generated = emitted(backend, network, diagrams.program_of(network), dtype="float64")
        assert array(generated["initial_weights"](7)["W"]).ravel().tolist() == expected
    stream = random.Random("0/W_h_x")
    low, high = -1 / 2**0.5, 1 / 2**0.5
    first = low + (high - low) * stream.random()
    network = diagrams.net232()
    found = emitted(NUMPY, network, diagrams.program_of(network))["initial_weights"]()["W_h_x"]
    assert found[0, 0] == first


def test_float32_stays_float32() -> None:
    for make in diagrams.ALL.values():
        network = make()
        program = diagrams.program_of(network)
        generated = emitted(NUMPY, network, program, dtype="float32")
        values = {s: v.astype(np.float32) for s, v in drawn(program).items()}
        inputs = [values[s] for s in program.inputs]
        weights = generated["initial_weights"]() if "initial_weights" in generated else {}
        outputs = generated["forward"](*inputs, **weights)
        for value in outputs if isinstance(outputs, tuple) else (outputs,):
            assert value.dtype == np.float32
        if "gradients" in generated:
            _, d = generated["gradients"](*inputs, *(values[s] for s in program.targets), **weights)
            assert all(v.dtype == np.float32 for v in d.values())


def test_parts() -> None:
    network = diagrams.net232()
    assert text(network, part="learn").startswith("def learn(weights, x, y, rate=0.1):\n")
    assert text(network, part="logistic").startswith("def logistic(xi):\n")
    assert text(network, TORCH, form="module", part="forward").startswith("def forward(self, x):\n")
    with pytest.raises(Refused, match="there is no part `backwards`; the file has `uniform`, `initial_weights`, "):
        text(network, part="backwards")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"form": "module"}, "numpy has no form `module`; it has `functions`"),
        ({"dtype": "int8"}, "numpy has no dtype `int8`; it has `float64`, `float32`"),
        ({"gradient": "autograd"}, "numpy has no gradient `autograd`; it has `explicit`"),
    ],
)
def test_refusals(options: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        text(diagrams.xor(), **options)


def test_explicit_gradients_are_functions() -> None:
    with pytest.raises(Refused, match="takes its gradients from autograd"):
        text(diagrams.net232(), TORCH, form="module", gradient="explicit")


def test_registry() -> None:
    assert names()[:2] == ("numpy", "torch")
    assert find("torch").name == "torch"
    with pytest.raises(KeyError):
        find("basic")


def test_values() -> None:
    network = diagrams.net232()
    program = diagrams.program_of(network)
    values = drawn(program)
    given = {s.owner: v for s, v in values.items()}
    w = program.weights[0]
    wanted = {
        "xi": program.excitations["h"],
        "h": program.activations["h"],
        "L": program.loss,
        "d": program.gradients[w],
    }
    results = []
    for backend, options in ((NUMPY, {}), (TORCH, {}), (TORCH, {"gradient": "autograd"})):
        dtype = {"dtype": "float64"}
        source = backend.emit_values(network, program, wanted, Options(**options, **dtype))
        results.append(module(source)["values"](**given))
    for other in results[1:]:
        for key, value in results[0].items():
            np.testing.assert_allclose(array(other[key]), value, rtol=1e-12)


def test_dead_weights_have_gradient_zero() -> None:
    """A learnt weight behind a step: autograd finds no path, the gradient is zeros."""
    network = diagrams.net232()
    for dead in ("f", "h"):
        nodes = tuple(replace(n, function="step") if n.name == dead else n for n in network.nodes)
        other = replace(network, nodes=nodes)
        program = diagrams.program_of(other)
        values = drawn(program)
        for options in ({}, {"gradient": "explicit"}):
            generated = emitted(TORCH, other, program, dtype="float64", **options)
            given = {s: torch.tensor(v) for s, v in values.items()}
            weights = {s.owner: given[s] for s in program.weights}
            _, d = generated["gradients"](given[program.inputs[0]], given[program.targets[0]], **weights)
            assert not d["W_h_x"].any() and d["W_h_x"].shape == (3, 2)


@pytest.mark.parametrize("gradient", ["autograd", "explicit"])
def test_torch_compiles_whole(gradient: str) -> None:
    network = diagrams.autoencoder()
    generated = emitted(TORCH, network, diagrams.program_of(network), gradient=gradient)
    x, weights = torch.randn((3, 4)), generated["initial_weights"]()
    name = "forward" if gradient == "autograd" else "gradients"
    compiled = torch.compile(generated[name], fullgraph=True, backend="eager")(x, **weights)
    plainly = generated[name](x, **weights)
    assert torch.equal(compiled, plainly) if name == "forward" else torch.equal(compiled[0], plainly[0])

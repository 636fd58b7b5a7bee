"""`--gradient tape`: the lecture's autograd as running code. Its values and gradients are those that are written out."""

from __future__ import annotations

import re
import sys
from functools import cache
from types import FrameType
from typing import Any

import numpy as np
import pytest

import flowc
from flowc import pipeline
from flowc.backends import find
from flowc.backends.backend import Options, Refused, lowering
from flowc.nets.verifying.results import outputs_of
from tests.backends.running import module
from tests.corpus.printing import EXAMPLES, PATHS

LEARNING = [name for name, path in PATHS.items() if (n := flowc.load(path).network).loss and any(w.learnt for w in n.weights)]
# Where both add up in one order: losses that are sums or means of squares, of four tokens.
OF_SQUARES = ["evolved", "regression", "sine", "sine_mse", "worked_example"]


def text_of(name: str, gradient: str, **options: Any) -> str:
    network = flowc.load(PATHS[name]).network
    backend = find("numpy")
    chosen = Options(gradient=gradient, **options)
    how = lowering(network, backend, None, chosen.style, chosen.lower, None)
    return backend.emit(network, pipeline.plan(network, how), chosen).text


@cache
def names_of(name: str, gradient: str) -> dict[str, Any]:
    return module(text_of(name, gradient))


def samples_of(name: str, tokens: int = 5) -> tuple[list[np.ndarray], list[np.ndarray], dict[str, np.ndarray]]:
    """Inputs, targets and weights, drawn; each target is a distribution."""
    rng = np.random.default_rng(1)
    program = pipeline.plan(flowc.load(PATHS[name]).network, None)
    inputs = [rng.normal(size=(tokens, *s.type.shape)) for s in program.inputs]
    targets = [rng.uniform(0.1, 1, (tokens, *s.type.shape)) for s in program.targets]
    targets = [y / y.sum(axis=-1, keepdims=True) if y.ndim > 1 else y for y in targets]
    weights = {k: w + rng.normal(0, 0.3, np.shape(w)) for k, w in names_of(name, "tape")["initial_weights"]().items()}
    return inputs, targets, weights


def lines_of(name: str, gradient: str, function: str = "forward") -> list[str]:
    return text_of(name, gradient, part=function).splitlines()


@pytest.mark.parametrize("name", LEARNING)
def test_gradients_are_those_that_are_written_out(name):
    inputs, targets, weights = samples_of(name)
    loss, slopes = names_of(name, "tape")["gradients"](*inputs, *targets, **weights)
    expected, written = names_of(name, "explicit")["gradients"](*inputs, *targets, **weights)
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    assert slopes.keys() == written.keys()
    for key, value in written.items():
        assert np.shape(slopes[key]) == np.shape(value)
        np.testing.assert_allclose(slopes[key], value, rtol=1e-10, atol=1e-13, err_msg=key)


@pytest.mark.parametrize("name", OF_SQUARES)
def test_where_sums_have_one_order_they_are_the_same_to_the_last_bit(name):
    inputs, targets, weights = samples_of(name, tokens=4)
    loss, slopes = names_of(name, "tape")["gradients"](*inputs, *targets, **weights)
    expected, written = names_of(name, "explicit")["gradients"](*inputs, *targets, **weights)
    assert loss == expected
    for key, value in written.items():
        np.testing.assert_array_equal(slopes[key], value, err_msg=key)


@pytest.mark.parametrize("name", [name for name in LEARNING if PATHS[name].parent == EXAMPLES])
def test_forward_reads_as_it_is_written_out(name):
    """Line for line; where numpy has a function, the file has its own of that name, or a method."""
    tape, written = lines_of(name, "tape"), lines_of(name, "explicit")
    if not any("np." in line for line in written):
        assert tape == written
    assert assigned_in(tape) == assigned_in(written) != []


@pytest.mark.parametrize("name", LEARNING)
def test_forward_has_no_lines_of_its_own(name):
    """It lacks those of parts that the way back needs where it is written out."""
    parts = re.compile(r"\w+_\d+")
    tape, written = ([n for n in assigned_in(lines_of(name, how)) if not parts.fullmatch(n)] for how in ("tape", "explicit"))
    assert [line for line in written if line in tape] == tape != []


def assigned_in(lines: list[str]) -> list[str]:
    return [line.partition(" = ")[0].strip() for line in lines if re.match(r" {4}\w[\w, ]* = ", line)]


@pytest.mark.parametrize("name", LEARNING)
def test_of_arrays_forward_gives_the_same_arrays(name):
    inputs, _, weights = samples_of(name)
    values = names_of(name, "tape")["forward"](*inputs, **weights)
    written = names_of(name, "explicit")["forward"](*inputs, **weights)
    for value, expected in zip(outputs_of(values), outputs_of(written), strict=True):
        np.testing.assert_array_equal(value, expected)
    assert not names_of(name, "tape")["tape"]


@pytest.mark.parametrize("name", LEARNING)
def test_the_class_has_what_the_diagram_needs_and_no_more(name, capsys):
    """Every method is called by what the file does; one that lacked would be an error there."""
    names, called = module(text_of(name, "tape")), set()
    inputs, targets, weights = samples_of(name)

    def note(frame: FrameType, event: str, arg: Any) -> None:
        called.add(frame.f_code)

    sys.setprofile(note)
    try:
        names["gradients"](*inputs, *targets, **weights)
        names.get("mistakes", dict)()
    finally:
        sys.setprofile(None)
    methods = [getattr(m, "fget", m) for m in vars(names["Tensor"]).values() if hasattr(getattr(m, "fget", m), "__code__")]
    assert [m.__name__ for m in methods if m.__code__ not in called] == []


@pytest.mark.parametrize("name", LEARNING)
def test_the_two_mistakes_are_shown(name, capsys):
    names = module(text_of(name, "tape"))
    names["mistakes"]()
    once, twice, zeroed, saved, unseen = (float(re.findall(r"-?\d[\d.e+-]*", line)[-1]) for line in capsys.readouterr().out.splitlines())
    assert once == zeroed != 0
    assert abs(twice - 2 * once) <= 1e-3 * abs(once)
    assert (saved, unseen) == (1, 0)


def test_gradients_add_up_until_they_are_zeroed():
    names = names_of("worked_example", "tape")
    inputs, targets, weights = samples_of("worked_example")
    _, slopes = names["gradients"](*inputs, *targets, **weights)
    tensors = {name: names["Tensor"](w) for name, w in weights.items()}
    for times in (1, 2, 3):
        names["loss"](*inputs, *targets, **tensors).backward()
        assert all(np.isclose(w.grad, times * slopes[name]) for name, w in tensors.items())
    for w in tensors.values():
        w.grad = None
    names["loss"](*inputs, *targets, **tensors).backward()
    assert {name: w.grad for name, w in tensors.items()} == slopes


def test_nothing_is_saved_without_gradients():
    names = names_of("worked_example", "tape")
    inputs, targets, weights = samples_of("worked_example")
    tensors = {name: names["Tensor"](w) for name, w in weights.items()}
    with names["no_grad"]():
        loss = names["loss"](*inputs, *targets, **tensors)
    assert names["tape"] == [] and loss.saved_tensors == ()
    loss.backward()
    assert all(w.grad is None for w in tensors.values())
    names["loss"](*inputs, *targets, **tensors)
    assert len(names["tape"]) > 10  # what nobody goes back over stays
    names["tape"].clear()


def test_saving_goes_on_after_an_error_within_no_grad():
    names = names_of("worked_example", "tape")
    with pytest.raises(ZeroDivisionError), names["no_grad"]():
        raise ZeroDivisionError
    assert names["Tensor"].saving




@pytest.mark.parametrize("formula", ["relu(v * x)", "abs(v * x)", "max(v * x, 0)", "min(v * x, x)", "step(v * x) + v", "sign(v) + v * x", "(v * x)^0 + v"])
def test_at_a_kink_the_slope_is_the_language_s(formula):
    """The number that is written out, not the one that a formula's parts would give."""
    text = f"flow kink\ninput x\noutput f\nweight v ~ 0\nf = {formula}\nloss sse(f, 1)"
    nets = [flowc.loads(text).compile("numpy", gradient=how) for how in ("tape", "explicit")]
    for v in (0.0, 1.0):
        a, b = (net.gradients({"v": v}, {"x": [0.0, 1.0]})["v"] for net in nets)
        assert a == b


@pytest.mark.parametrize(
    "options, why",
    [
        ({"style": "fast"}, "style `fast` has no tape"),
        ({"style": "layers"}, "style `layers` has no tape"),
        ({"train": True, "style": "layers"}, "style `layers` has no tape"),
    ],
)
def test_what_has_no_tape_is_refused(options, why):
    with pytest.raises(Refused, match=why):
        text_of("xor_learnt", "tape", **options)


def test_a_mesh_has_no_tape():
    network = flowc.load(PATHS["evolved"]).network
    how = lowering(network, find("numpy"), None, "fast", "sparse", None)
    with pytest.raises(Refused, match="a mesh of single nodes has no tape"):
        find("numpy").emit(network, pipeline.plan(network, how), Options(gradient="tape", style="nodes"))


@pytest.mark.parametrize("name", ["sine", "worked_example", "classes_by_equation", "products"])
def test_a_loop_learns_what_the_one_that_is_written_out_does(name, capsys):
    learnt = {}
    for gradient in ("tape", "explicit"):
        names = module(text_of(name, gradient, train=True))
        learnt[gradient] = names["train"](), capsys.readouterr().out.splitlines()[-1]
        assert names.get("tape") in ([], None)
    for key, value in learnt["explicit"][0].items():
        np.testing.assert_allclose(learnt["tape"][0][key], value, rtol=1e-9, err_msg=key)
    assert learnt["tape"][1] == learnt["explicit"][1]


def test_a_loop_that_does_not_zero_goes_wrong():
    """The lecture's very common mistake, made in the loop that learns."""
    text = text_of("sine_mse", "tape", train=True)
    without, count = re.subn(r"\n {8}[a-d]\.grad = None", "", text)
    right, wrong = (module(t)["train"]() for t in (text, without))
    assert count == len(right) == 4
    assert not any(np.isclose(right[name], wrong[name], rtol=1e-3) for name in right)


def test_what_einsum_turns_round_comes_back_turned_round():
    text = "flow turned\nweight W[3, 2] ~ uniform(-1, 1)\ninput x[3, 2]\noutput f[2, 3]\nh = W * x\nh[i, j] -> f[j, i] : 1\nloss sum(square(f))"
    assert "einsum(" in flowc.loads(text).compile("numpy", gradient="tape").source
    data = {"x": np.random.default_rng(0).normal(size=(4, 3, 2))}
    nets = [flowc.loads(text).compile("numpy", gradient=how) for how in ("tape", "explicit")]
    a, b = (net.gradients(net.init(), data)["W"] for net in nets)
    np.testing.assert_allclose(a, b, rtol=1e-14)
    assert np.all(a != 0)


def test_single_precision_stays_single():
    names = module(text_of("worked_example", "tape", dtype="float32"))
    inputs, targets, weights = samples_of("worked_example")
    single = [np.float32(x) for x in (*inputs, *targets)]
    loss, slopes = names["gradients"](*single, **{k: np.float32(w) for k, w in weights.items()})
    assert {loss.dtype, *(d.dtype for d in slopes.values())} == {np.dtype("float32")}


def test_without_anything_to_learn_there_is_no_tape():
    assert text_of("xor", "tape") == text_of("xor", "explicit")

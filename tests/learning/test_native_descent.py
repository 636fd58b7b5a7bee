"""Learning in C, many steps at once: the numbers of learning step by step, whatever the method and the order."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.execution.python import execute
from flowc.learning.loop import begin_state, descent_by, learn
from flowc.learning.method import method_of
from flowc.maths.optimisers import OPTIMISERS
from flowc.nets.net import Net
from flowc.nets.training import native
from flowc.nets.training.step import Learner
from tests.doors.command import in_process

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = EXAMPLES / "xor_learnt.flow"
pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler, `cc`")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def assert_same(ours, theirs, rtol=1e-9):
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=rtol)
    for name, weight in theirs.weights.items():
        np.testing.assert_allclose(ours.weights[name], weight, rtol=rtol, atol=1e-12, err_msg=name)


def test_xor_learns_the_bits_of_plain_python():
    """Sums of scalars are added in the order written, and the exponential is the same function of the same library; numpy's own
    exponential of arrays, and its products, differ in last digits."""
    flow = flowc.load(XOR)
    plain = execute(flow.compile(style="fast", lower="scalar", batch=4).source, "plain")
    start = {name: float(w) for name, w in flow.compile().init(0).items()}
    expected = plain["fit"](start, *plain["data"](), rate=0.5, steps=5000)
    assert [float(w) for w in flow.train(backend="c").weights.values()] == [*expected.values()]


@pytest.mark.parametrize("method", OPTIMISERS)
@pytest.mark.parametrize(
    "settings",
    [
        {"steps": 60},
        {"steps": 60, "weight_decay": 0.01},
        {"epochs": 7, "batch": 3},
        {"steps": 50, "batch": 3, "order": "data", "decay": 0.1, "warmup": 5},
        {"steps": 50, "batch": 2, "replace": True, "cosine": True, "seed": 5},
    ],
    ids=str,
)
def test_every_method_takes_the_steps_of_numpy(method, settings):
    if OPTIMISERS[method].takes_all and "batch" in settings:
        pytest.skip("it takes all tokens")
    flow = flowc.load(XOR)
    assert_same(*(flow.train(backend=name, method=method, **settings) for name in ("c", "numpy")))


@pytest.mark.parametrize("name", ["layers", "softmax", "iris"])
def test_vectors_learn_too(name):
    flow = flowc.load(EXAMPLES / f"{name}.flow")
    rng = np.random.default_rng(1)
    net = flow.compile()
    data = {n: rng.normal(size=(9, *shape)) for n, shape in net.inputs.items()}
    data |= {n: np.eye(*(2 * shape[:1] or (2,)))[rng.integers(0, shape[0], 9)] if shape else rng.integers(0, 2, 9) for n, shape in net.targets.items()}
    assert_same(*(flow.train(data, backend=b, steps=40, rate=0.05) for b in ("c", "numpy")))


def test_constants_of_the_diagram_stand_in_the_library():
    text = "flow net\ninput x\nweight descend = 3, signature = -2\noutput f\ntarget y\nx -> f : w\nweight w ~ uniform(1, 2)\n1 -> f : descend\nloss mse(f, y)\n"
    data = {"x": [1.0, 2.0], "y": [0.0, 1.0]}
    assert_same(*(flowc.loads(text).train(data, backend=b, steps=9) for b in ("c", "numpy")))


def learner_of(flow, data):
    net = Net(flow, "c", "float64")
    return net, Learner(net, data)


def test_the_state_after_each_step_is_that_of_single_steps(monkeypatch):
    """Also where learning goes on from a state in the middle of a stretch."""
    flow = flowc.load(XOR)
    data = {n: np.asarray(a, float) for n, a in flow.data().arrays.items()}
    net, learner = learner_of(flow, data)
    how = method_of(flow.network.train, 4)
    start = begin_state(how, learner.own_arrays(net.init(0)))
    states = [step.state for step, _ in zip(learn(how, learner.descent(how), start), range(300))]
    single = [step.state for step, _ in zip(learn(how, descent_by(how, learner.slopes, np.sqrt), start), range(300))]
    assert [s.step for s in states] == [s.step for s in single] == [*range(1, 301)]
    for one, other in zip(states, single):
        assert all(np.allclose(one.weights[n], other.weights[n], rtol=1e-12, atol=0) for n in one.weights)
    again = next(iter(learn(how, learner.descent(how), states[100])))
    assert all(again.state.weights[n] == states[101].weights[n] for n in again.state.weights)


def test_it_stops_where_the_loss_is_not_finite():
    text = "flow net\ninput x\noutput f\ntarget y\nx -> f : w\nweight w ~ uniform(1, 2)\nloss mse(f, y)\n"
    messages = []
    for backend in ("c", "numpy"):
        with pytest.raises(FloatingPointError) as error:
            flowc.loads(text).train({"x": [1.0], "y": [0.0]}, backend=backend, rate=1e3, steps=500)
        messages.append(str(error.value))
    assert messages[0] == messages[1]


def test_what_is_not_for_stretches_learns_step_by_step(monkeypatch):
    """float32, and more numbers than Python costs time."""
    flow = flowc.load(XOR)
    net = Net(flow, "c", "float32")
    method = method_of(flow.network.train, 4)
    assert native.native_descent(net, method, {}) is None
    assert flow.train(backend="c", dtype="float32", steps=20).losses[-1] == pytest.approx(flow.train(steps=20).losses[-1], rel=1e-5)
    monkeypatch.setattr(native, "MOST", 8)
    assert native.native_descent(Net(flow, "c", "float64"), method, {}) is None
    assert native.native_descent(Net(flow, "numpy", "float64"), method, {}) is None


def test_stretches_grow_and_shrink_with_the_time_they_take():
    assert native._next_length(1, 0.0, 1000) == 2
    assert native._next_length(800, 0.0, 1000) == 1000
    assert native._next_length(64, 0.05, 1000) == 64
    assert native._next_length(64, 1.0, 1000) == 32
    assert native._next_length(1, 1.0, 1000) == 1


def test_the_command_learns_in_c(capsys):
    ours, theirs = (in_process(capsys, "train", XOR, "--backend", name, "--quiet") for name in ("c", "numpy"))
    assert ours == theirs


def test_held_out_data_and_patience_end_it_alike(capsys, tmp_path):
    held = tmp_path / "held.csv"
    held.write_text("x1,x2,y\n0,1,0\n1,1,1\n")
    arguments = ["train", XOR, "--held-out", held, "--patience", "2", "--interval", "7", "--quiet", "--log"]
    results = [in_process(capsys, *arguments, tmp_path / f"{name}.csv", "--backend", name) for name in ("c", "numpy")]
    assert results[0] == results[1]
    logs = [(tmp_path / f"{name}.csv").read_text() for name in ("c", "numpy")]
    assert logs[0].count("\n") == logs[1].count("\n") > 2

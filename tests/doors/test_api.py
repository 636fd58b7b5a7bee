"""The Python API: load, loads, Flow, Net."""

import re
from functools import cache

import networkx as nx
import numpy as np
import pytest

import flowc
from flowc.maths.initialisers import INITIALISERS, draw
from tests.doors.command import BAD, EXAMPLES, GOOD, WARNS, in_process

WAYS = [("numpy", None), ("torch", "autograd"), ("torch", "explicit")]

NET = """\
input  x[2]
target y[2]
node   h[3] : logistic
output f[2]

x -> h : W ~ normal(0, 1)
1 -> h : b ~ 0.5
h -> f : V ~
1 -> f : c = [1, 2]
loss mse(f, y)
"""

CLASSES = """\
index  class = cat, dog, bird
input  x[2]
target y[class]
output p[class] : softmax

x -> p : W ~
loss cross_entropy(p, y)
"""

X = np.array([[0.0, 1.0], [1.0, 0.5], [2.0, -1.0]])
DATA = {"x": X, "y": np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 0.0]])}


@cache
def net(text=NET, backend="numpy", gradient=None, dtype="float64"):
    return flowc.loads(text).compile(backend=backend, dtype=dtype, gradient=gradient)


# ------------------------------------------------------------------------------------------------------------- flows


def test_load_and_loads_are_the_same(tmp_path):
    path = tmp_path / "a.flow"
    path.write_text(GOOD)
    for loaded in (
        flowc.load(path),
        flowc.load(str(path)),
        flowc.loads(GOOD, "a.flow"),
        flowc.loads(GOOD.encode(), path),
    ):
        assert [n.name for n in loaded.network.nodes] == ["x", "f"] and loaded.warnings == ()
    assert flowc.load(path).network.name == "a" == flowc.loads(GOOD, name="a.flow").network.name
    assert flowc.loads("\ufeff" + GOOD.replace("\n", "\r\n")).network.source.text == GOOD


def test_an_error_carries_every_diagnostic(tmp_path):
    with pytest.raises(flowc.FlowError) as error:
        flowc.loads(BAD + "z -> f : 1\n", "b.flow")
    assert len(error.value.diagnostics) >= 2 and "b.flow:4:7: error[unknown-node]" in str(error.value)
    with pytest.raises(flowc.FlowError):
        flowc.loads("\udc80")
    with pytest.raises(FileNotFoundError):
        flowc.load(tmp_path / "nowhere.flow")
    with pytest.raises(TypeError, match="flowc.load"):
        flowc.loads(tmp_path)


def test_warnings_and_settings():
    assert [w.severity for w in flowc.loads(WARNS).warnings] == ["warning"]
    text = "index D = 4\ninput x[D]\noutput f\nx -> f : ~\n"
    sized = flowc.loads(text, settings={"D": 7}).compile()
    assert sized.inputs == {"x": (7,)} and "--set D=7" in sized.source
    with pytest.raises(flowc.FlowError, match="`E`"):
        flowc.loads(text, settings={"E": 7})


def test_the_graph_is_a_copy():
    flow = flowc.loads(NET)
    graph = flow.graph
    assert isinstance(graph, nx.MultiDiGraph) and set(graph) == {"1", "x", "y", "h", "f", "loss"}
    graph.remove_node("h")
    assert "h" in flow.graph and "h" in {n.name for n in flow.network.nodes}


# -------------------------------------------------------------------------------------------------------------- nets


def test_names_and_shapes():
    n = net()
    assert (n.inputs, n.targets, n.outputs) == ({"x": (2,)}, {"y": (2,)}, {"f": (2,)})
    assert n.weights == {"W": (3, 2), "b": (3,), "V": (2, 3)}
    assert "diagram" in repr(n) and "flow" in repr(flowc.loads(NET))


@pytest.mark.parametrize("options", [{}, {"backend": "torch"}, {"backend": "torch", "form": "module"}], ids=str)
def test_the_source_is_what_the_command_prints(options, capsys, monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    status, out, _ = in_process(capsys, "compile", "net232.flow", *words)
    assert status == 0 and flowc.load("net232.flow").compile(**options).source == out


def test_dtypes_by_any_name():
    import torch

    flow = flowc.loads(NET)
    for dtype in ("float32", np.float32, np.dtype("float32"), torch.float32):
        assert flow.compile(dtype=dtype).init()["W"].dtype == np.float32
        assert flow.compile(backend="torch", dtype=dtype).init()["W"].dtype == np.float32
    assert flow.compile().init()["W"].dtype == np.float64
    assert flow.compile(backend="torch").init()["W"].dtype == np.float32


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_narrow_dtypes_of_torch(dtype):
    wide, narrow = net(), net(backend="torch", dtype=dtype)
    w = wide.init()
    values = narrow.forward(w, DATA)
    for name, value in wide.forward(w, DATA).items():
        assert values[name].dtype == narrow.init()["W"].dtype
        np.testing.assert_allclose(values[name], value, atol=0.05)
    assert abs(narrow.loss(w, DATA) - wide.loss(w, DATA)) < 0.1


def test_where_weights_start():
    w = net().init()
    assert w["b"].tolist() == [0.5] * 3
    numbers = draw("W", 0, 6, INITIALISERS["normal"].distribution, 0.0, 1.0)
    assert w["W"].ravel().tolist() == numbers
    assert abs(w["V"]).max() <= 3**-0.5
    again, other, torch = net().init(seed=0), net().init(seed=1), net(backend="torch").init()
    for name in w:
        assert np.array_equal(w[name], again[name]) and np.array_equal(w[name], torch[name])
    assert not np.array_equal(w["W"], other["W"])
    w["b"][:] = 7
    assert net().init()["b"].tolist() == [0.5] * 3


@pytest.mark.parametrize("name", ["net232", "autoencoder", "worked_example", "sine"])
def test_the_printed_file_starts_where_the_api_does(name):
    n = flowc.load(EXAMPLES / f"{name}.flow").compile()
    space = {"__name__": "printed"}
    exec(n.source, space)
    printed = space["initial_weights"](3)
    started = n.init(3)
    assert [*printed] == [*started]
    for weight, array in started.items():
        assert np.array_equal(printed[weight], array) and np.shape(printed[weight]) == array.shape


@pytest.mark.parametrize("backend, gradient", WAYS)
def test_forward(backend, gradient):
    n = net(NET, backend, gradient)
    w = n.init()
    values = n.forward(w, {"x": X})
    assert [*values] == ["x", "xi_h", "h", "f"]
    xi = X @ w["W"].T + w["b"]
    h = 1 / (1 + np.exp(-xi))
    expected = {"x": X, "xi_h": xi, "h": h, "f": h @ w["V"].T + [1, 2]}
    for name, value in expected.items():
        np.testing.assert_allclose(values[name], value, rtol=1e-12)
        assert values[name].dtype == float and values[name].flags.writeable


def test_what_depends_on_a_target_is_there_with_the_target():
    text = "input x\ntarget y\noutput f\nf = 2*x\ne = f - y\nloss e^2\n"
    for backend in ("numpy", "torch"):
        n = net(text, backend)
        assert [*n.forward({}, {"x": [1, 2]})] == ["x", "f"]
        assert n.forward({}, {"x": [1, 2], "y": [1, 1]})["e"].tolist() == [1, 3]


def test_excitations_by_name():
    assert [*flowc.load(EXAMPLES / "xor.flow").compile().forward({}, {"x1": 0, "x2": 1})] == (
        ["x1", "x2", "xi1", "h1", "xi2", "h2", "xi3", "f"]
    )
    text = "input x\noutput h1 : tanh, xi1\nx -> h1 : ~\nξ = 2*x\nxi1 = x\ng = tanh(ξ)\n"
    assert [*net(text).forward(net(text).init(), {"x": 1})] == ["x", "xi_h1", "h1", "xi1", "ξ", "g"]


@pytest.mark.parametrize("backend, gradient", WAYS)
def test_loss_and_gradients_of_it(backend, gradient):
    n = net(NET, backend, gradient)
    w = n.init()
    loss = n.loss(w, DATA)
    assert type(loss) is float and loss == pytest.approx(np.mean((n.forward(w, DATA)["f"] - DATA["y"]) ** 2))
    slopes = n.gradients(w, DATA)
    assert {name: s.shape for name, s in slopes.items()} == n.weights
    for name, slope in slopes.items():
        for place in np.ndindex(slope.shape):
            assert slope[place] == pytest.approx(difference(n, w, name, place), rel=1e-5, abs=1e-8)


def difference(n, w, name, place, step=1e-6):
    """The slope of the loss by a difference."""
    losses = []
    for sign in (1, -1):
        moved = {**w, name: w[name].copy()}
        moved[name][place] += sign * step
        losses.append(n.loss(moved, DATA))
    return (losses[0] - losses[1]) / (2 * step)


@pytest.mark.parametrize("backend, gradient", WAYS)
def test_gradients_of_anything_for_anything(backend, gradient):
    n = net(NET, backend, gradient)
    w = n.init()
    slopes = n.gradients(w, {"x": X}, of="f", wrt=["x", "xi_h", "h", "f", "V", "c"])
    values = n.forward(w, {"x": X})
    d_h = np.ones((3, 2)) @ w["V"]
    d_xi = d_h * values["h"] * (1 - values["h"])
    expected = {
        "x": d_xi @ w["W"], "xi_h": d_xi, "h": d_h, "f": np.ones((3, 2)), "c": [3.0, 3.0],
        "V": np.tile(values["h"].sum(axis=0), (2, 1)),
    }  # fmt: skip
    assert [*slopes] == ["x", "xi_h", "h", "f", "V", "c"]
    for name, value in expected.items():
        np.testing.assert_allclose(slopes[name], value, rtol=1e-12)
    assert n.gradients(w, {"x": X}, of="h", wrt="V")["V"].tolist() == np.zeros((2, 3)).tolist()
    np.testing.assert_allclose(n.gradients(w, DATA, wrt="xi_h")["xi_h"].sum(axis=0), n.gradients(w, DATA)["b"])
    np.testing.assert_allclose(n.gradients(w, DATA, of="loss", wrt=["b"])["b"], n.gradients(w, DATA)["b"])


def test_one_step_of_learning_helps():
    for backend, gradient in WAYS:
        n = net(NET, backend, gradient)
        w = n.init()
        slopes = n.gradients(w, DATA)
        assert n.loss({name: w[name] - 0.1 * slopes[name] for name in w}, DATA) < n.loss(w, DATA)


def test_a_diagram_that_learns_nothing():
    n = net(GOOD)
    assert n.init() == {} == n.weights
    with pytest.raises(ValueError, match="has no loss"):
        n.loss({}, {"x": [1]})
    with pytest.raises(ValueError, match="has no loss"):
        n.gradients({}, {"x": [1]})
    assert n.gradients({}, {"x": [1, 2]}, of="f", wrt="x")["x"].tolist() == [2, 2]
    assert n.gradients({}, {"x": [1]}, of="f") == {}


def test_a_diagram_without_inputs():
    for backend in ("numpy", "torch"):
        n = net("output f\nweight w ~ 3\nf = 2*w\nloss f^2\n", backend)
        assert n.forward(n.init(), {})["f"].tolist() == [6] and n.loss(n.init(), {}) == 36
        assert n.gradients(n.init(), {})["w"] == 24


# --------------------------------------------------------------------------------------------------- what data may be


def test_numbers_lists_and_tensors():
    import torch

    n = net("input x1, x2\noutput f\nf = x1 + 2*x2\n")
    assert n.forward({}, {"x1": 1, "x2": 2})["f"].tolist() == [5]
    assert n.forward({}, {"x1": [1, 2], "x2": 2})["f"].tolist() == [5, 6]
    assert n.forward({}, {"x1": [True, False], "x2": (2, 3)})["f"].tolist() == [5, 6]
    tensors = {"x1": torch.tensor([1.0, 2.0], requires_grad=True), "x2": torch.tensor([1, 1])}
    assert n.forward({}, tensors)["f"].tolist() == [3, 4]
    assert n.forward({}, {"x1": [], "x2": []})["f"].shape == (0,)


def test_tensors_keep_their_digits():
    import torch

    n = net("input x\noutput f\nweight w ~ 1\nf = w*x\n", "torch")
    third = torch.tensor([1 / 3], dtype=torch.float64)
    assert n.forward({"w": torch.tensor(1 / 3, dtype=torch.float64)}, {"x": third})["f"][0] == 1 / 9
    assert n.forward({"w": 1}, {"x": third.to(torch.bfloat16)})["f"][0] == pytest.approx(1 / 3, abs=1e-3)


def test_an_empty_list_of_rows():
    assert net().forward(net().init(), {"x": []})["f"].shape == (0, 2)


def test_names_may_be_spelled_as_the_diagram_may_spell_them():
    n = net("input ξ1, é\noutput φ\nweight ω ~ 1\nφ = ω*ξ1 + é\n")
    data = {"ξ₁": [2], "e\u0301": [1]}
    assert n.forward({"ω": 3}, data)["φ"].tolist() == [7]
    assert n.gradients({"ω": 3}, data, of="φ", wrt=["ξ₁", "ω"]) == {"ξ₁": [3], "ω": 2}
    assert flowc.loads("index D1 = 2\ninput x[D1]\noutput f\nf = sum(x)", settings={"D₁": 3}).compile().inputs == {
        "x": (3,)
    }


def test_a_net_can_be_copied_after_use():
    import copy
    import pickle

    for backend in ("numpy", "torch"):
        n = flowc.loads(NET).compile(backend)
        loss = n.loss(n.init(), DATA)
        assert pickle.loads(pickle.dumps(n)).loss(n.init(), DATA) == loss == copy.deepcopy(n).loss(n.init(), DATA)


def test_classes():
    n = net(CLASSES)
    w = n.init()
    by_name = n.loss(w, {"x": X, "y": ["cat", "bird", "dog"]})
    assert by_name == n.loss(w, {"x": X, "y": np.eye(3)[[0, 2, 1]]})
    assert by_name == n.loss(w, {"x": X, "y": np.array(["cat", "bird", "dog"])})
    numbered = net(CLASSES.replace("[class]", "[0..2]"))
    assert numbered.loss(w, {"x": X, "y": [0, 2, 1]}) == by_name
    soft = np.array([[0.5, 0.5, 0], [0.2, 0.3, 0.5], [1, 0, 0]], np.float32)
    assert n.loss(w, {"x": X, "y": soft}) > 0


@pytest.mark.parametrize(
    "weights, data, words",
    [
        ({"b": None}, {}, "weight `b` of shape (3,) is missing"),
        ({"c": [1, 2]}, {}, "`c` is fixed"),
        ({"B": 0}, {}, "did you mean `b`?"),
        ({"frob": 0}, {}, "there are `W`, `b`, `V`"),
        ({"W": np.ones((2, 3))}, {}, "(2, 3), needs (3, 2) (W[target, source]: rows are targets)"),
        ({"W": 1.0}, {}, "has the shape (), needs (3, 2)"),
        ({"W": [[1, 2], [3]]}, {}, "rows of different lengths"),
        ({"b": ["a", "b", "c"]}, {}, "holds words"),
        ({"b": [None] * 3}, {}, "not numbers"),
        ({"b": [1j] * 3}, {}, "not numbers"),
        ({}, {"x": None}, "the input `x` is missing; it needs the shape (n, 2)"),
        ({}, {"y": None}, "the target `y` is missing"),
        ({}, {"f": X}, "`f` is computed"),
        ({}, {"X": X}, "did you mean `x`?"),
        ({}, {"x": [1.0, 2.0]}, "has the shape (2,), needs (n, 2); the first axis is the batch"),
        ({}, {"x": X.T}, "has the shape (2, 3), needs (n, 2)"),
        ({}, {"x": 1.0}, "has the shape (), needs (n, 2)"),
        ({}, {"x": X[:2]}, "`x` has 2, `y` has 3"),
        ({}, {"x": ["a", "b", "c"]}, "no class `a` (token 1); its classes are 1, 2"),
        ({}, {"y": [1, 2, 3]}, "no class `3` (token 3)"),
        ({}, {"x": X[:0], "y": X[:0]}, "the batch is empty"),
        ({}, {"y": [1.0, 2.0, 1.0]}, "classes are whole numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_given_wrongly(weights, data, words):
    n = net()
    w = {k: v for k, v in {**n.init(), **weights}.items() if v is not None}
    d = {k: v for k, v in {**DATA, **data}.items() if v is not None}
    for method in (n.loss, n.gradients):
        with pytest.raises(ValueError, match=re.escape(words)):
            method(w, d)


def test_shares_that_do_not_sum_to_one():
    n = net(CLASSES)
    for wrong in ([[1.0, 1, 0], [1, 0, 0], [0, 1, 0]], np.zeros((3, 3))):
        with pytest.raises(ValueError, match="token 1: the target `y` of cross_entropy sums to [02]"):
            n.loss(n.init(), {"x": X, "y": wrong})
    with pytest.raises(ValueError, match="token 3: the target `y` of cross_entropy is -1"):
        n.loss(n.init(), {"x": X, "y": [[1.0, 0, 0], [1, 0, 0], [-1, 2, 0]]})
    with pytest.raises(ValueError, match="classes are cat, dog, bird"):
        n.loss(n.init(), {"x": X, "y": ["cat", "cow", "dog"]})


def test_names_that_are_not_there():
    n = net()
    w = n.init()
    with pytest.raises(ValueError, match="`g`; there are x, y, xi_h"):
        n.gradients(w, DATA, of="g")
    with pytest.raises(ValueError, match="did you mean `xi_h`"):
        n.gradients(w, DATA, wrt=["xi_hh"])
    with pytest.raises(ValueError, match="`W` is a weight"):
        n.gradients(w, DATA, of="W")
    with pytest.raises(ValueError, match="`y` is a target"):
        n.gradients(w, DATA, wrt="y")

    with pytest.raises(ValueError, match="`loss` is the loss"):
        n.gradients(w, DATA, wrt=["W", "loss"])
    with pytest.raises(ValueError, match="no node, excitation or weight"):
        n.gradients(w, DATA, of=["f"])


def test_what_is_no_dict_of_names():
    n = net()
    with pytest.raises(TypeError, match="weights are given by name, as a dict, not as NoneType"):
        n.forward(None, DATA)
    with pytest.raises(TypeError, match="data are given by name, as a dict, not as list"):
        n.forward(n.init(), [X])
    for size in ("5", 5.0, None, True):
        with pytest.raises(TypeError, match="the size `D` is a whole number"):
            flowc.loads("index D = 4\ninput x[D]\noutput f\nf = sum(x)", settings={"D": size})
    with pytest.raises(TypeError, match="settings are a dict"):
        flowc.loads(GOOD, settings=["D=5"])


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_value_that_is_not_finite_is_told_with_its_line(backend):
    n = net("input x\noutput f\nh = x - 1\nf = log(h)\n", backend)
    with pytest.raises(FloatingPointError, match=r"^diagram.flow:4: f is nan for token 2 of 3$"):
        n.forward({}, {"x": [2, 0, 3]})
    assert np.isnan(n.forward({}, {"x": [2, np.nan]})["f"][1])
    n = net("input x\ntarget y\noutput f\nweight w ~ 1\nf = 1/(w*x)\nloss mse(f, y)\n", backend)
    with pytest.raises(FloatingPointError, match=r"^diagram.flow:5: f is inf for token 1 of 2$"):
        n.loss(n.init(), {"x": [0, 1], "y": [0, 0]})
    with pytest.raises(FloatingPointError, match=r"^diagram.flow:5: f is inf"):
        n.gradients(n.init(), {"x": [0, 1], "y": [0, 0]})


@pytest.mark.parametrize(
    "options, words",
    [
        ({"backend": "tensorflow"}, "there is no backend `tensorflow`"),
        ({"backend": "tourch"}, "did you mean `torch`?"),
        ({"dtype": "int8"}, "numpy has no dtype `int8`"),
        ({"form": "module"}, "numpy has no form `module`"),
        ({"form": 3}, "`form` is a name, not 3"),
        ({"backend": "torch", "gradient": "magic"}, "`autograd`, `explicit`"),
        ({"device": "cuda"}, "no devices"),
        ({"style": "fast", "batch": "3"}, "at a time, from 1 on, not '3'"),
        ({"style": "fast", "batch": 0}, "from 1 on, not 0"),
        ({"style": "fast", "batch": -1}, "from 1 on, not -1"),
        ({"style": "fast", "batch": 1.5}, "from 1 on, not 1.5"),
        ({"style": "fast", "batch": True}, "from 1 on, not True"),
        ({"batch": 3}, "goes with `--style fast`"),
    ],
    ids=lambda value: "",
)
def test_what_a_backend_does_not_have(options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        flowc.loads(GOOD).compile(**options)


def test_devices():
    import torch

    flow = flowc.loads(GOOD)
    assert flow.compile(backend="torch", device="cpu").forward({}, {"x": 1})["f"] == 2
    assert flow.compile(backend="torch", device=torch.device("cpu")).forward({}, {"x": 1})["f"] == 2
    with pytest.raises(ValueError, match="`nowhere`"):
        flow.compile(backend="torch", device="nowhere").forward({}, {"x": 1})
    there = flow.compile(backend="torch", device="cuda")
    if torch.cuda.is_available():
        assert there.forward({}, {"x": 1})["f"] == 2
    else:
        with pytest.raises(ValueError, match="no device `cuda` here"):
            there.forward({}, {"x": 1})


def test_a_device_that_holds_no_numbers_is_none():
    """torch has names of devices that are not here, and of one that never holds any."""
    for device in ("meta", "lazy", "vulkan"):
        net = flowc.loads(GOOD).compile(backend="torch", device=device)
        with pytest.raises(ValueError, match=f"there is no device `{device}` here that computes in float32"):
            net.forward({}, {"x": 1})


def test_nets_share_nothing():
    first, second = flowc.loads(NET).compile(), flowc.loads(NET.replace("h[3]", "h[5]")).compile()
    w = first.init()
    before = first.forward(w, DATA)["f"]
    second.loss(second.init(), DATA)
    first.gradients(w, DATA)
    assert np.array_equal(first.forward(w, DATA)["f"], before)
    assert first.weights["W"] == (3, 2) and second.weights["W"] == (5, 2)


def test_a_net_that_runs_prints_no_file(monkeypatch):
    """The source of a large diagram takes longer than its numbers: it is printed when it is asked for."""
    from flowc.backends.numpy.backend import NumpyBackend

    monkeypatch.setattr(NumpyBackend, "emit", lambda *taken: pytest.fail("nobody has asked for the source"))
    made = flowc.loads(NET).compile()
    assert set(made.forward(made.init(), DATA)) == {"x", "y", "xi_h", "h", "f"}
    assert made.gradients(made.init(), DATA).keys() == {"W", "b", "V"}


def test_what_a_backend_does_not_have_is_refused_before_anything_runs():
    with pytest.raises(ValueError, match="numpy has no dtype `float16`; it has `float64`, `float32`"):
        flowc.loads(NET).compile(dtype="float16")
    pytest.importorskip("torch")
    with pytest.raises(ValueError, match="form `sequential`"):
        flowc.loads("input x1, x2\noutput f\nf = x1*x2\n").compile("torch", form="sequential")

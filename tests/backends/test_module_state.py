"""The state of a printed module: the learnt weights, all of them and nothing else, in both directions."""

import warnings

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import flowc
from tests.backends.running import module
from tests.doors.command import in_process

TEXT = """\
flow fixed
input x[3]
target t
node h[2] : relu
output f
weight W[2, 3] = [[0.5, -1, 0.25], [1, 0, -0.5]], scale[2] = [2, 3], noise[2] = [0.3, -0.4], k = 0.5
x -> h : W
z = scale*h + max(h, [0.2, 0.3]) + k*noise
f = dot(v, z) + c
weight v[2] ~ [1, -1], c ~ 0.5
loss mse(f, t)
data {
  x[1] x[2] x[3] | t
  1    2    3    | 1
  0    -1   0.5  | 2
}
train gd(rate=0.01, steps=20)
"""


@pytest.fixture
def diagram(tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(TEXT)
    return path


def printed(path, **options):
    """The class, out of the text."""
    return module(flowc.load(path).compile("torch", "float64", form="module", **options).source)["Fixed"]


def run(capsys, *arguments):
    status, out, err = in_process(capsys, *arguments)
    assert status == 0, err
    return out


def test_learnt_weights_are_loaded_strictly(diagram, tmp_path, capsys):
    weights = tmp_path / "net.safetensors"
    run(capsys, "train", diagram, "-o", weights)
    model = printed(diagram)()
    model.load_state_dict(load_file(weights))  # an error for what is missing, or too much
    x = torch.tensor([[1.0, 2, 3], [0, -1, 0.5]], dtype=torch.float64)
    expected = flowc.load(diagram).compile().forward(load_file(weights), {"x": x.numpy()})["f"]
    np.testing.assert_allclose(model(x).detach().numpy(), expected, rtol=1e-12)


def test_a_saved_state_is_taken_by_run(diagram, tmp_path, capsys):
    model, state = printed(diagram)(seed=3), tmp_path / "state.safetensors"
    with torch.no_grad():
        model.v += 0.25
    assert {*model.state_dict()} == {"v", "c"}
    save_file(model.state_dict(), state)
    run(capsys, "run", diagram, "--weights", state, "-o", tmp_path / "out.npz")
    found = np.load(tmp_path / "out.npz")["f"]
    x = torch.tensor([[1.0, 2, 3], [0, -1, 0.5]], dtype=torch.float64)
    np.testing.assert_allclose(found, model(x).detach().numpy(), rtol=1e-12)


def older(model):
    """A state as modules had it whose fixed arrays were saved."""
    return {**model.state_dict(), **{name: b.clone() for name, b in model.named_buffers()}}


@pytest.mark.parametrize("nested", [False, True])
def test_a_state_that_has_the_fixed_arrays_is_loaded_too_and_it_is_said(diagram, nested):
    first, second = printed(diagram)(), printed(diagram)()
    with torch.no_grad():
        first.c += 1
    state = older(first)
    state["W"] += 1  # of another diagram, say: the file's own stays
    if nested:
        second, state = torch.nn.Sequential(second), {f"0.{key}": value for key, value in state.items()}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        second.load_state_dict(state)
    assert sorted(str(w.message) for w in said) == [
        f"`{name}` is fixed and not loaded" for name in ("W", "noise", "scale", "vector")
    ]
    second = second[0] if nested else second
    assert second.c == first.c and torch.equal(second.W, first.W) and "W" in older(first)


def test_run_takes_it_as_well_if_the_fixed_arrays_are_the_diagrams(diagram, tmp_path, capsys):
    state = {name: w for name, w in older(printed(diagram)()).items() if name != "vector"}
    save_file(state, tmp_path / "state.safetensors")
    run(capsys, "run", diagram, "--weights", tmp_path / "state.safetensors")
    save_file({**state, "noise": state["noise"] + 1}, tmp_path / "other.safetensors")
    status, _, err = in_process(capsys, "run", diagram, "--weights", tmp_path / "other.safetensors")
    assert status == 2 and "the diagram fixes the weight `noise`" in err


def test_what_a_module_does_not_know_is_still_refused(diagram):
    model = printed(diagram)()
    with pytest.raises(RuntimeError, match="Unexpected key"):
        model.load_state_dict({**model.state_dict(), "u": torch.zeros(2)})


RENAMED = """\
flow renamed
input x
output f
weight forward ~ 1, train ~ 2, train_ ~ 3, xi_ ~ 4, ξ ~ 5, _a ~ 6, u ~ 7
f = forward*x + train + train_*x^2 + ξ*x + xi_*x^3 + _a + u
target y
loss mse(f, y)
data {
  x | y
  1 | 2
}
train gd(rate=0.001, steps=2)
"""


def test_a_state_calls_its_weights_as_the_diagram_does(tmp_path, capsys):
    """Also those that a module cannot call so; both ways, and each by its own name."""
    path, weights, state = (tmp_path / name for name in ("net.flow", "net.safetensors", "state.safetensors"))
    path.write_text(RENAMED)
    run(capsys, "train", path, "-o", weights)
    source = flowc.load(path).compile("torch", "float64", form="module").source
    model = module(source)["Renamed"]()
    assert {"train_", "train__", "ξ", "xi_", "w_a"} < dict(model.named_parameters()).keys()
    nested = torch.nn.Sequential(model)
    nested.load_state_dict({f"0.{name}": w for name, w in load_file(weights).items()})
    assert model.state_dict() == load_file(weights) and model.train_.item() == load_file(weights)["train"]
    save_file(model.state_dict(), state)
    assert run(capsys, "run", path, "--weights", state) == run(capsys, "run", path, "--weights", weights)


def test_a_state_of_an_older_module_has_its_attributes_names():
    kind = module(flowc.loads("output f\nweight forward ~ 1, ä ~ 2\nf = forward + ä\n").compile("torch", form="module").source)
    model = kind["Diagram"]()
    model.load_state_dict({"forward_": torch.tensor(3.0), "ä": torch.tensor(4.0)})
    assert {name: w.item() for name, w in model.state_dict().items()} == {"forward": 3, "ä": 4}

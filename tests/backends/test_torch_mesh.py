"""Meshes in torch: a printed file computes what numpy's does, whether it goes back by itself or by autograd."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import flowc
from tests.backends.running import module
from tests.backends.test_mesh import FORCED, TEXTS, data_for
from tests.program.test_mesh import EXAMPLES

torch = pytest.importorskip("torch")

GRADIENTS = ["explicit", "autograd"]


def compiled(name: str, **options: str) -> flowc.nets.net.Net:
    return flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow").compile(style="fast", **options)


def files(name: str, lower: str, gradient: str, dtype: str = "float64") -> tuple[dict, dict]:
    torch_net = compiled(name, backend="torch", lower=lower, gradient=gradient, dtype=dtype)
    return module(compiled(name, lower=lower).source), module(torch_net.source)


def samples(file: dict, name: str, tokens: int = 6) -> list[np.ndarray]:
    """Arrays for the arguments of `gradients`, as the file names them."""
    code = file["gradients"].__code__
    names = [n for n in code.co_varnames[: code.co_argcount] if n not in file["initial_weights"]()]
    shapes = packed_shapes(name)
    rng = np.random.default_rng(1)
    return [rng.uniform(size=(tokens, *shapes[n])) for n in names]  # which every loss takes as targets, too


def packed_shapes(name: str) -> dict[str, tuple[int, ...]]:
    from flowc import pipeline
    from flowc.program.lowering import Lowering

    network = flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow").network
    program = pipeline.plan(network, Lowering("mesh"))
    return {s.owner: s.type.shape for s in (*program.inputs, *program.targets)}


def close(found: object, expected: object, tolerance: float = 1e-12) -> None:
    assert isinstance(found, torch.Tensor)
    np.testing.assert_allclose(found.detach().double().numpy(), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_computes_what_numpys_does(name: str, lower: str, gradient: str) -> None:
    ours, theirs = files(name, lower, gradient)
    assert "Mesh" in theirs
    data, weights = samples(ours, name), ours["initial_weights"]()
    tensors = [torch.tensor(x) for x in data]
    moved = {key: torch.tensor(w, dtype=torch.float64) for key, w in weights.items()}
    loss, slopes = ours["gradients"](*data, **weights)
    found, gradients = theirs["gradients"](*tensors, **moved)
    close(found, loss)
    assert slopes.keys() == gradients.keys()
    for key, value in slopes.items():
        close(gradients[key], value)
    inputs = len(packed_shapes(name)) - theirs["forward"].__code__.co_argcount + len(weights)
    count = len(data) - inputs
    outputs, expected = theirs["forward"](*tensors[:count], **moved), ours["forward"](*data[:count], **weights)
    for a, b in zip(*[x if isinstance(x, tuple) else (x,) for x in (outputs, expected)], strict=True):
        close(a, b)
    fitted = theirs["fit"](moved, *tensors, steps=3)
    for key, value in ours["fit"](weights, *data, steps=3).items():
        close(fitted[key], value, 1e-10)


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_tests_itself(name: str, lower: str, gradient: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = compiled(name, backend="torch", lower=lower, gradient=gradient).source
    module(source)["selftest"]()
    assert capsys.readouterr().out == "ok\n"
    assert max(map(len, source.splitlines())) <= 79


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_every_node_and_gradient_by_name(name: str, lower: str, gradient: str) -> None:
    plain = flowc.loads(TEXTS[name], EXAMPLES / f"{name}.flow").compile()
    mesh = compiled(name, backend="torch", lower=lower, gradient=gradient, dtype="float64")
    w, data = plain.init(seed=3), data_for(plain)
    found = mesh.forward(w, data)
    for node, value in plain.forward(w, data).items():
        np.testing.assert_allclose(found[node], value, rtol=1e-12, atol=1e-13, err_msg=node)
    slopes = mesh.gradients(w, data)
    for weight, value in plain.gradients(w, data).items():
        np.testing.assert_allclose(slopes[weight], value, rtol=1e-10, atol=1e-13, err_msg=weight)
    nodes = [n for n in found if n not in plain.targets and n != plain._program.loss.owner]
    theirs, ours = plain.gradients(w, data, wrt=nodes), mesh.gradients(w, data, wrt=nodes)
    for node in nodes:
        np.testing.assert_allclose(ours[node], theirs[node], rtol=1e-10, atol=1e-13, err_msg=node)


@pytest.mark.parametrize("lower", FORCED[1:])
def test_narrow_types_stay_narrow(lower: str) -> None:
    ours, theirs = files("evolved", lower, "explicit", "bfloat16")
    data, weights = samples(ours, "evolved"), ours["initial_weights"]()
    tensors = [torch.tensor(x, dtype=torch.bfloat16) for x in data]
    moved = theirs["initial_weights"]()
    loss, slopes = theirs["gradients"](*tensors, **moved)
    expected, _ = ours["gradients"](*data, **weights)
    assert loss.dtype == torch.bfloat16 and all(d.dtype == torch.bfloat16 for d in slopes.values())
    close(loss, expected, 0.1)


def test_autograd_reaches_the_inputs() -> None:
    """The gradient of an input, by autograd through the mesh, against differences."""
    _, file = files("evolved", "dense", "autograd")
    x, y = (torch.tensor(a) for a in samples(file, "evolved"))
    weights = file["initial_weights"](dtype=torch.float64)
    x.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: file["loss"](x, y, **weights), x)


def test_other_forms_have_no_meshes() -> None:
    flow = flowc.loads(TEXTS["evolved"], EXAMPLES / "evolved.flow")
    with pytest.raises(ValueError, match="form `module` has no `--lower sparse`"):
        flow.compile(backend="torch", style="fast", form="module", lower="sparse")
    assert "Mesh" not in flow.compile(backend="torch", style="fast", form="module", lower="dense").source


def test_numbers_too_many_to_read_stand_beside(tmp_path: Path) -> None:
    """A file that loads its arrays, and learning that leaves them as they are."""
    from flowc.__main__ import main

    nodes = [f"h{k}" for k in range(60)]
    rows = [f"a, b, c, {', '.join(nodes[max(0, k - 17) : k] + ['1'])} -> h{k} : ~ 0.1" for k in range(60)]
    head = ["input a, b, c", "target y", f"node {', '.join(nodes)} : tanh", "output f"]
    diagram, path = tmp_path / "wide.flow", tmp_path / "net.py"
    diagram.write_text("\n".join([*head, *rows, f"{', '.join(nodes[-9:])} -> f : ~ 0.3", "loss mse(f, y)"]))
    options = ["--backend", "torch", "--style", "fast", "--lower", "sparse", "-o", str(path)]
    assert main(["compile", str(diagram), *options]) == 0
    assert (tmp_path / "net.safetensors").exists()
    names = {"__name__": "net", "__doc__": "", "__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), names)
    before = names["initial_weights"]()["w"]
    loss, weights = names["learn"](names["initial_weights"](), torch.ones(4, 3), torch.zeros(4, 1))
    assert names["learn"](weights, torch.ones(4, 3), torch.zeros(4, 1))[0] < loss
    assert torch.equal(before, names["initial_weights"]()["w"])


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_calls_do_not_disturb_each_other(gradient: str) -> None:
    """The rows of a mesh are used again: results and what autograd keeps are not in them."""
    _, file = files("smooth", "sparse", gradient)
    weights = file["initial_weights"](dtype=torch.float64)
    x, other = torch.randn(2, 4, 2, dtype=torch.float64)
    alone = file["forward"](x, **weights).clone()
    kept = file["forward"](x, **weights)
    file["forward"](other, **weights)
    file["forward"](other[:2], **weights)
    file["gradients"](other, other[:, :1], **weights)
    assert torch.equal(kept, alone) and torch.equal(file["forward"](x, **weights), alone)
    with torch.inference_mode():
        assert torch.equal(file["forward"](torch.cat([x, other, x]), **weights)[:4], alone)
    assert torch.equal(file["forward"](torch.cat([x, other, x]), **weights)[-4:], alone)


def test_autograd_through_two_calls() -> None:
    _, file = files("smooth", "sparse", "autograd")
    weights = file["initial_weights"](dtype=torch.float64)
    x, other = torch.randn(2, 4, 2, dtype=torch.float64)

    def slopes(*batches: torch.Tensor) -> torch.Tensor:
        own = {k: w.clone().requires_grad_() for k, w in weights.items()}
        outputs = [file["forward"](batch, **own) for batch in batches]
        torch.cat(outputs).sum().backward()
        return torch.cat([w.grad.reshape(-1) for w in own.values()])

    torch.testing.assert_close(slopes(x, other), slopes(x) + slopes(other))


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("lower", FORCED[1:])
@pytest.mark.parametrize("name", TEXTS)
def test_nothing_stays_in_the_rows(name: str, lower: str, gradient: str) -> None:
    """What cannot be computed, other tokens, other types and other weights leave no trace in later results."""
    _, file = files(name, lower, gradient)
    data = [torch.tensor(x) for x in samples(file, name)]
    weights = file["initial_weights"](dtype=torch.float64)
    loss, slopes = file["gradients"](*data, **weights)
    for spoilt in (torch.nan, torch.inf):
        file["gradients"](*(torch.full_like(x, spoilt) for x in data), **weights)
    file["gradients"](*data, **{key: 2 * w for key, w in weights.items()})
    file["gradients"](*(x[:2] for x in data), **weights)
    for dtype in (torch.float32, torch.bfloat16):
        narrow, _ = file["gradients"](*(x.to(dtype) for x in data), **file["initial_weights"](dtype=dtype))
        assert narrow.dtype == dtype
    again, found = file["gradients"](*data, **weights)
    assert torch.equal(again, loss)
    assert all(torch.equal(found[key], value) for key, value in slopes.items())


@pytest.mark.parametrize("lower", FORCED[1:])
def test_what_autograd_keeps_stays(lower: str) -> None:
    """Between a forward call and its way back the rows are used by others, with and without a way back."""
    _, file = files("evolved", lower, "autograd")
    x, y = (torch.tensor(a) for a in samples(file, "evolved"))
    weights = {k: w.requires_grad_() for k, w in file["initial_weights"](dtype=torch.float64).items()}
    expected = torch.autograd.grad(file["loss"](x, y, **weights), list(weights.values()))
    loss = file["loss"](x, y, **weights)
    with torch.inference_mode():
        file["forward"](-x, **weights)
    file["forward"](torch.full_like(x, torch.nan), **weights)
    file["forward"](2 * x, **{k: w.detach() for k, w in weights.items()})
    found = torch.autograd.grad(loss, list(weights.values()))
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


BETWEEN = """
input a, b
target y
node g : tanh, h[3] : tanh, k1 : sin, k2 : tanh
output f

a, b, 1 -> g : ~
g -> h : NAME ~
a, b, h[1], h[2] -> k1 : ~
a, k1, h[3] -> k2 : ~
k1, k2, 1 -> f : ~
loss mse(f, y)
"""


@pytest.mark.parametrize("name", ["i", "part", "parts", "a_name_that_fills_a_line"])
def test_many_tokens_in_parts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lines of `forward`, here as of a mesh that fills the cache, whatever a weight is called."""
    flow = flowc.loads(BETWEEN.replace("NAME", name))
    ways = [{}, *({"backend": "torch", "gradient": gradient, "dtype": "float64"} for gradient in GRADIENTS)]
    whole = [flow.compile(style="fast", lower="sparse", **way).source for way in ways]
    monkeypatch.setattr("flowc.backends.python.mesh.CACHED", 0)
    split = [flow.compile(style="fast", lower="sparse", **way).source for way in ways]
    x, y = torch.randn(150, 2, dtype=torch.float64), torch.randn(150, 1, dtype=torch.float64)
    for way, before, after in zip(ways, whole, split, strict=True):
        assert "for the cache" in after and max(map(len, after.splitlines())) <= 79
        theirs, ours = module(before), module(after)
        given = (x, y) if way else (x.numpy(), y.numpy())
        weights = theirs["initial_weights"]()
        for few in (0, 1, 150):
            expected = theirs["forward"](given[0][:few], **weights)
            np.testing.assert_allclose(ours["forward"](given[0][:few], **weights), expected, rtol=1e-12)
        loss, slopes = theirs["gradients"](*given, **weights)
        again, found = ours["gradients"](*given, **weights)
        np.testing.assert_allclose(again, loss, rtol=1e-12)
        for key, value in slopes.items():
            np.testing.assert_allclose(found[key], value, rtol=1e-9, atol=1e-12)

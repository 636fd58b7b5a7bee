"""The torch files on a GPU: the same numbers, and no waiting for the device. Skipped, and said so, without one."""

from pathlib import Path

import numpy as np
import pytest
import torch

import flowc
from flowc.backends.backend import Options
from flowc.backends.torch import TorchBackend
from flowc.pipeline import plan

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here: the CUDA tests were not run")


def drawn(shapes: dict, rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {name: rng.normal(size=(5, *shape)) for name, shape in shapes.items()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_cuda_agrees_with_the_cpu(path: Path) -> None:
    flow = flowc.load(path)
    rng = np.random.default_rng(0)
    cpu = flow.compile("torch", dtype="float64", device="cpu")
    gpu = flow.compile("torch", dtype="float64", device="cuda")
    weights = {name: w + 0.1 * rng.normal(size=w.shape) for name, w in cpu.init(0).items()}
    inputs = drawn(cpu.inputs, rng)
    for name, value in cpu.forward(weights, inputs).items():
        np.testing.assert_allclose(gpu.forward(weights, inputs)[name], value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_nothing_waits_for_the_device(path: Path) -> None:
    network = flowc.load(path).network
    program = plan(network)
    made: dict = {"__name__": "made"}
    exec(TorchBackend().emit(network, program, Options(gradient="explicit")).text, made)
    rng = np.random.default_rng(0)
    kind = {"dtype": torch.float32, "device": "cuda"}
    weights = made["initial_weights"](device="cuda") if "initial_weights" in made else {}
    inputs = [torch.tensor(rng.normal(size=(5, *s.type.shape)), **kind) for s in program.inputs]
    targets = [torch.tensor(rng.normal(size=(5, *s.type.shape)), **kind) for s in program.targets]
    torch.cuda.set_sync_debug_mode("error")
    try:
        made["forward"](*inputs, **weights)
        if "gradients" in made:
            made["gradients"](*inputs, *targets, **weights)
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_run_and_test(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from flowc.__main__ import main

    assert main(["run", str(path), "--backend", "torch", "--device", "cuda", "--row", "1"]) in (0, 2)  # 2: has no data
    assert main(["test", str(path), "--device", "cuda"]) == 0
    assert "failed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["iris", "sine", "xor_learnt", "autoencoder"])
def test_learning(name: str) -> None:
    flow = flowc.load(Path(__file__).parents[2] / "examples" / f"{name}.flow")
    cpu, gpu = (flow.train(backend="torch", device=device, steps=20) for device in ("cpu", "cuda"))
    np.testing.assert_allclose(gpu.losses, cpu.losses, rtol=1e-9)
    for key, w in cpu.weights.items():
        np.testing.assert_allclose(gpu.weights[key], w, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lower", ["dense", "sparse"])
def test_meshes(lower: str) -> None:
    """Forward, gradients, and forward again, captured as a graph."""
    flow = flowc.load(Path(__file__).parents[2] / "examples/evolved.flow")
    net = flow.compile("torch", style="fast", lower=lower, dtype="float64")
    made: dict = {"__name__": "made"}
    exec(net.source, made)
    weights = made["initial_weights"](dtype=torch.float64)
    code = made["gradients"].__code__
    names = [n for n in code.co_varnames[: code.co_argcount] if n not in weights]
    widths = {n: len(made[{"x": "INPUTS", "y": "TARGETS"}[n]]) for n in names}
    data = {n: torch.randn(7, width, dtype=torch.float64) for n, width in widths.items()}
    loss, slopes = made["gradients"](*data.values(), **weights)
    moved = {key: w.cuda() for key, w in weights.items()}
    found, others = made["gradients"](*(x.cuda() for x in data.values()), **moved)
    torch.testing.assert_close(found.cpu(), loss, rtol=1e-10, atol=1e-12)
    for key, slope in slopes.items():
        torch.testing.assert_close(others[key].cpu(), slope, rtol=1e-10, atol=1e-12)
    x = data["x"].cuda()
    expected = made["forward"](x, **moved)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        captured = made["forward"](x, **moved)
    graph.replay()
    torch.testing.assert_close(captured, expected)

"""Steps are those of torch.optim, schedules those of their formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from flowc.graph.network import Training
from flowc.learning.method import Method, method_of
from flowc.maths.optimisers import OPTIMISERS
from flowc.source import NOWHERE

PEERS = [
    ("gd", {"rate": 0.1}, torch.optim.SGD, {"lr": 0.1}),
    ("sgd", {"rate": 0.05, "weight_decay": 0.1}, torch.optim.SGD, {"lr": 0.05, "weight_decay": 0.1}),
    ("momentum", {"rate": 0.05}, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    ("momentum", {"rate": 0.05, "momentum": 0.5, "weight_decay": 0.1}, torch.optim.SGD,
     {"lr": 0.05, "momentum": 0.5, "weight_decay": 0.1}),
    ("adam", {}, torch.optim.Adam, {}),
    ("adam", {"rate": 0.1, "beta1": 0.5, "beta2": 0.8, "eps": 1e-3, "weight_decay": 0.1}, torch.optim.Adam,
     {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-3, "weight_decay": 0.1}),
    ("adamw", {}, torch.optim.AdamW, {}),
    ("adamw", {"rate": 0.1, "weight_decay": 0.3}, torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.3}),
    ("rmsprop", {}, torch.optim.RMSprop, {}),
    ("rmsprop", {"rate": 0.1, "beta2": 0.5, "eps": 1e-4, "weight_decay": 0.2}, torch.optim.RMSprop,
     {"lr": 0.1, "alpha": 0.5, "eps": 1e-4, "weight_decay": 0.2}),
]  # fmt: skip


def made(name: str, settings: dict[str, float], tokens: int = 10) -> Method:
    return method_of(Training(name, tuple(settings.items()), NOWHERE), tokens)


def test_every_method_has_a_peer() -> None:
    assert {name for name, *_ in PEERS} == set(OPTIMISERS)


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize(("name", "settings", "peer", "theirs"), PEERS)
def test_steps_are_those_of_torch_optim(name: str, settings: dict, peer: type, theirs: dict, library: str) -> None:
    """Fifty steps from one start, with gradients that change."""
    ours = made(name, settings)
    start = np.array([[0.5, -1.0], [2.0, 0.1]])
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimiser = peer([parameter], **theirs)
    w = start if library == "numpy" else torch.tensor(start)
    kept = tuple(0 * w for _ in ours.record.state)
    for step in range(50):
        parameter.grad = 2 * parameter.detach() + math.sin(step)
        optimiser.step()
        w, kept = ours.take_step(w, 2 * w + math.sin(step), kept, step, np.sqrt if library == "numpy" else torch.sqrt)
    np.testing.assert_allclose(np.asarray(w), parameter.detach().numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("settings", "expected"), [
    ({}, [0.1, 0.1, 0.1, 0.1]),
    ({"decay": 1}, [0.1, 0.1 / 2, 0.1 / 3, 0.1 / 4]),
    ({"gamma": 0.5, "every": 2}, [0.1, 0.1, 0.05, 0.05]),
    ({"gamma": 0.5}, [0.1, 0.05, 0.025, 0.0125]),
    ({"warmup": 2}, [0.05, 0.1, 0.1, 0.1]),
    ({"cosine": 1, "steps": 4}, [0.1, 0.1 * (1 + math.sqrt(0.5)) / 2, 0.05, 0.1 * (1 - math.sqrt(0.5)) / 2]),
    ({"warmup": 2, "decay": 1}, [0.05, 0.05, 0.1 / 3, 0.1 / 4]),
    ({"cosine": 0, "warmup": 0, "decay": 0, "gamma": 1}, [0.1] * 4),
])  # fmt: skip
def test_schedules(settings: dict, expected: list[float]) -> None:
    ours = made("sgd", settings)
    assert [ours.rate(t) for t in range(4)] == pytest.approx(expected, rel=1e-14)


def test_gamma_is_torchs_step_lr() -> None:
    ours = made("sgd", {"gamma": 0.3, "every": 3})
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    theirs = torch.optim.lr_scheduler.StepLR(optimiser, 3, 0.3)
    for step in range(12):
        assert ours.rate(step) == pytest.approx(theirs.get_last_lr()[0], rel=1e-12)
        optimiser.step()
        theirs.step()


def test_how_long_and_how_many() -> None:
    assert (made("sgd", {"batch": 4, "epochs": 3}).steps, made("sgd", {"batch": 4}).batch) == (8, 4)
    assert made("sgd", {"batch": 40, "epochs": 3}).steps == 3
    assert (made("gd", {}).steps, made("gd", {}).batch, made("gd", {"epochs": 5}).steps) == (1000, 10, 5)
    assert method_of(None, 7).record.name == "gd"


def test_single_precision_stays() -> None:
    for name, record in OPTIMISERS.items():
        w = np.ones((2, 2), np.float32)
        w, kept = made(name, {}).take_step(w, w, tuple(0 * w for _ in record.state), 3, np.sqrt)
        assert {w.dtype, *(k.dtype for k in kept)} == {np.dtype(np.float32)}

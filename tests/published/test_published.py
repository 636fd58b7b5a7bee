"""Worked examples that others have published, with their numbers, on every backend.

Each file names its source and holds a diagram and its cases. Numbers stand as printed, in quotes: what is
computed may differ from them by half a unit of the last printed digit (`units = 1`: by one, where the author
went on with rounded numbers; `relative`: by that share, where the author computed in float32).
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import flowc

FILES = sorted(Path(__file__).parent.glob("*.toml"))
CASES = [(path, number) for path in FILES for number in range(len(tomllib.loads(path.read_text())["cases"]))]


@cache
def compiled(path, backend):
    return flowc.loads(tomllib.loads(path.read_text())["flow"]).compile(backend=backend, dtype="float64")


def tolerance(printed, value, units, relative):
    """How far `value` may be from the text `printed`."""
    digits = printed.lower().partition("e")[0]
    decimals = len(digits.partition(".")[2])
    exponent = int(printed.lower().partition("e")[2] or 0)
    return units * 10.0 ** (exponent - decimals) * (1 + 1e-9) + relative * abs(value)


def assert_printed(name, value, printed, units, relative):
    value, printed = np.asarray(value, float), np.asarray(printed)
    assert value.shape == printed.shape, f"{name} has shape {value.shape}"
    for got, text in zip(value.ravel(), printed.ravel().tolist(), strict=True):
        assert abs(got - float(text)) <= tolerance(text, got, units, relative), f"{name} is {got}, printed {text}"


def descend(net, weights, data, rate, steps):
    """Plain gradient descent."""
    for _ in range(steps):
        slope = net.gradients(weights, data)
        weights = {name: w - rate * slope[name] for name, w in weights.items()}
    return weights


def descend_as_printed(net, weights, data, rate, steps):
    """The same by the printed file's own `learn`."""
    made = {"__name__": "made"}
    exec(compile(net.source, "made", "exec"), made)
    for _ in range(steps):
        _, weights = made["learn"](weights, **data, rate=rate)
    return weights


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("path, number", CASES, ids=[f"{path.stem}-{number + 1}" for path, number in CASES])
def test_published_numbers(path, number, backend):
    page = tomllib.loads(path.read_text())
    case = page["cases"][number]
    close = (case.get("units", page.get("units", 0.5)), page.get("relative", 0.0))
    net = compiled(path, backend)
    weights = net.init(seed=0) | {name: np.array(w) for name, w in case.get("weights", {}).items()}
    data = {name: np.array(column, float) for name, column in case["inputs"].items()}

    values = net.forward(weights, data)
    for name, printed in case.get("values", {}).items():
        assert_printed(name, values[name], printed, *close)
    if "loss" in case:
        assert_printed("the loss", net.loss(weights, data), case["loss"], *close)
    if "gradients" in case:
        slopes = net.gradients(weights, data, of=case.get("of"), wrt=list(case["gradients"]))
        for name, printed in case["gradients"].items():
            assert_printed(f"the gradient of {name}", slopes[name], printed, *close)

    if "rate" not in case:
        return
    steps = case.get("steps", 1)
    if steps <= 1000:
        after = descend(net, weights, data, case["rate"], steps)
    elif backend == "numpy":
        after = descend_as_printed(net, weights, data, case["rate"], steps)
    else:
        return  # many steps of the same formulas: numpy's are enough
    for name, printed in case.get("updates", {}).items():
        assert_printed(f"{name} after the step", after[name], printed, *close)
    if "loss_after" in case:
        assert_printed("the loss after the steps", net.loss(after, data), case["loss_after"], *close)
    for name, printed in case.get("values_after", {}).items():
        assert_printed(f"{name} after the steps", net.forward(after, data)[name], printed, *close)


def test_there_are_many_and_each_names_its_source():
    sources = {tomllib.loads(path.read_text())["source"] for path in FILES}
    assert len(sources) == len(FILES) >= 10

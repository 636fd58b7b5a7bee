"""Initialisers: how weights start. Each number is drawn by the weight's own stream, the same on every backend.

The stream is the standard library's `random.Random(f"{seed}/{name}").random()`, whose numbers are promised
not to change; normals are its numbers through the inverse of the distribution function.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from flowc.records import Record


class Initialiser(Record):
    """`bounds(*parameters, fan_in, fan_out)` gives low and high (uniform) or mean and sd (normal).

    `spelled` are the two as text for generated code, in the parameters' names, fan_in and fan_out.
    """

    name: str
    distribution: str  # "uniform" or "normal"
    parameters: tuple[str, ...]
    spelled: tuple[str, str]
    bounds: Callable[..., tuple[float, float]]
    source: str


INITIALISERS: dict[str, Initialiser] = {
    i.name: i
    for i in (
        Initialiser(
            "default", "uniform", (), ("-1 / sqrt(fan_in)", "1 / sqrt(fan_in)"),
            lambda fan_in, fan_out: (-1 / sqrt(fan_in), 1 / sqrt(fan_in)), "torch.nn.Linear",
        ),
        Initialiser(
            "normal", "normal", ("mean", "sd"), ("mean", "sd"), lambda mean, sd, fan_in, fan_out: (mean, sd),
            "the normal distribution",
        ),
        Initialiser(
            "uniform", "uniform", ("low", "high"), ("low", "high"), lambda low, high, fan_in, fan_out: (low, high),
            "the uniform distribution",
        ),
        Initialiser(
            "glorot", "uniform", (), ("-sqrt(6 / (fan_in + fan_out))", "sqrt(6 / (fan_in + fan_out))"),
            lambda fan_in, fan_out: (-sqrt(6 / (fan_in + fan_out)), sqrt(6 / (fan_in + fan_out))),
            "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
        ),
        Initialiser(
            "he", "normal", (), ("0", "sqrt(2 / fan_in)"), lambda fan_in, fan_out: (0.0, sqrt(2 / fan_in)),
            "He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers",
        ),
    )
}  # fmt: skip


def draw(name: str, seed: int, count: int, distribution: str, first: float, second: float) -> list[float]:
    """`count` numbers of the weight's stream: uniform in first..second, or normal with mean and sd."""
    from random import Random
    from statistics import NormalDist

    stream = Random(f"{seed}/{name}")
    if distribution == "uniform":
        return [first + (second - first) * stream.random() for _ in range(count)]
    normal = NormalDist()
    # random() may give 0, where the inverse is -inf; the smallest step above it stands for it.
    return [first + second * normal.inv_cdf(stream.random() or 2**-54) for _ in range(count)]

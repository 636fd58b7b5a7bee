"""The reference values of every example: the interpreter's, with weights and data away from jumps."""

import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np

import flowc
from flowc.program.differentiate import differentiate
from flowc.program.lower import lower
from flowc.program.run import run
from tests.examples.variants import EXAMPLES

TOKENS = 5
ONE_HOT = ("cross_entropy", "perceptron")


@dataclass(frozen=True)
class Reference:
    """weights, inputs, targets, outputs, gradients: name -> array; loss: a number or None."""

    weights: dict
    inputs: dict
    targets: dict
    outputs: dict
    loss: float | None
    gradients: dict


@cache
def reference(name):
    network = flowc.load(EXAMPLES / f"{name}.flow").network
    program = lower(network)
    draw = np.random.default_rng(zlib.crc32(name.encode()))
    learnt = {w.name for w in network.weights if w.learnt}
    given = {s: 0.7 * draw.normal(size=s.type.shape) for s in program.weights if s.owner in learnt}
    given |= {s: starts(network, s) for s in program.weights if s.owner not in learnt}
    given |= {s: draw.normal(size=(TOKENS, *s.type.shape)) for s in program.inputs}
    hot = program.loss is not None and network.node(network.loss).function in ONE_HOT
    given |= {s: targets(draw, s, hot) for s in program.targets}
    wanted = [s for s in program.weights if s.owner in learnt]
    if program.loss is not None:
        program = differentiate(program, program.loss, wanted)
    values = run(program, given)
    return Reference(
        {s.owner: given[s] for s in wanted},
        {s.owner: given[s] for s in program.inputs},
        {s.owner: given[s] for s in program.targets},
        {s.owner: values[s] for s in program.outputs},
        None if program.loss is None else float(values[program.loss]),
        {s.owner: values[program.gradients[s]] for s in wanted} if program.loss is not None else {},
    )


def starts(network, symbol):
    weight = next(w for w in network.weights if w.name == symbol.owner)
    return np.broadcast_to(np.array(weight.start, float), weight.shape)


def targets(draw, symbol, one_hot):
    if not one_hot:
        return draw.uniform(size=(TOKENS, *symbol.type.shape))  # a probability, too
    return np.eye(symbol.type.shape[-1])[draw.integers(symbol.type.shape[-1], size=TOKENS)]


def loss_at(name, weights):
    """The interpreter's loss with other weights."""
    network = flowc.load(EXAMPLES / f"{name}.flow").network
    program = lower(network)
    known = reference(name)
    values = known.inputs | known.targets | weights
    given = {s: values[s.owner] for s in (*program.inputs, *program.targets)}
    given |= {s: weights[s.owner] if s.owner in weights else starts(network, s) for s in program.weights}
    return float(run(program, given)[program.loss])

"""A program of elements means what the program of arrays means; bounds hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import flowc
from flowc.graph.network import Network
from flowc.program import differentiate, lower
from flowc.program.ir import Program, Step, Symbol
from flowc.program.ops import Divide, Exp, FirstLargest, Largest, Ranges, Reduce, Stack
from flowc.program.run import run
from flowc.program.scalars import TooLong, scalarised
from flowc.program.verify import verify
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
Values = dict[Symbol, np.ndarray]


def learning(network: Network) -> Program:
    """With the gradients of the loss for the learnt weights, and of all else."""
    program = lower(network)
    if program.loss is None:
        return differentiate(program, program.outputs[0], program.inputs) if program.outputs else program
    learnt = {w.name for w in network.weights if w.learnt}
    hidden = [s for s in program.excitations.values() if not s.anonymous]
    return differentiate(program, program.loss, [*(w for w in program.weights if w.owner in learnt), *hidden])


def drawn(program: Program) -> Values:
    rng = np.random.default_rng(0)
    given = (*program.inputs, *program.targets, *program.weights)
    return {s: rng.normal(size=((3,) if s.type.batched else ()) + s.type.shape) for s in given}


def element_values(program: Program, scalars: Program, values: Values) -> Values:
    found: Values = {}
    for s in (*program.inputs, *program.targets, *program.weights):
        flat = values[s].reshape(*values[s].shape[: s.type.batched], -1)
        found |= {e: flat[..., i] for i, e in enumerate(scalars.notes.elements[s])}  # type: ignore[misc]
    return run(scalars, found)


def check(network: Network) -> None:
    program = learning(network)
    scalars = verify(scalarised(program))
    values = drawn(program)
    expected, found = run(program, values), element_values(program, scalars, values)
    for whole, elements in scalars.notes.elements.items():
        if all(e in found for e in elements):
            flat = np.stack([found[e] for e in elements], axis=-1)  # type: ignore[index]
            np.testing.assert_allclose(flat.reshape(expected[whole].shape), expected[whole], rtol=1e-11, atol=1e-12)
    assert {s.owner for s in scalars.outputs} == {s.owner for s in program.outputs}
    vectors = [s for s in scalars.steps if s.symbol.type.shape]
    assert {type(s.op) for s in vectors} <= {Stack, Largest, FirstLargest}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples(path: Path) -> None:
    check(flowc.load(path).network)


@examples(60)
@given(diagrams())
def test_random_diagrams(diagram: Diagram) -> None:
    check(flowc.loads(diagram.text).network)


def test_a_sum_keeps_its_order() -> None:
    """The letters of the spec, then the bias, as they were written."""
    program = lower(flowc.loads("input x[3]\noutput f[1]\nx -> f : [[0.1, 0.2, 0.3]]\n1 -> f : 0.7").network)
    scalars = verify(scalarised(program))
    x = np.array([[0.3, 1e-17, 1e17]])
    (found,) = (element_values(program, scalars, {program.inputs[0]: x})[s] for s in scalars.outputs)
    assert found[0] == 0.1 * 0.3 + 0.2 * 1e-17 + 0.3 * 1e17 + 0.7


def test_zeros_that_were_written_stay() -> None:
    """0 * inf is nan; where no arrow goes there is nothing to multiply."""
    program = lower(flowc.loads("input x[2]\noutput f, g\nx -> f : [0, 1]\ng = 0*x[1] + x[2]").network)
    scalars = verify(scalarised(program))
    values = element_values(program, scalars, {program.inputs[0]: np.array([[np.inf, 1.0]])})
    assert all(np.isnan(values[s]).all() for s in scalars.outputs)


def test_sums_over_the_tokens_are_one() -> None:
    """A weight that is used twice has one sum that grows."""
    scalars = scalarised(learning(flowc.load(EXAMPLES[0].parent / "autoencoder.flow").network))
    reduced = [s.symbol.owner for s in scalars.steps if isinstance(s.op, Reduce)]
    assert sorted(reduced) == sorted(["", *["W"] * 8, *["b"] * 2, *["c"] * 4])


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLong):
        scalarised(lower(flowc.loads("input x[1000]\noutput f[1000]\nx -> f : ~").network))


# ---------------------------------------------------------------------- bounds


@examples(40)
@given(diagrams())
def test_bounds_hold(diagram: Diagram) -> None:
    program = learning(flowc.loads(diagram.text).network)
    scalars = verify(scalarised(program))
    values = element_values(program, scalars, drawn(program))
    ranges = Ranges()
    for step in scalars.steps:
        ranges.add(step)
        low, high = ranges[step.symbol]
        if step.symbol in values and np.isfinite(values[step.symbol]).all():
            assert (low <= values[step.symbol]).all() and (values[step.symbol] <= high).all(), step


def ranges_of(text: str) -> tuple[tuple[Step, ...], Ranges]:
    steps = scalarised(lower(flowc.loads(text).network)).steps
    ranges = Ranges()
    for step in steps:
        ranges.add(step)
    return steps, ranges


@pytest.mark.parametrize(
    "formula, low, high",
    [
        ("1 / (1 + x^2)", 1.0, np.inf),
        ("1 / (2 - tanh(x))", 1.0, 3.0),
        ("x / (1 + logistic(x))", 1.0, 2.0),
        ("1 / x", -np.inf, np.inf),
        ("1 / (1 + abs(x) * relu(x))", 1.0, np.inf),
    ],
)
def test_bounds_of_divisors(formula: str, low: float, high: float) -> None:
    steps, ranges = ranges_of(f"input x\noutput f\nf = {formula}")
    assert [ranges[s.args[1]] for s in steps if isinstance(s.op, Divide)] == [(low, high)]


def test_a_softmax_needs_no_care() -> None:
    """Nothing in it overflows, and its total is at least 1."""
    steps, ranges = ranges_of("input x[3]\noutput p[3] : softmax\nx[i] -> p[i] : 1")
    assert [ranges[s.args[0]][1] for s in steps if isinstance(s.op, Exp)] == [0.0] * 3
    assert [ranges[s.args[1]][0] for s in steps if isinstance(s.op, Divide)] == [1.0] * 3

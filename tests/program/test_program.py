"""Lowering, differentiation and the interpreter, against finite differences and known values."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import flowc
from flowc.graph.dump import dump as dump_network
from flowc.maths.index_map import index_map
from flowc.program import differentiate, lower, verify
from flowc.program.builder import Builder
from flowc.program.dump import dump
from flowc.program.ir import Program, Step, Symbol, Type
from flowc.program.ops import Add, Assemble, Contract, Copy, Multiply
from flowc.program.run import run
from flowc.program.values import SCALAR, IllTyped
from flowc.program.verify import Broken
from tests.program import networks

BATCH = 4


def values_of(program, seed=0):
    """Random values for inputs, targets and weights; targets of three become one-hot."""
    rng = np.random.default_rng(seed)
    symbols = (*program.inputs, *program.targets, *program.weights)
    values = {s: rng.normal(size=((BATCH,) if s.type.batched else ()) + s.type.shape) for s in symbols}
    values.update({s: np.eye(3)[rng.integers(0, 3, BATCH)] for s in program.targets if s.type.shape == (3,)})
    return values


def differences(program, of, symbol, values, eps=1e-6):
    """Central differences of the sum of `of` in every element of `symbol`."""
    result = np.zeros_like(values[symbol])
    for i in np.ndindex(result.shape):
        ends = []
        for sign in (1, -1):
            moved = values[symbol].copy()
            moved[i] += sign * eps
            ends.append(run(program, {**values, symbol: moved})[of].sum())
        result[i] = (ends[0] - ends[1]) / (2 * eps)
    return result


@pytest.mark.parametrize("name", networks.WITH_A_LOSS)
def test_gradients_of_the_loss_are_its_differences(name):
    program = lower(networks.WITH_A_LOSS[name])
    program = verify(differentiate(program, program.loss, (*program.weights, *program.inputs)))
    values = values_of(program)
    found = run(program, values)
    for symbol, gradient in program.gradients.items():
        np.testing.assert_allclose(
            found[gradient], differences(program, program.loss, symbol, values), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize("name", networks.WITH_A_LOSS)
def test_gradients_of_a_node_are_those_of_its_sum(name):
    program = lower(networks.WITH_A_LOSS[name])
    of = program.outputs[0]
    program = verify(differentiate(program, of, (*program.weights, *program.inputs)))
    values = values_of(program)
    found = run(program, values)
    for symbol, gradient in program.gradients.items():
        np.testing.assert_allclose(found[gradient], differences(program, of, symbol, values), rtol=1e-6, atol=1e-6)


def test_gradients_of_excitations_are_per_token():
    program = lower(networks.NET232)
    xi, h = program.excitations["h"], program.activations["h"]
    program = verify(differentiate(program, program.loss, (xi, h)))
    found = run(program, values_of(program))
    value = found[h]
    np.testing.assert_allclose(found[program.gradients[xi]], found[program.gradients[h]] * value * (1 - value))


def test_the_xor_table_is_exact():
    program = verify(lower(networks.XOR))
    x1, x2 = program.inputs
    found = run(program, {x1: [0, 0, 1, 1], x2: [0, 1, 0, 1]})
    assert found[program.outputs[0]].tolist() == [0, 1, 1, 0]
    assert found[program.excitations["h1"]].tolist() == [0.5, -0.5, -0.5, -1.5]


def test_sums_are_added_in_the_order_written():
    program = lower(networks.XOR)
    step = next(s for s in program.steps if s.symbol == program.excitations["h1"])
    assert (step.op, step.args[0]) == (Add((1, -1, -1)), 0.5)


def test_what_the_loss_does_not_depend_on_has_gradient_zero():
    program = lower(networks.network(networks.NET232.nodes, [*networks.NET232.weights, networks.weight("idle", 2)]))
    program = verify(differentiate(program, program.loss, program.weights))
    found = run(program, values_of(program))
    assert found[program.gradients[program.weights[-1]]].tolist() == [0, 0]


def test_behind_a_step_everything_is_dead():
    nodes = [
        networks.node("x", "input"),
        networks.node("y", "target"),
        networks.node("f", "output", (), "step", [networks.arrow("x", ",->", "w")]),
        networks.node("loss", "loss", (), "mse", operands=[networks.value("f"), networks.value("y")]),
    ]
    program = lower(networks.network(nodes, [networks.weight("w")]))
    program = verify(differentiate(program, program.loss, program.weights))
    assert run(program, values_of(program))[program.gradients[program.weights[0]]] == 0


def test_the_perceptron_update_is_the_regression_update():
    nodes = [
        networks.node("x", "input", (2,)),
        networks.node("y", "target", (3,)),
        networks.node("f", "output", (3,), "argmax", [networks.arrow("x", "i,ji->j", "W")]),
        networks.node("loss", "loss", (), "perceptron", operands=[networks.value("f"), networks.value("y")]),
    ]
    program = lower(networks.network(nodes, [networks.weight("W", 3, 2)]))
    program = verify(differentiate(program, program.loss, program.weights))
    values = values_of(program)
    found = run(program, values)
    (x,), (y,) = program.inputs, program.targets
    error = found[program.outputs[0]] - values[y]
    np.testing.assert_allclose(found[program.gradients[program.weights[0]]], error.T @ values[x] / BATCH)


def test_targets_are_absent_from_inference():
    program = lower(networks.NET232)
    values = {s: v for s, v in values_of(program).items() if s not in program.targets}
    found = run(program, values)
    assert program.outputs[0] in found and program.loss not in found
    assert program.loss in program.learning and program.outputs[0] not in program.learning


def test_a_program_that_breaks_an_invariant_is_refused():
    program = lower(networks.NET232)
    twice = replace(program, steps=(*program.steps, program.steps[-1]))
    early = replace(program, steps=program.steps[::-1])
    symbol = Symbol("temporary", "", Type(True, (7,)), number=999)
    wrong = replace(program, steps=(*program.steps, Step(symbol, Copy(), (program.inputs[0],))))
    for broken in (twice, early, wrong):
        with pytest.raises(Broken):
            verify(broken)


def test_a_sum_of_what_has_been_repeated_comes_apart_again():
    nodes = [
        networks.node("x", "input", (3,)),
        networks.node("y", "target"),
        networks.node("h", "hidden", (2,), "tanh", [networks.arrow("x", "i,ji->j", "W")]),
        networks.node("s", "hidden", (3,), arrows=[networks.arrow("x", "i,->i"), networks.arrow("h", "i,ji->j", "V")]),
        networks.node("f", "output", (), "sum", operands=[networks.value("s")]),
        networks.node("loss", "loss", (), "mse", operands=[networks.value("f"), networks.value("y")]),
    ]
    program = lower(networks.network(nodes, [networks.weight("W", 2, 3), networks.weight("V", 3, 2)]))
    program = verify(differentiate(program, program.loss, program.weights))
    values = values_of(program)
    found = run(program, values)
    for symbol, gradient in program.gradients.items():
        np.testing.assert_allclose(found[gradient], differences(program, program.loss, symbol, values), rtol=1e-6)


def assembled():
    """f = W x for W = [[a, 0, -2 b], [b, 3, a]], put together from two scalars."""
    a, b = (Symbol("weight", name, Type(False, ())) for name in "ab")
    x = Symbol("input", "x", Type(True, (3,)))
    builder = Builder()
    entries = ((1.0, 0), (0.0, None), (-2.0, 1), (1.0, 1), (3.0, None), (1.0, 0))
    W = builder.emit(Assemble((2, 3), entries), a, b)
    f = builder.emit(Contract(index_map("i,ji->j")), x, W)
    loss = builder.reduce("sum", builder.power(f, 2.0), batch=True, axes=(0,))
    return verify(Program((x,), (), (a, b), tuple(builder.steps), (f,), loss)), W


def test_arrays_are_put_together_from_scalars():
    program, W = assembled()
    a, b = program.weights
    found = run(program, {**values_of(program), a: 5.0, b: 7.0})
    assert found[W].tolist() == [[5, 0, -14], [7, 3, 5]]
    assert "assemble(a, 0, -2 * b, b, 3, a, shape (2, 3))  (2, 3)\n" in dump(program)


def test_a_scalar_gets_the_gradient_of_every_element_it_fills():
    program, _ = assembled()
    program = verify(differentiate(program, program.loss, program.weights))
    values = values_of(program)
    found = run(program, values)
    for symbol, gradient in program.gradients.items():
        np.testing.assert_allclose(found[gradient], differences(program, program.loss, symbol, values), rtol=1e-7)


def test_what_does_not_fill_an_array_is_refused():
    for types, shape in (([SCALAR], (2,)), ([Type(True, ())], (1,)), ([], (1,))):
        with pytest.raises(IllTyped):
            Assemble(shape, ((1.0, 0),)).result_type(types)


def test_symbols_from_another_process_are_found() -> None:
    """There words have another hash, and each symbol keeps its own."""
    made = "Symbol('gradient', 'w', Type(False, (2,)), Symbol('weight', 'w', Type(False, (2,))), 3)"
    code = f"import pickle, sys\nfrom flowc.program.ir import *\nsys.stdout.buffer.write(pickle.dumps({made}))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    weight = Symbol("weight", "w", Type(False, (2,)))
    symbol = Symbol("gradient", "w", Type(False, (2,)), weight, 3)
    assert {symbol: "found"}[pickle.loads(done.stdout)] == "found"


def test_a_product_of_very_many_is_one_step():
    """Folded from the left, every partial product would be written again."""
    factors = [networks.node(f"x{k}", "input") for k in range(200)]
    product = networks.node("f", "output", (), "product", operands=[networks.value(n.name) for n in factors])
    program = lower(networks.network([*factors, product], loss=None))
    (step,) = program.steps
    assert step.op == Multiply() and len(step.args) == 200


def test_a_program_as_text_has_all_digits_of_a_number():
    network = flowc.loads("input x\noutput f\nf = 0.123456789*x + 999999999999999*tanh(x)^2.00000001 - 0.5\n").network
    for text in (dump(lower(network)), dump_network(network)):
        assert all(number in text for number in ("0.123456789", "999999999999999.0", "2.00000001", "0.5")), text

"""What every operation says of itself: nothing is forgotten, and what is left out is listed here."""

import math
from dataclasses import replace

import numpy as np
import pytest

from flowc.maths import function
from flowc.maths.scalar import VOCABULARY
from flowc.program import ops
from flowc.program.builder import Builder
from flowc.program.function_formulas import CALLED, write
from flowc.program.ir import Program, Step, Symbol, Type
from flowc.program.ops import OPERATIONS, Apply, Elementary, Elementwise, Operation, fused
from flowc.program.run import evaluate
from flowc.program.values import SCALAR
from flowc.program.verify import Broken, verify

# Nothing comes through to their arguments, or nobody has asked for the derivative of what is a derivative itself.
WITHOUT_DERIVATIVE = {
    "compare", "indicator", "sign", "largest", "first_largest", "others", "count", "literal", "zeros_like",
    "collect", "put", "deltas", "line_gradients", "pull",
}  # fmt: skip
# Lowerings that make these are never taken apart into numbers.
WITHOUT_ELEMENTS = {
    "assemble", "lines", "collect", "mesh", "sums", "take", "put", "deltas", "line_gradients", "pull",
}  # fmt: skip


def every_class(kind=Operation):
    return [c for below in kind.__subclasses__() for c in (below, *every_class(below))]


def test_all_operations_are_in_the_one_tuple():
    """But for those of `fused.py`, which passes make for printers that have a word for them."""
    named = {c for c in every_class() if "name" in vars(c) and c.__module__.startswith("flowc.program.ops.")}
    lowered = {c for c in named if c.__module__ != fused.__name__}
    assert {*OPERATIONS} == lowered and {op.__name__ for op in OPERATIONS} <= {*ops.__all__}
    assert {op.__name__ for op in named - lowered} == {"Affine", "Backward", "CountOf", "Products"}
    assert len({op.name for op in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
def test_an_operation_is_frozen(op):
    assert op.__doc__
    with pytest.raises(AttributeError):
        op(*range(len(op.constants))).anything = 1


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
def test_an_operation_has_a_type_a_meaning_a_derivative_and_elements(op):
    assert op.result_type is not Operation.result_type
    assert op.value is not Operation.value
    assert (op.pull is Operation.pull or getattr(op, "slope", "x") == "") == (op.name in WITHOUT_DERIVATIVE)
    assert (op.scalars is Operation.scalars) == (op.name in WITHOUT_ELEMENTS)


@pytest.mark.parametrize("op", [op for op in OPERATIONS if issubclass(op, Elementary)], ids=lambda op: op.name)
def test_numbers_arrays_slopes_and_bounds_agree(op):
    """At some numbers: `number` is `value`, the slope a difference, and the value between the bounds."""
    x = Symbol("input", "x", Type(True, ()))
    numbers = np.array([-0.5, 0.25, 0.75]) if op.name not in ("log", "sqrt") else np.array([0.25, 0.5, 2.0])
    step = Step(Symbol("temporary", "h", Type(True, ()), number=99), op(), (x,))
    values = evaluate(step, [numbers], len(numbers))
    np.testing.assert_allclose(values, [op().number(float(n)) for n in numbers], rtol=1e-15)
    for h, n in zip(values, numbers, strict=True):
        low, high = op().bounds(ops.Ranges(), step, [(n, n)])
        assert low <= h + 1e-15 and h - 1e-15 <= high
    builder = Builder(first=100)
    found = op().pull(builder, step, 0, 1.0)
    known = {x: numbers, step.symbol: values}
    for inner in builder.steps:
        known[inner.symbol] = evaluate(inner, [known.get(a, a) for a in inner.args], len(numbers))
    beside = [(op().number(n + 1e-6) - op().number(n - 1e-6)) / 2e-6 for n in map(float, numbers)]
    np.testing.assert_allclose(np.broadcast_to(known.get(found, found), len(numbers)), beside, rtol=1e-8, atol=1e-8)


def test_formulas_call_operations_by_their_names():
    """Those of each element are of plain numbers, too; the others are listed where formulas are explained."""
    assert VOCABULARY.keys() == {name for name, op in CALLED.items() if isinstance(op, Elementwise)}
    assert all(f"{name}(" in function.__doc__ for name, op in CALLED.items() if not isinstance(op, Elementary))


def test_a_step_has_the_type_that_its_operation_gives():
    x = Symbol("input", "x", Type(True, (3,)))
    for op in (ops.Spread(Type(True, (2,))), ops.Reshape((2,)), ops.Lift((0,)), Apply("mse")):
        step = Step(Symbol("temporary", "", Type(True, (7,)), number=1), op, (x,))
        with pytest.raises(Broken):
            verify(Program((x,), (), (), (step,), (), None))


def test_two_of_one_kind_with_the_same_constants_are_one():
    assert ops.Add((1, -1)) == ops.Add((1, -1)) != ops.Add((1, 1))
    assert ops.Exp() == ops.Exp() != ops.Log()
    assert replace(ops.Reduce("sum", True), how="mean") == ops.Reduce("mean", True)
    assert hash(ops.Assemble((1,), ((1.0, 0),))) == hash(ops.Assemble((1,), ((1.0, 0),)))


def test_a_number_that_python_refuses_is_refused_by_its_operation():
    assert ops.Add((1, -1)).result_type([SCALAR, SCALAR]) == SCALAR
    for op, args in ((ops.Divide(), (1.0, 0.0)), (ops.Log(), (0.0,)), (ops.Exp(), (1000.0,))):
        with pytest.raises((ArithmeticError, ValueError)):
            op.number(*args)
    assert ops.Compare(">=").number(2.0, 2.0) == 1.0 and math.isnan(ops.Maximum().number(math.nan))


@pytest.mark.parametrize("name", ["maximum", "logaddexp"])
def test_a_formula_with_the_larger_of_two_is_not_taken_for_one_with_zero(name):
    builder = Builder(first=1)
    x = Symbol("input", "x", Type(True, ()))
    write(builder, f"{name}(x, 0)", {"x": x})
    assert builder.steps[-1].args == (x,)
    with pytest.raises(ValueError, match="of something and 0 alone"):
        write(builder, f"{name}(x, 2 * x)", {"x": x})

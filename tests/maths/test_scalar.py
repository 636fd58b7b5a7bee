"""The records on plain numbers agree with the interpreter on arrays."""

import numpy as np
import pytest

from flowc.maths.functions import FUNCTIONS
from flowc.maths.scalar import of_numbers
from flowc.program.function_steps import expand
from flowc.program.ir import Symbol, Type
from flowc.program.run import evaluate

POINTS = [-1000.0, -3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.5, 1000.0]
DEFINED = {"log": lambda x: x > 0, "sqrt": lambda x: x >= 0, "exp": lambda x: x < 700}


def interpreted(function, *values):
    symbols = tuple(Symbol("activation", name, Type(True, ())) for name in function.arguments)
    steps, result = expand(function, symbols)
    known = dict(zip(symbols, (np.array([v]) for v in values), strict=True))
    for step in steps:
        known[step.symbol] = evaluate(step, [known.get(a, a) for a in step.args], 1)
    return known[result][0] if result in known else result


@pytest.mark.parametrize("name", [n for n, f in FUNCTIONS.items() if f.kind == "elementwise"])
@pytest.mark.parametrize("x", POINTS)
def test_functions_of_one_number(name, x):
    if DEFINED.get(name, lambda x: True)(x):
        assert of_numbers(FUNCTIONS[name], x) == pytest.approx(interpreted(FUNCTIONS[name], x), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("name", ["product", "max", "min", "power", "quotient"])
def test_operations_of_two_numbers(name):
    for a, b in [(2.0, 3.0), (0.5, -1.0), (4.0, 4.0)]:
        assert of_numbers(FUNCTIONS[name], a, b) == pytest.approx(interpreted(FUNCTIONS[name], a, b), rel=1e-14)


def test_parameters_follow_the_arguments():
    assert of_numbers(FUNCTIONS["leaky_relu"], -2.0) == -0.02
    assert of_numbers(FUNCTIONS["leaky_relu"], -2.0, 0.5) == -1.0


def test_where_there_is_no_value():
    for name, x in [("log", 0.0), ("sqrt", -1.0), ("exp", 1000.0)]:
        with pytest.raises((ArithmeticError, ValueError)):
            of_numbers(FUNCTIONS[name], x)

"""A method whose steps take roots of numbers: of what is kept, which is 0 at first, and of settings."""

import pytest

from flowc.backends.code.python_statements import block
from flowc.backends.code.quote_statements import statement
from flowc.backends.python.training.roots import roots_of_arrays
from flowc.maths.optimisers import OPTIMISERS, Optimiser
from flowc.testing import assert_loops_agree

ADADELTA = (
    "v = beta2 * v + (1 - beta2) * g**2",
    "d = sqrt(u + eps) / sqrt(v + eps) * g",
    "u = beta2 * u + (1 - beta2) * d**2",
    "w = w - rate * sqrt(1 - beta2**t) * d",
)
LINE = """\
input  x
target y
output f

x -> f : w ~ 0.5
1 -> f : b ~ 0

loss mse(f, y)

data {
  x | y
  1 | 3
  2 | 5
}
"""


def test_roots_of_numbers_are_powers_where_the_library_has_none():
    assert block(roots_of_arrays([*map(statement, ADADELTA)])) == [
        ADADELTA[0],
        "d = (u + eps) ** 0.5 / sqrt(v + eps) * g",
        ADADELTA[2],
        "w = w - rate * (1 - beta2**t) ** 0.5 * d",
    ]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_no_method_of_flowc_has_such_roots(name):
    record = OPTIMISERS[name]
    assert block(roots_of_arrays([*map(statement, record.lines({}))])) == list(record.lines({}))


def test_every_loop_of_such_a_method_learns_the_same(monkeypatch):
    settings = OPTIMISERS["rmsprop"].settings
    method = Optimiser("adadelta", "By the ratio of two roots.", ADADELTA, ("v", "u"), settings, "Zeiler 2012, ADADELTA")
    monkeypatch.setitem(OPTIMISERS, "adadelta", method)
    assert assert_loops_agree(LINE, methods=["adadelta"]).compared > 4

"""A step of a method, as lines of its record, changes a weight in place where a library's weights do."""

import pytest

from flowc.backends.code.python_statements import lines
from flowc.backends.code.quote_statements import statement
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.python.training.step import change_in_place
from flowc.backends.torch.library import TorchLibrary


@pytest.mark.parametrize(
    "line, changed",
    [
        ("w = w - rate * g", "w -= rate * g"),
        ("w = w - rate * g - decay * w", "w -= rate * g + decay * w"),
        ("w = w - rate * g + decay * w", "w -= rate * g - decay * w"),
        ("w = w + rate * g", "w += rate * g"),
        ("w = decay * w", "w.copy_(decay * w)"),
        ("v = momentum * v + g", "v = momentum * v + g"),
    ],
)
def test_a_weight_changes_in_place(line, changed):
    assert lines(change_in_place(statement(line), TorchLibrary("float32"))) == [changed]


def test_any_array_takes_other_numbers():
    assert lines(change_in_place(statement("w = decay * w"), NumpyLibrary("float64"))) == ["w[...] = decay * w"]

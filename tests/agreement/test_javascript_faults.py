"""Do the tests of JavaScript notice? Faults in its printer and in what its files have as it is, and all of them caught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.nets.verifying.reference import Reference
from tests.agreement.seeded import ELEMENTS, SCALARS, VECTORS, forks, is_noticed
from tests.backends.javascript_module import NODE, JavaScriptFile, assert_agree, call_all, run_file

pytestmark = [pytest.mark.skipif(NODE is None, reason="needs node, to run JavaScript"), forks]

ONE = "input x[1]\ntarget y[1]\noutput f[1]\nweight a[1] ~\nf = tanh(a*x)\nloss mse(f, y)\n"
SHARED = "input x[3]\ntarget y[3]\noutput f[3]\nweight a ~\nf = a*x\nloss mse(f, y)\n"
TABLE = "input x, z\noutput f[2]\nx, z -> f : [[2, 1], [3, 4]]\ndata { x z | f[1] f[2]\n1 0 | 2 3\n0 1 | 1 4\n}\n"

# What it is, in which function, the words there, the words instead; and which diagram notices.
FAULTS = (
    ("the mean over the tokens is their sum",
     "javascript.nest:JavaScriptNest.end_sum", '"mean" if is_mean else "sum"', '"sum"', SCALARS),
    ("in fit all tokens have one place in the list of terms",
     "javascript.nest:StepsNest.add_token", "(self.token,)", "(ZERO,)", SCALARS),
    ("every row of a product is the first",
     "javascript.nest:_rows_multiplied", "ZERO if n == 1 else places[c]", "ZERO", VECTORS),
    ("in fit all elements of a token have one place",
     "javascript.nest:StepsNest._has_a_place", "and prod(_terms_of(self, self.computed[symbol])[0]) == 1", "", SHARED),
    ("what is assigned again is constant",
     "javascript.declarations:_rewritten", "name in changed or", "", ELEMENTS),
    ("the rows of a matrix begin one number after the other",
     "javascript.weights:rows", "k * size : (k + 1) * size", "k : k + size", TABLE),
    ("arrays of weights move uphill",
     "javascript.learning:_update", "e.negative(Name(sheet.rate))", "Name(sheet.rate)", VECTORS),
    ("an array of one element is a number",
     "javascript.sheet:value_of", "for _ in shape:", "for _ in ():", ONE),
    ("all weights draw the same numbers",
     "javascript.weights:start_value", "Text(weight.name)", 'Text("w")', VECTORS),
    ("the table's numbers are held to 0",
     ".js:count_far", "x - others[k]", "x", TABLE),
    ("the rest of a long sum is left away",
     ".js:partial_sum", "k < first + count", "k < first", SCALARS),
    ("a series lacks its middle terms",
     ".js:exp", "(middle + r4 * last)", "r4 * last", SCALARS),
)  # fmt: skip


def check(text: str, folder: Path) -> None:
    """What a file computes, where it starts, what it learns, and what it says itself."""
    reference = Reference.of(text, batch=13)
    assert_agree([reference], folder)
    file = JavaScriptFile(reference)
    if file.sheet.learns:
        start = flowc.loads(text).compile().init(seed=0)
        calls = [*file.calls_of_learning(), ["net", "initial_weights", []]]
        fitted, learnt, drawn = call_all(folder, {"net": file.text}, calls)
        np.testing.assert_equal(fitted, learnt)
        for name, numbers in start.items():
            np.testing.assert_array_equal(numbers, drawn[name])
    for arguments in ((), ("--selftest",)):
        said, status = run_file(file.text, folder, *arguments)
        assert status == 0, said


@pytest.mark.parametrize("text", dict.fromkeys(fault[-1] for fault in FAULTS))
def test_without_a_fault_nothing_is_noticed(text, tmp_path):
    check(text, tmp_path)


@pytest.mark.parametrize(("where", "right", "wrong", "text"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_each_fault_is_noticed(where, right, wrong, text, tmp_path, monkeypatch):
    assert is_noticed((where, right, wrong), lambda: check(text, tmp_path), monkeypatch)

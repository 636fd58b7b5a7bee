"""Do the tests of the tape notice? Faults in its class, and in what chooses from it, and all of them caught."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout

import pytest

import flowc
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import Way, check_ways
from flowc.testing import assert_loops_agree
from tests.agreement.seeded import ELEMENTS, SCALARS, VECTORS, forks, is_noticed
from tests.backends.running import module

pytestmark = forks

TRAINED = "train gd(rate=0.1, steps=3)\n"
SCALARS += f"{TRAINED}data {{ a b | y\n1 0 | 0.5\n0.3 -1 | 0\n-1 2 | 1\n}}\n"
VECTORS += f"{TRAINED}data {{ x[1] x[2] x[3] | y\n1 0 2 | 1\n0 1 -1 | 4\n0.5 0.5 1 | 2\n}}\n"
ELEMENTS += "train adam(rate=0.1, steps=3)\ndata { x[1] x[2] x[3] x[4] | y\n1 0.5 2 -1 | 1\n-1 1 -1 2 | 0.5\n}\n"
QUOTIENTS = f"""input a, b
target y
node s[3]
output f
weight u ~ 0.7, v ~ 1.3
s = [a*u, b/v, 2 - u]
f = sum(s[1..2]) / (2 + s[3]^2) + (1 + a^2)^v - u*v
loss mse(f, y)
{TRAINED}data {{ a b | y
1 2 | 0
-1 0.5 | 1
}}
"""

# What it is, in which function or in the class, the words there, the words instead; and which diagram notices.
FAULTS = (
    ("a gradient takes the place of those before it",
     "tape", "d if self.grad is None else self.grad + d", "d", SCALARS),
    ("what is repeated gets the first gradient, not their sum",
     "tape", "d = d.sum()", "d = d[0]", SCALARS),
    ("of b in a - b the gradient is that of a",
     "tape", "(self, lambda d: d), (other, lambda d: -d)", "(self, lambda d: d), (other, lambda d: d)", QUOTIENTS),
    ("what is divided by is multiplied by",
     "tape", "(self, lambda d: d / b)", "(self, lambda d: d * b)", QUOTIENTS),
    ("an exponent has no gradient",
     "tape", "return d * h * np.log(np.where(a == 0, 1, a))", "return 0 * d", QUOTIENTS),
    ("all parts of a vector get the gradient of the first",
     "tape", "d[..., k] for k", "d[..., 0] for k", QUOTIENTS),
    ("the largest hands on to the smallest",
     "tape", "x.argmax(axis=axis, keepdims=True)", "x.argmin(axis=axis, keepdims=True)", ELEMENTS),
    ("each factor gets itself",
     "tape", "d[..., None] * others(self.value)", "d[..., None] * self.value", ELEMENTS),
    ("what a matrix is multiplied with gets d times it, and not times its transpose",
     "tape", "(self, lambda d: d @ b.T)", "(self, lambda d: d @ b)", VECTORS),
    ("within no_grad steps are saved",
     "tape", "Tensor.saving = False", "Tensor.saving = True", SCALARS),
    ("old gradients stay",
     "numpy.tape_train:TapeLoop.step_down", "*self._change_weights()], zeroed]", "*self._change_weights()]]", SCALARS),
    ("no gradient comes through powers",
     "numpy.tape_spelling:is_cut", "isinstance(step.op, ops.Power) and step.args[1] == 0", "isinstance(step.op, ops.Power)", QUOTIENTS),
    ("a function hands on what it gets",
     "numpy.tape:saving_function", 't.Lambda(("d",), back)', 't.Lambda(("d",), t.Name("d"))', SCALARS),
    ("a method is left away, though an operator calls it",
     "numpy.tape:UsedMethods._note_pair", "{reflected} if second", "set() if second", QUOTIENTS),
    ("of the module for the API the loss goes back to nothing",
     "numpy.tape_values:TapeValues.closing_lines", "self.loss is None or", "self.loss or", SCALARS),
)  # fmt: skip


def check(text: str) -> None:
    """Values and gradients, the loop that learns, and the two mistakes that a file shows."""
    check_ways(Reference.of(text, batch=5), (Way("numpy", "nodes", None, "tape"),))
    assert assert_loops_agree(text, ("numpy",), dtypes=("float64",)).compared
    names, said = module(flowc.loads(text).compile(gradient="tape").source), io.StringIO()
    with redirect_stdout(said):
        names["mistakes"]()
        names["selftest"]()
    once, twice, zeroed, saved, unseen = (float(re.findall(r"-?\d[\d.e+-]*", line)[-1]) for line in said.getvalue().splitlines()[:5])
    assert once == zeroed and abs(twice - 2 * once) <= 1e-3 * abs(once)
    assert (saved, unseen) == (1, 0)


@pytest.mark.parametrize("text", [SCALARS, VECTORS, ELEMENTS, QUOTIENTS], ids=["scalars", "vectors", "elements", "quotients"])
def test_without_a_fault_nothing_is_noticed(text):
    check(text)


@pytest.mark.parametrize(("where", "right", "wrong", "text"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_each_fault_is_noticed(where, right, wrong, text, monkeypatch):
    assert is_noticed((where, right, wrong), lambda: check(text), monkeypatch)

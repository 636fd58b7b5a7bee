"""docs/adding-a-loss.md, followed to the letter in a copy of flowc: one record, and everything else follows."""

import pytest

from tests.copies import block, copied_with_diagram, page, python

PAGE = page("adding-a-loss.md")
DIAGRAM = block(PAGE, "flow new")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's record, and its diagram."""
    return copied_with_diagram(tmp_path_factory.mktemp("copy"), PAGE)


VALUES = """
import flowc
from flowc.testing import assert_backends_agree, assert_loops_agree

text = open("line.flow").read()
data = {"x": [1.0, 2.0, 4.0], "y": [3.0, 0.75, 9.0]}

def huber(error, delta):
    return 0.5 * error**2 if abs(error) < delta else delta * (abs(error) - 0.5 * delta)

for written, delta in (("huber(f, y, delta=0.5)", 0.5), ("huber(f, y, 2)", 2), ("huber(f, y)", 1)):
    flow = flowc.loads(text.replace("huber(f, y, delta=0.5)", written))
    expected = sum(huber(0.5 * x - y, delta) for x, y in zip(data["x"], data["y"])) / 3
    for backend, style in (("numpy", None), ("numpy", "fast"), ("torch", None), ("torch", "fast")):
        net = flow.compile(backend=backend, dtype="float64", style=style)
        assert abs(net.loss(net.init(), data) - expected) < 1e-12
    again = flowc.loads(flow.text())
    assert again.text() == flow.text() and again.network.nodes[-1].parameters == (delta,)
    assert assert_backends_agree(flow.text()).compared
assert assert_loops_agree(text).compared > 4
"""


def test_its_number_is_in_every_value_and_every_loop(copy):
    python(copy, "-c", VALUES)


PRINTED = {
    "numpy": ([], "np.where("),
    "plain": (["--style", "fast", "--lower", "scalar"], " else 0.5 * ("),
    "mesh": (["--style", "fast", "--lower", "sparse"], "np.where("),
    "torch": (["--backend", "torch", "--gradient", "autograd"], "torch.where("),
    "explicit": (["--backend", "torch", "--gradient", "explicit"], "torch.where("),
    "module": (["--backend", "torch", "--form", "module"], "torch.where("),
}
FILES = f"""
import runpy, sys
from flowc.__main__ import main

for name, (options, word) in {PRINTED!r}.items():
    made = f"printed_{{name}}.py"
    assert main(["compile", "line.flow", *options, "--dtype", "float64", "-o", made]) == 0
    text = open(made).read()
    assert word in text and "huber" in text, text
    sys.argv = [made, "--selftest"]
    runpy.run_path(made, run_name="__main__")
"""


def test_every_printed_file_passes_its_own_test(copy):
    python(copy, "-c", FILES)


COMMANDS = """
from flowc.__main__ import main

for command in (
    ["functions"], ["functions", "huber"], ["run", "line.flow"], ["fmt", "--check", "line.flow"], ["trace", "line.flow", "--row", "2"],
    ["equations", "line.flow"], ["equations", "line.flow", "--format", "latex"], ["verify", "line.flow", "--seconds", "0"],
    ["train", "line.flow", "--quiet"], ["draw", "line.flow", "--loss", "-o", "line.svg"],
):
    assert main(command) == 0, command
assert main(["check", "needs.flow"]) == 1
assert main(["check", "misspelt.flow"]) == 1
"""


def test_the_commands_know_it(copy):
    (copy / "needs.flow").write_text(DIAGRAM.replace("delta=0.5", "delta=f"))
    (copy / "misspelt.flow").write_text(DIAGRAM.replace("delta=0.5", "dleta=1"))
    said = python(copy, "-c", COMMANDS)
    assert "huber(f, y, delta=1)" in said
    assert "L = 1/n Σᵢ₌₁ⁿ (0.5 (f − y)² if |f − y| < 0.5 else 0.5 (|f − y| − 0.25))" in said
    assert r"\text{if } \left|f - y\right| < 0.5" in said
    assert "loss = 0.5*(f - y)^2 = 0.5*(1 - 0.75)^2 = 0.03125" in said
    assert "all agree on 3 tokens" in said and "the second reading, which has no function `huber`" in said
    assert "the delta of `huber` is a number, not `f`" in said and "did you mean `delta`?" in said


OF_EXCITATION = """
import flowc
from flowc.graph.class_outputs import classified
from flowc.maths.function import Function, Rule
from flowc.maths.functions import FUNCTIONS
from flowc.testing import assert_backends_agree, assert_loops_agree

FUNCTIONS["smoothed"] = Function(
    "smoothed", "loss", "Cross entropy whose targets are shared out a little.",
    Rule("-sum(((1 - share) * y + share / count(xi)) * log_softmax(xi))"), "", "made for this test",
    arguments=("xi", "f", "y"), of_excitation=("softmax",), parameters=(("share", 0.1),), targets="distribution",
)
text = \"\"\"
input x[2]
target y[3]
output f[3] : softmax
x -> f : ~
loss smoothed(f, y, 0.2) + 0.1*huber(f, y, 0.3)
data {
  x[1] x[2] | y[1] y[2] y[3]
  1    2    | 1    0    0
  0    1    | 0    0    1
}
train adam(steps=3)
\"\"\"
assert assert_backends_agree(text).compared and assert_loops_agree(text).compared
flow = flowc.loads(text)
assert "(0.8 yⱼ + 1/15) (ξⱼ − ln Σ" in flow.equations("text")
assert [c.output.name for c in classified(flow.network)] == ["f"]
assert "random.default_rng" in flow.compile().source and "np.eye(3)" in flow.compile().source
try:
    flowc.loads(text.replace("| 1    0    0", "| 1    1    0"))
except flowc.FlowError as error:
    assert "the target `y` of smoothed sums to 2" in str(error), error
else:
    raise AssertionError
"""


def test_one_of_an_excitation_takes_a_number_too_and_its_gradient_follows(copy):
    python(copy, "-c", OF_EXCITATION)


def test_the_documentation_knows_it(copy):
    assert "`huber(f, y, delta=1)`" in python(copy, "docs/make_functions.py")


def test_the_property_tests_know_it(copy):
    drawn = "from flowc.testing.strategies import Random, make\nprint(*(make(Random(k)).text for k in range(300)))"
    said = python(copy, "-c", drawn)
    assert "huber(" in said and ", 0.2)" in said

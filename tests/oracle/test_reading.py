"""The second reading beside the compiler: every construct, values and gradients, in float64 and in fifty digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import flowc
from flowc.maths.functions import ALIASES, FUNCTIONS
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.second import check_reading, read_again
from flowc.nets.verifying.tolerance import NEAR
from flowc.oracle import FLOAT, Reading, digits, functions
from flowc.oracle.functions import Calculus
from flowc.source import Source
from flowc.syntax import parse
from tests.oracle.constructs import CONSTRUCTS

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))


def read(text: str, given: dict[str, Any], learnt: dict[str, Any] | None = None, **more: Any) -> Reading:
    arrays = ({name: np.asarray(x, float) for name, x in some.items()} for some in (given, learnt or {}))
    return Reading(parse(Source("t.flow", text)), *arrays, **more)


@pytest.mark.parametrize("what", CONSTRUCTS)
@pytest.mark.parametrize("batch", [1, 4])
def test_the_compiler_and_the_second_reading_agree_on(what: str, batch: int) -> None:
    reference = Reference.of(CONSTRUCTS[what], seed=3, batch=batch)
    check_reading(reference)


@pytest.mark.parametrize("what", CONSTRUCTS)
def test_fifty_digits_agree_on(what: str) -> None:
    pytest.importorskip("mpmath")
    reference = Reference.of(CONSTRUCTS[what], seed=3, batch=2)
    for key, value in read_again(reference, digits()).items():
        expected, scale = reference.expected_value(key)
        assert (np.abs(np.asarray(value - expected, float)) <= 1e-14 * scale + 1e-300).all(), key


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_they_agree_on_the_example(path: Path) -> None:
    reference = Reference.of(flowc.load(path), seed=3, batch=2)
    if reference.scales.nearest > NEAR:
        check_reading(reference)


def test_files_of_nodes_and_edges(tmp_path: Path) -> None:
    (tmp_path / "my-nodes.csv").write_text(
        "name,role,activation\nx1,input,\nx2,input,\nh1,hidden,leaky_relu(0.1)\nf,output,σ\n\n", encoding="utf-8"
    )
    (tmp_path / "my-edges.csv").write_text(
        "learnt,weight,source,target\nno,0.5,x1,h1\n~,-1.5,1,h1\nyes,2,h1,f\n,-3,x2,f\n", encoding="utf-8-sig"
    )
    text = 'nodes "my-nodes.csv"\nedges "my-edges.csv"\ntarget y\nx1 -> f : ~\nloss bce(f, y) + 1e-2*sum(w_my_edges^2)\n'
    (tmp_path / "t.flow").write_text(text, encoding="utf-8")
    reference = Reference.of(flowc.load(tmp_path / "t.flow"), seed=3)
    assert list(reference.learnt) == ["w_f_x1", "w_my_edges"] or set(reference.learnt) == {"w_f_x1", "w_my_edges"}
    check_reading(reference)


def test_the_loss_may_name_a_fresh_weight() -> None:
    check_reading(Reference.of("input x[2]\noutput f\ntarget y\nx, 1 -> f : ~\nloss mse(f, y) + 0.1*sum(w_f_x^2) - b_f^2\n", seed=2))


def test_sizes_that_are_set(tmp_path: Path) -> None:
    flow = flowc.loads("index D = 2\ninput x[D]\noutput f\nx -> f : ~\n", settings={"D": 5})
    check_reading(Reference.of(flow))


def test_every_function_is_there_a_second_time() -> None:
    calculus = Calculus(FLOAT)
    written = {"dot", *functions.FOLDS}  # `@`, and what is folded
    assert all(name in written or callable(getattr(calculus, name)) for name in FUNCTIONS)
    assert functions.ALIASES == ALIASES


def test_a_step_worked_by_hand() -> None:
    """f = 2 * 3 + 1 = 7, of which 5 were wanted: the loss is 4, and falls by 2 * 2 * 3 for w."""
    found = read("input x\ntarget y\noutput f\nweight w ~, b ~\nf = w*x + b\nloss mse(f, y)\n", {"x": [3], "y": [5]}, {"w": 2, "b": 1})
    assert found.node("f").tolist() == [7]
    assert found.loss() == 4
    assert {name: float(d) for name, d in found.gradients().items()} == {"w": 12, "b": 4}


@pytest.mark.parametrize(
    ("expression", "x", "value", "slope"),
    [
        ("relu(x)", 0.0, 0.0, 0.0), ("abs(x)", 0.0, 0.0, 0.0), ("sqrt(x)", 0.0, 0.0, 0.0), ("step(x)", 0.0, 1.0, 0.0),
        ("sign(x)", 0.0, 0.0, 0.0), ("leaky_relu(x)", 0.0, 0.0, 0.01), ("elu(x, 2)", 0.0, 0.0, 2.0), ("x^0", 0.0, 1.0, 0.0),
        ("x^1", 0.0, 0.0, 1.0), ("x^2", 0.0, 0.0, 0.0), ("max(x, 2*x)", 0.0, 0.0, 1.0), ("min(2*x, x)", 0.0, 0.0, 2.0),
        ("product([x, x, 3])", 0.0, 0.0, 0.0), ("softplus(x)", 1000.0, 1000.0, 1.0), ("logistic(x)", -1000.0, 0.0, 0.0),
        ("0^x", 2.0, 0.0, 0.0),
    ],
)  # fmt: skip
def test_kinks_and_ties(expression: str, x: float, value: float, slope: float) -> None:
    found = read(f"input x\noutput f\nf = {expression}\n", {"x": [x]}, inputs=True)
    assert found.node("f").tolist() == [value]
    assert found.gradients("f")["x"].tolist() == [slope]


def test_a_perceptron_holds_its_output_constant() -> None:
    found = read(
        "input x\ntarget y\noutput f : step\nx -> f : w ~\nloss perceptron(f, y)\n", {"x": [2], "y": [0]}, {"w": 3}
    )
    assert found.loss() == 6
    assert found.gradients()["w"] == 2  # x (f - y)


def test_a_chain_of_thousands_of_nodes_is_no_recursion() -> None:
    names = [f"h{k}" for k in range(3000)]
    lines = [f"{b} = {a} + 1" for a, b in zip(["x", *names], names, strict=False)]
    found = read("input x\noutput f\n" + "\n".join(lines) + f"\nf = {names[-1]}\n", {"x": [0]})
    assert found.node("f").tolist() == [3000]

"""The data of a diagram: a table, a file beside it, formulas; for training and for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.data.dataset import BadData
from flowc.data.read_data import from_file, read_dataset
from flowc.doors.cli.diagram_files import beside
from tests.data.tables import GOOD, csv, network, no_files

EXAMPLES = Path(__file__).parents[2] / "examples"
LINE = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"


def test_tables_and_parts() -> None:
    text = LINE + "data train { x y\n1 2\n3 4 }\ndata test { x f\n5 6 }\n"
    train, test = (read_dataset(network(text), part, no_files, 0) for part in ("train", "test"))
    assert train is not None and train.arrays["y"].tolist() == [2, 4] and train.name == "the table of net.flow"
    assert test is not None and test.arrays["x"].tolist() == [5] and test.expected["f"].tolist() == [6]
    assert read_dataset(network(LINE), "train", no_files, 0) is None
    assert read_dataset(network(LINE + "data train { x y\n1 2 }\n"), "test", no_files, 0) is None
    both = read_dataset(network(LINE + "data { x y\n1 2 }\n"), "test", no_files, 0)
    assert both is not None and both.arrays["y"].tolist() == [2]


def test_the_table_of_a_vector_and_a_class() -> None:
    text = "index c = cat, dog\ninput x[2]\ntarget y[c]\noutput p[c] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
    found = read_dataset(network(text + "data { x[1..2] | y\n1 2 | dog\n3 4 | cat }\n"), "train", no_files, 0)
    assert found is not None and found.arrays["x"].tolist() == [[1, 2], [3, 4]]
    assert found.arrays["y"].tolist() == [[0, 1], [1, 0]] and found.tokens == 2


SHARES = "input x\ntarget y[2]\noutput p[2] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
BIT = "input x\ntarget y\noutput f : logistic\nx -> f : ~\nloss binary_cross_entropy(f, y)\n"


def test_targets_that_are_no_distributions_are_told_with_their_row() -> None:
    """With them the loss falls below 0 without end."""
    text = b"x,y1,y2\n1,0.25,0.75\n\n2,-1,2\n3,1,1\n"
    with pytest.raises(BadData) as wrong:
        from_file(network(SHARES), "a.csv", text, targets=False)
    assert wrong.value.problems == (
        "a.csv, row 4: the target `y` of cross_entropy is -1; it needs a class, or numbers from 0 on that sum to 1",
        "a.csv, row 5: the target `y` of cross_entropy sums to 2; it needs a class, or numbers from 0 on that sum to 1",
    )
    with pytest.raises(
        BadData, match="row 3: the target `y` of binary_cross_entropy is 1.5; it needs numbers from 0 to 1"
    ):
        from_file(network(BIT), "a.csv", b"x,y\n1,1\n1,1.5\n", targets=True)
    formulas = "data {\n  x = linspace(0, 1, 3)\n  y[1] = x\n  y[2] = 1\n}\n"
    with pytest.raises(BadData, match="the data of net.flow, token 2: the target `y` of cross_entropy sums to 1.5"):
        read_dataset(network(SHARES + formulas), "train", no_files, 0)
    assert from_file(network(BIT), "a.csv", b"x,y\n1,0.5\n1,0\n", targets=True).tokens == 2


def test_outputs_are_expected_and_targets_may_be_left_out() -> None:
    found = csv("x1,x2,z,p[cat],p[dog]\n1,2,3,0.25,0.75\n", targets=False)
    assert found.expected["p"].tolist() == [[0.25, 0.75]] and "y" not in found.arrays
    assert found.take([0]).expected["p"].tolist() == [[0.25, 0.75]]


def test_some_tokens() -> None:
    both = csv(GOOD)
    assert both.take([1]).arrays["z"].tolist() == [6] and both.take(slice(0, 1)).tokens == 1
    assert both.take(np.array([1, 0, 1])).arrays["x"].tolist() == [[4, 5], [1, 2], [4, 5]]
    assert (both.take([1, 1, 0]).tokens, both.take([]).tokens, both.take([0]).name) == (3, 0, "a.csv")


def test_files_of_the_diagram(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "out.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    files = beside(str(tmp_path / "in" / "net.flow"))

    def of(name: str):
        return read_dataset(network(f'{LINE}data "{name}"\n'), "train", files, 0)

    found = of("a.csv")
    assert found is not None and found.arrays["y"].tolist() == [2] and found.name == "a.csv"
    with pytest.raises(BadData, match="b.csv: there is no such file|b.csv: no such file"):
        of("b.csv")
    with pytest.raises(BadData, match="../out.csv: the path leads out of the diagram's folder"):
        of("../out.csv")
    with pytest.raises(BadData, match="a.csv: there is no such file"):
        read_dataset(network(LINE + 'data "a.csv"\n'), "train", no_files, 0)


def test_test_files_need_no_targets() -> None:
    text = LINE + 'data train "a.csv"\ndata test "a.csv"\n'
    files = {"a.csv": b"x,f\n1,2\n"}.__getitem__
    found = read_dataset(network(text), "test", files, 0)
    assert found is not None and found.expected["f"].tolist() == [2] and "y" not in found.arrays
    with pytest.raises(BadData, match="a.csv: the target `y` has no column"):
        read_dataset(network(text), "train", files, 0)


@pytest.mark.parametrize("name", ["a.txt", "a", "a.xlsx", "b.csv.gz", "a.npy", "a.pkl"])
def test_other_files_are_not_read(name: str) -> None:
    with pytest.raises(BadData) as raised:
        from_file(network(), name, GOOD.encode(), True)
    assert str(raised.value) == f"{name}: data are read from `.csv`, `.tsv` and `.npz` files"


def test_the_irises_are_fishers() -> None:
    load_iris = pytest.importorskip("sklearn.datasets").load_iris
    irises, known = flowc.load(EXAMPLES / "iris.flow").network, load_iris()
    found = read_dataset(irises, "train", beside(str(EXAMPLES / "iris.flow")), 0)
    assert found is not None and (found.tokens, found.name) == (150, "iris.csv")
    assert np.array_equal(found.arrays["x"], known.data)
    assert np.array_equal(found.arrays["y"].argmax(axis=1), known.target)
    # As in the paper; a copy often handed on has 0.1 for 0.2 in the first of these, and 3.1 and 1.5 in the second.
    assert found.arrays["x"][[34, 37]].tolist() == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]

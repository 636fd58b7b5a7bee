"""Data: tables, files and formulas become arrays by the names of their columns; what is wrong is said with its place."""

from __future__ import annotations

import io
import random
from statistics import NormalDist

import numpy as np
import pytest

import flowc
from flowc.graph.files import Unreadable
from flowc.learning.dataset import BadData, Dataset, dataset, from_file

BASE = "input x[2], z\ntarget y[class]\noutput p[class] : softmax\nindex class = cat, dog\nx, z -> p : ~\nloss cross_entropy(p, y)\n"


def network(text: str = BASE):
    return flowc.loads(text, "net.flow").network


def csv(text: str | bytes, name: str = "a.csv", targets: bool = True, flow: str = BASE) -> Dataset:
    return from_file(network(flow), name, text if isinstance(text, bytes) else text.encode(), targets)


GOOD = "x1,x2,z,y\n1,2,3,cat\n4,5,6,dog\n"


@pytest.mark.parametrize("text", [
    GOOD,
    "y,z,x2,x1\ncat,3,2,1\ndog,6,5,4\n",
    "x[1],x[2],z,y\n1,2,3,cat\n4,5,6,dog",
    "x1,x2,z,class\n1,2,3,cat\n4,5,6,dog\n",
    "\ufeffx1,x2,z,y\r\n1,2,3,cat\r\n4,5,6,dog\r\n\r\n",
    'x1,x2,"z","y"\n"1", 2 ,+3,"cat"\n4e0,.5e1,6.,dog\n\n\n',
    "id,x1,x2,z,y,remark\na,1,2,3,cat,\nb,4,5,6,dog,nan\n",
    "x1,x2,z,cat,dog\n1,2,3,1,0\n4,5,6,0,1\n",
])  # fmt: skip
def test_columns_are_found_by_name(text: str) -> None:
    found = csv(text)
    assert found.arrays["x"].tolist() == [[1, 2], [4, 5]] and found.arrays["z"].tolist() == [3, 6]
    assert found.arrays["y"].tolist() == [[1, 0], [0, 1]]
    assert (found.tokens, found.name, found.expected) == (2, "a.csv", {})
    assert csv(text.replace(",", "\t"), "a.TSV").arrays["x"].tolist() == [[1, 2], [4, 5]]


def test_outputs_are_expected_and_targets_may_be_left_out() -> None:
    found = csv("x1,x2,z,p[cat],p[dog]\n1,2,3,0.25,0.75\n", targets=False)
    assert found.expected["p"].tolist() == [[0.25, 0.75]] and "y" not in found.arrays
    assert found.take([0]).expected["p"].tolist() == [[0.25, 0.75]]
    both = csv(GOOD)
    assert both.take([1]).arrays["z"].tolist() == [6] and both.take(slice(0, 1)).tokens == 1


BAD = {
    "": "a.csv: the file is empty; its first row names the columns",
    "\n\n": "a.csv: the file is empty; its first row names the columns",
    "x1,x2,z,y\n": "a.csv: there are no rows below the header",
    "1,2,3\n4,5,6\n": "a.csv: the first row holds numbers; it must name the columns",
    "x1;x2;z;y\n1;2;3;cat\n": "a.csv: cells are separated by `;` here, and by commas in a file of this name",
    "x1\tx2\n1\t2\n": "a.csv: cells are separated by tabulators here, and by commas in a file of this name",
    "x1,x2,z,y\n1,2,3\n": "a.csv, row 2: the row has 3 cells, there are 4 columns",
    "x1,x2,z,y\n1,2,3,cat\n\n1,2,3,cat,5\n": "a.csv, row 4: the row has 5 cells, there are 4 columns",
    "x1,x2,z,y\n1,2,3,cat\nsix,5,6,dog\n": "a.csv, row 3, column `x1`: `six` is not a number",
    'x1,x2,z,y\n1,2,"3,5",cat\n': "a.csv, row 2, column `z`: `3,5` is not a number; write a point in place of the comma",
    "x1,x2,z,y\n1,2,,cat\n": "a.csv, row 2, column `z`: the cell is empty",
    "x1,x2,z,y\n1,2,nan,cat\n": "a.csv, row 2, column `z`: `nan` is no number that a diagram can compute with",
    "x1,x2,z,y\n1,2,-Infinity,cat\n": "a.csv, row 2, column `z`: `-Infinity` is no number that a diagram can compute with",
    "x1,x2,z,y\n1,2,1e999,cat\n": "a.csv, row 2, column `z`: `1e999` is no number that a diagram can compute with",
    "x1,x2,z,y\n1,2,0x10,cat\n": "a.csv, row 2, column `z`: `0x10` is not a number",
    "x1,x2,z,y\n1,2,1_000,cat\n": "a.csv, row 2, column `z`: `1_000` is not a number",
    "x1,x2,z,y\n1,2,3 4,cat\n": "a.csv, row 2, column `z`: `3 4` is not a number",
    "x1,x2,z,y\n1,2,3,\n":
        "a.csv, row 2, column `y`: the cell is empty, and `y` needs a class: it runs over cat, dog",
    "x1,x2,z,y\n1,2,3,cta\n":
        "a.csv, row 2, column `y`: `cta` is no class of `y`: it runs over cat, dog; did you mean `cat`?",
    "x1,x2,z,y\n1,2,3,0\n": "a.csv, row 2, column `y`: `0` is no class of `y`: it runs over cat, dog",
    "x1,x2,z\n1,2,3\n": "a.csv: the target `y[cat]` has no column; name one column `y` for its class, or one for each element",
    "x1,x2,y\n1,2,cat\n": "a.csv: the input `z` has no column",
    "x1,x_2,z,y\n1,2,3,cat\n": "a.csv: the input `x[2]` has no column; is it the column `x_2`?",
    "a,b,c,y\n1,2,3,cat\n":
        "a.csv: the input `x[1]` has no column; columns that belong to no node: `a`, `b`, `c`\n"
        "a.csv: the input `z` has no column; columns that belong to no node: `a`, `b`, `c`",
    "x1,x1,x2,z,y\n1,1,2,3,cat\n": "a.csv, row 1: there are two columns `x1`",
    "x1,x[1],x2,z,y\n1,1,2,3,cat\n": "a.csv: the columns `x1` and `x[1]` are both `x[1]`",
    "x1,x2,z,y,cat,dog\n1,2,3,cat,1,0\n": "a.csv: `y` is given by its class and by its elements",
    "x1,x2,z,cat\n1,2,3,1\n": "a.csv: the target `y[dog]` has no column",
    "x1,x2,z,y,p[cat]\n1,2,3,cat,1\n": "a.csv: `p[dog]` has no column, but other elements of `p` have",
    'x1,x2,z,y\n"1,2,3,cat\n': 'a.csv, row 2: a `"` is never closed',
    'x1,x2,z,y\n"1"5,2,3,cat\n': 'a.csv, row 2: after the closing `"` of a cell something else follows',
    "x1,x2,z,y\n1,2,3,ca\0t\n": "a.csv, row 2: a null character may not stand in a file",
    b"x1,x2,z,y\n1,2,3,c\xe4t\n": "a.csv, row 2: the byte 0xE4 is not UTF-8; save the file as UTF-8",
    "x1,x2,z,y\n1,2,3,cat\n".encode("utf-16"): "a.csv: the file is UTF-16, not UTF-8; save it as UTF-8",
    f"x1,x2,z,y\n{'9' * 140_000},2,3,cat\n": "a.csv, row 2: a cell is longer than 131072 characters",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.items(), ids=range(len(BAD)))
def test_what_is_wrong_is_said_with_its_place(text: str | bytes, message: str) -> None:
    with pytest.raises(BadData) as raised:
        csv(text)
    assert str(raised.value) == message


def test_many_problems_are_told_at_once_but_not_all() -> None:
    with pytest.raises(BadData) as raised:
        csv("x1,x2,z,y\n" + "a,b,c,d\n" * 5)
    problems = raised.value.problems
    assert len(problems) == 11 and problems[-1] == "… and 10 more"
    assert problems[0] == "a.csv, row 2, column `x1`: `a` is not a number"


def test_quoted_cells_may_run_over_lines() -> None:
    with pytest.raises(BadData, match="row 4, column `z`"):
        csv('x1,x2,z,y,remark\n1,2,3,cat,"two\nlines"\n1,2,?,cat,\n')


def test_other_files_are_not_read() -> None:
    for name in ("a.txt", "a", "a.xlsx", "csv"):
        with pytest.raises(BadData, match="data are read from"):
            csv(GOOD, name) if name != "csv" else csv(GOOD, "b.csv.gz")


def test_numbers_as_classes() -> None:
    flow = "input x\ntarget y[0..2]\noutput p[0..2] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
    assert csv("x,y\n1,2\n1,0.0\n", flow=flow).arrays["y"].tolist() == [[0, 0, 1], [1, 0, 0]]
    with pytest.raises(BadData, match="`0.5` is no class of `y`: it runs over 0..2"):
        csv("x,y\n1,0.5\n", flow=flow)
    with pytest.raises(BadData, match=r"do the classes start at 0\? declare `target y\[0..2\]`"):
        csv("x,y\n1,0\n", flow=flow.replace("0..2", "3"))


def test_large_files_are_read_at_once() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(20_000, 3))
    text = "x1,x2,z,y\n" + "".join(f"{a!r},{b!r},{c!r},dog\n" for a, b, c in numbers.tolist())
    assert np.array_equal(csv(text).arrays["x"], numbers[:, :2])


# ------------------------------------------------------------------------------------------------------------------ npz


def npz(targets: bool = True, **arrays) -> Dataset:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return from_file(network(), "a.npz", file.getvalue(), targets)


def test_npz() -> None:
    x, z = np.array([[1, 2], [4, 5]], np.float32), np.array([3, 6])
    for y in (np.array(["cat", "dog"]), np.eye(2)):
        found = npz(x=x, z=z, y=y, other=np.zeros((7, 7)))
        assert found.arrays["x"].tolist() == x.tolist() and found.arrays["y"].tolist() == [[1, 0], [0, 1]]
    assert npz(targets=False, x1=x[:, 0], x2=x[:, 1], z=z).arrays["x"].tolist() == x.tolist()


@pytest.mark.parametrize(("arrays", "message"), [
    ({"x": np.zeros((2, 3)), "z": np.zeros(2)}, r"array `x`: it has the shape \(2, 3\), needs \(n, 2\)"),
    ({"x": np.zeros((2, 2)), "z": np.zeros(3)}, "different numbers of tokens: `x` has 2, `z` has 3"),
    ({"x": np.zeros((2, 2)), "z": np.array([None, 1])}, "array `z`: it holds Python objects, not numbers"),
    ({"x": np.zeros((2, 2)), "z": np.array([1j, 2])}, "array `z`: it holds `complex128`, not numbers"),
    ({"x": np.zeros((2, 2)), "z": np.array([1, np.nan])}, "token 2, column `z`: `nan` is no number"),
    ({"x": np.zeros((0, 2)), "z": np.zeros(0)}, "the arrays are empty"),
    ({"q": np.zeros((3, 3))}, "no array is for a node"),
    ({"x": np.zeros((2, 2))}, "the input `z` has no column"),
])  # fmt: skip
def test_bad_npz(arrays: dict, message: str) -> None:
    with pytest.raises(BadData, match=message):
        npz(targets=False, **arrays)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nothing", b"\x80\x04K\x01."])
def test_no_npz(data: bytes) -> None:
    with pytest.raises(BadData, match="a.npz: it is no npz file"):
        from_file(network(), "a.npz", data, True)


def test_a_cut_npz() -> None:
    file = io.BytesIO()
    np.savez_compressed(file, x=np.random.default_rng(0).normal(size=(50, 2)), z=np.zeros(50))
    whole = file.getvalue()
    for cut in range(0, len(whole), 37):
        with pytest.raises(BadData):
            from_file(network(), "a.npz", whole[:cut] + b"\0" * 9 + whole[cut + 9 :], True)


# ------------------------------------------------------------------------------------------------------------- formulas

LINE = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"


def formulas(text: str, seed: int = 0, flow: str = LINE) -> Dataset:
    found = dataset(network(f"{flow}data {{ {text} }}\n"), "train", _no_files, seed)
    assert found is not None
    return found


def _no_files(name: str) -> bytes:
    raise Unreadable("there is no such file")


def test_formulas_are_numpys() -> None:
    found = formulas("t = linspace(-1, 1, 5) ; x = -2*pi*t^2 ; y = sin(x) + max(t, 0, 0.5*t) - leaky_relu(t, 0.5)/4")
    t = np.linspace(-1, 1, 5)
    x = -2 * np.pi * t**2
    np.testing.assert_array_equal(found.arrays["x"], x)
    expected = np.sin(x) + np.maximum(np.maximum(t, 0), 0.5 * t) - np.where(t > 0, t, 0.5 * t) / 4
    np.testing.assert_allclose(found.arrays["y"], expected, rtol=1e-15)
    assert (found.name, found.tokens) == ("the data of net.flow", 5)
    assert formulas("x = arange(0, 1, 0.25) ; y = 3").arrays["y"].tolist() == [3, 3, 3, 3]
    assert formulas("x = 1 ; y = step(0)").arrays == {"x": [1.0], "y": [1.0]}


def test_draws_come_from_streams_of_their_own() -> None:
    found = formulas("x = uniform(-1, 1, 3) ; y = normal(0, 2, 3) + normal(0, 1, 3)", seed=7)
    streams = {name: random.Random(f"7/{name}") for name in ("x", "y", "y/2")}
    assert found.arrays["x"].tolist() == [-1 + 2 * streams["x"].random() for _ in range(3)]
    first, second = ([NormalDist().inv_cdf(streams[n].random()) for _ in range(3)] for n in ("y", "y/2"))
    assert found.arrays["y"].tolist() == [2 * a + b for a, b in zip(first, second, strict=True)]
    assert formulas("x = uniform(-1, 1, 3) ; y = 0", seed=8).arrays["x"].tolist() != found.arrays["x"].tolist()


def test_elements_and_classes_have_formulas() -> None:
    flow = "input x[2]\ntarget y[0..1]\noutput p[0..1] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
    found = formulas("x[1] = linspace(0, 1, 3) ; x[2] = x[1]^2 ; y = step(x[1] - 0.5)", flow=flow)
    assert found.arrays["x"].tolist() == [[0, 0], [0.5, 0.25], [1, 1]]
    assert found.arrays["y"].tolist() == [[1, 0], [0, 1], [0, 1]]


@pytest.mark.parametrize(("text", "message"), [
    ("x = linspace(0, 1, 5) ; y = linspace(0, 1, 6)", "different numbers of tokens: `x` has 5, `y` has 6"),
    ("x = linspace(0, 1, 5) ; y = x + linspace(0, 1, 6)", "net.flow:6:36: 5 numbers and 6 cannot be put together"),
    ("x = linspace(0, 1, 2.5) ; y = 0", "makes a whole number of tokens, 1 to 100000000, not 2.5"),
    ("x = linspace(0, 1, -1) ; y = 0", "not -1"),
    ("x = arange(0, 1, 0) ; y = 0", "not inf"),
    ("x = arange(0, 1, 1e-30) ; y = 0", r"not 1e\+30"),
    ("x = linspace(0, 1, 3) ; y = normal(0, x, 3)", "`normal` takes numbers, not a column of them"),
    ("x = linspace(0, 1, 3) ; y = log(x)", "the data of net.flow, token 1, column `y`: `-inf` is no number"),
    ("x = linspace(0, 1, 3) ; y = 1/x", "token 1, column `y`: `inf`"),
])  # fmt: skip
def test_bad_formulas(text: str, message: str) -> None:
    with pytest.raises(BadData, match=message):
        formulas(text)


# --------------------------------------------------------------------------------------------------------------- tables


def test_tables_and_parts() -> None:
    text = LINE + "data train { x y\n1 2\n3 4 }\ndata test { x f\n5 6 }\n"
    train, test = (dataset(network(text), part, _no_files, 0) for part in ("train", "test"))
    assert train is not None and train.arrays["y"].tolist() == [2, 4] and train.name == "the table of net.flow"
    assert test is not None and test.arrays["x"].tolist() == [5] and test.expected["f"].tolist() == [6]
    assert dataset(network(LINE), "train", _no_files, 0) is None
    both = dataset(network(LINE + "data { x y\n1 2 }\n"), "test", _no_files, 0)
    assert both is not None and both.arrays["y"].tolist() == [2]


def test_files_of_the_diagram() -> None:
    net = network(LINE + 'data "a.csv"\n')
    found = dataset(net, "train", {"a.csv": b"x,y\n1,2\n"}.__getitem__, 0)
    assert found is not None and found.arrays["y"].tolist() == [2]
    with pytest.raises(BadData, match="a.csv: there is no such file"):
        dataset(net, "train", _no_files, 0)

"""What data say of outputs: cells hold to their last digit, classes by their name, numbers of formulas nearly."""

from __future__ import annotations

import io

import numpy as np
import pytest

import flowc
from flowc.data.dataset import BadData
from flowc.data.expected_outputs import cell_complaint, holds, read_examples, spell_inputs
from flowc.graph.files.access import Unreadable


@pytest.mark.parametrize(("cell", "value", "held"), [
    ("1", 1.0, True), ("1", 1 + 1e-12, False), ("0", -0.0, True), ("-3", -3.0, True), ("-3", -2.9999, False),
    ("0.75", 0.7549, True), ("0.75", 0.7551, False), ("0.75", 0.745, True), ("0.75", 0.7449, False),
    ("1.0", 1.04, True), ("1.0", 1.06, False), ("-0.5", -0.54, True), ("1.5e-3", 0.00154, True),
    ("1.5e-3", 0.00156, False), ("2e3", 2400.0, True), ("2e3", 2600.0, False), ("+1", 1.0, True), ("2.", 2.1, False),
    ("0.5", float("nan"), False), ("0.5", float("inf"), False), ("0.125", 0.125, True), ("\u22120.5", -0.52, True),
    ("1e300", 1e300, True), ("2000000", 2e300, False), ("0.1", 1e300, False), ("1e-320", 1e-320, True),
    ("0.30000000000000004", 0.1 * 3, True), ("0.3", 0.1 * 3, True), ("0.3000000000000000", 0.1 * 3, True),
    ("0.30000000000000000", 0.1 * 3, False), ("0.3333333333333333333333333", 1 / 3, True),
    ("9007199254740993", 9007199254740992.0, True), ("1e-9999999999", 0.0, True), ("1e-9999999999", 1e-9, False),
    ("1e-99999999999999999999999", 0.0, True), ("1e-99999999999999999999999", 0.1, False),
])  # fmt: skip
def test_a_cell_holds_to_its_digits(cell: str, value: float, held: bool) -> None:
    assert holds(cell, value) == held


def test_every_number_holds_as_python_writes_it() -> None:
    rng = np.random.default_rng(0)
    for x in [*rng.normal(size=500), *(10.0 ** rng.uniform(-300, 300, 500))]:
        assert holds(repr(float(x)), float(x))
        assert holds(f"{x:.3e}", float(x)) and not holds(f"{x:.3e}", float(x) * 1.01)


NET = "index animal = cat, dog, pig\ninput x\noutput f\noutput p[animal] : softmax\nf = 2*x\nx -> p : [1, 2, 3]\n"


def files(**known: str | bytes):
    def opened(name: str) -> bytes:
        key = name.replace(".", "_")
        if key not in known:
            raise Unreadable("there is no such file")
        data = known[key]
        return data if isinstance(data, bytes) else data.encode()

    return opened


def told(text: str, values: dict[str, list], **known: str | bytes) -> list[tuple[str, str, str]]:
    """What is given, and wrong, for every row and cell."""
    network = flowc.loads(NET + text).network
    arrays = {name: np.array(v) for name, v in values.items()}
    return [
        (found.rows[row], spell_inputs(found.inputs, row), cell_complaint(column, row, arrays))
        for found in read_examples(network, files(**known), 0)
        for row in range(found.data.tokens)
        for column in found.outputs
    ]


def test_a_table() -> None:
    assert told("data { x | f\n1 | 2\n2.5 | 5\n }", {"f": [2.0, 5.1]}) == [
        ("row 1", "x=1", ""), ("row 2", "x=2.5", "f is 5.1, expected 5"),
    ]  # fmt: skip
    assert told("data test { x | f\n1 | 2\n }", {"f": [3.0]}) == [("row 1 of `data test`", "x=1", "f is 3, expected 2")]


def test_what_differs_is_seen() -> None:
    ((_, _, said),) = told("data { x | f\n1 | 2\n }", {"f": [2.0000000000000004]})
    assert said == "f is 2.0000000000000004, expected 2"


def test_classes_and_elements() -> None:
    p = [[0.2, 0.5, 0.3]]
    assert told("data { x | p\n1 | dog\n }", {"p": p})[0][2] == ""
    assert told("data { x | p\n1 | cat\n }", {"p": p})[0][2] == "p is dog, expected cat"
    assert told("data { x | p\n1 | cat\n }", {"p": [[0.4, 0.4, 0.2]]})[0][2] == "p is cat or dog, expected cat"
    said = told("data { x | p[cat] p[dog] p[pig]\n1 | 0.2 0.6 0.3\n }", {"p": p})
    assert [s for _, _, s in said] == ["", "p[dog] is 0.5, expected 0.6", ""]


def test_a_file_is_held_to_its_digits_and_told_by_its_lines() -> None:
    text = 'data "a.csv"\n'
    values = {"f": [2.004, 4.0], "p": [[0, 1, 0], [1, 0, 0]]}
    assert told(text, values, a_csv="x,note,f,p\n1,hm,2.00,dog\n\n2,,4.1,dog\n") == [
        ("a.csv, row 2", "x=1", ""), ("a.csv, row 2", "x=1", ""),
        ("a.csv, row 4", "x=2", "f is 4, expected 4.1"), ("a.csv, row 4", "x=2", "p is cat, expected dog"),
    ]  # fmt: skip
    assert told(text, values, a_csv="x\n1\n") == []  # says nothing of an output
    assert told(text, values) == []  # is not there
    with pytest.raises(BadData, match="a.csv, row 2, column `f`: `two` is not a number"):
        told(text, values, a_csv="x,f\n1,two\n")


def test_formulas_and_arrays_have_no_digits() -> None:
    text = "data { x = linspace(0, 1, 3); f = 2*x }"
    assert {s for _, _, s in told(text, {"f": [0.0, 1 + 1e-12, 2.0]})} == {""}
    assert told(text, {"f": [0.0, 1.001, 2.0]})[1] == ("token 2", "x=0.5", "f is 1.001, expected 1")
    file = io.BytesIO()
    np.savez(file, x=[1.0, 2.0], f=[2.0, 4.0], p=["cat", "dog"])
    values = {"f": [2.0, 4.1], "p": [[0.5, 0.2, 0.3]] * 2}
    assert told('data "a.npz"\n', values, a_npz=file.getvalue()) == [
        ("a.npz, token 1", "x=1", ""), ("a.npz, token 1", "x=1", ""),
        ("a.npz, token 2", "x=2", "f is 4.1, expected 4"), ("a.npz, token 2", "x=2", "p is cat, expected dog"),
    ]  # fmt: skip


def test_what_is_given_is_shortened() -> None:
    head = " ".join(f"x{k}" for k in range(1, 21))
    network = flowc.loads(f"input x[20]\noutput f\nx -> f : 1\ndata {{ {head} | f\n{'1 ' * 20} | 20\n }}").network
    (found,) = read_examples(network, files(), 0)
    assert spell_inputs(found.inputs, 0) == "x1=1 x2=1 x3=1 x4=1 x5=1 x6=1 x7=1 x8=1 …"

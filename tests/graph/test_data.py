"""Data and training."""

import pytest

from flowc.graph import column_names
from tests.graph.reading import codes, network, problems

CLASSES = 'index c = cat, dog, "big cat"\ninput x[2]\ntarget y[c]\noutput p[c] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n'
LINE = "input x[2]\noutput f\nx -> f : 1\n"


def values(text: str) -> dict:
    return {v.node: v.rows for v in network(text).data[0].values}


@pytest.mark.parametrize("head", ["x[1] x[2]", "x1 x2", "x[1] x2"])
def test_columns_of_a_vector(head: str) -> None:
    assert values(LINE + f"data {{ {head} | f\n1 2 | 3\n-4 5e-1 | 6 }}\n") == {"x": ((1, 2), (-4, 0.5)), "f": (3, 6)}


def test_columns_may_stand_in_any_order() -> None:
    assert values(LINE + "data { x2 x1 f\n1 2 3 }\n") == {"x": ((2, 1),), "f": (3,)}


def test_bare_elements_are_columns() -> None:
    text = 'index c = length, "petal width"\ninput x[c]\noutput f\nx -> f : 1\ndata { "petal width" length\n1 2 }\n'
    assert values(text) == {"x": ((2, 1),)}


def test_elements_of_any_name_are_columns() -> None:
    text = """index c = "a, b", "it's", 'say "x"', " "\ninput x[c]\noutput f\nx -> f : 1\n"""
    table = """data { x["it's"] x["a, b"] x[" "] x['say "x"']\n1 2 3 4 }\n"""
    assert values(text + table) == {"x": ((2, 1, 4, 3),)}


def test_classes_become_one_hot() -> None:
    assert values(CLASSES + 'data { x1 x2 y\n1 2 dog\n3 4 "big cat" }\n') == {
        "x": ((1, 2), (3, 4)), "y": ((0, 1, 0), (0, 0, 1)),
    }  # fmt: skip
    assert values(CLASSES + "data { x y\n2 cat }\n") == {"x": ((0, 1),), "y": ((1, 0, 0),)}


def test_numbers_of_a_range_are_classes() -> None:
    text = (
        "input x\ntarget y[{}]\noutput p[2] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\ndata {{ x y\n0 0\n0 1 }}\n"
    )
    assert values(text.format("0..1"))["y"] == ((1, 0), (0, 1))
    assert codes(text.format("2")) == ["not-a-class"]


def test_a_grid_has_a_column_for_each_element() -> None:
    text = "input x[2, 2]\noutput f\nf = sum(x)\ndata { x[1,1] x[1,2] x[2,1] x[2,2]\n1 2 3 4 }\n"
    assert values(text) == {"x": (((1, 2), (3, 4)),)}


def test_the_exact_name_goes_first() -> None:
    text = "input x[2], x1\noutput f\nx -> f : 1\nx1 -> f : 1\ndata { x1 x[1] x[2]\n7 1 2 }\n"
    assert values(text) == {"x": ((1, 2),), "x1": (7,)}


def test_inputs_claim_before_outputs() -> None:
    text = "input x[2]\noutput x1\nx -> x1 : 1\ndata { x1 x2\n1 2 }\n"
    assert values(text) == {"x": ((1, 2),)}


def test_a_test_set_needs_no_target() -> None:
    base = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"
    assert codes(base + "data test { x f\n1 2 }\n") == []
    assert codes(base + "data train { x f\n1 2 }\n") == ["missing-column"]
    assert codes(base + 'data train "a.csv"\ndata test "b.csv"\n') == []


def test_formulas() -> None:
    base = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"
    net = network(base + "data { t = linspace(0, 1, 5) ; x = 2*pi*t ; y = sin(x) + t }\n")
    assert [name for name, _ in net.data[0].formulas] == ["t", "x", "y"]
    vector = "input x[2]\noutput f\nx -> f : 1\ndata { x[1] = linspace(0, 1, 5) ; x[2] = x[1]^2 }\n"
    assert [name for name, _ in network(vector).data[0].formulas] == ["x[1]", "x[2]"]
    assert codes(vector.replace("x[2] =", "z =")) == ["missing-column"]


@pytest.mark.parametrize("train, wanted", [
    ("gd()", []),
    ("sgd(rate=0.1, batch=16, steps=10, seed=3)", []),
    ("adam(rate=1e-3, beta1=0.8, beta2=0.99, eps=1e-6, epochs=3)", []),
    ("adamw(weight_decay=0.1)", []),
    ("momentum(momentum=0.5)", []),
    ("rmsprop(rate=0.1/2)", []),
    ("adam(beta1=1)", ["bad-training"]),
    ("adam(momentum=0.1)", ["unknown-setting"]),
    ("sgd(batch=0)", ["bad-training"]),
    ("sgd(batch=1.5)", ["bad-training"]),
    ("Adam()", ["unknown-method"]),
    ("sgd(replace=true, order=data, weight_decay=0.01)", []),
    ("sgd(replace=1, cosine=false, gamma=0.5, every=10, warmup=5)", []),
    ("sgd(order=dat)", ["bad-training"]),
    ("sgd(replace=yes)", ["bad-training"]),
    ("sgd(rate=true)", ["needs-a-number"]),
    ("gd(replace=true)", ["unknown-setting"]),
])  # fmt: skip
def test_training(train: str, wanted: list[str]) -> None:
    assert codes(f"input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\ntrain {train}\n") == wanted


def test_a_column_looks_at_the_nodes_of_its_name_alone(monkeypatch):
    """Thousands of columns of thousands of nodes: no column is held against every node."""
    looked = []
    reading = column_names._readings
    monkeypatch.setattr(column_names, "_readings", lambda node, text: looked.append(text) or reading(node, text))
    names = [f"x{k}" for k in range(200)]
    text = f"input {', '.join(names)}, v[3]\nindex c = cat, dog\ntarget y[c]\noutput p[c] : softmax\n{', '.join(names)}, v -> p : ~\n"
    table = f"data {{\n{' '.join(names)} v[1] v2 v[3] y\n{' '.join('1' for _ in names)} 1 2 3 cat\n}}\n"
    (data,) = network(text + "loss cross_entropy(p, y)\n" + table).data
    assert {v.node for v in data.values} == {*names, "v", "y"}
    assert len(looked) <= 2 * (len(names) + 4)


SIZED = "index D = 2\ninput x[D]\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"
TABLE = "data train { x1 x2 | y\n1 2 | 3 }\n"
FORMULAS = "data test { x[1] = linspace(0, 1, 3)\nx[2] = x[1] }\n"


@pytest.mark.parametrize("size", [1, 3])
def test_data_that_do_not_fit_a_size_that_is_set_are_left_out_with_a_warning(size: int) -> None:
    found = problems(SIZED + TABLE + FORMULAS, D=size)
    assert {(p.code, p.severity) for p in found} == {("data-left-out", "warning")} and len(found) == 2
    assert all(f"these data do not fit `D = {size}`, and are left out: " in p.message for p in found)
    assert network(SIZED + TABLE + FORMULAS, D=size).data == ()


def test_a_size_that_is_none_is_all_that_is_said() -> None:
    assert codes(SIZED + TABLE + FORMULAS, D=0) == codes(SIZED + TABLE, D=-2) == ["empty-range"]


def test_data_that_fit_a_size_that_is_set_stay() -> None:
    wider = SIZED.replace("input x[D]", "input x[2], z[D]").replace("x -> f : ~", "f = sum(x)*sum(z)")
    table = "data { x1 x2 z1 z2 | y\n1 2 3 4 | 5 }\n"
    assert problems(SIZED + TABLE, D=2) == () and len(network(SIZED + TABLE, D=2).data) == 1
    assert [p.code for p in problems(wider + 'data train "a.csv"\n' + table.replace("data", "data test"), D=3)] == ["data-left-out"]


def test_data_wrong_at_the_diagrams_own_sizes_stay_an_error() -> None:
    wrong = TABLE.replace("3 }", "a }")
    assert codes(SIZED + wrong, D=2) == ["not-a-number"]
    assert codes(SIZED + wrong + FORMULAS, D=3) == ["missing-column", "not-a-number", "data-left-out"]


def test_classes_of_an_index_that_is_smaller_are_left_out() -> None:
    text = "index K = 3\ninput x\ntarget y[K]\noutput p[K] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\ndata { x y\n0 1\n1 3 }\n"
    assert codes(text) == codes(text, K=4) == []
    assert codes(text, K=2) == ["data-left-out"]

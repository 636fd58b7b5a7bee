"""Arrows and weights, rule by rule (9 to 13, 17, 20 to 28)."""

import numpy as np
import pytest

from flowc.graph.network import Draw
from tests.graph.evaluate import evaluate, weights_of
from tests.graph.reading import arrows, codes, network


def value(text: str, node: str = "f", **given) -> np.ndarray:
    net = network(text)
    return evaluate(net, given, weights_of(net))[node]


def names(text: str) -> list[tuple]:
    return [(w.name, w.shape) for w in network(text).weights]


def test_a_matrix_of_scalars_is_the_matrix_of_vectors() -> None:
    scalars = "input x1, x2\noutput h1, h2\nx1, x2 -> h1, h2 : [[1, 2], [3, 4]]\n"
    vectors = "input x[2]\noutput h[2]\nx -> h : [[1, 2], [3, 4]]\n"
    assert arrows(scalars, "h1") == [("x1", ",->", 1, None), ("x2", ",->", 2, None)]
    assert arrows(scalars, "h2") == [("x1", ",->", 3, None), ("x2", ",->", 4, None)]
    assert list(value(vectors, "h", x=[1, 10])) == [21, 43]


def test_a_range_begins_and_ends_at_names_also_in_quotes() -> None:
    text = 'index K = cat, "guinea pig", dog, "brown bear"\ninput x[K]\noutput f\nx["guinea pig".."brown bear"] -> f : [2, 3, 4]\n'
    assert value(text, x=[1, 10, 100, 1000]) == 4320
    assert value(text.replace('"brown bear"]', "dog]").replace(", 4", ""), x=[1, 10, 100, 1000]) == 320


@pytest.mark.parametrize("ends, weight, wanted", [
    ("x, s -> f", "W", lambda W, x, s: W @ [*x, s]),
    ("s, x -> f", "W", lambda W, x, s: W @ [s, *x]),
    ("s, x -> f", "2*W", lambda W, x, s: 2 * W @ [s, *x]),
    ("s, x -> f", "V^T", lambda V, x, s: V.T @ [s, *x]),
    ("s, x -> f", "-V^T/4", lambda V, x, s: -V.T @ [s, *x] / 4),
    ("s, x -> f", "B[2..3, 2..5]", lambda B, x, s: B[1:3, 1:5] @ [s, *x]),
    ("x -> f", "B[2..3, 2..4]", lambda B, x, s: B[1:3, 1:4] @ x),
    ("s, x -> f", "[[1, 2, 3, 4], [5, 6, 7, 8]]", lambda x, s: np.array([[1, 2, 3, 4], [5, 6, 7, 8]]) @ [s, *x]),
    ("s -> f", "w", lambda w, x, s: w * s),
    ("s -> f", "[3, 4]", lambda x, s: np.array([3, 4]) * s),
    ("s -> f", "3", lambda x, s: np.array([3, 3]) * s),
    ("s, x[2] -> f", "3", lambda x, s: np.array([3, 3]) * (s + x[1])),
    ("x[2..3], s -> f", "B[1..2, 3..5]", lambda B, x, s: B[:2, 2:5] @ [x[1], x[2], s]),
    ("1, x -> f", "W", lambda W, x, s: W @ [1, *x]),
    ("x[i] -> f[j]", "2", lambda x, s: np.full(2, 2 * sum(x))),
    ("x[i] -> f[j]", "A[j, i]", lambda A, x, s: A @ x),
    ("x[i] -> f[j]", "A", lambda A, x, s: A @ x),
    ("x[i] -> f[j]", "C[i, j]", lambda C, x, s: C.T @ x),
    ("x[i] -> f[j]", "r[i]", lambda r, x, s: np.full(2, r @ x)),
    ("x[i] -> f[j]", "w[j]", lambda w, x, s: w * sum(x)),
    ("x[i] -> f[j]", "A[j, 2]", lambda A, x, s: A[:, 1] * sum(x)),
    ("s -> f[j]", "-w[j]/2", lambda w, x, s: -w * s / 2),
    ("1 -> f[j]", "A[j, 2]", lambda A, x, s: A[:, 1]),
    ("x -> f", "A", lambda A, x, s: A @ x),
    ("x -> f", "C^T", lambda C, x, s: C.T @ x),
])  # fmt: skip
def test_blocks(ends: str, weight: str, wanted) -> None:
    text = (
        "input x[3], s\noutput f[2]\n"
        "weight W[2, 4], V[4, 2], B[3, 5], A[2, 3], C[3, 2], w[2], r[3] ~ normal(0, 1)\n"
        f"{ends} : {weight}\n"
    )
    given = {"x": np.array([1.0, 2, 5]), "s": np.array(3.0)}
    net = network(text)
    weights = weights_of(net)
    needed = {
        name: weights[name] for name in wanted.__code__.co_varnames[: wanted.__code__.co_argcount] if name in weights
    }
    assert np.allclose(evaluate(net, given, weights)["f"], wanted(**needed, **given))


def test_several_targets_take_rows() -> None:
    text = (
        "input x[2]\nnode a, h[2]\noutput f\nweight W[3, 2] ~ normal(0, 1)\nx -> a, h : W\na, h -> f : [1, 10, 100]\n"
    )
    net = network(text)
    weights = weights_of(net)
    found = evaluate(net, {"x": [1.0, 2.0]}, weights)["f"]
    assert np.isclose(found, [1, 10, 100] @ (weights["W"] @ [1, 2]))
    assert net.node("a").arrows[0].weight_index == (0, (0, 2))
    assert net.node("h").arrows[0].weight_index == ((1, 3), (0, 2))


def test_one_line_of_one_weight() -> None:
    text = "input x1, x2\noutput f, g\nweight w ~ 0.5\nx1, x2 -> f, g : w\n"
    assert arrows(text, "g") == [("x1", ",->", 1, "w"), ("x2", ",->", 1, "w")]


def test_fresh_names() -> None:
    assert names("input x[2], s\nnode h[3], k\noutput f\nx, s -> h, k : ~\nh, k -> f : ~\n1 -> h, f : ~\n") == [
        ("W_h_x", (3, 2)), ("w_h_s", (3,)), ("b_h", (3,)), ("w_k_x", (2,)), ("w_k_s", ()),
        ("w_f_h", (3,)), ("w_f_k", ()), ("b_f", ()),
    ]  # fmt: skip


def test_fresh_names_of_elements() -> None:
    text = "index c = cat, dog\ninput x[2]\nnode p[c]\noutput f\nx[1] -> p[dog] : ~\nx[2] -> p[cat] : ~\np -> f : ~\n1 -> p[cat] : ~\n"
    assert names(text) == [("w_p_dog_x_1", ()), ("w_p_cat_x_2", ()), ("b_p_cat", ()), ("w_f_p", (2,))]


def test_fresh_one_to_one() -> None:
    assert names("input x[3]\noutput f[3]\nx[i] -> f[i] : ~\n1 -> f[i] : ~\n") == [("w_f_x", (3,)), ("b_f", (3,))]
    assert arrows("input x[3]\noutput f[3]\nx[i] -> f[i] : ~\n", "f") == [("x", "i,i->i", 1, "w_f_x")]
    assert arrows("input x[3]\noutput f[2]\nx[i] -> f[j] : ~\n", "f") == [("x", "i,ji->j", 1, "W_f_x")]


def test_fresh_names_avoid_the_authors() -> None:
    assert names("input x\nnode w_f_x\noutput f\nx -> w_f_x : 1\nx, w_f_x -> f : ~\n") == [
        ("w_f_x_", ()),
        ("w_f_w_f_x", ()),
    ]


def test_grids() -> None:
    text = "input x[28, 28]\noutput h[10]\nx -> h : ~\n1 -> h : ~\n"
    assert names(text) == [("W_h_x", (10, 28, 28)), ("b_h", (10,))]
    assert arrows(text, "h")[0] == ("x", "ij,kij->k", 1, "W_h_x")
    assert arrows("input x[2, 3]\noutput f[3, 2]\nx[i, j] -> f[j, i] : 1\n", "f") == [("x", "ij,->ji", 1, None)]
    assert arrows("input x[2, 3]\noutput f[3]\nx[2] -> f : ~\n", "f") == [("x", "i,ji->j", 1, "W_f_x_2")]
    assert names("input x[2, 3]\noutput f[3]\nx[i, j] -> f[j] : ~\n") == [("w_f_x", (3, 2))]


def test_weights_named_on_arrows() -> None:
    assert names("input x[3]\noutput f[2]\nx -> f : W ~\n1 -> f[i] : b ~ 0\n") == [("W", (2, 3)), ("b", ())]
    assert names("input x[3]\noutput f[3]\nx[i] -> f[i] : w[i] ~\n") == [("w", (3,))]
    assert names("input x[3]\noutput f[3]\nx[i] -> f[i] : w ~ 2\n") == [("w", ())]
    assert names("input x[3]\noutput f[2]\nx[i] -> f[j] : w[j, i] ~ 2\n") == [("w", (2, 3))]
    assert names("input x1, x2\noutput f, g\nx1, x2 -> f, g : W ~\n1 -> f, g : b = 0.35\n") == [
        ("W", (2, 2)),
        ("b", (2,)),
    ]
    assert names("input x1, x2\noutput f\nx1, x2 -> f : w ~ [1, 2]\n1 -> f : b ~ 1\n") == [("w", (2,)), ("b", ())]
    first = network("input x1, x2\noutput f\nx1, x2 -> f : w ~ [1, 2]\n").node("f").arrows
    assert [a.weight_index for a in first] == [(0,), (1,)]


def test_a_fresh_literal_is_cut_into_blocks() -> None:
    net = network("input x1, x2[2]\noutput f[2], g\nx1, x2 -> f, g : ~ [[1, 2, 3], [4, 5, 6], [7, 8, 9]]\n")
    assert [(w.name, w.start) for w in net.weights] == [
        ("w_f_x1", (1, 4)), ("W_f_x2", ((2, 3), (5, 6))), ("w_g_x1", 7), ("w_g_x2", (8, 9)),
    ]  # fmt: skip


def test_fixed_and_learnt() -> None:
    net = network(
        "input x\noutput f\nweight a = 1, b ~ 2, c, d ~ normal(0, sqrt(2)), e = 1/3\nf = a*x + b*x + c*x + d*x + e*x\n"
    )
    assert [(w.name, w.learnt) for w in net.weights] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("d", True),
        ("e", False),
    ]
    assert net.weights[2].start == net.weights[3].start == Draw("normal", (0, 2**0.5), 1, 1)
    assert net.weights[4].start == 1 / 3


def test_chains() -> None:
    net = network("input x[2]\nnode h[2]\noutput f[2]\nweight W[2, 2] ~ 0\nx -> h -> f : W\n")
    assert [n.arrows[0].weight for n in net.nodes if n.arrows] == ["W", "W"]
    assert codes("input x\nnode a, b\noutput f\nx -> a, b -> f : ~\n") == []


def test_the_fan_in_counts_lines_over_all_statements() -> None:
    whole = network("input x[3], z\nnode h[2]\noutput f\nx -> h : ~\nz -> h : ~\n1 -> h : ~\nh -> f : 1\n")
    split = network("input x[3], z\nnode h[2]\noutput f\nx[1..2] -> h : ~\nx[3], z -> h : ~\n1 -> h : ~\nh -> f : 1\n")
    assert {w.start.fan_in for w in (*whole.weights, *split.weights)} == {4}


def test_the_fan_in_of_terms() -> None:
    def fans(text: str) -> dict:
        return {w.name: w.start.fan_in for w in network(text).weights}

    assert fans("input x\noutput f\nweight a, b, c\nf = a*x + b*x + c\n") == {"a": 1, "b": 1, "c": 1}
    assert fans("input x[3], y[3]\noutput f\nweight a[3], b[3], c\nf = a @ x + b @ y + c\n") == {"a": 6, "b": 6, "c": 6}
    assert fans("input x[3], s\noutput f[3]\nweight a, v[3]\nf = a*x + v*s\n") == {"a": 2, "v": 2}
    assert fans("input x[3], s\nnode h\noutput f\nweight w\nx[i] -> h : w\ns -> f : w\nh -> f : 1\n") == {"w": 3}
    assert fans("input x[3]\noutput f[2]\nx[1] -> f[1] : ~\nx[2] -> f[1] : ~\nx[3] -> f[2] : ~\n") == {
        "w_f_1_x_1": 2, "w_f_1_x_2": 2, "w_f_2_x_3": 1,
    }  # fmt: skip


def test_element_names_and_ranges_from_zero() -> None:
    text = "index d = 0..2\nindex c = cat, dog\ninput x[d]\noutput p[c]\nx[0] -> p[cat] : 1\nx[2] -> p[dog] : 2\nx[1] -> p : 3\n"
    found = [(a.source_index, str(a.spec), a.target_index) for a in network(text).node("p").arrows]
    assert found == [((0,), ",->", (0,)), ((2,), ",->", (1,)), ((1,), ",->i", ())]


def test_a_weight_by_names_of_elements() -> None:
    text = "index c = cat, dog\ninput x\noutput p[c]\nweight w[c] ~ 1\nx -> p[cat] : w[cat]\nx -> p[dog] : w[dog]\n"
    assert [a.weight_index for a in network(text).node("p").arrows] == [(0,), (1,)]


def test_a_vector_of_one_is_no_scalar() -> None:
    assert codes("input x[1]\noutput f[1]\nx -> f : 2\n") == ["bare-number"]
    assert codes("input x[1]\noutput f\nx -> f : 2\n") == []
    assert codes("input x[3]\noutput f[1]\nx -> f : [1, 2, 3]\n") == []


def test_doubled_lines_across_forms() -> None:
    two = "input x[2]\noutput h[3]\n"
    assert codes(two + "x -> h : ~\nx[i] -> h[i] : 1\n") == ["shape-mismatch"]
    square = "input x[2]\noutput h[2]\n"
    assert codes(square + "x -> h : ~\nx[i] -> h[i] : 1\n") == ["doubled-arrow"]
    assert codes(square + "x[1] -> h[2] : 1\nx[2] -> h[1] : 1\nx[i] -> h[i] : 1\n") == []
    assert codes(square + "1 -> h : 1\n1 -> h[1] : 2\n") == ["doubled-arrow"]


def test_many_plain_lines_keep_their_order() -> None:
    text = "input a, b, c\noutput f\nb -> f : 2\na -> f : 1\n1 -> f : -0.5\nc -> f : 3\n"
    assert [(a.source, a.coefficient) for a in network(text).node("f").arrows] == [
        ("b", 2),
        ("a", 1),
        ("1", -0.5),
        ("c", 3),
    ]
    vector = "input x[2]\noutput f\nx -> f : 2\n1 -> f : 1\n"
    assert arrows(vector, "f") == [("x", "i,->", 2, None), ("1", ",->", 1, None)]


@pytest.mark.parametrize("second, wanted", [
    ("x[1] -> f[7] : 1", ["doubled-arrow"]),
    ("x[i] -> f[i] : 1", ["doubled-arrow"]),
    ("x -> f[3] : ~", ["doubled-arrow"]),
    ("1 -> f : 1", []),
    ("z[i] -> f[i] : 1", []),
])  # fmt: skip
def test_doubled_lines_of_large_matrices(second: str, wanted: list[str]) -> None:
    text = f"input x[1000], z[1000]\noutput f[1000]\nx -> f : ~\nz -> f : ~ 0\n{second}\n"
    assert codes(text.replace("z -> f : ~ 0\n", "" if "z[i]" in second else "z -> f : ~ 0\n")) == wanted

"""Vectors as one circle or box: what stands in them and on the arrows between them, and captions over columns."""

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.picture import Disk, Lettering, Panel, Wedge

GRU = """
input x[2], h[3]
node z[3], r[3], k[3] "candidate"
output y[3]
z = logistic(Wz @ x + Uz @ h + bz)
r = logistic(Wr @ x + Ur @ h + br)
k = tanh(Wk @ x + Uk @ (r*h) + bk)
y = (1 - z)*h + z*k
weight Wz[3, 2], Wr[3, 2], Wk[3, 2], Uz[3, 3], Ur[3, 3], Uk[3, 3], bz[3], br[3], bk[3]
"""


def groups(text, **options):
    (picture,), _ = drawn(flowc.loads(text), options)
    return {g.name: g for g in picture.groups}, [m.label.text for g in picture.groups for m in g.marks if isinstance(m, Lettering)]


def test_layers_are_boxes_and_operations_circles():
    parts, said = groups(GRU, vectors="box")
    assert isinstance(parts["z"].marks[0], Panel) and isinstance(parts["x"].marks[0], Panel)
    rounds = [m for g in parts.values() if g.kind == "node" for m in g.marks if isinstance(m, Disk)]
    assert len(rounds) == 4  # three products and 1 − z
    assert said.count("⊙") == 3 and said.count("⊕") == 2  # y is a sum, and so is 1 − z
    assert {"x", "ℝ^2", "z ∈ ℝ^3", "candidate ∈ ℝ^3", "y ∈ ℝ^3", "−1"} <= {*said}


def test_a_number_times_a_vector_is_no_product_element_by_element():
    _, said = groups("input a, x[2]\noutput y[2]\ny = a*x", vectors="box")
    assert "×" in said and "⊙" not in said


def test_what_arrows_between_vectors_carry():
    one = "input x[3]\noutput y[3]\n{}"
    on_arrow = lambda lines: [m.label.text for n, g in groups(one.format(lines), vectors="circle")[0].items() if n.startswith("weight-") for m in g.marks]
    assert on_arrow("x[i] -> y[i] : 2") == ["2"]
    assert on_arrow("weight w[3]\nx[i] -> y[i] : w[i]") == ["⊙ w"]
    assert on_arrow("x -> y : W ~") == ["W"]
    assert on_arrow("x[i] -> y[i] : 2\nx[1] -> y[2] : -0.3\nx[2] -> y[1] : -0.3") == ["5 arrows"]


def test_numbers_that_go_here_and_there_are_not_added_up():
    """2 element by element and −0.3 between two elements are neither 1.7, nor drawn as if they were."""
    parts, said = groups("input x[2]\noutput y[2]\nx[i] -> y[i] : 2\nx[1] -> y[2] : -0.3", vectors="circle", legend=True)
    assert "2 − 0.3" not in said and "3 arrows" in said
    assert parts["x-y"].marks[0].look == "arrow"


def test_labels_of_vectors_are_captions():
    for direction in ("right", "up"):
        parts, _ = groups('input x[3] "receptors"\noutput y[2] "cells" : softmax\nx -> y : ~', direction=direction)
        assert [m.label.text for m in parts["caption-x"].marks] == ["receptors"]
        assert [m.label.text for m in parts["function-y"].marks] == ["cells (softmax)"]
    parts, _ = groups('input x[3] "$z$"\noutput y\nx -> y : ~')
    assert "caption-x" not in parts


def test_sizes_by_name():
    """As a lecture says it: x₁ … x_D, with the weights from the last, and ℝᴰ of a box; without dots numbers stay numbers."""
    text = "index D = 784, H = 3\ninput x[D]\noutput h[H] : tanh\nx -> h : ~"
    _, said = groups(text, symbolic=True)
    assert {"x₁", "x₃", "x_D", "w_1D", "w_3D", "h₃"} <= {*said} and "x₇₈₄" not in said
    assert "ℝ^D" in groups(text, symbolic=True, vectors="box")[1]
    assert "x₇₈₄" in groups(text)[1]
    assert "x_D−1" in groups("index D = 0..99\ninput x[D]\noutput f\nx -> f : ~", symbolic=True)[1]


def test_an_arrow_that_inhibits_ends_in_a_bar():
    text = "input a, b\noutput f : step\na -> f : 1\nb -> f : -1\n1 -> f : -0.5"
    corners = lambda parts: {name: len(m.corners) for name, g in parts.items() for m in g.marks if isinstance(m, Wedge)}
    assert corners(groups(text, inhibition=True)[0]) == {"a-f": 3, "b-f": 4, "bias-f": 4}
    assert corners(groups(text)[0]) == {"a-f": 3, "b-f": 3, "bias-f": 3}
    assert corners(groups(text, inhibition=True, blank="b->f")[0])["b-f"] == 3


def test_each_of_several_long_vectors_in_a_column_has_its_dots():
    text = "input x[2]\nnode q[6], k[6]\noutput f\nx -> q, k : ~\nq, k -> f : ~"
    _, said = groups(text)
    assert {"q₁", "q₆", "k₁", "k₆"} <= {*said} and "q₂" not in said

"""What pictures show: of XOR as on the slide, of other diagrams what is special in them."""

from collections import Counter

import pytest

import flowc
from flowc.drawing.draw import Drawing, draw
from flowc.drawing.label import MOST
from flowc.drawing.picture import Disk, Lettering, Panel, Polyline, Stroke, Wedge

from .diagrams import EXAMPLES, HOSTILE, irregular, layered


def picture(flow, **how):
    return draw(flow.network, Drawing(**how))


def example(name):
    return flowc.load(next(path for path in EXAMPLES if path.stem == name))


def written(found, kind=None):
    marks = [m for g in found.groups if kind in (None, g.kind) for m in g.marks]
    return [m.label.text for m in marks if isinstance(m, Lettering)]


@pytest.mark.parametrize("name", ["xor", "xor_arrows"])
@pytest.mark.parametrize("direction", ["right", "up"])
def test_xor(name, direction):
    """Five circles, six weighted arrows, three biases, three step glyphs, nothing else."""
    found = picture(example(name), direction=direction)
    assert Counter(g.kind for g in found.groups) == {"node": 5, "arrow": 6, "weight": 6, "bias": 3, "name": 3}
    assert written(found, "weight") == ["−1", "−1", "1", "1", "−1", "−1"]
    assert written(found, "bias") == ["0.5", "−1.5", "0.5"]
    assert written(found, "name") == ["h₁", "h₂", "f"]
    xi = "ξ₃" if name == "xor" else "ξ_f"
    assert written(found, "node") == ["x₁", "x₂", "ξ₁", "ξ₂", xi]
    marks = Counter(type(m) for g in found.groups for m in g.marks)
    assert marks == {Disk: 5, Stroke: 6 + 3 + 3, Wedge: 9, Lettering: 6 + 3 + 3 + 5, Polyline: 3}


def test_the_step_of_xor_is_drawn_as_a_step():
    glyph = next(m for g in picture(example("xor")).groups for m in g.marks if isinstance(m, Polyline))
    heights = {round(y, 3) for _, y in glyph.points}
    assert len(heights) == 2
    riser = [x for (x, y), (_, after) in zip(glyph.points, glyph.points[1:]) if y != after]
    left, right = min(x for x, _ in glyph.points), max(x for x, _ in glyph.points)
    assert riser == [pytest.approx((left + right) / 2)]


def test_softmax_is_one_box_over_its_nodes():
    found = picture(example("softmax"))
    (frame,) = [m for g in found.groups if g.kind == "frame" for m in g.marks]
    inside = [g.at for g in found.groups if g.kind == "node" and g.name.startswith("p_")]
    assert len(inside) == 3
    assert all(frame.box[0] < x < frame.box[2] and frame.box[1] < y < frame.box[3] for x, y in inside)
    assert "softmax" in written(found, "name")


def test_the_loss_and_targets_are_drawn_on_demand():
    assert not [g for g in picture(example("softmax")).groups if g.name.startswith(("y", "loss"))]
    found = picture(example("softmax"), loss=True)
    names = [g.name for g in found.groups if g.kind == "node"]
    assert names[-4:] == ["y_1", "y_2", "y_3", "loss"]
    assert isinstance(next(g for g in found.groups if g.name == "loss").marks[0], Panel)


def test_shared_weights_have_the_same_label():
    labels = Counter(written(picture(example("autoencoder")), "weight"))
    assert set(labels.values()) == {2}
    assert len(labels) == 8


def test_a_long_layer_is_its_first_dots_and_its_last():
    flow = flowc.loads("input x[784]\noutput f[10] : softmax\nx -> f : ~\n1 -> f : ~")
    found = picture(flow)
    assert [g.name for g in found.groups if g.kind == "node"] == ["x_1", "x_2", "x_3", "x_784", "f_1", "f_2", "f_3", "f_10"]
    assert [g.says for g in found.groups if g.kind == "dots"] == ["780 more", "6 more"]
    assert "786 circles are left out" in written(found, "legend")
    assert f"{7840 - 16} arrows are not drawn" in written(found, "legend")
    whole = picture(flowc.loads("input x[10]\noutput f\nx -> f : ~"), many=10)
    assert len([g for g in whole.groups if g.kind == "node"]) == 11


def test_vectors_as_circles():
    found = picture(example("layers"), vectors="circle")
    assert [g.name for g in found.groups if g.kind == "node"] == ["x", "h1", "h2", "h3"]
    assert written(found, "weight") == ["W⁽¹⁾", "W⁽²⁾", "W⁽³⁾"]
    assert written(found, "bias") == ["b⁽¹⁾", "b⁽²⁾", "b⁽³⁾"]


def test_a_thousand_nodes_are_simplified_and_say_so():
    found = picture(irregular(1000, 3))
    shown = len([g for g in found.groups if g.kind == "node"])
    assert 40 < shown < 140
    legend = written(found, "legend")
    assert f"{1000 - shown} circles are left out" in legend
    assert any("columns in the middle are left out" in line for line in legend)


def test_a_hundred_nodes_in_ten_layers():
    found = picture(layered(10, 10), many=10)
    assert len([g for g in found.groups if g.kind == "node"]) == 100
    assert len([g for g in found.groups if g.kind == "arrow"]) == 900
    assert written(found, "weight") == []


def test_hostile_labels_are_text():
    found = picture(flowc.loads(HOSTILE), many=20)
    names = written(found, "name")
    assert "<b>bold</b> & </text>" in names
    assert r"\write18{rm -rf /}" in names
    assert r"$\input{/etc/passwd}$" in names
    assert "שלום עולם" in names
    assert any("שלום עולם" in warning for warning in found.warnings)
    assert found.alt.startswith(r"<script>alert(1)</script> \input{/etc/passwd} & quotes $x$ </svg>: ")
    assert "🦊 中文" in found.description


def test_an_authors_formula_is_mathematics():
    found = picture(flowc.loads('input x "$\\hat{\\alpha}_1$"\noutput f\nx -> f : 2'))
    (label,) = [m.label for g in found.groups if g.name == "x" for m in g.marks if isinstance(m, Lettering)]
    assert label.latex == "{\\hat{\\alpha}_1}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_alt_text(path):
    """One sentence with the numbers of inputs and outputs; a description that names every node that is drawn."""
    flow = flowc.load(path)
    found = picture(flow, many=20)
    assert found.alt.endswith(".")
    assert flow.network.title in found.alt
    for node in flow.network.nodes:
        if node.role in ("input", "output"):
            assert node.name in found.description


def test_alt_of_xor():
    assert picture(example("xor")).alt == (
        "The exclusive or of two bits: a network of 2 inputs, a layer of 2 step nodes and 1 output (step); "
        "6 weights and 3 biases."
    )
    assert picture(example("xor"), alt="My own words").alt == "My own words"


def test_the_legend_says_what_is_needed_and_no_more():
    assert written(picture(example("xor")), "legend") == []
    assert written(picture(example("net232")), "legend") == ["wⱼₖ: from k to j"]
    assert written(picture(example("net232"), legend=False), "legend") == []
    assert len(written(picture(example("xor"), legend=True), "legend")) == 1


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("direction", ["right", "up"])
def test_examples_lose_nothing(path, direction):
    assert picture(flowc.load(path), direction=direction, loss=True).warnings == ()


@pytest.mark.parametrize(
    "equation, sign, arrows",
    [
        ("a/b", "a/b", ["a", "b"]), ("b/a", "a/b", ["b", "a"]), ("3/a", "3/·", []), ("a^2", "(·)^2", []), ("2^a", "2^·", []),
        ("a^b", "a^b", ["a", "b"]), ("a^a", "a^b", ["a, b"]), ("max(a, 0.5)", "max(·, 0.5)", []), ("min(5, a)", "min(5, ·)", []),
        ("a*b", "×", []), ("max(a, b)", "max", []),
    ],
)  # fmt: skip
def test_operations_say_what_they_do(equation, sign, arrows):
    found = picture(flowc.loads(f"input a, b\noutput f\noutput g\nf = {equation}\ng = a + b"))
    assert sign in [m.label.text for g in found.groups if g.name == "f" for m in g.marks if isinstance(m, Lettering)]
    letters = {g.name: m.label.text for g in found.groups if g.kind == "weight" and g.name.endswith("-f") for m in g.marks}
    assert sorted(letters.values()) == sorted(arrows)
    if equation in ("a/b", "b/a"):
        assert letters[f"weight-{equation[0]}-f"] == "a"


def test_a_matrix_into_a_number_carries_a_matrix():
    found = picture(flowc.loads("input X[2,2]\noutput o\nX -> o : W ~"))
    assert written(found, "weight") == ["W"]
    found = picture(flowc.loads("input X[2,2]\noutput o\nX -> o : [[1,2],[3,4]]"))
    assert written(found, "weight") == []


def test_digits_before_the_point_are_kept():
    found = picture(flowc.loads("input x\noutput f\nx -> f : 123456.789\n1 -> f : 0.123456789"))
    assert written(found, "weight") == ["123457"]
    assert written(found, "bias") == ["0.1235"]


def test_a_name_too_long_for_an_index_leaves_its_excitation_bare():
    found = picture(flowc.loads("input x\nnode a_hidden_feature_with_a_long_name : tanh\nnode h : tanh\noutput f\n"
                                "x -> a_hidden_feature_with_a_long_name, h : 1\na_hidden_feature_with_a_long_name, h -> f : 1"))  # fmt: skip
    (label,) = [m.label.text for g in found.groups if g.name.startswith("a_hidden") for m in g.marks if isinstance(m, Lettering)]
    assert label == "ξ"


@pytest.mark.parametrize(
    "text",
    [
        'input x "$' + "x + " * 400 + 'x$"\noutput f\nf = 2*x\n',
        "input x, y\noutput f\nf = max(" + "0.5*x, y, " * 200 + "0.25)\n",
        f"input {'x' * 255}\noutput f\n{'x' * 255} -> f : ~\n",
    ],
)
def test_of_a_very_long_formula_the_words_are_set(text):
    """Setting a formula takes the square of its length."""
    groups = picture(flowc.loads(text)).groups
    labels = [m.label for g in groups for m in g.marks if isinstance(m, Lettering)]
    assert labels and all(len(label.latex or label.text) <= MOST for label in labels)


def test_labels_of_weights_stand_on_their_arrows():
    """Words in place of the name, mathematics as its symbol, also of elements and in equations."""
    flow = flowc.loads(r"""
        input a, b, x[2]
        output f
        weight w "?", v "$\omega$", c "lift" = 0.5, W[2] "$M$"
        a -> f : w; b -> f : v; 1 -> f : c; x -> f : W
    """)
    marks = [m for g in draw(flow.network).groups if g.kind in ("weight", "bias") for m in g.marks if isinstance(m, Lettering)]
    assert {m.label.latex or m.label.text for m in marks} == {"lift", "?", r"{\omega}", "{M}_{1}", "{M}_{2}"}
    assert r"{\omega}" in flow.equations("latex") and "{M}" in flow.equations("latex")
    assert "w is labelled: ?" in flowc.render(flow)


def test_weights_of_classes_have_their_words_where_there_is_room_and_their_places_where_not():
    text = "index K = {}\ninput x[{}]\noutput p[K] : softmax\nx -> p : ~"
    few = flowc.loads(text.format("cat, dog", 2))
    many = flowc.loads(text.format("Leguminosae, Orchidaceae, Rosaceae", 4))
    assert written(draw(few.network), "weight")[:2] == ["w_cat,1", "w_cat,2"]
    assert written(draw(many.network), "weight")[:2] == ["w₁₁", "w₁₂"]

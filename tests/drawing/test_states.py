"""The numbers in a picture: those of `flowc run` and `flowc trace`, and those that were published."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

import flowc
from flowc.drawing.draw import Drawing, diagram_of, draw, draw_steps
from flowc.drawing.geometry import around, overlap
from flowc.drawing.lettering import size_of
from flowc.drawing.numbers import Numbers, numbers
from flowc.drawing.picture import Lettering
from flowc.drawing.rooms import RESERVE, rooms
from flowc.drawing.states import with_backprop, with_gradients, with_values

from .diagrams import EXAMPLES

XOR = next(path for path in EXAMPLES if path.stem == "xor")
MAZUR = next(path for path in EXAMPLES if path.stem == "worked_example")


def found(flow, row=0):
    net = flow.compile()
    token = {name: array[row : row + 1] for name, array in flow.data().arrays.items()}
    return numbers(flow.network, {**net.init(0), **net.fixed}, token)


def said(picture):
    """Every group's labels by its name."""
    return {g.name: [m.label.text for m in g.marks if isinstance(m, Lettering)] for g in picture.groups if g.name}


@pytest.mark.parametrize("row", range(4))
def test_xor_with_values(row):
    flow = flowc.load(XOR)
    x1, x2 = divmod(row, 2)
    h1, h2 = int(x1 + x2 == 0), int(x1 + x2 == 2)
    groups = said(draw(flow.network, Drawing(), "values", found(flow, row)))
    text = lambda n: f"{n:g}".replace("-", "−")
    assert groups["x1"] == ["x₁", text(x1)]
    assert groups["h1"] == [text(0.5 - x1 - x2), text(h1)]
    assert groups["h2"] == [text(x1 + x2 - 1.5), text(h2)]
    assert groups["f"] == [text(0.5 - h1 - h2), text(x1 ^ x2)]
    assert groups["weight-x1-h1"] == [text(-x1 or 0)]
    assert groups["bias-h2"] == ["−1.5"]


def test_a_published_example_with_gradients():
    """Mazur 2015, A Step by Step Backpropagation Example: ∂E/∂w5 = 0.082167041, δ of o1 = 0.138498562."""
    flow = flowc.load(MAZUR)
    groups = said(draw(flow.network, Drawing(loss=True), "gradients", found(flow)))
    assert groups["weight-h1-o1"] == ["0.0822"]
    assert groups["o1"] == ["0.138", "0.741"]
    assert groups["weight-i1-h1"] == ["0.000439"]
    assert groups["loss"] == ["L", "1"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_numbers_are_those_of_the_backends(path):
    flow = flowc.load(path)
    data = flow.data()
    if data is None:
        return
    net = flow.compile()
    token = {name: array[:1] for name, array in data.arrays.items()}
    weights = net.init(0)
    shown = numbers(flow.network, {**weights, **net.fixed}, token)
    for name, value in net.forward(weights, token).items():
        if name in shown.activations:
            np.testing.assert_allclose(shown.activations[name], value[0], rtol=1e-12, atol=1e-15)
    if flow.network.loss and net.targets.keys() <= token.keys():
        np.testing.assert_allclose(shown.activations[flow.network.loss], net.loss(weights, token), rtol=1e-12)
        for name, gradient in net.gradients(weights, token).items():
            np.testing.assert_allclose(shown.weight_gradients[name], gradient, rtol=1e-11, atol=1e-14)


FACTORS = """\
input x[2], z
target y
node h[3] : tanh
output f
weight W[2, 3], a, c = -1.5
x -> h : -2*W^T
x[1], z -> f : a/3
h[i] -> f : v[i] ~
1 -> h : ~
1 -> f : 0.25
z -> h[2] : 2*c
loss mse(f, y)
data {
  x[1] x[2] z y
  0.5 -1 2 1
}
"""


@pytest.mark.parametrize("path", [*EXAMPLES, None], ids=lambda path: path.stem if path else "factors")
def test_what_arrows_and_biases_say_adds_up_to_the_excitation(path):
    """Of circles that sum; an arrow's gradient is its factor times δ there, times the value it comes from."""
    flow = flowc.load(path) if path else flowc.loads(FACTORS)
    if flow.data() is None:
        return
    diagram, shown = diagram_of(flow.network, Drawing(loss=True, many=10**4)), found(flow)
    assert_sums(flow.network, diagram, shown)
    if shown.gradients:
        assert_gradients(diagram, shown)


def assert_sums(network, diagram, shown):
    """Every circle of whose arrows each has its number."""
    values = with_values(diagram, shown)
    for (name, element), (excitation, value) in values.circles.items():
        into = [a for a in diagram.arrows if a.target == (name, element)]
        terms = [values.arrows.get((a.source, a.target)) for a in into]
        if network.node(name).arrows and not network.node(name).operands and None not in terms:
            total = sum(terms) + values.biases.get((name, element), 0.0)
            assert total == pytest.approx(value if excitation is None else excitation, rel=1e-9, abs=1e-12), name


def assert_gradients(diagram, shown):
    """Every weight that one arrow has."""
    gradients, values = with_gradients(diagram, shown), with_values(diagram, shown)
    carried = Counter(a.weight for a in (*diagram.arrows, *diagram.biases))
    for a in diagram.arrows:
        found = gradients.arrows.get((a.source, a.target))
        if found is not None and carried[a.weight] == 1:
            delta = next(d for d in gradients.circles[a.target] if d is not None)
            assert found == pytest.approx(a.factor * delta * values.circles[a.source][1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["xor", "worked_example", "softmax", "net232", "sine", "autoencoder", "evolved"])
@pytest.mark.parametrize("direction", ["right", "up"])
def test_states_do_not_jump(name, direction):
    flow = flowc.load(next(path for path in EXAMPLES if path.stem == name))
    shown, how = found(flow), Drawing(direction=direction, loss=True, legend=False)
    kinds = ["values", *(["gradients"] if shown.gradients else [])]
    pictures = [*(draw(flow.network, how, kind, shown) for kind in kinds), *draw_steps(flow.network, how, shown)]
    diagram = diagram_of(flow.network, how)
    room = rooms(diagram, [with_values(diagram, shown), with_gradients(diagram, shown)])
    if {*room.arrows.values(), *room.biases.values()} == {RESERVE}:  # no number is longer than is foreseen
        pictures.append(draw(flow.network, how))
    places = [{g.name: g.at for g in p.groups if g.kind == "node"} for p in pictures]
    assert all(place == places[0] for place in places)
    assert len({p.size for p in pictures}) == 1


def test_steps_go_forward_and_then_back():
    flow = flowc.load(MAZUR)
    steps = [said(p) for p in draw_steps(flow.network, Drawing(loss=True), found(flow))]
    forward = ["h1", "h2", "o1", "o2", "loss_1", "loss_2", "loss"]
    assert len(steps) == 1 + len(forward) + len(forward) + 2
    assert steps[0]["h1"] == ["ξₕ₁"]
    assert steps[1]["h1"] == ["0.378", "0.593"]
    assert steps[1]["weight-i1-h1"] == ["0.0075"]
    assert steps[1]["h2"] == ["ξₕ₂"]
    assert steps[7]["loss"] == ["L", "0.298"]
    assert steps[8]["loss"] == ["L", "1"]
    assert steps[12]["o1"] == ["0.138", "0.741"]
    assert steps[12]["h1"] == ["0.378", "0.593"]
    assert steps[-1]["i1"][0] == "i₁"


def test_gradients_need_a_loss():
    flow = flowc.load(XOR)
    with pytest.raises(ValueError, match="no gradients without a loss"):
        draw(flow.network, Drawing(), "gradients", found(flow))


def test_a_number_that_is_not_finite_names_its_node():
    flow = flowc.loads("input x\noutput f\nf = log(x)\ndata {\n  x\n  0\n}")
    with pytest.raises(FloatingPointError, match="`f` is not finite"):
        found(flow)


def test_an_excitation_that_is_not_finite_is_none_although_its_value_is():
    flow = flowc.loads("input x\nnode h : tanh\noutput f\nx -> h : 1e300\nh -> f : 1")
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="the excitation of `h` is not finite"):
        flowc.render(flow, values={"x": 1e300})


@pytest.mark.parametrize("show", ["gradients", "backprop", "steps"])
def test_a_gradient_that_is_not_finite_is_of_no_picture_of_gradients(show):
    flow = flowc.loads("input x\ntarget y\nnode h\noutput f\nx -> h : w ~ 1e-300\nh -> f : 1e10\nloss f - y")
    token = {"x": 1e300, "y": 1}
    with np.errstate(all="ignore"):
        assert "= 1e+10" in flowc.render(flow, values=token)
        with pytest.raises(FloatingPointError, match=r"the gradient of `?w`? is (not finite|inf)"):
            flowc.render(flow, values=token, show=show)


def test_a_weight_that_does_not_learn_has_no_gradient():
    flow = flowc.loads("input x\ntarget y\noutput f\nweight c = -1\nx -> f : c\n1 -> f : b ~ 0.5\nloss mse(f, y)\ndata {\n x | y\n 1 | 0\n}")
    groups = said(draw(flow.network, Drawing(), "gradients", found(flow)))
    assert "weight-x-f" not in groups
    assert groups["bias-f"] == ["−1"]
    groups = said(draw(flow.network, Drawing(), "values", found(flow)))
    assert groups["weight-x-f"] == ["−1"]


def test_steps_on_the_way_back_say_which_numbers_are_which():
    flow = flowc.load(MAZUR)
    steps = [said(p)["legend"] for p in draw_steps(flow.network, Drawing(), found(flow))]
    assert steps[0] == ["in a circle: ξ, below it h", "on an arrow: weight times value"]
    assert steps[-1][0] == "where arrows lead back: δ = ∂L/∂ξ, below it ∂L/∂h, else ξ and h"


def test_a_vector_as_one_circle_has_no_number():
    flow = flowc.load(MAZUR.with_name("softmax.flow"))
    with pytest.raises(ValueError, match="`x` as one circle has no single number"):
        draw(flow.network, Drawing(vectors="circle"), "values", found(flow))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("direction", ["right", "up"])
@pytest.mark.parametrize("kind", ["values", "gradients"])
def test_numbers_touch_nothing_and_stay_on_the_page(path, direction, kind):
    flow = flowc.load(path)
    if flow.data() is None or kind == "gradients" and not flow.network.loss:
        return
    picture = draw(flow.network, Drawing(direction=direction, loss=True), kind, found(flow))
    boxes = [
        around(m.middle, *size_of(m.label, m.size)) for g in picture.groups if g.kind != "frame" for m in g.marks if isinstance(m, Lettering)
    ]
    assert not [(a, b) for a, b in combinations(boxes, 2) if overlap(a, b)]
    assert all(0 <= a[0] and 0 <= a[1] and a[2] <= picture.size[0] and a[3] <= picture.size[1] for a in boxes)


def test_a_published_example_with_values_and_gradients_together():
    """Mazur 2015: out_h1 = 0.593269992, out_o1 = 0.75136507, w5 = 0.4 and ∂E/∂w5 = 0.082167041, which is δ of o1 times out_h1."""
    flow = flowc.load(MAZUR)
    groups = said(draw(flow.network, Drawing(loss=True, digits=5), "backprop", found(flow)))
    assert groups["h1"] == ["0.59327", "0.0087714"]
    assert groups["o1"] == ["0.75137", "0.1385"]
    assert groups["weight-h1-o1"] == ["0.4", "0.082167"]
    assert groups["weight-i1-h1"] == ["0.15", "0.00043857"]
    assert groups["name-h1"] == ["h₁"] and groups["name-i1"] == ["i₁"]


def test_gradients_in_the_picture_are_products_of_what_stands_beside_them():
    """∂L/∂w is δ of the target times h of the source: what a student multiplies."""
    flow = flowc.load(MAZUR)
    diagram = diagram_of(flow.network, Drawing(loss=True))
    state = with_backprop(diagram, found(flow))
    assert len(state.slopes) == 8
    for arrow in diagram.arrows:
        if (slope := state.slopes.get((arrow.source, arrow.target))) is not None:
            assert slope == pytest.approx(state.circles[arrow.source][0] * state.circles[arrow.target][1], rel=1e-12)


def test_numbers_of_weights_on_the_arrows_of_a_structure():
    flow = flowc.load(MAZUR)
    weights = {name: 10 * array for name, array in flow.compile().init(0).items()}
    picture = flowc.render(flow, show="structure", weights=weights)
    assert "w₁ = 1.5" in picture and "b₂ = 0.6" in picture
    assert "w₁ = 0.15" in flowc.render(flow, arrows="both")
    assert "w₁" not in flowc.render(flow, arrows="numbers").split("</desc>")[1]


def test_labels_that_have_no_room_give_way_to_numbers_alone():
    """Then to widths and colours, and the legend says so."""
    network = flowc.loads("input x[4]\noutput f[3]\nx -> f : W ~ -0.50319811123456").network
    weights = Numbers(weights={"W": np.full((3, 4), -0.50319811123456)})
    draws = {n: said(draw(network, Drawing(arrows="both", digits=n), numbers=weights)) for n in (2, 6, 14)}
    on_first = [groups.get("weight-x_1-f_1") for groups in draws.values()]
    assert on_first == [["w₁₁ = −0.5"], ["−0.503198"], None]
    assert draws[14]["legend"][0] == "no room for labels on the arrows"

"""What a trace tells: forward in the diagram's terms, backward arrow by arrow, for each kind of diagram."""

from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.learning.trace.text import as_text
from tests.learning.tracing import number, of_example, rows, traced


def printed(trace):
    """Name -> the whole line, as it is printed."""
    found = {}
    for row in rows(trace):
        found.setdefault(row.name, " = ".join((row.name, *row.pieces, row.result)))
    return found


def section(trace, name):
    """The names of a section's lines, in order."""
    (found,) = [s for s in trace.sections if s.name == name]
    return [trace.names.name_of(line.left) for line in found.lines()]


XOR = {
    (0, 0): ("0.5 - 0 - 0", "0.5", "1", "-1.5 + 0 + 0", "-1.5", "0", "0.5 - 1 - 0", "-0.5", "0"),
    (0, 1): ("0.5 - 0 - 1", "-0.5", "0", "-1.5 + 0 + 1", "-0.5", "0", "0.5 - 0 - 0", "0.5", "1"),
    (1, 0): ("0.5 - 1 - 0", "-0.5", "0", "-1.5 + 1 + 0", "-0.5", "0", "0.5 - 0 - 0", "0.5", "1"),
    (1, 1): ("0.5 - 1 - 1", "-1.5", "0", "-1.5 + 1 + 1", "0.5", "1", "0.5 - 0 - 1", "-0.5", "0"),
}


@pytest.mark.parametrize("x1, x2", XOR)
def test_xor(x1, x2):
    """The table of the lecture: every excitation and activation, row by row."""
    sum1, xi1, h1, sum2, xi2, h2, sum3, xi3, f = XOR[x1, x2]
    assert [*printed(of_example("xor.flow", {"x1": x1, "x2": x2})).values()] == [
        f"x1 = {x1}",
        f"x2 = {x2}",
        f"xi1 = 0.5 - x1 - x2 = {sum1} = {xi1}",
        f"h1 = step(xi1) = step({xi1}) = {h1}",
        f"xi2 = -1.5 + x1 + x2 = {sum2} = {xi2}",
        f"h2 = step(xi2) = step({xi2}) = {h2}",
        f"xi3 = 0.5 - h1 - h2 = {sum3} = {xi3}",
        f"f = step(xi3) = step({xi3}) = {f}",
    ]


def test_sums_stand_in_the_order_they_are_written():
    lines = printed(of_example("xor_arrows.flow", {"x1": 0, "x2": 1}))
    assert lines["xi1"] == "xi1 = -x1 - x2 + 0.5 = -0 - 1 + 0.5 = -0.5"


def test_layers_element_by_element():
    trace = of_example("net232.flow", {"x": [0, 1], "y": [1, 0]})
    names = [f"xi_h[{i}]" for i in (1, 2, 3)] + [f"h[{i}]" for i in (1, 2, 3)]
    assert section(trace, "forward") == ["x[1]", "x[2]", *names, "f[1]", "f[2]"]
    lines = printed(trace)
    assert lines["xi_h[2]"].startswith("xi_h[2] = W_h_x[2,1]*x[1] + W_h_x[2,2]*x[2] + b_h[2] = ")
    assert lines["loss"].startswith("loss = ((f[1] - y[1])^2 + (f[2] - y[2])^2)/2 = ((")
    assert lines["d_f[1]"].startswith("d_f[1] = 2*(f[1] - y[1])/2 = ")
    assert lines["d_h[2]"].startswith("d_h[2] = W_f_h[1,2]*d_f[1] + W_f_h[2,2]*d_f[2] = ")
    assert lines["d_xi_h[2]"].startswith("d_xi_h[2] = d_h[2]*logistic'(xi_h[2]) = ")
    assert lines["d_W_h_x[3,1]"].startswith("d_W_h_x[3,1] = d_xi_h[3]*x[1] = ")
    assert lines["W_h_x[3,1]'"].startswith("W_h_x[3,1]' = W_h_x[3,1] - 0.1*d_W_h_x[3,1] = ")


def test_backward_runs_from_the_last_node_to_the_first():
    trace = of_example("worked_example.flow", {"i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99})
    (backward,) = [s for s in trace.sections if s.name == "backward"]
    assert [b.name for b in backward.blocks] == ["loss_2", "loss_1", "o2", "o1", "h2", "h1", "i2", "i1"]
    h1 = next(b for b in backward.blocks if b.name == "h1")
    assert [(line.what, trace.names.name_of(line.left)) for line in h1.lines] == [
        ("arrives", "d_h1"), ("saved", "h1"), ("slope", "logistic'(xi_h1)"), ("delta", "d_xi_h1"),
    ]  # fmt: skip


def test_softmax_by_its_exponentials_and_their_sum():
    lines = printed(of_example("softmax.flow", {"x": [2, 1], "y": [0, 1, 0]}, weights={"b": [0, 1, 2]}))
    assert lines["e_p[bird]"] == "e_p[bird] = exp(xi_p[bird]) = exp(2) = 7.389"
    assert lines["s_p"].startswith("s_p = e_p[cat] + e_p[dog] + e_p[bird] = 1 + ")
    assert lines["p[dog]"].startswith("p[dog] = e_p[dog]/s_p = ")
    assert lines["loss"].startswith("loss = -y[dog]*log(p[dog]) = -1*log(")
    assert lines["d_xi_p[dog]"].startswith("d_xi_p[dog] = p[dog] - y[dog] = ")
    assert "d_p[dog]" not in lines  # the loss takes the excitation


def test_softmax_without_cross_entropy_takes_every_gradient():
    text = "input x[2]\ntarget y[2]\noutput p[2] : softmax\nx -> p : W ~ 0.5\nloss mse(p, y)\n"
    trace = traced(text, {"x": [1, 2], "y": [1, 0]})
    lines = printed(trace)
    assert lines["t_p"].startswith("t_p = d_p[1]*p[1] + d_p[2]*p[2] = ")
    assert lines["d_xi_p[1]"].startswith("d_xi_p[1] = p[1]*(d_p[1] - t_p) = ")
    assert number(trace, "d_xi_p[1]") == pytest.approx(-0.25)  # p(1 - p)(d1 - d2) = 1/4 · -1


def test_the_perceptron_learns_by_its_error():
    """The loss is ξ·(f − y) with f held constant: its gradient is the lecture's error, too low -1, too high +1."""
    text = "index D = 2, V = 3\n" + Path("examples/perceptron.flow").read_text().split("V = 20\n")[1]
    lines = printed(traced(text, {"x": [2, -1], "y": [0, 0, 1]}))
    assert lines["f[1]"] == "f[1] = argmax(xi_f[1], xi_f[2], xi_f[3])[1] = argmax(0, 0, 0)[1] = 1"
    assert lines["d_xi_f[1]"] == "d_xi_f[1] = f[1] - y[1] = 1 - 0 = 1"
    assert lines["d_xi_f[3]"] == "d_xi_f[3] = f[3] - y[3] = 0 - 1 = -1"
    assert lines["d_W[3,1]"] == "d_W[3,1] = d_xi_f[3]*x[1] = -1*2 = -2"
    assert lines["W[3,1]'"] == "W[3,1]' = W[3,1] - d_W[3,1] = 0 - (-2) = 2"  # its rate is 1


def test_a_shared_weight_adds_up_over_its_arrows():
    text = "input x\ntarget y\noutput f\nweight w ~ 0.5\nh = tanh(w*x)\nf = w*h - w\nloss mse(f, y)\n"
    lines = printed(traced(text, {"x": 1, "y": 0}))
    assert lines["d_w"].startswith("d_w = d_xi_h*x + d_f*h - d_f = ")
    lines = printed(of_example("autoencoder.flow", {"x": [0, 1, 0, 0]}))
    assert lines["d_W[1,2]"].startswith("d_W[1,2] = d_xi_h[1]*x[2] + d_xhat[2]*h[1] = ")
    assert lines["d_h[1]"].startswith("d_h[1] = W[1,1]*d_xhat[1] + W[1,2]*d_xhat[2] + ")


def test_a_node_that_feeds_many_gets_from_all():
    text = """
    input x
    target y
    node a : tanh
    output f, g : logistic
    weight u ~ 2, v ~ -1, w ~ 3
    x -> a : 1
    a -> f : u
    a -> g : v
    f -> g : w
    loss mse(g, y) + 0.5*mse(a, y)
    """
    lines = printed(traced(text, {"x": 0.5, "y": 1}))
    assert lines["d_a"].startswith("d_a = u*d_xi_f + v*d_xi_g + 2*(a - y)*d_loss_2 = 2*")


def test_products_and_functions_of_nodes_are_circles_of_their_own():
    text = "input x, y\ntarget t\noutput f\nweight w ~ 2\nf = w*x*sin(x*y)^2 + max(x, y) - x/y\nloss mse(f, t)\n"
    lines = printed(traced(text, {"x": 2, "y": 3, "t": 1}))
    assert lines["f_1"] == "f_1 = x*y = 2*3 = 6"
    assert lines["f_2"].startswith("f_2 = sin(xi_f_2) = sin(6) = -0.2794")
    assert lines["f_3"].startswith("f_3 = f_2^2 = (-0.2794")
    assert lines["f_4"].startswith("f_4 = x*f_3 = 2*")
    assert lines["f_5"] == "f_5 = max(x, y) = max(2, 3) = 3"
    assert lines["f"].startswith("f = w*f_4 + f_5 - f_6 = ")
    assert lines["d_f_6"].startswith("d_f_6 = -d_f = ")
    assert lines["d_f_2"].startswith("d_f_2 = 2*f_2*d_f_3 = ")
    assert lines["d_y"].startswith("d_y = x*d_f_1 + d_f_5 - x*d_f_6/y^2 = ")
    assert lines["d_x"].startswith("d_x = y*d_f_1 + f_3*d_f_4 + d_f_6/y = ")  # max hands all to y


def test_skip_connections():
    text = Path("examples/skip.flow").read_text() + "target y[3]\nloss mse(f, y)\n"
    lines = printed(traced(text, {"x": [1, -1, 0.5], "y": [0, 0, 0]}))
    assert lines["f[2]"].startswith("f[2] = W2[2,1]*h[1] + W2[2,2]*h[2] + W2[2,3]*h[3] + x[2] = ")
    assert lines["d_x[2]"].startswith("d_x[2] = W1[1,2]*d_xi_h[1] + W1[2,2]*d_xi_h[2] + W1[3,2]*d_xi_h[3] + d_f[2] = ")


@pytest.mark.parametrize(
    "function, x, slope",
    [
        ("tanh", 0.5, "1 - f^2"), ("logistic", 0.5, "f*(1 - f)"), ("exp", 0.5, "f"), ("log", 0.5, "1/xi_f"),
        ("sin", 0.5, "cos(xi_f)"), ("cos", 0.5, "-sin(xi_f)"), ("square", 0.5, "2*xi_f"), ("softplus", 0.5, "logistic(xi_f)"),
        ("sqrt", 0.5, "0.5/sqrt(xi_f)"), ("silu", 0.5, "logistic(xi_f) + f*(1 - logistic(xi_f))"), ("abs", -2, "sign(xi_f)"),
        ("elu", -2, "f + 1"), ("elu", 2, None), ("relu", 2, None), ("relu", -2, None), ("step", 2, None),
        ("leaky_relu(0.1)", -2, None),
    ],
)  # fmt: skip
def test_slopes_as_their_functions_say(function, x, slope):
    trace = traced(f"input x\noutput f : {function}\nx -> f : w ~ 1\nloss f\n", {"x": x})
    name = f"{function.partition('(')[0]}'(xi_f)"
    row = next(row for row in rows(trace) if row.name == name)
    assert (row.pieces[0] if row.pieces else None) == slope
    small = 1e-6
    up, down = (
        number(traced(f"input x\noutput f : {function}\nx -> f : 1\n", {"x": x + s}), "f") for s in (small, -small)
    )
    assert number(trace, name) == pytest.approx((up - down) / (2 * small), abs=1e-6)


def test_what_was_saved_is_what_the_slope_needs():
    trace = traced("input x\noutput f : relu\nx -> f : w ~ 1\nloss f\n", {"x": 2})
    (backward,) = [s for s in trace.sections if s.name == "backward"]
    assert [trace.names.name_of(line.left) for line in backward.lines() if line.what == "saved"] == ["xi_f"]


@pytest.mark.parametrize(
    "loss, y, formula, slope",
    [
        ("mae(f, y)", 3, "abs(f - y)", "sign(f - y)"), ("hinge(f, y)", 1, "max(0, 1 - y*f)", "-y"),
        ("sse(f, y)", 3, "(f - y)^2", "2*(f - y)"), ("(f - y)^2/2", 3, None, None), ("f*y", 3, None, None),
    ],
)  # fmt: skip
def test_losses(loss, y, formula, slope):
    trace = traced(f"input x\ntarget y\noutput f\nx -> f : w ~ 0.5\nloss {loss}\n", {"x": 1, "y": y})
    lines = printed(trace)
    if formula:
        assert lines["loss"].startswith(f"loss = {formula} = ") and lines["d_f"].startswith(f"d_f = {slope} = ")
    f = 0.5 + 1e-6 * np.array([1, -1])
    up, down = (
        number(traced(f"input x\ntarget y\noutput f\nx -> f : {v}\nloss {loss}\n", {"x": 1, "y": y}), "loss") for v in f
    )
    assert number(trace, "d_f") == pytest.approx((up - down) / 2e-6, rel=1e-6)


def test_binary_cross_entropy():
    text = "input x\ntarget y\noutput p : logistic\nx -> p : w ~ 2\nloss cross_entropy(p, y) + 0.1*w^2\n"
    lines = printed(traced(text, {"x": 1, "y": 1}))
    assert lines["loss_1"].startswith("loss_1 = -y*log(p) - (1 - y)*log(1 - p) = -1*log(")
    assert lines["d_xi_p"].startswith("d_xi_p = d_loss_1*(p - y) = 1*(")
    assert lines["d_w"].startswith("d_w = d_xi_p*x + ")  # the penalty on the weight adds up


def test_without_targets_there_is_the_forward_pass_alone():
    trace = of_example("net232.flow", {"x": [0, 1]})
    assert [s.name for s in trace.sections] == ["forward"] and "y[1]" not in section(trace, "forward")


def test_nodes_that_need_a_target_come_with_it():
    text = "input x\ntarget y\noutput f\nf = 2*x\ne = f - y\nloss e^2\n"
    trace = traced(text, {"x": 1, "y": 3})
    assert section(trace, "loss") == ["y", "e", "loss"] and section(trace, "forward") == ["x", "f"]
    assert printed(trace)["d_f"] == "d_f = d_e = -2"
    assert section(traced(text, {"x": 1}), "forward") == ["x", "f"]


def test_nothing_to_learn_is_no_step():
    trace = traced("input x\ntarget y\noutput f\nf = 2*x\nloss mse(f, y)\n", {"x": 1, "y": 3})
    assert [s.name for s in trace.sections] == ["forward", "loss", "backward"]


def test_a_weight_that_nothing_leads_on_from_has_gradient_0():
    trace = traced("input x\noutput f, g\nweight u ~ 1, v ~ 1\nf = u*x\ng = v*x\nloss f^2\n", {"x": 3})
    assert printed(trace)["d_v"] == "d_v = 0" and printed(trace)["v'"] == "v' = v - 0.1*d_v = 1 - 0.1*0 = 1"


def test_derived_names_give_way_to_those_of_the_diagram():
    text = "input d_f\ntarget y\noutput f : softmax\n".replace("output f", "output f[2]").replace(
        "target y", "target y[2]"
    )
    trace = traced(text + "weight e_f[2] ~ 1\nd_f -> f : e_f\nloss mse(f, y)\n", {"d_f": 1, "y": [1, 0]})
    names = [trace.names.name_of(q) for q in {line.left for line in trace.lines()}]
    assert len(names) == len(set(names)) and {"d_f", "d_f_[1]", "e_f_[1]"} <= set(names)


def test_files_of_arrows_have_arrows_with_names():
    lines = printed(of_example("evolved.flow", {"x1": 1, "x2": 0, "x3": 1, "y": 0}))
    assert lines["h1"].startswith("h1 = b_h1 + w_h1_x1*x1 - 1.35*x2 + w_h1_x3*x3 = 1.06 + (-0.65)*1 - 1.35*0")
    assert lines["d_w_h1_x1"].startswith("d_w_h1_x1 = d_h1*x1 = ")


def test_a_terminal_without_other_signs_gets_ascii():
    flow = flowc.loads('flow ψ "Größe: α → β"\ninput x\noutput ξ₁\nξ₁ = 0.3 - x - 0.2\n')
    text = as_text(traced(flow, {"x": 0.1}), ascii=True)
    assert text.isascii() and "xi1 = 0.3 - x - 0.2 = 0.3 - 0.1 - 0.2 ~= -2.776e-17" in text


def test_lines_keep_to_the_width():
    trace = of_example("evolved.flow", {"x1": 1, "x2": 0, "x3": 1, "y": 0})
    for width in (60, 80, 120):
        lines = as_text(trace, width).partition("\nwhere\n")[0].splitlines()[1:]
        assert all(len(line) <= width for line in lines)

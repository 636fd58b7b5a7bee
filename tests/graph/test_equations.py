"""Equations, excitations' names, the order of evaluation and the loss."""

import pytest

from tests.graph.reading import arrows, codes, network


def names(text: str) -> list[str]:
    return [n.name for n in network(text).nodes]


def operands(text: str, node: str) -> list:
    return [(o.node, o.index) if o.node else o.number for o in network(text).node(node).operands]


def test_the_outermost_operation_is_the_named_circle() -> None:
    assert names("input x, y\noutput f\nf = x*y\n") == ["x", "y", "f"]
    assert operands("input x, y\noutput f\nf = x*y\n", "f") == [("x", ()), ("y", ())]
    assert names("input x, y\noutput f\nf = x*y + 1\n") == ["x", "y", "f_1", "f"]
    assert arrows("input x, y\noutput f\nf = x*y + 1\n", "f") == [("f_1", ",->", 1, None), ("1", ",->", 1, None)]


def test_anonymous_names_avoid_the_authors() -> None:
    assert names("input x, f_1\noutput f\nf = x*f_1 + 1\n") == ["x", "f_1", "f_1_", "f"]


def test_parts_of_nodes_are_operands() -> None:
    text = "input x[3], g[2, 3]\noutput f\nf = max(x[1], g[2, 3], 4)\n"
    assert operands(text, "f") == [("x", (0,)), ("g", (1, 2)), 4]
    assert operands("input x[3]\noutput f[2]\nf = x[1..2]*x[2..3]\n", "f") == [("x", ((0, 2),)), ("x", ((1, 3),))]


def test_numbers_and_weights_leave_a_product() -> None:
    text = "input x, y\noutput f\nweight w ~ 1\nf = -2*w*x*y/4\n"
    assert arrows(text, "f") == [("f_1", ",->", -0.5, "w")]
    assert operands(text, "f_1") == [("x", ()), ("y", ())]


def test_like_terms_are_two_arrows() -> None:
    assert arrows("input x\noutput f\nweight a, b ~ 1\nf = a*x + b*x\n", "f") == [
        ("x", ",->", 1, "a"),
        ("x", ",->", 1, "b"),
    ]


def test_shared_weights_of_a_parenthesis() -> None:
    text = "input x1, x2\noutput f\nweight w ~ 1\nf = w*(x1 + x2)\n"
    assert arrows(text, "f") == [("x1", ",->", 1, "w"), ("x2", ",->", 1, "w")]


def test_terms_keep_their_order() -> None:
    text = "input x, y\noutput f\nf = 0.5 - (x - 2*y) + 1\n"
    assert [(s, c) for s, _, c, _ in arrows(text, "f")] == [("1", 0.5), ("x", -1), ("y", 2), ("1", 1)]


def test_constants_and_identities() -> None:
    assert arrows("input x\noutput f, g, c\nf = x\ng = f\nc = 3\n", "g") == [("f", ",->", 1, None)]
    assert arrows("input x\noutput f, g, c\nf = x\ng = f\nc = 3\n", "c") == [("1", ",->", 3, None)]
    assert arrows("input x[3]\noutput f[3]\nh0[3] = 0\nf = x + h0\n", "h0") == [("1", ",->i", 0, None)]
    assert arrows("input x[3]\noutput f[3]\nnode h0[3]\nh0 = 0\nf = x + h0\n", "h0") == [("1", ",->i", 0, None)]
    assert arrows("input x\noutput f[2]\nf = [1, 2]*x\n", "f") == [("x", ",i->i", 1, (1, 2))]


def test_lists_of_scalars() -> None:
    net = network("input a, b\noutput p[2]\np = softmax([a + 1, 2*b])\n")
    assert [(a.source, a.coefficient, a.target_index) for a in net.node("p_1").arrows] == [
        ("a", 1, (0,)), ("1", 1, (0,)), ("b", 2, (1,)),
    ]  # fmt: skip
    assert net.node("p").function == "softmax" and net.node("p").shape == (2,)


def test_a_weight_where_a_node_is_needed() -> None:
    text = "input x\noutput f\nweight w, W[2, 2] ~ 1\nf = x/w + sum(W^2)\n"
    assert names(text) == ["x", "f_1", "f_2", "f_3", "f_4", "f_5", "f"]
    assert arrows(text, "f_1") == [("1", ",->", 1, "w")]
    assert arrows(text, "f_3") == [("1", ",ij->ij", 1, "W")]


def test_functions_of_numbers_are_numbers() -> None:
    assert arrows("input x\noutput f\nf = x*sqrt(4) + exp(0) - max(1, 2)\n", "f") == [
        ("x", ",->", 2, None), ("1", ",->", 1, None), ("1", ",->", -2, None),
    ]  # fmt: skip


def test_pi_and_functions_as_names() -> None:
    assert arrows("input exp, sum\noutput f\nf = exp(exp) + sum\n", "f_1") == [("exp", ",->", 1, None)]
    assert arrows("input pi\noutput f\nf = 2*pi\n", "f") == [("pi", ",->", 2, None)]


def test_parameters_and_aliases() -> None:
    net = network(
        "input x\nnode a : leaky_relu, b : leaky_relu(0.2)\noutput f\nx -> a, b : 1\nf = leaky_relu(a + b, slope=0.3)\n"
    )
    assert [n.parameters for n in net.nodes if n.function == "leaky_relu"] == [(0.01,), (0.2,), (0.3,)]
    assert network("input x\noutput f : σ\nx -> f : 1\n").node("f").function == "logistic"
    assert network("input x\noutput f\nf = u(x)\n").node("f").function == "step"


@pytest.mark.parametrize("text, merged", [
    ("xi = x + 1\nf = tanh(xi)\n", True),
    ("xi = 2*x\nf = tanh(xi)\n", True),
    ("xi = x\nf = tanh(xi)\n", True),
    ("f = tanh(xi)\nxi = x - 1\n", True),
    ("xi = x*x + 1\nf = tanh(xi)\n", True),
    ("xi = x*x\nf = tanh(xi)\n", False),
    ("xi = tanh(x)\nf = tanh(xi)\n", False),
    ("xi = x + 1\nf = tanh(xi) + 1\n", False),
    ("xi = x + 1\nf = tanh(xi + 0)\n", False),
    ("xi = x + 1\nf = tanh(xi)\noutput g\ng = xi\n", False),
    ("xi = x + 1\nf = tanh(xi)\noutput g\nxi -> g : 1\n", False),
    ("node xi\nxi = x + 1\nf = tanh(xi)\n", False),
    ("xi = x + 1\nf = max(xi, 0)\n", False),
])  # fmt: skip
def test_names_of_excitations(text: str, merged: bool) -> None:
    net = network("input x\noutput f\n" + text)
    assert ("xi" not in [n.name for n in net.nodes]) == merged
    assert net.node("f").excitation_name == ("xi" if merged else None)


def test_a_merged_excitation_keeps_its_owner() -> None:
    net = network("input x\noutput f\nxi = x*x + 1\nf = tanh(xi)\n")
    assert [(n.name, n.owner) for n in net.nodes] == [("x", None), ("f_1", "f"), ("f", None)]


def test_order_of_evaluation() -> None:
    assert names("input z, a\noutput f\nf = h2 + h1\nh1 = tanh(a)\nh2 = tanh(z)\n") == ["z", "a", "h1", "h2", "f"]
    assert names("output f\nnode b, a\ninput x\na -> f : 1\nb -> f : 1\nx -> a : 1\nx -> b : 1\n") == [
        "x",
        "a",
        "b",
        "f",
    ]


def test_undeclared_nodes_take_part_in_arrows() -> None:
    text = "input x[3]\noutput f[3]\nh = tanh(x)\nh[i] -> f[i] : 2\n"
    assert network(text).node("h").shape == (3,)
    assert codes(text) == []
    assert codes("input x[3]\noutput f[2]\nh -> f : W ~\ng = W @ x\nh = tanh(x)\noutput g2[2]\ng2 = g\n") == []


def test_a_long_chain_of_equations() -> None:
    lines = [f"h{k} = tanh(h{k - 1})" for k in range(3000, 0, -1)]
    net = network("input h0\noutput f\nf = h3000\n" + "\n".join(lines))
    assert len(net.nodes) == 3002


def test_the_name_of_the_loss() -> None:
    base = "input x\ntarget y\noutput f\nf = x\n"
    assert network(base + "loss mse(f, y)\n").loss == "loss"
    assert network(base + "loss L = mse(f, y)\n").loss == "L"
    assert network("input loss\ntarget y\noutput f\nf = loss\nloss mse(f, y)\n").loss == "loss_"
    assert codes("input x\ntarget y\nnode loss\noutput f\nf = loss\nloss = 2*x\nloss mse(f, y)\n") == []
    assert codes(base + "loss = mse(f, y)\n") == ["loss-equation"]


def test_terms_of_the_loss() -> None:
    text = "input x[2]\ntarget y\noutput f\nx -> f : w ~\nloss mse(f, y) + 1e-3*sum(w^2)\n"
    net = network(text)
    assert [(a.source, a.coefficient) for a in net.node("loss").arrows] == [("loss_1", 1), ("loss_4", 1e-3)]
    assert [n.name for n in net.nodes if n.learning_only] == ["y", "loss_1", "loss_2", "loss_3", "loss_4", "loss"]


def test_losses_of_excitations() -> None:
    two = "input x[2]\ntarget y[2]\noutput p[2] : {}\nx -> p : ~\nloss {}(p, y)\n"
    one = "input x[2]\ntarget y\noutput p : {}\nx -> p : ~\nloss {}(p, y)\n"
    assert network(two.format("softmax", "cross_entropy")).node("loss").function == "cross_entropy"
    assert network(one.format("logistic", "cross_entropy")).node("loss").function == "binary_cross_entropy"
    assert network(two.format("logistic", "binary_cross_entropy")).node("loss").function == "binary_cross_entropy"
    assert codes(two.format("argmax", "perceptron")) == []
    assert codes(one.format("step", "perceptron")) == []
    assert codes(one.format("sign", "perceptron")) == []
    assert codes(two.format("softmax", "perceptron")) == ["loss-needs-excitation"]
    assert codes("input x[2]\ntarget y[2]\noutput p[2]\nz = 2*x\np = softmax(z)\nloss cross_entropy(p, y)\n") == []


def test_what_depends_on_a_target() -> None:
    net = network("input x\ntarget y\noutput f\nf = 2*x\ne = f - y\nloss e^2\n")
    assert [n.name for n in net.nodes if n.learning_only] == ["y", "e", "loss"]
    assert net.node("loss").function == "power"


@pytest.mark.parametrize("loss", ["0.5*sse(f, y)", "sse(f, y) + mae(f, y)", "-sse(f, y)/2", "w*sse(f, y)"])
def test_sums_of_sse(loss: str) -> None:
    assert codes(f"input x\ntarget y\noutput f\nweight w ~ 1\nf = w*x\nloss {loss}\n") == []


@pytest.mark.parametrize("loss", ["sqrt(sse(f, y))", "sse(f, y)^2", "1/sse(f, y)", "f*sse(f, y)", "max(sse(f, y), 1)"])
def test_sse_inside(loss: str) -> None:
    assert codes(f"input x\ntarget y\noutput f\nf = x\nloss {loss}\n") == ["sse-inside"]

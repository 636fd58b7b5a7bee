"""The examples of the language's introduction: which nodes, arrows and weights each is."""

import pytest

from flowc.graph.network import Draw, File, Formulas, Table, Training
from tests.graph.reading import arrows, codes, network

XOR_ARROWS = """flow xor "The exclusive or of two bits"

input  x1, x2
node   h1, h2 : step
output f      : step

x1, x2 -> h1 : -1
1      -> h1 : 0.5
x1, x2 -> h2 : 1
1      -> h2 : -1.5
h1, h2 -> f  : -1
1      -> f  : 0.5

data {
  x1 x2 | f
  0  0  | 0
  0  1  | 1
  1  0  | 1
  1  1  | 0
}
"""
XOR_EQUATIONS = """
input  x1, x2
output f

xi1 = 0.5 - x1 - x2         # an excitation may have a name of its own
h1  = step(xi1)
h2  = step(-1.5 + x1 + x2)
f   = step(0.5 - h1 - h2)
"""
LAYERS = """
input  x[2]
target y[2]
node   h[3] : logistic
output f[2]

x -> h -> f : ~              # fully connected: W_h_x, W_f_h
1 -> h, f   : ~              # biases: arrows from the constant 1

loss mse(f, y)
"""
AUTOENCODER = """flow autoencoder "The decoder uses the encoder's weights"

index  D = 4, M = 2
input  x[D]
node   h[M] : tanh
output xhat[D]

x -> h    : W ~ normal(0, 0.5)
1 -> h    : b ~ 0
h -> xhat : W^T
1 -> xhat : c ~ 0

loss mse(xhat, x)
"""
CUBIC = """
weight a, b, c, d ~ normal(0, 1)
input  x
target y
output f

f = a + b*x + c*x^2 + d*x^3

loss  sse(f, y)
data  { x = linspace(-pi, pi, 2000)
        y = sin(x) }
train gd(rate=1e-6, steps=2000)
"""
IRIS = """
index  class = setosa, versicolor, virginica
input  x[4]
target y[class]                      # one-hot
output p[class] : softmax

x -> p : ~ 0
1 -> p : ~ 0

loss  cross_entropy(p, y)
data  "iris.csv"
train sgd(rate=0.1, batch=16, steps=3000, seed=0)
"""
SKIP = """
input  x[3]
node   h[3] : relu
output f[3]

x    -> h    : W1 ~
h    -> f    : W2 ~
x[i] -> f[i] : 1                     # one to one; `x -> f : 1` between vectors is an error
"""


@pytest.mark.parametrize("text", [XOR_ARROWS, XOR_EQUATIONS, LAYERS, AUTOENCODER, CUBIC, IRIS, SKIP])
def test_nothing_to_complain_about(text: str) -> None:
    assert codes(text) == []


def test_both_forms_of_xor_are_one_graph() -> None:
    first, second = network(XOR_ARROWS), network(XOR_EQUATIONS)
    assert [n.name for n in first.nodes] == [n.name for n in second.nodes] == ["x1", "x2", "h1", "h2", "f"]
    for one, two in zip(first.nodes, second.nodes):
        assert (one.role, one.shape, one.function) == (two.role, two.shape, two.function)
        assert {(a.source, a.spec, a.coefficient) for a in one.arrows} == {
            (a.source, a.spec, a.coefficient) for a in two.arrows
        }


def test_xor() -> None:
    net = network(XOR_ARROWS)
    assert (net.name, net.title, net.loss, net.weights) == ("xor", "The exclusive or of two bits", None, ())
    assert [(a.source, a.coefficient) for a in net.node("h1").arrows] == [("x1", -1), ("x2", -1), ("1", 0.5)]
    (table,) = net.data
    assert isinstance(table, Table)
    assert table.header == ("x1", "x2", "f")
    assert [(v.node, v.rows) for v in table.values] == [("x1", (0, 0, 1, 1)), ("x2", (0, 1, 0, 1)), ("f", (0, 1, 1, 0))]


def test_the_excitation_belongs_to_its_circle() -> None:
    net = network(XOR_EQUATIONS)
    h1 = net.node("h1")
    assert h1.excitation_name == "xi1"
    assert h1.excitation_comment == "an excitation may have a name of its own"
    assert net.source.position(h1.excitation_span.start)[0] == 5
    assert net.source.position(h1.span.start)[0] == 6
    assert [(a.source, a.coefficient) for a in h1.arrows] == [("1", 0.5), ("x1", -1), ("x2", -1)]
    assert net.node("h2").excitation_name is None
    assert net.name == "test"


def test_layers() -> None:
    net = network(LAYERS)
    assert [n.name for n in net.nodes] == ["x", "y", "h", "f", "loss"]
    assert [(w.name, w.shape, w.learnt, w.declared) for w in net.weights] == [
        ("W_h_x", (3, 2), True, False),
        ("b_h", (3,), True, False),
        ("W_f_h", (2, 3), True, False),
        ("b_f", (2,), True, False),
    ]
    assert arrows(LAYERS, "h") == [("x", "i,ji->j", 1, "W_h_x"), ("1", ",i->i", 1, "b_h")]
    loss = net.node("loss")
    assert (loss.role, loss.function, [o.node for o in loss.operands]) == ("loss", "mse", ["f", "y"])
    assert [n.name for n in net.nodes if n.learning_only] == ["y", "loss"]
    assert net.node("h").comment == "fully connected: W_h_x, W_f_h"


def test_autoencoder() -> None:
    net = network(AUTOENCODER)
    assert [(w.name, w.shape) for w in net.weights] == [("W", (2, 4)), ("b", (2,)), ("c", (4,))]
    assert net.weights[0].start == Draw("normal", (0, 0.5), 4, 4)
    assert net.weights[1].start == 0
    assert arrows(AUTOENCODER, "xhat") == [("h", "i,ij->j", 1, "W"), ("1", ",i->i", 1, "c")]
    assert net.node("x").axes[0].index == "D"


def test_an_index_can_be_set() -> None:
    assert network(AUTOENCODER, D=7).node("xhat").shape == (7,)
    assert codes(AUTOENCODER, E=7) == ["unknown-index"]
    assert codes(AUTOENCODER, D=0) == ["empty-range"]
    assert codes(IRIS, **{"class": 4}) == ["unknown-index"]


def test_cubic() -> None:
    net = network(CUBIC)
    assert [n.name for n in net.nodes] == ["x", "y", "f_1", "f_2", "f", "loss"]
    assert arrows(CUBIC, "f") == [
        ("1", ",->", 1, "a"),
        ("x", ",->", 1, "b"),
        ("f_1", ",->", 1, "c"),
        ("f_2", ",->", 1, "d"),
    ]
    power = net.node("f_1")
    assert (power.function, power.anonymous, power.owner) == ("power", True, "f")
    assert [(o.node, o.number) for o in power.operands] == [("x", 0), (None, 2)]
    assert {w.start.fan_in for w in net.weights} == {3}
    (data,) = net.data
    assert isinstance(data, Formulas) and [name for name, _ in data.formulas] == ["x", "y"]
    assert isinstance(net.train, Training)
    assert (net.train.method, dict(net.train.settings)) == ("gd", {"rate": 1e-6, "steps": 2000})


def test_iris() -> None:
    net = network(IRIS)
    assert net.node("y").axes[0].names == ("setosa", "versicolor", "virginica")
    assert [(w.name, w.shape, w.start) for w in net.weights] == [("W_p_x", (3, 4), 0), ("b_p", (3,), 0)]
    assert isinstance(net.data[0], File) and net.data[0].path == "iris.csv"


def test_skip() -> None:
    assert arrows(SKIP, "f") == [("h", "i,ji->j", 1, "W2"), ("x", "i,->i", 1, None)]
    assert [w.start.fan_in for w in network(SKIP).weights] == [3, 4]
    assert not any(n.learning_only for n in network(SKIP).nodes)


def test_a_worked_example() -> None:
    net = network("""
input  i1, i2
target t1, t2
output o1, o2
weight w1 ~ 0.15, w2 ~ 0.20, w3 ~ 0.25, w4 ~ 0.30
weight w5 ~ 0.40, w6 ~ 0.45, w7 ~ 0.50, w8 ~ 0.55
weight b1 = 0.35, b2 = 0.60

h1 = logistic(w1*i1 + w2*i2 + b1)
h2 = logistic(w3*i1 + w4*i2 + b1)
o1 = logistic(w5*h1 + w6*h2 + b2)
o2 = logistic(w7*h1 + w8*h2 + b2)

loss 0.5*sse(o1, t1) + 0.5*sse(o2, t2)
""")
    assert [n.name for n in net.nodes] == ["i1", "i2", "t1", "t2", "h1", "h2", "o1", "o2", "loss_1", "loss_2", "loss"]
    assert [w.name for w in net.weights if not w.learnt] == ["b1", "b2"]
    loss = net.node("loss")
    assert [(a.source, a.coefficient) for a in loss.arrows] == [("loss_1", 0.5), ("loss_2", 0.5)]
    assert net.node("loss_1").function == "sse" and net.node("loss_1").learning_only

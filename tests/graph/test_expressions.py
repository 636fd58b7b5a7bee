"""Equations against Python's own arithmetic: the same text, computed by numpy and by the network's arrows."""

import re

import numpy as np
import pytest

from tests.graph.evaluate import FOLDS, FUNCTIONS, evaluate, weights_of
from tests.graph.reading import network

DECLARED = """
input s, t, x[3], y[3], g[3, 3]
weight a, b, v[3], u[3], W[3, 3], M[2, 3], G[3, 3] ~ normal(0, 1)
"""
SHAPES = {"s": (), "t": (), "x": (3,), "y": (3,), "g": (3, 3)}

EXPRESSIONS = """
s + t
-s
2*s - t/3 + 1
a*s + b*t + a
a*b*s
a*b
a*(s + t)
a*(s + b)
(s + t)*(s - t)
2*s*t
-s*t
a*s*t
a*s*b*t
s*t*a/2
s/t
1/s
2/s
a/s
2*a/s
s/a
s*t/(s + 2)
s/t*s
s/t/t
s^2
-s^2
2^s
s^t
(2*s)^2
a*s^2
a^2*s
2^-1*s
s^2^2
tanh(s)
tanh(s*t)
2*tanh(s + t) - 1
tanh(tanh(s)) + tanh(t)
exp(a)
exp(a)*s
x + y
x + s
s + x
x - 1
1 - x
x*y
x*s
s*x
x/y
x/s
s/x
x/2
2*x
a*x
v*x
v*s
v*x*y
v*u*x
a*v*x
v
v + x
a + x
a*v
v*u
v/2
x^2
2^x
x^s
v*(x + y)
v*(x + 1)
v*(x + s)
v*(x + u)
x[1]
x[1] + s
x[1..2]
v[2]*s
v[2..3]*x[1..2]
W[1]*x
W[2,3]*s
g[1] + x
g*2
W*g
W + g
W @ x
W^T @ x
x @ W
x @ W^T
v @ x
x @ v
x @ y
x^T @ y
v^T @ x
2*W @ x
W @ (2*x)
W @ (x + y)
W @ (x + 1)
W @ (x + v)
W @ (v*x)
W @ G @ x
M @ W @ x
M @ W^T @ x
x @ W @ y
x @ W @ G
W @ v
v @ W
v @ u
v @ W @ x
W @ x * y
2*x @ y
a*x @ y
(a*x) @ (2*y)
(v*x) @ y
W @ tanh(x) + v
tanh(W @ x + v)
W @ x + G @ y + v
W @ x + a*s
v @ x + a
v @ x + x
sum(x)
mean(x)
sum(x*y)
sum(g)
sum(W^2)
sum(v)
sum(2*x + 1)
0.5*sum(x^2) + 1
max(s, t)
max(s, t, 0.5)
min(x, y)
max(x, 0)
max(x, s)
max(x)
min(x)
product(x)
product(s, t, 2)
product(x, y)
max(2*s, t)
max(v)
softmax(x)
softmax(2*x + 1)
softmax([s, t, 1])
[s, t]
[s + 1, 2*t, 3, s*t]
[1, 2, 3]
[1, 2, 3]*x
[1, 2, 3]*s
[1, 2, 3] @ x
[[1, 2, 3], [4, 5, 6]] @ x
[[1, 2, 3], [4, 5, 6]]^T @ x[1..2]
x + [1, 2, 3]
x / [1, 2, 4]
2*[1, 2, 3]*x
[1, 2, 3]*v*x
sqrt(2)*x
x/sqrt(2)
sin(pi/2)*s
3
pi
[s, t] @ x[1..2]
power(s, 2)
power(x, y)
dot(x, y)
dot(W, x)
quotient(s, t)
(s + 1)/(t + 1)
step(s)*x
s*(1/3)
-(s + t)*2
-(x @ y)
(x @ y)*x
(v @ x)*y
x*(v @ y)
v*(x @ y)
v*(u @ x)
a*(v @ x)
(a*s)*(b*t)
(a*x)*(v*y)
((s + t)*2)/4
s*0
0*s + t
1/(1 + exp(-s))
(1 - s)*t + s*(1 - t)
W[1..2] @ x
W[1..2, 2..3] @ x[1..2]
W[1, 2..3] @ x[2..3]
G[1]*x + W[2]
-W @ x
-v + x
argmax(x)
sum(argmax(x)*y)
v*2*x
x*v
x*2
(x*v)*s
s*(x + y)
tanh(s)*a
a*tanh(s)*b
a*b*tanh(s)*t
s + s
a*s + b*s
x + x
1 + 2 + s + 3 + (4 + 5)
s - (t - 1)
s - (t - (1 - a*s))
-(-s)
tanh(-s)
tanh(1)
tanh(3*s)
max(1, 2) + s
x @ [1, 2, 3]
sum([1,2,3])*s
sum([s, t, 1])
v[1] + v[2]*s
x[3]*x[2]
max(x[1], x[2])
x[1..2] + x[2..3]
(W @ x)*s
tanh(W @ x)*v + s
exp(v)*x
x/v
x*W[1]
g[2] @ x
g[1,2] + s
W @ g[1]
(M @ x) @ (M @ y)
M @ x @ (M @ y)
x @ W^T @ (G @ y)
(W @ x) @ (G @ y) * s
(W @ G) @ x
v @ W @ G @ x
W @ v @ x
power(s*t + 1, 2)
(s*t)*x
(s/t)*(s/t)/(s*t)
""".strip().splitlines()


def as_python(text: str) -> str:
    """Indices from 0, `**` for `^`, arrays for lists."""
    text = text.replace("^T", ".T").replace("^", "**")
    text = re.sub(r"\b([xyvuWGg])\[([^\]]*)\]", lambda m: f"{m[1]}[{_index(m[2])}]", text)
    return re.sub(r"(?<![\w\]])\[((?:\[[^\]]*\]|[^\[\]])*)\]", lambda m: f"np.array([{m[1]}], float)", text)


def _index(index: str) -> str:
    return ",".join(
        "{}:{}".format(int(part.split("..")[0]) - 1, part.split("..")[1]) if ".." in part else str(int(part) - 1)
        for part in index.split(",")
    )


def _folded(function):
    def fold(*arguments):
        if len(arguments) == 1:
            return function.reduce(arguments[0], axis=None)
        value = arguments[0]
        for argument in arguments[1:]:
            value = function(value, argument)
        return value

    return fold


VOCABULARY = {"np": np, "pi": np.pi, **FUNCTIONS, **{name: _folded(f) for name, f in FOLDS.items()}}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_value(expression: str) -> None:
    net = network(f"{DECLARED}f = {expression}\n")
    random = np.random.default_rng(1)
    weights = {name: abs(value) + 0.1 for name, value in weights_of(net).items()}
    given = {name: random.uniform(0.2, 1.5, shape) for name, shape in SHAPES.items()}
    wanted = eval(as_python(expression), {**VOCABULARY, **given, **weights})
    found = evaluate(net, given, weights)["f"]
    assert found.shape == np.shape(wanted)
    assert np.allclose(found, wanted, rtol=1e-12, atol=1e-12)


def test_an_argument_is_read_once() -> None:
    assert [n.name for n in network("input s, t\nf = power(s*t, 2)\noutput f\n").nodes] == ["s", "t", "f_1", "f"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (" + ".join(["s", "t"] * 2500), 7500),
        ("s*(" + " + ".join(["1"] * 5000) + ")", 5000),
        (" - ".join(["s"] * 5000), -4998),
        ("*".join(["2/2"] * 2500) + "*t", 2),
    ],
    ids=["nodes", "numbers", "differences", "factors"],
)
def test_a_flat_run_may_be_long(expression: str, wanted: float) -> None:
    net = network(f"input s, t\noutput f\nf = {expression}\n")
    assert evaluate(net, {"s": 1.0, "t": 2.0}, {})["f"] == wanted


@pytest.mark.parametrize("weight", ["2/2*" * 2500 + "w", "w" + "*2/2" * 2500])
def test_an_arrow_carries_many_numbers(weight: str) -> None:
    net = network(f"input s\noutput f\nweight w = 3\ns -> f : {weight}\n")
    assert [(a.coefficient, a.weight) for a in net.node("f").arrows] == [(1, "w")]

"""What the texts look like: five whole ones to read, and the choice between forms of one meaning.

`python -m tests.graph.writing.test_canonical` writes the five anew, after a change that was meant.
"""

from dataclasses import replace
from pathlib import Path

import pytest

import flowc

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
SHOWN = ("autoencoder", "net232", "worked_example", "xor", "xor_learnt")


@pytest.mark.parametrize("name", SHOWN)
def test_a_whole_text(name):
    assert flowc.load(ROOT / f"examples/{name}.flow").text() == (GOLDEN / f"{name}.flow").read_text(encoding="utf-8")


HEAD = "flow d\n\n"

AS_WRITTEN = {
    "a sum of scalars is an equation": "input  x, y\noutput f\n\nf = tanh(2*x - y + 0.5)\n",
    "neighbours with the same arrows": "input  x\nnode   a, b, c : tanh\noutput f\n\nx -> a, b, c : 1\nf = a*b*c\n",
    "a chain": "input  x[2]\nnode   h[3], g[3] : tanh\noutput f[2]\n\nx -> h -> g -> f : ~\n1 -> h, g, f     : ~ normal(0, 0.1)\n",
    "one to one": "input  x[3]\noutput f[3] : relu\n\nx[i] -> f[i] : 1\n",
    "all to all": "input  x[3]\noutput f[2]\n\nx[i] -> f[j] : w ~ 0.5\n",
    "a weight for each": "input  x[3]\noutput f[3]\n\nx[i] -> f[i] : w[i] ~\n",
    "a weight is declared for equations": "input  x\noutput f, g\nweight w ~ 2\n\nf = w*x\ng = w*x + w^2\n",
    "numbers": "input  x[2]\noutput f[3]\n\nx -> f : [[1, 2], [3, 4], [5, 6]]\n1 -> f : [0, 1/3, sqrt(2)]\n",
    "elements": "index  k = cat, \"guinea pig\"\ninput  x[k], y\noutput f[2]\n\nx[cat], y       -> f[1] : 0.5\nx[\"guinea pig\"] -> f[2] : -1\n",
    "a name of an excitation": "input  x\noutput f\n\nxi = 2*x - 1\nf  = step(xi)  # fires\n",
    "parts of expressions": "input  x[3], y\noutput f\n\nf = max((tanh(y) + 1)/(y^2 + 1), sum(exp(x)), -y)\n",
    "a product of matrices": "input  x[2]\noutput f[2]\nweight B[2, 2], A[2, 2] ~\n\nf = A @ (B @ x)^2\n",
    "a named loss": "input  x\ntarget y\noutput f\n\nx -> f : ~\n\nloss L = mse(f, y) + 0.1*mean([x, y])\n",
    "labels": "input  x \"the input\"\nnode   h \"it's hidden\"\noutput f\n\nh = x^2\nf = h\n",
    "lists that share a weight": "input  x1, x2\ntarget y\nnode   h1, h2 : tanh\noutput f\n\nx1, x2 -> h1, h2 : W ~\n1      -> h1, h2 : b = 0.5\nh1, h2 -> f      : v ~ he\n\nloss mse(f, y) + sum(W^2)\n",
    "neighbours that share a bias": "input  x[2]\nnode   h[3] : tanh\noutput f[2]\n\nx -> h    : W ~ normal(0, 1)\nh -> f    : V ~ normal(0, 2)\n1 -> h, f : ~ 0\n",
    "a weight that lines share": "input  x, y\noutput f[2] : relu\nweight w ~ 1\n\nx    -> f[1]       : w\nx, y -> f[2]       : 2*w\n1    -> f[1], f[2] : ~\n",
    "one to one, of several": "input  x[3], y[3]\noutput f[3]\n\nf = tanh(x - 2*y)\n",
    "a node that is declared, or it would be an excitation": "input  x\nnode   s\noutput f\n\ns = x + 1\nf = tanh(s)\n",
    "files": "input  x\ntarget y\noutput f\n\nx -> f : ~\n\nloss  mse(f, y)\ndata  train \"a.csv\"\ndata  test \"b.csv\"\ntrain adam(rate=1e-5, order=data)\n",
}  # fmt: skip


@pytest.mark.parametrize("text", AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_a_text_that_is_canonical_is_written_as_it_is(text):
    assert flowc.loads(HEAD + text).text() == HEAD + text


REWRITTEN = {
    "aliases are spelled out": ("f = sigmoid(x)", "f = logistic(x)"),
    "defaults are not": ("f = leaky_relu(x, 0.01)", "f = leaky_relu(x)"),
    "parentheses go": ("f = ((x) + (2*(y)))", "f = x + 2*y"),
    "numbers of a row stay together": ("f = sum(0.5*([x, y] + [1, 2]))", "f = sum(0.5*([x, y] + [1, 2]))"),
    "numbers in the beginning stay apart": ("f = 1 + (2 + x)", "f = 1 + (2 + x)"),
    "what is a node stays one": ("f = identity(x)*y", "f = identity(x)*y"),
    "a weight within a product": ("f = w*x*y*w", "f = w*x*y*w"),
}


@pytest.mark.parametrize("equation, written", REWRITTEN.values(), ids=REWRITTEN)
def test_an_equation_in_its_canonical_form(equation, written):
    text = flowc.loads(f"input x, y\noutput f\nweight w ~ 1\n{equation}\n").text()
    assert written in text.splitlines()


def test_a_network_may_be_made_in_code():
    network = flowc.load(ROOT / "examples/xor.flow").network
    named = tuple(replace(n, excitation_name=None, comment=None) for n in network.nodes)
    text = flowc.Flow(replace(network, nodes=named, header_comments=("Made in code.",))).text()
    assert text.startswith("# Made in code.\nflow xor")
    assert "h1 = step(0.5 - x1 - x2)\nh2 = step(-1.5 + x1 + x2)\nf  = step(0.5 - h1 - h2)\n" in text


def test_without_a_name_of_the_language_there_is_no_header():
    assert flowc.loads("input x\noutput f\nf = x\n", "my-net.flow").text() == "input  x\noutput f\n\nf = x\n"


def refused(network):
    with pytest.raises(ValueError) as caught:
        flowc.Flow(network).text()
    return str(caught.value)


def test_what_has_no_text_is_refused_in_a_sentence():
    network = flowc.loads("input x, y\noutput f\nf = 2*tanh(x) + y\n", "d.flow").network
    part = next(n for n in network.nodes if n.anonymous)
    twice = [replace(n, arrows=n.arrows + n.arrows[:1]) if n.name == "f" else n for n in network.nodes]
    assert refused(replace(network, nodes=tuple(twice))) == "`f` has no equation: an expression would be read in another way"
    assert refused(replace(network, title="'\"")) == "no quotes hold the text '\\'\"'"
    assert refused(replace(network, name="my net", title="A")) == "`my net` is no name for a diagram"
    fed = [replace(n, arrows=()) if n is part else n for n in network.nodes]
    assert refused(replace(network, nodes=tuple(fed))) == "`f` has no equation: nothing leads into it"
    lost = [replace(n, arrows=(replace(n.arrows[0], source="z"),)) if n.name == "f" else n for n in network.nodes]
    assert refused(replace(network, nodes=tuple(lost))) == "`f` needs the node `z`, which the network does not have"
    other = [replace(n, learning_only=True) if n.name == "f" else n for n in network.nodes]
    assert refused(replace(network, nodes=tuple(other))) == (
        "no text means d; of what was tried, node `f`: its part in learning is True in one and False in the other"
    )


if __name__ == "__main__":
    for each in SHOWN:
        (GOLDEN / f"{each}.flow").write_text(flowc.load(ROOT / f"examples/{each}.flow").text(), encoding="utf-8")

"""A trace as Markdown, LaTeX and JSON: nothing that a diagram is called can break them."""

import json
import re

import jsonschema
import pytest

import flowc
from flowc.learning.trace.as_json import as_json
from flowc.learning.trace.latex import as_latex
from flowc.learning.trace.markdown import as_markdown
from flowc.nets.verifying.numbers import some_inputs
from flowc.testing.strategies import Random, make
from tests.learning.tracing import of_example, rows, traced

MAZUR = {"i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99}
HOSTILE = r"""
flow under_score "100 % of $x_1$ & \input{a} #2 {~^} | `code` *b* <i>"
index class = "a|b", "c`d", "e_f & %", "50 $"
input  x_in, ξ
target y[class]
output p[class] : softmax
x_in, ξ -> p : W_long_name ~ 0.5
loss cross_entropy(p, y)
"""
TOKEN = {"x_in": 1, "ξ": 2, "y": [0, 1, 0, 0]}


# ----------------------------------------------------------------------------------------------------------- Markdown


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.mark.parametrize("text, token", [(HOSTILE, TOKEN), ("examples/worked_example.flow", MAZUR)])
def test_markdown_is_tables(text, token):
    page = as_markdown(traced(flowc.load(text) if text.endswith(".flow") else text, token))
    assert page.startswith("# ") and page.count("\n## ") == 5
    tables = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    assert len(tables) == 5
    for table in tables:
        widths = {len(cells(line)) for line in table.splitlines()}
        assert widths == ({6} if "node" in table.splitlines()[0] else {4})


def test_markdown_has_every_line():
    trace = of_example("worked_example.flow", MAZUR)
    page = as_markdown(trace)
    assert "| `xi_h1` | `w1*i1 + w2*i2 + b1` | `0.15*0.05 + 0.2*0.1 + 0.35` | 0.3775 |" in page
    assert "| `h1` | arrives | `d_h1` | `w5*d_xi_o1 + w7*d_xi_o2` |" in page
    for row in rows(trace):
        assert f"| {row.result} |" in page


def test_markdown_escapes_words():
    page = as_markdown(traced(HOSTILE, TOKEN))
    assert (
        page.splitlines()[0] == r"# under\_score: 100 % of \$x\_1\$ \& \\input\{a\} \#2 \{\~^\} \| \`code\` \*b\* \<i\>"
    )
    assert "`y[a\\|b]`" in page and "``  y[c`d]".replace("  ", " ") in page


def test_a_bar_behind_a_backslash_ends_no_cell_for_any_reader():
    """Some count backslashes, as for words, and some look at the last one."""
    flow = 'index k = "a\\|b"\ninput x\ntarget y[k]\noutput p[k] : softmax\nx -> p : W ~ 1\nloss cross_entropy(p, y)\n'
    page = as_markdown(traced(flow, {"x": 1, "y": [1]}))
    assert r"| p\[a\\\|b\] |" in page and r"`p[" not in page


# -------------------------------------------------------------------------------------------------------------- LaTeX


def assert_balanced(text):
    """Braces, \\left and \\right, environments and groups close as they open."""
    bare = re.sub(r"\\[\\{}]", "", text)
    depth = 0
    for sign in bare:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))
    for environment in re.findall(r"\\begin\{(.*?)\}", text):
        assert text.count(f"\\begin{{{environment}}}") == text.count(f"\\end{{{environment}}}")
    for block in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL):
        lines = block.split("\n")
        assert all(line.endswith(" \\\\") for line in lines[:-1]) and not lines[-1].endswith("\\\\")
        assert all(len(re.findall(r"(?<!\\)&", line)) == 1 for line in lines)
        assert not any(line.lstrip().startswith("[") for line in lines)  # `\\` would take it as its own


@pytest.mark.parametrize("seed", range(12))
def test_latex_of_random_diagrams(seed):
    diagram = make(Random(seed), loss=True)
    try:
        trace = traced(flowc.loads(diagram.text), some_inputs(diagram, seed, 1), seed=seed)
    except FloatingPointError:
        return
    assert_balanced(as_latex(trace))


def test_latex_sets_names_as_symbols():
    text = as_latex(of_example("worked_example.flow", MAZUR))
    assert_balanced(text)
    assert r"  \xi_{h_{1}} &= w_{1} \cdot i_{1} + w_{2} \cdot i_{2} + b_{1}" in text
    assert r"\frac{\partial \mathcal{L}}{\partial h_{1}} &= w_{5} \cdot \delta_{o_{1}} + w_{7} \cdot \delta_{o_{2}}" in text
    assert r"\delta_{o_{1}} &= \frac{\partial \mathcal{L}}{\partial o_{1}} \cdot \sigma'\left(\xi_{o_{1}}\right)" in text
    step = r"  {w_{5}}' &= w_{5} - 0.5 \cdot \frac{\partial \mathcal{L}}{\partial w_{5}} = 0.4 - 0.5 \cdot 0.08217 = 0.3589"
    assert step in text
    assert r"\item $\sigma(\xi) = \frac{1}{1 + e^{-\xi}}$" in text
    assert r"\item $\delta = \frac{\partial \mathcal{L}}{\partial \xi}$" in text
    for row in rows(of_example("worked_example.flow", MAZUR)):
        assert f"= {row.result}" in text


def test_latex_may_write_every_derivative_out():
    text = as_latex(of_example("worked_example.flow", MAZUR), deltas=False)
    assert_balanced(text)
    assert r"\frac{\partial \mathcal{L}}{\partial h_{1}} &= w_{5} \cdot \frac{\partial \mathcal{L}}{\partial \xi_{o_{1}}} + " in text
    assert "delta" not in text


def test_latex_says_what_every_function_means():
    lines = ["input x", *(f"node h{k} : {name}" for k, name in enumerate(("relu", "leaky_relu(0.2)", "elu", "gelu", "silu", "step")))]
    text = as_latex(traced("\n".join([*lines, "output f", "x -> h0, h1, h2, h3, h4, h5 -> f : 1\n"]), {"x": 0.5}))
    assert_balanced(text)
    for meaning in (r"\operatorname{relu}(\xi) = \max(0, \xi)", r"\operatorname{silu}(\xi) = \xi \sigma(\xi)", r"u(\xi) = \begin{cases}",
                    r"\operatorname{leaky\_relu}(\xi, \mathrm{slope}) =", r"\sigma(\xi) = "):  # fmt: skip
        assert text.count(f"${meaning}") == 1


def test_what_has_something_above_stands_in_brackets_below_a_power():
    text = as_latex(traced("input x[2]\nnode h1[2]\noutput f\nx[i] -> h1[j] : 1\nf = h1[1]^2 + x[2]^2\n", {"x": [1e-9, 2]}))
    assert_balanced(text)
    assert r"{\left(h^{(1)}_{1}\right)}^{2} = {2.000}^{2}" in text and "{x_{2}}^{2}" in text


def test_latex_breaks_long_sums():
    net = of_example("net232.flow", {"x": [0, 1], "y": [1, 0]})
    text = as_latex(net)
    assert_balanced(text)
    assert "b^{(f)}_{1} \\\\" in text and max(map(len, text.splitlines())) < 260


def test_latex_of_hostile_names():
    text = as_latex(traced(HOSTILE, TOKEN))
    assert_balanced(text)
    assert not re.search(r"\\input\b(?!\{)", text) and r"\textbackslash{}input\{a\}" in text
    assert r"100 \% of \$x\_1\$ \& " in text and r"\text{e\_f \& \%}" in text
    assert text.isascii()


def test_latex_gaps_and_nearness():
    assert r"& \quad\vdots\quad \text{17 more} \\" in as_latex(of_example("perceptron.flow", {"x": [1, 1]}))
    near = as_latex(traced("input x\noutput f\nf = 0.3 - x - 0.2\n", {"x": 0.1}))
    assert r"\approx -2.776 \cdot 10^{-17}" in near and r"$\approx$: " in near


# --------------------------------------------------------------------------------------------------------------- JSON

LINE = {
    "type": "object",
    "properties": {
        "what": {"enum": ["given", "excitation", "on the way", "value", "arrives", "saved", "slope", "delta", "weight", "step", "after"]},
        "name": {"type": "string"}, "formula": {"type": "string"}, "numbers": {"type": "string"},
        "written": {"type": "string"}, "value": {"type": ["number", "null"]}, "holds": {"const": False},
        "left_out": {"type": "integer", "minimum": 2},
    },
    "oneOf": [{"required": ["left_out"]}, {"required": ["what", "name", "written", "value"]}],
    "dependentRequired": {"formula": ["numbers"], "numbers": ["formula"], "holds": ["formula"]},
    "additionalProperties": False,
}  # fmt: skip
NODE = {"type": "object", "properties": {"name": {"type": "string"}, "lines": {"type": "array", "items": LINE}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "form": {"const": 1}, "diagram": {"type": "string"}, "title": {"type": "string"}, "token": {"type": "string"},
        "rate": {"type": "number"}, "rate_from": {"type": "string"},
        "sections": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"enum": ["forward", "loss", "backward", "weights", "step"]},
                    "nodes": {"type": "array", "items": {**NODE, "required": ["name", "lines"], "additionalProperties": False}},
                },
                "required": ["name", "nodes"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["form", "diagram", "title", "token", "sections"],
    "additionalProperties": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "trace",
    [
        lambda: of_example("worked_example.flow", MAZUR, token="row 1"), lambda: of_example("xor.flow", {"x1": 0, "x2": 1}),
        lambda: of_example("perceptron.flow", {"x": [1, 1], "y": [1] + [0] * 19}), lambda: traced(HOSTILE, TOKEN),
        lambda: traced("input x\noutput f\nf = 0.3 - x - 0.2\n", {"x": 0.1}),
    ],
)  # fmt: skip
def test_json_keeps_to_its_schema(trace):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(as_json(trace())))


def test_json_has_every_number_whole():
    trace = of_example("worked_example.flow", MAZUR, token="row 1 of the table")
    found = json.loads(as_json(trace))
    assert (found["diagram"], found["token"], found["rate"]) == ("worked_example", "row 1 of the table", 0.5)
    lines = [line for s in found["sections"] for node in s["nodes"] for line in node["lines"]]
    assert [line["written"] for line in lines] == [row.result for row in rows(trace)]
    (o1,) = [line for line in lines if line["name"] == "o1" and line["what"] == "value"]
    assert o1 == {
        "what": "value", "name": "o1", "formula": "logistic(xi_o1)", "numbers": "logistic(1.10590597)",
        "written": "0.75136507", "value": 0.7513650695523157,
    }  # fmt: skip

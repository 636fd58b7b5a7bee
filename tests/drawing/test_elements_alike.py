"""An element is called the same in the picture, its words and exercises, in traces, plots, messages and every form of equations."""

import re

import pytest

import flowc
from flowc.nets.plotting.elements import weight_of

FROM_ZERO = """\
flow zero
input x[0..2]
target y[0..1]
output p[0..1] : softmax
x -> p : W ~ 0
1 -> p : b ~ 0
loss cross_entropy(p, y)
"""
CLASSES = """\
flow fruit
index Merkmal = Gewicht, "Farbe (%)"
index Obst = Apfel, Kürbis
input x[Merkmal]
target y[Obst]
output p[Obst] : softmax
x -> p : W ~ 0
1 -> p : b ~ 0
loss cross_entropy(p, y)
"""
# name in traces, plots and exercises -> in the text of equations, in LaTeX of equations, traces and pictures
OF_ZERO = {
    "x[0]": ("x₀", "x_{0}"), "x[2]": ("x₂", "x_{2}"), "p[1]": ("p₁", "p_{1}"), "b[0]": ("b₀", "b_{0}"), "b[1]": ("b₁", "b_{1}"),
    "W[0,0]": ("w₀₀", "w_{00}"), "W[0,2]": ("w₀₂", "w_{02}"), "W[1,0]": ("w₁₀", "w_{10}"), "W[1,1]": ("w₁₁", "w_{11}"),
}  # fmt: skip
OF_CLASSES = {
    "x[Gewicht]": ("x_Gewicht", r"x_{\mathrm{Gewicht}}"),
    "x[Farbe (%)]": ("x_Farbe (%)", r"x_{\text{Farbe (\%)}}"),
    "p[Kürbis]": ("p_Kürbis", r"p_{\text{Kürbis}}"),
    "b[Apfel]": ("b_Apfel", r"b_{\mathrm{Apfel}}"),
    "W[Apfel,Gewicht]": ("w_Apfel,Gewicht", r"w_{\mathrm{Apfel},\mathrm{Gewicht}}"),
    "W[Kürbis,Farbe (%)]": ("w_Kürbis,Farbe (%)", r"w_{\text{Kürbis},\text{Farbe (\%)}}"),
}
ZERO, FRUIT = {"x": [1, 2, 3], "y": [1, 0]}, {"x": [1, 2], "y": [1, 0]}
EACH = [
    pytest.param(text, values, *names, id=names[0])
    for text, values, table in ((FROM_ZERO, ZERO, OF_ZERO), (CLASSES, FRUIT, OF_CLASSES))
    for names in ((name, *spelled) for name, spelled in table.items())
]
BOTH = [pytest.param(FROM_ZERO, ZERO, id="from zero"), pytest.param(CLASSES, FRUIT, id="classes")]


@pytest.mark.parametrize(("text", "values", "name", "in_text", "in_latex"), EACH)
def test_a_name_and_its_symbol(text, values, name, in_text, in_latex):
    flow = flowc.loads(text)
    assert re.search(rf"(?<!\w){re.escape(in_text)}(?![\w₀-₉])", flow.equations("text", "nodes"))
    assert in_latex in flow.equations("latex", "nodes")
    trace = flow.trace(values)
    assert re.search(rf"(?<!\w){re.escape(name)}", str(trace)) and in_latex in trace.print("latex")
    assert name in str(trace.print("json"))
    assert f"${in_latex}$" in flowc.render(flow, "tikz", arrows="names")


@pytest.mark.parametrize(("text", "values"), BOTH)
def test_plots_and_exercises_take_what_traces_say(text, values):
    flow = flowc.loads(text)
    written = {match[0].removesuffix("'") for match in re.finditer(r"(?<![\w])[Wb]\[[^\]]*\]", str(flow.trace(values)))}
    weights = {(name, place) for name, place in (weight_of(flow.network, word) for word in written)}
    assert len(weights) == len(written) == sum(len(w.axes[0]) * (len(w.axes[1]) if w.axes[1:] else 1) for w in flow.network.weights)
    for word in written:
        picture = flow.show(values={"x": values["x"]}, blank=[word], arrows="both")
        assert repr(picture)


@pytest.mark.parametrize(("text", "values"), BOTH)
def test_a_letter_counts_as_the_elements_are_counted(text, values):
    low = 0 if text == FROM_ZERO else 1
    for form in ("indexed", "layers", "augmented"):
        equations = flowc.loads(text).equations("text", form)
        spans = re.findall(r"Σ[ⱼₖ]₌([₀-₉])", equations)
        assert spans and set(spans) == {"₀₁"[low]}, form
    assert f"for j = {low}, {low + 1}" in flowc.loads(text).equations("text", "indexed")


@pytest.mark.parametrize(("text", "right", "wrong"), [(FROM_ZERO, "W[0,0]", "W[2,0]"), (CLASSES, "W[Apfel,Gewicht]", "W[1,1]")])
def test_messages_name_an_element_that_there_is(text, right, wrong):
    flow = flowc.loads(text)
    with pytest.raises(ValueError, match=re.escape(f"name one, as `{right}`")):
        weight_of(flow.network, "W")
    with pytest.raises(ValueError, match="has no element"):
        weight_of(flow.network, wrong)
    with pytest.raises(ValueError, match=re.escape(f"there is no `{wrong}` in the picture to be left blank")):
        flow.show(blank=[wrong])


def test_the_words_of_a_picture(tmp_path):
    desc = flowc.render(flowc.loads(FROM_ZERO), "svg")
    assert "x[0]: input" in desc and "from x[0] to p[1]" in desc and "x[3]" not in desc
    desc = flowc.render(flowc.loads(CLASSES), "svg")
    assert "p[Kürbis]: output" in desc and "from x[Gewicht] to p[Apfel]" in desc and "p[1]" not in desc

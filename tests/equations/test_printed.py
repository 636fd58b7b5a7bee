"""What is printed: the slides' equations to the letter, the forms, hostile names, many nodes, LaTeX that compiles."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import flowc

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.flow"))
GOLDEN = Path(__file__).parent / "golden"
GOLDENS = [
    "xor",
    "net232",
    "worked_example",
    "softmax",
    "perceptron",
    "autoencoder",
    "skip",
    "sine",
    "iris",
    "xor_learnt",
]


def load(name):
    return flowc.load(ROOT / "examples" / f"{name}.flow")


def body(text, title):
    """The lines of a group."""
    return text.split(f"{title}\n", 1)[1].split("\n\n", 1)[0].rstrip("\n").split("\n")


@pytest.mark.parametrize("name", GOLDENS)
def test_examples(name):
    """`python -m tests.equations.test_printed` writes them anew; look at what changes."""
    assert load(name).equations("text") == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["nodes", "layers", "augmented", "indexed"])
@pytest.mark.parametrize("name", ["xor_learnt", "net232"])
def test_forms(name, form):
    found = load(name).equations("text", form)
    assert found == (GOLDEN / f"{name}-{form}.txt").read_text(encoding="utf-8")


def test_xor_is_the_slide():
    tex = load("xor").equations("latex")
    assert [line.strip().removesuffix(r" \\") for line in re.search(r"align\*}\n(.*?)\n\\end", tex, re.DOTALL)[1].split("\n")] == [
        r"\xi_{1} &= 0.5 - x_{1} - x_{2}", r"h_{1} &= u(\xi_{1})",
        r"\xi_{2} &= -1.5 + x_{1} + x_{2}", r"h_{2} &= u(\xi_{2})",
        r"\xi_{3} &= 0.5 - h_{1} - h_{2}", r"f &= u(\xi_{3})",
    ]  # fmt: skip


def test_needless_factors_are_left_out():
    flow = flowc.loads("input x, y\noutput f\nf = 1*x - 1*y + 0*x + 2*y")
    assert body(flow.equations("text"), "Forward") == ["  f = x − y + 2 y"]


def test_a_part_alone():
    flow = load("net232")
    assert "Forward" not in flow.equations("text", part="backward")
    assert body(flow.equations("text", part="loss"), "Loss") == ["  L = 1/(2 n) Σᵢ₌₁ⁿ ‖f − y‖²"]
    with pytest.raises(ValueError, match="xor has no equations for `--part update`"):
        load("xor").equations("text", part="update")


def test_numbers_stand_for_weights():
    flow = load("worked_example")
    text = flow.equations("text", weights=flow.compile().init())
    assert "ξₕ₁ = 0.15 i₁ + 0.2 i₂ + 0.35" in text
    flow = load("net232")
    weights = {
        "W_h_x": [[1, -1], [0, 2], [0.5, 1 / 3]],
        "b_h": [0, 0, 1],
        "W_f_h": [[1, 1, 1], [2, 2, 2]],
        "b_f": [0, 0],
    }
    assert body(flow.equations("text", "nodes", weights=weights), "Forward")[:3] == [
        "  ξ₁ = x₁ − x₂", "  ξ₂ = 2 x₂", "  ξ₃ = 0.5 x₁ + 0.3333 x₂ + 1",
    ]  # fmt: skip
    assert "the weights' numbers are rounded to 4 digits" in flow.equations("text", weights=weights)
    with pytest.raises(ValueError, match=r"`b_h` has the shape \(3,\), not \(2,\)"):
        flow.equations(weights={**weights, "b_h": [0, 0]})


def test_numbers_that_are_folded_are_without_noise():
    flow = flowc.loads("input x\noutput f\nf = 0.05^3*x + 1/3\n")
    assert body(flow.equations("text"), "Forward") == ["  f = 0.000125 x + 1/3"]


@pytest.mark.parametrize("method", ["momentum(rate=0.1)", "adam()", "rmsprop(rate=0.1)", "adamw()",
                                    "sgd(rate=0.1, batch=2, warmup=5, weight_decay=0.1)", "gd(gamma=0.5, every=10)"])  # fmt: skip
def test_methods(method):
    flow = flowc.loads(f"input x\ntarget y\nweight w ~ 1\noutput f\nf = w*x\nloss mse(f, y)\ntrain {method}")
    for format in ("text", "latex", "markdown"):
        assert "Update" in flow.equations(format)
    name = re.match(r"\w+", method)[0]
    assert (GOLDEN / f"method-{name}.txt").read_text(encoding="utf-8") == flow.equations("text", part="update")


def test_an_unknown_word_is_named():
    with pytest.raises(
        ValueError, match="form is one of None, 'nodes', 'layers', 'augmented', 'indexed', not 'matrix'"
    ):
        load("xor").equations(form="matrix")


# --------------------------------------------------------------------------------------------------------------- hostile

HOSTILE = """\
flow f "$</math><script>alert(1)</script> \\input{{/etc/passwd}} & # % _ ^ ~ [x](javascript:a) `$` \u05d0\u05d1 \U0001f600"
index class = {classes}
input  x[2]
target y[class]
node   \u05d0[2] "\\\\write18{{ls}}" : tanh, \u03be_h "$\\\\input{{a}}$" : logistic
output p[class] : softmax
x -> \u05d0 -> p : ~
x -> \u03be_h : ~
1 -> p : ~
loss cross_entropy(p, y)
"""


@pytest.fixture(scope="module")
def hostile():
    return flowc.loads(HOSTILE.format(classes="cat, dog, bird"))


def test_nothing_that_is_written_in_a_diagram_runs(hostile):
    tex = hostile.equations("latex", "nodes")
    assert not re.search(r"\\(input|write|def|immediate|catcode)\b", tex)
    assert tex.isascii()
    page = hostile.equations("markdown")
    assert "<" not in re.sub(r"\$\$.*?\$\$", "", page, flags=re.DOTALL)
    assert "\\[x\\]\\(javascript" in page


def test_mathml_is_well_formed(hostile):
    pytest.importorskip("latex2mathml")
    for flow in (hostile, *map(flowc.load, EXAMPLES)):
        root = ElementTree.fromstring(flow.equations("mathml"))
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {"math", "mtable", "mtr", "mtd", "mrow", "mtext", "mi", "mo", "mn", "msub", "msup", "msubsup", "mfrac",
                         "munderover", "munder", "mover", "mspace", "mpadded", "mstyle", "msqrt"}  # fmt: skip
        assert "&#x" not in "".join(root.itertext())


def test_ascii(hostile):
    from flowc.doors.equations import print_equations

    for flow in (hostile, *map(flowc.load, EXAMPLES)):
        assert print_equations(flow, "text", ascii=True).isascii()


# ------------------------------------------------------------------------------------------------------------------ many


def test_many_elements_are_elided():
    flow = flowc.loads("input x[200]\nnode h[100] : tanh\noutput f\nx -> h -> f : ~\n1 -> h, f : ~")
    text = flow.equations("text", "nodes")
    assert "… 96 more of the same form" in text
    assert "+ ⋯ +" in text
    assert len(text) < 2000
    assert "⋯" not in flow.equations("text", "nodes", whole=True)
    assert len(flow.equations("text")) < 300


def test_thousands_of_nodes_are_few_lines():
    names = [f"h{k}" for k in range(2000)]
    lines = ["input x", "target y", f"node {', '.join(names)} : tanh", "output f", f"x -> {', '.join(names)} : ~"]
    lines += [f"{', '.join(names)} -> f : ~", "loss mse(f, y)"]
    text = flowc.loads("\n".join(lines)).equations("text")
    assert len(text.split("\n")) < 200
    assert re.search(r"… \d+ more", text)
    assert len(text) < 20_000


# ----------------------------------------------------------------------------------------------------------------- LaTeX

needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="Debian's texlive is not installed")


def compiled(tex, folder):
    (folder / "a.tex").write_text(tex, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "a.tex"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, errors="replace")


@needs_pdflatex
@pytest.mark.parametrize("form", ["nodes", "layers", "augmented", "indexed"])
def test_examples_compile(form, tmp_path):
    """All in one document, as `\\input` takes them."""
    parts = [flowc.load(path).equations("latex", form) for path in EXAMPLES]
    head = "\\documentclass{article}\\usepackage[margin=1cm]{geometry}\\usepackage{amsmath}\\begin{document}\n"
    done = compiled(head + "\\clearpage\n".join(parts) + "\\end{document}\n", tmp_path)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout


@needs_pdflatex
def test_a_hostile_diagram_compiles_alone(hostile, tmp_path):
    from flowc.doors.equations import print_equations

    done = compiled(print_equations(hostile, "latex", standalone=True), tmp_path)
    assert done.returncode == 0, done.stdout[-2000:]


def goldens():
    """Name -> text, of every golden file."""
    found = {name: load(name).equations("text") for name in GOLDENS}
    for form in ("nodes", "layers", "augmented", "indexed"):
        found |= {f"{name}-{form}": load(name).equations("text", form) for name in ("xor_learnt", "net232")}
    for method in ("momentum(rate=0.1)", "adam()", "rmsprop(rate=0.1)", "adamw()",
                   "sgd(rate=0.1, batch=2, warmup=5, weight_decay=0.1)", "gd(gamma=0.5, every=10)"):  # fmt: skip
        flow = flowc.loads(f"input x\ntarget y\nweight w ~ 1\noutput f\nf = w*x\nloss mse(f, y)\ntrain {method}")
        found["method-" + re.match(r"\w+", method)[0]] = flow.equations("text", part="update")
    return found


if __name__ == "__main__":
    for name, text in goldens().items():
        (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")

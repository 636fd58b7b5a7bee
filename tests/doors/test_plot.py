"""`flowc plot` and `flow.plot`, as their users call them: what is plotted is what `run` and `train` compute."""

import csv
import io
import json
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import flowc
from flowc.__main__ import main
from flowc.maths.functions import ACTIVATIONS
from flowc.nets.plotting import activations, fit, landscape, regions
from tests.doors.command import EXAMPLES

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """flow hostile "Title with $x_1$ & <b>"

index  class = "a $b$", "c\\d <e>", "100 %", "😀 cat"
input  u "$\\hat{x}_1$", v "costs $5 & <b>"
target y[class]
output p[class] : softmax

u, v, 1 -> p : ~
loss cross_entropy(p, y)
data {
  u v | y
  0 1 | "a $b$"
  1 0 | "c\\d <e>"
  1 1 | "😀 cat"
}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def given(monkeypatch):
    """What the plots were given, call after call."""
    found = []

    def kept(module, name):
        draw = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a: (found.append(a), draw(*a))[1])

    for module, name in ((activations, "activations"), (fit, "fit"), (regions, "regions"), (landscape, "landscape")):
        kept(module, name)
    return found


def plot(*words):
    assert main(["plot", *map(str, words), "-o", "plot.svg"]) == 0


# ---------------------------------------------------------------------------------------------------------- activations


def test_all_activations(here, given):
    plot("activations")
    (shapes, low, high, theme) = given[0]
    assert [s.name for s in shapes] == [f.name for f in ACTIVATIONS if f.kind == "elementwise"]
    assert (low, high, theme) == (-3, 3, "light")


def test_activations_by_name(here, given):
    plot("activations", "leaky_relu(0.1)", "sigmoid", "elu", "--range", "-1,2")
    shapes, low, high, _ = given[0]
    assert [s.name for s in shapes] == ["leaky_relu(0.1)", "logistic", "elu"] and (low, high) == (-1, 2)
    assert shapes[0].value.pieces[0][0].tolist() == [-1, -0.1]


def test_activations_of_a_diagram(here, given):
    plot(EXAMPLES / "xor_learnt.flow", "--activations")
    plot(EXAMPLES / "activations.flow", "--activations")
    assert [s.name for s in given[0][0]] == ["logistic"]
    assert [s.name for s in given[1][0]][:3] == ["identity", "step", "sign"] and len(given[1][0]) == 16


# ------------------------------------------------------------------------------------------------------------------ fit


def test_curves_are_those_of_the_steps(here, given):
    plot(EXAMPLES / "sine.flow", "--fit", "--steps", "100,0,500")
    _, names, x, curves, data, _ = given[0]
    assert [c.step for c in curves] == [0, 100, 500] and [n.text for n in names] == ["x", "f"]
    flow = flowc.load(EXAMPLES / "sine.flow")
    for found in curves:
        weights = flow.train(steps=found.step).weights if found.step else flow.compile().init()
        assert (found.y == flow.compile().forward(weights, {"x": x})["f"]).all()
    assert (data.x == flow.data().arrays["x"]).all() and (data.y == flow.data().arrays["y"]).all()


def test_the_steps_of_the_lecture_are_the_default(here, given):
    plot(EXAMPLES / "sine.flow", "--fit")
    assert [c.step for c in given[0][3]] == [0, 100, 500, 2000]


def test_more_steps_than_the_diagram_has(here, given):
    plot(
        EXAMPLES / "sine_mse.flow", "--fit", "--steps", "3000", "--method", "momentum", "--rate", "1e-4", "--seed", "4"
    )
    learnt = flowc.load(EXAMPLES / "sine_mse.flow").train(steps=3000, method="momentum", rate=1e-4, seed=4).weights
    x = given[0][2]
    assert (given[0][3][0].y == flowc.load(EXAMPLES / "sine_mse.flow").compile().forward(learnt, {"x": x})["f"]).all()


def test_a_curve_of_given_weights(here, given):
    assert main(["train", str(EXAMPLES / "sine.flow"), "--steps", "50", "--quiet", "-o", "w.safetensors"]) == 0
    plot(EXAMPLES / "sine.flow", "--fit", "--weights", "w.safetensors")
    plot(EXAMPLES / "sine.flow", "--fit", "--steps", "50")
    assert given[0][3][0].step is None and (given[0][3][0].y == given[1][3][0].y).all()


def test_a_curve_that_learns_nothing_has_gaps_where_it_has_no_value(here, given):
    (here / "a.flow").write_text("input x\noutput f\nf = log(x)\ndata {\n  x | f\n  1 | 0\n  4 | 1.386\n}\n")
    plot("a.flow", "--fit", "--range", "-1,5")
    x, (found,), data = given[0][2], given[0][3], given[0][4]
    assert (np.isfinite(found.y) == (x > 0)).all() and data.y.tolist() == [0, 1.386]


# -------------------------------------------------------------------------------------------------------------- regions


def rows(plane):
    """Some points of the grid, as rows of a table and as indices."""
    rng = np.random.default_rng(0)
    i, j = rng.integers(0, len(plane.y), 200), rng.integers(0, len(plane.x), 200)
    return i, j, zip(plane.x[j].tolist(), plane.y[i].tolist())


def run(path, heads, table, *words):
    """The outputs of `flowc run`, as arrays."""
    text = io.StringIO()
    csv.writer(text).writerows([heads, *table])
    with open("grid.csv", "w", encoding="utf-8") as file:
        file.write(text.getvalue())
    assert main(["run", str(path), "--data", "grid.csv", "--all", "--format", "json", "-o", "values.json", *words]) == 0
    with open("values.json", encoding="utf-8") as file:
        return {name: np.array(values) for name, values in json.load(file).items()}


def test_regions_of_xor_are_what_run_says(here, given):
    plot(EXAMPLES / "xor.flow", "--regions", "h1", "h2", "f")
    _, plane, panels, points, _ = given[0]
    i, j, table = rows(plane)
    found = run(EXAMPLES / "xor.flow", ["x1", "x2"], table)
    for name, panel in zip(("h1", "h2", "f"), panels):
        assert (panel.zones.places[i, j] == found[name]).all()
    assert [n.text for n in panels[0].zones.names] == ["h₁ = 0", "h₁ = 1"]
    assert points.kinds.tolist() == [0, 1, 1, 0] and points.x.tolist() == [0, 0, 1, 1]
    assert (plane.x[0], plane.x[-1]) == (-0.5, 1.5)


@pytest.mark.parametrize("options", [[], ["--soft"], ["--backend", "torch"], ["--dtype", "float32"]])
def test_regions_of_classes_are_what_run_says(here, given, options):
    path = EXAMPLES / "softmax.flow"
    assert main(["train", str(path), "--quiet", "-o", "w.safetensors"]) == 0
    plot(path, "--regions", "--weights", "w.safetensors", *options)
    _, plane, (panel,), points, _ = given[0]
    i, j, table = rows(plane)
    found = run(path, ["x[1]", "x[2]"], table, "--weights", "w.safetensors")["p"]
    assert (panel.zones.places[i, j] == found.argmax(axis=1)).all()
    assert [n.text for n in panel.zones.names] == ["cat", "dog", "bird"] == [n.text for n in points.names]
    if "--soft" in options:
        assert np.allclose(panel.shares[i, j], found, atol=1e-12)
    assert (panel.shares is None) == ("--soft" not in options)


def test_regions_of_twenty_classes(here, given):
    rng = np.random.default_rng(1)
    centres = rng.uniform(-1, 1, (20, 2))
    tokens = rng.uniform(-1, 1, (300, 2))
    classes = ((tokens[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1) + 1
    with open("twenty.csv", "w", encoding="utf-8") as file:
        csv.writer(file).writerows([["x1", "x2", "y"], *([*x, c] for x, c in zip(tokens.tolist(), classes.tolist()))])
    path = EXAMPLES / "perceptron.flow"
    words = ["--data", "twenty.csv", "--range", "-1,1"]
    plot(path, "--regions", *words, "--steps", "20000", "--rate", "0.1")
    _, plane, (panel,), points, _ = given[0]
    places = panel.zones.places
    assert len(np.unique(places)) > 15 and not panel.zones.undecided
    assert (
        main(
            [
                "train",
                str(path),
                "--data",
                "twenty.csv",
                "--steps",
                "20000",
                "--rate",
                "0.1",
                "--quiet",
                "-o",
                "w.safetensors",
            ]
        )
        == 0
    )
    i, j, table = rows(plane)
    found = run(path, ["x1", "x2"], table, "--weights", "w.safetensors")["f"]
    assert (places[i, j] == found.argmax(axis=1)).all()
    assert (points.kinds == classes - 1).all() and len(points.names) == 20


def test_regions_of_nodes_that_are_numbers(here, given):
    plot(EXAMPLES / "xor_learnt.flow", "--regions", "h1", "f", "--steps", "500")
    flow = flowc.load(EXAMPLES / "xor_learnt.flow")
    _, plane, panels, _, _ = given[0]
    x1, x2 = np.meshgrid(plane.x, plane.y)
    values = flow.compile().forward(flow.train(steps=500).weights, {"x1": x1.ravel(), "x2": x2.ravel()})
    for panel, name in zip(panels, ("h1", "f")):
        assert (panel.zones.places.ravel() == (values[name] >= 0.5)).all()
        smooth = abs(values[name] - 0.5) > 1e-9
        assert ((panel.zones.margins[1].ravel() > 0) == (values[name] > 0.5))[smooth].all()


def test_a_vector_of_numbers_has_a_panel_for_each(here, given):
    plot(EXAMPLES / "net232.flow", "--regions", "h", "f[2]", "--seed", "3")
    assert [p.name.text for p in given[0][2]] == ["h₁", "h₂", "h₃", "f₂"]


def test_a_relu_is_nothing_or_more(here, given):
    (here / "a.flow").write_text("input x1, x2\noutput f\nh = relu(x1 + 0.7*x2 - 0.1)\nf = 2*h\n")
    plot("a.flow", "--regions", "h", "f")
    _, plane, (h, f), points, _ = given[0]
    x1, x2 = np.meshgrid(plane.x, plane.y)
    assert points is None and [n.text for n in h.zones.names] == ["h = 0", "h > 0"]
    assert (h.zones.places == (x1 + 0.7 * x2 - 0.1 > 0)).all()
    assert (f.zones.places == 1).all()  # from 0 on


# ----------------------------------------------------------------------------------------------------------------- loss


def test_the_descent_is_that_of_train(here, given):
    plot(EXAMPLES / "worked_example.flow", "--loss", "w5", "w6", "--steps", "40")
    _, land, way, _ = given[0]
    flow = flowc.load(EXAMPLES / "worked_example.flow")
    net, data = flow.compile(), flow.data().arrays
    assert way.steps[0] == 0 and way.steps[-1] == 40 and len(way.steps) == 41
    for step, place, loss in zip(way.steps.tolist(), way.weights, way.losses):
        weights = flow.train(steps=step).weights if step else net.init()
        assert place.tolist() == [weights["w5"], weights["w6"]] and loss == net.loss(weights, data)
    learnt = flow.train(steps=40).weights
    for row, column in ((0, 0), (3, 50)):
        at = {**learnt, "w5": land.axes[0][column], "w6": land.axes[1][row]}
        assert land.loss[row, column] == net.loss(at, data)
    assert land.others == "other weights\nas learnt"


def test_the_loss_along_an_element(here, given):
    plot(EXAMPLES / "softmax.flow", "--loss", "W[dog,2]", "--others", "start", "--range", "-2,2")
    _, land, way, _ = given[0]
    flow = flowc.load(EXAMPLES / "softmax.flow")
    net, data = flow.compile(), flow.data().arrays
    weights = net.init()
    weights["W"][1, 1] = land.axes[0][10]
    assert land.loss[10] == net.loss(weights, data) and land.axes[0][[0, -1]].tolist() == [-2, 2]
    assert way.weights[-1, 0] == flow.train().weights["W"][1, 1] and land.others == "other weights\nas they start"


def test_a_descent_of_many_steps_is_thinned(here, given):
    plot(EXAMPLES / "xor_learnt.flow", "--loss", "w_h1_x1", "--steps", "3000")
    _, _, way, _ = given[0]
    assert way.steps[:5].tolist() == [0, 1, 2, 3, 4] and way.steps[-1] == 3000 and len(way.steps) <= 401


def test_a_large_loss_that_hardly_changes_has_an_axis(here):
    """Its air is lost beside it; matplotlib would warn of an axis without length."""
    (here / "flat.flow").write_text("input x\noutput f\nweight a ~ 1\nf = a*x\nloss 1e15 + 0*f\ndata {\n  x\n  1\n}\n")
    plot("flat.flow", "--loss", "a")


def test_the_loss_at_given_weights_has_no_descent(here, given):
    assert main(["train", str(EXAMPLES / "sine.flow"), "--quiet", "-o", "w.safetensors"]) == 0
    plot(EXAMPLES / "sine.flow", "--loss", "d", "--weights", "w.safetensors", "--steps", "0")
    _, land, way, _ = given[0]
    assert way.steps.tolist() == [0] and land.others == "other weights as given"
    assert way.weights[0, 0] == flowc.load(EXAMPLES / "sine.flow").train().weights["d"]


def test_a_learnt_arrow_of_a_file(here, given):
    plot(EXAMPLES / "evolved.flow", "--loss", name := _arrow(), "--steps", "3")
    assert given[0][1].names[0].text and len(given[0][2].steps) == 4, name


def _arrow():
    from flowc.graph.files.arrow_names import arrow_names

    edges = next(e for e in flowc.load(EXAMPLES / "evolved.flow").network.edges if e.weight)
    return arrow_names(edges)[0]


# ---------------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("name, begins", [("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_the_ending_says_the_format(here, name, begins):
    assert main(["plot", "activations", "tanh", "-o", name]) == 0
    assert (here / name).read_bytes().startswith(begins)


def test_to_standard_output_where_that_is_no_terminal(here, capfdbinary, monkeypatch):
    assert main(["plot", "activations", "tanh", "--theme", "dark"]) == 0
    svg = capfdbinary.readouterr().out
    assert svg.startswith(b"<?xml")
    assert main(["plot", "activations", "tanh", "--format", "png", "--width", "300", "-o", "-"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"\x89PNG")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["plot", "activations", "tanh"]) == 2
    assert b"a plot is written to a file; name one, `-o plot.svg`" in capfdbinary.readouterr().err


def test_hostile_labels_are_text(here):
    (here / "a.flow").write_text(HOSTILE, encoding="utf-8")
    for words in (["--regions"], ["--regions", "--soft"], ["--regions", 'p["100 %"]'], ["--loss", 'w_p_u["a $b$"]']):
        assert main(["plot", "a.flow", *words, "-o", "a.svg"]) == 0
        root = ElementTree.parse("a.svg").getroot()
        assert root[0].text == "Title with $x_1$ & <b>" and not list(root.iter(f"{SVG}script"))
    assert main(["plot", "a.flow", "--regions", "--steps", "200", "-o", "a.svg"]) == 0
    said = ElementTree.parse("a.svg").getroot()[1].text
    assert "a $b$" in said and "c\\d <e>" in said and "costs $5 & <b>" in said


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        (["nowhere.flow", "--fit"], 2, "cannot read `nowhere.flow`"),
        (["xor.flow"], 2, "say what is to be plotted of `xor.flow`"),
        (["xor.flow", "--fit", "--regions"], 2, "`--fit` and `--regions` are plots of their own"),
        (["--regions", "xor.flow"], 2, "name the diagram first"),
        (["xor.flow", "h1", "--regions"], 2, "`h1` is one word too many"),
        (["activations", "--fit"], 2, "`activations` is no diagram"),
        (["activations", "rellu"], 2, "did you mean `relu`?"),
        (["activations", "softmax"], 2, "`softmax` is no function of one number"),
        (["activations", "tanh(3)"], 2, "tanh takes no numbers"),
        (["activations", "leaky_relu(a)"], 2, "is no list of numbers"),
        (["activations", "--soft"], 2, "`--soft` is of `--regions`"),
        *(([*of, f"--{name}", value], 2, f"`--{name}` says nothing of functions, which are drawn as they are")
          for of in (["activations"], ["sine.flow", "--activations"])
          for name, value in (("weights", "/dev/zero"), ("data", "d.csv"), ("row", "1"), ("seed", "2"), ("weight-decay", "1"), ("method", "gd"))),
        (["activations", "--set", "D=3"], 2, "`--set` says nothing of functions"),
        (["xor.flow", "--fit"], 2, "one input, and xor has 2: `x1` and `x2`; `--regions` is for two"),
        (["three.flow", "--regions"], 2, "over two inputs, and three has 3: `a`, `b` and `c`"),
        (["sine.flow", "--regions"], 2, "`--fit` is for one"),
        (["xor.flow", "--regions", "h3"], 2, "has no node `h3`; did you mean `h2`?"),
        (["xor.flow", "--regions", "x1"], 2, "`x1` is an input"),
        (["xor.flow", "--regions", "h1[1]"], 2, "`h1` has no elements"),
        (["xor.flow", "--loss", "w"], 2, "xor has no loss"),
        (["softmax.flow", "--loss", "W"], 2, "name one, as `W[cat,1]`"),
        (["softmax.flow", "--loss", "W[cot,1]"], 2, "did you mean `cat`?"),
        (["softmax.flow", "--loss", "W[cat]"], 2, "`W` has 2 indices"),
        (["softmax.flow", "--loss", "b[cat]", "b[cat]"], 2, "is given twice"),
        (["softmax.flow", "--loss", "b[cat]", "b[dog]", "b[bird]"], 2, "along one weight or over two, not 3"),
        (["worked_example.flow", "--loss", "w55"], 2, "has no weight `w55`; did you mean `w5`?"),
        (["worked_example.flow", "--loss", "b1"], 2, "`b1` does not learn"),
        (["perceptron.flow", "--loss", "W[1,1]"], 2, "has no data"),
        (["sine.flow", "--fit", "--rate", "1"], 1, "the loss is not finite at step"),
        (["sine.flow", "--fit", "--steps", "1,x"], 2, "`x` is not a whole number"),
        (["sine.flow", "--fit", "--range", "2,1"], 2, "`2,1` is no range"),
        (["sine.flow", "--fit", "--range", "-1e200,1e200"], 2, "`-1e200,1e200` is no range from a number to a larger one, as -1,2, up to 1e+100"),
        (["sine.flow", "--fit", "--width", "10", "-o", "a.svg"], 2, "`--width` is of a PNG"),
        (["sine.flow", "--fit", "-o", "sine.flow"], 2, "`sine.flow` is the diagram itself"),
        (["sine.flow", "--fit", "-o", "no/such/folder/a.svg"], 2, "no such file or directory"),
        (["bad.flow", "--fit"], 1, "unknown-node"),
    ],
)  # fmt: skip
def test_refusals(here, capsys, arguments, status, said):
    for name in ("xor", "sine", "softmax", "worked_example", "perceptron"):
        (here / f"{name}.flow").write_bytes((EXAMPLES / f"{name}.flow").read_bytes())
    (here / "three.flow").write_text("flow three\ninput a, b, c\noutput f\nf = a + b + c\n")
    (here / "bad.flow").write_text("input x\noutput f\nz -> f : 1\n")
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    output = [] if "-o" in arguments else ["-o", "plot.svg"]
    assert main(["plot", *arguments, *output]) == status
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


FAR = "input x\ntarget y\noutput f\nweight a ~ {}\nf = a*x\nloss mse(f, y)\ndata {{\n  x y\n  1 {}\n  {} 3\n}}\n"


@pytest.mark.parametrize("numbers, options, said", [
    ((1, 1, 1e308), ["--fit", "--steps", "0"], "`x` lies between 1 and 1e+308, which no axis shows; `--range FROM,TO` is a part of it"),
    ((1e308, 1, 2), ["--loss", "a", "--steps", "0"], "`a` lies between 1e+308 and 1e+308, which no axis shows"),
    ((1e308, -1e308, 2), ["--fit", "--steps", "0"], ""),
    ((1e308, 1, 2), ["--loss", "a", "--steps", "0", "--range", "-1,1"], ""),
    ((1, 1e308, 1e308), ["--fit", "--steps", "0", "--range", "-1,1"], ""),
])  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_what_no_axis_shows(here, capsys, numbers, options, said):
    """Too far for an axis is a sentence; too far for a curve is a gap in it."""
    (here / "far.flow").write_text(FAR.format(*numbers))
    assert main(["plot", "far.flow", *options, "-o", "far.svg"]) == (2 if said else 0)
    assert said in capsys.readouterr().err


def test_without_matplotlib(here, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["plot", "activations", "-o", "a.svg"]) == 2
    assert "`pip install flowc[plot]`" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------------------- Python


def test_from_python(given):
    from matplotlib.figure import Figure

    flow = flowc.load(EXAMPLES / "xor_learnt.flow")
    learnt = flow.train(steps=200).weights
    found = flow.plot("regions", "h1", weights=learnt, soft=True, range=[(-1, 2), (0, 1)], theme="dark")
    assert isinstance(found, Figure) and found.alt.startswith("Two hidden neurons learn the exclusive or. Shades of h₁")
    assert given[0][1].x[[0, -1]].tolist() == [-1, 2] and given[0][1].y[[0, -1]].tolist() == [0, 1]
    flow.plot("loss", "w_h1_x1", steps=20, method="adam", rate=0.1)
    stepped = flow.train(steps=20, method="adam", rate=0.1).weights["w_h1_x1"]
    assert given[1][2].weights[-1, 0] == stepped
    flow.plot("activations")
    data = {"x1": [0.2, 0.4], "x2": [1, 2], "y": [0, 1]}
    flow.plot("regions", data=data)
    assert given[3][3].x.tolist() == [0.2, 0.4] and given[3][3].kinds.tolist() == [0, 1]
    flowc.load(EXAMPLES / "sine.flow").plot("fit", steps=[0, 10])
    assert [c.step for c in given[4][3]] == [0, 10]


@pytest.mark.parametrize(
    "words, options, said",
    [
        (["region"], {}, "did you mean `regions`?"),
        (["regions"], {"theme": "pink"}, "`theme` is one of light, dark, print"),
        (["loss", "w_h1_x1"], {"others": "none"}, "`others` is one of learnt, start"),
        (["regions"], {"range": (2, 1)}, "a range is from a number to a larger one"),
        (["regions"], {"range": (0, 1e300)}, "to a larger one, as .* up to 1e"),
        (["regions"], {"range": 3}, "a range is two numbers"),
        (["regions"], {"steps": -1}, "whole numbers from 0 on"),
        (["loss"], {}, "along one weight or over two, not 0"),
        (["regions"], {"weights": {"w": 1}}, "has no weight `w`"),
        (["regions"], {"data": {"x1": [0]}}, "`x2` is missing"),
        (["fit"], {"colour": 1}, "has no setting `colour`"),
    ],
)
def test_refusals_in_python(words, options, said):
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        flowc.load(EXAMPLES / "xor_learnt.flow").plot(*words, **options)


def test_a_figure_can_be_changed_and_saved(here):
    figure = flowc.load(EXAMPLES / "xor.flow").plot("regions", "h1", "f")
    figure.axes[0].axvline(0.5)
    figure.savefig("a.png")
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")

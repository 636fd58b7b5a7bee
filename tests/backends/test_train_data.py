"""The data of printed loops: tables, files and formulas, the same as `flowc train` reads and computes."""

import csv

import numpy as np
import pytest

from flowc.data.dataset import BadData
from tests.backends.scripts import FORMS, agree, command, executed, script, trained

CLASSES = """\
input x[2]
target y[3]
output p[3] : softmax

x -> p : ~
1 -> p : ~

loss cross_entropy(p, y)
train sgd(batch=2, steps=20)
"""
BY_NAME = 'index kind = "big cat", dog, bird\n' + CLASSES.replace("y[3]", "y[kind]").replace("p[3]", "p[kind]")
PIXELS = """\
input px[0..63]
target digit[0..9]
output p[0..9] : softmax

px -> p : ~

loss cross_entropy(p, digit)
train sgd(rate=0.001, batch=4, steps=10)
"""
LINE = """\
input x
target y
output f
weight a, b ~ normal(0, 1)

f = a*x + b

loss mse(f, y)
train gd(rate=0.1, steps=20)
"""
GRID = """\
input g[2, 2]
target y
weight W[2, 2] ~
output f

f = sum(W*g)

loss mse(f, y)
train gd(rate=0.01, steps=12)
"""
SPELLED = GRID.replace("g[2, 2]", "ξ₁[2, 2]").replace("W*g", "W*ξ₁")


def pixels(heads):
    rows = [",".join([*(str(k * j % 16) for k in range(64)), str(j % 10)]) for j in range(20)]
    return "\n".join([heads, *rows])


FILES = {  # the diagram, and the text of its file
    "columns": (CLASSES, "a.csv", "id,x1,x2,y\n1,0.5,1,1\n2,0.25,-1,2\n3,3,1.5,3\n4,-1,.5,1\n"),
    "spaces": (CLASSES, "a.csv", "id, x1, x2, y\n1, 0.5, 1, 1\n2, 0.25, -1, 2\n3, 3, 1.5, 3\n"),
    "classes with a point": (CLASSES, "a.csv", "x[1],x[2],y\n0.5,1,1.0\n0.25,-1,2.0\n3,1.5,3.0\n"),
    "one-hot": (CLASSES, "a.csv", "x[1],x[2],y1,y2,y3\n0.5,1,1,0,0\n0.25,-1,0,1,0\n3,1.5,0,0,1\n"),
    "a range of columns": (CLASSES, "a.csv", "x[1..2],y\n0.5,1,1\n0.25,-1,2\n3,1.5,3\n"),
    "tabs, a mark, blanks": (BY_NAME, "a.tsv", '\ufeffkind\tx[1]\tx[2]\n"big cat"\t0.5\t1\ndog\t0.25\t-1\n\nbird\t3\t1.5\n\n'),
    "a grid": (GRID, "a.csv", '"g[1,1]","g[1,2]","g[2,1]","g[2,2]",y\n1,2,3,4,0.5\n-1,2,0.3,1,0.25\n'),
    "a range in another spelling": (
        CLASSES.replace("x[2]", "ξ1[2]").replace("x ->", "ξ1 ->"), "a.csv", "ξ₁[1..2],y\n0.5,1,1\n0.25,-1,2\n3,1.5,3\n",
    ),
    "pixels": (PIXELS, "a.csv", pixels(",".join([*(f"px{k}" for k in range(64)), "digit"]))),
    "pixels in a range": (PIXELS, "a.csv", pixels("px[0..63],digit")),
    "epochs": (CLASSES.replace("steps=20", "epochs=7"), "a.csv", "x1,x2,y\n0.5,1,1\n0.25,-1,2\n3,1.5,3\n"),
    "fewer than a batch": (CLASSES.replace("batch=2", "batch=20"), "a.csv", "x1,x2,y\n0.5,1,1\n0.25,-1,2\n"),
    "with replacement": (CLASSES.replace("batch=2", "replace=true"), "a.csv", "x1,x2,y\n0.5,1,1\n0.25,-1,2\n"),
}  # fmt: skip

ARRAYS = {
    "classes": (CLASSES, {"x": np.array([[0.5, 1], [0.25, -1], [3, 1.5]], np.float32), "y": np.array([1, 2, 3])}),
    "columns": (CLASSES, {"x1": np.array([0.5, 0.25]), "x2": np.array([1, -1]), "y": np.eye(3)[:2]}),
    "words": (BY_NAME, {"x": np.array([[0.5, 1], [0.25, -1]]), "kind": np.array(["big cat", "bird"])}),
    "a grid": (GRID, {"g": np.arange(12.0).reshape(3, 2, 2) / 10, "y": np.array([0.5, 1, 2])}),
    "a spelling": (SPELLED, {"ξ₁": np.arange(12.0).reshape(3, 2, 2) / 10, "y": np.array([0.5, 1, 2])}),
}

FORMULAS = {
    "noise": (LINE, "x = uniform(-1, 1, 50)", "e = normal(0, 0.1, 50)", "y = 2*x + 1 + e + 0.5*normal(0, 1, 50)"),
    "two draws": (LINE, "x = normal(0, 1, 9) + uniform(0, 1, 9)", "y = x"),
    "arange": (LINE, "x = arange(0, 5, 0.5)", "y = max(x, 1) - min(x^2, 3, 4)/2 - (x - (1 - x))"),
    "a constant": (LINE, "k = 2*3", "n = 20", "h = n/2", "x = linspace(0, 1, 2*10)", "e = normal(0, 1, n)", "y = k"),
    "counts that are no ints": (LINE, "n = 20/2", "x = linspace(0, 1, n)", "y = x"),
    "functions": (
        LINE, "x = linspace(-2, 2.1, 9)",
        "part = logistic(x) + relu(x) - gelu(x)/3 + step(x)*sin(pi/4) + leaky_relu(x, 0.2) + sqrt(x^2) + sigmoid(2)",
        "y = part + softplus(-x) + elu(x) + abs(x) + exp(-x) + square(x) + sign(x) + tanh(x) + cos(2*pi*x) + power(2, x)",
    ),
    "classes": (
        CLASSES.replace("3", "0..1").replace("batch=2", "batch=7"),
        "t = linspace(0, 6, 20)", "x[1] = cos(t)", "x[2] = 1", "y = step(x[1])",
    ),
    "elements": (
        CLASSES.replace("cross_entropy", "mse").replace("3", "2").replace(" : softmax", ""),
        "x1 = linspace(0, 6, 20)", "x[1] = x1/2", "x[2] = sin(x1)", "y[1] = x[1] - x[2]", "y[2] = x[1]*(x[2] - 2)/3",
    ),
    "helpers that are called as elements and classes": (
        "index k = dog, cat\n" + CLASSES.replace("y[3]", "y[k]").replace("p[3]", "p[k]"),
        "x[1] = linspace(0, 6, 20)", "x[2] = x[1]/2", "x1 = 7", "y[dog] = step(x[1] - x1/2)", "y[cat] = 1 - y[dog]", "cat = x1",
    ),
    "elements of other names": (
        'index k = dog, "big cat"\n' + CLASSES.replace("y[3]", "y[k]").replace("p[3]", "p[k]").replace("x[2]", "x[-1..0]"),
        "x[-1] = linspace(0, 6, 20)", "x[0] = x[-1]/2", 'y[dog] = step(x[-1] - 2)', 'y["big cat"] = 1 - y[dog]',
    ),
    "a grid": (GRID, "g[1,1] = linspace(0, 1, 5)", "g[1,2] = g[1,1]^2", "g[2,1] = 1", "g[2,2] = 2*g[1,1]", "y = g[1,1]"),
}  # fmt: skip


def held(path, folder):
    """Every form that there is learns the same as `flowc train`."""
    wanted = trained(path)
    for form, options in FORMS.items():
        if not form.startswith("sequential") or "softmax" in path.read_text():
            agree(executed(script(path, *options), folder), wanted, 1e-12)


@pytest.mark.parametrize("case", FILES)
def test_text_files(case, tmp_path):
    diagram, name, text = FILES[case]
    (tmp_path / name).write_text(text, encoding="utf-8")
    path = tmp_path / "net.flow"
    path.write_text(f'{diagram}data "{name}"\n')
    held(path, tmp_path)


@pytest.mark.parametrize("case", ARRAYS)
def test_npz_files(case, tmp_path):
    diagram, arrays = ARRAYS[case]
    np.savez(tmp_path / "a.npz", **arrays)
    path = tmp_path / "net.flow"
    path.write_text(f'{diagram}data "a.npz"\n')
    held(path, tmp_path)


@pytest.mark.parametrize("case", FORMULAS)
def test_formulas(case, tmp_path):
    diagram, *formulas = FORMULAS[case]
    path = tmp_path / "net.flow"
    path.write_text("\n".join([f"{diagram}data {{", *formulas, "}\n"]))
    held(path, tmp_path)


def test_formulas_read_as_they_were_written(tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(f"{LINE}data {{\n  x = linspace(-pi, pi, 2000)\n  y = sin(2*pi*x) - x^2/3\n}}\n")
    text = script(path)
    assert "    x = np.linspace(-pi, pi, 2000)\n    y = np.sin(2 * pi * x) - x**2 / 3\n" in text
    assert "    x = torch.linspace(-pi, pi, 2000)\n" in script(path, "--backend", "torch")


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_a_formula_may_be_a_long_run(sign, tmp_path):
    path = tmp_path / "net.flow"
    run = f" {sign} ".join(["x", *["1"] * 1500])
    path.write_text(f"{LINE}data {{\n  x = linspace(1, 2, 3)\n  y = {run}\n}}\n")
    assert script(path).count("1") >= 1500


@pytest.mark.parametrize(
    "formula",
    [" + ".join(["x"] * 3001), f"sin({' - '.join(['x'] * 3001)})", f"max({', '.join(f'x + {k}/3000' for k in range(300))})"],
    ids=["a sum", "a sum within a function", "a maximum"],
)
def test_a_long_formula_is_computed_in_several_statements(formula, tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(f"{LINE}data {{\n  x = linspace(0.5, 1, 3)\n  y = ({formula}) / 4000\n}}\n")
    held(path, tmp_path)


def test_numbered_columns_are_not_listed_one_by_one(tmp_path):
    diagram, name, text = FILES["pixels"]
    (tmp_path / name).write_text(text)
    path = tmp_path / "net.flow"
    path.write_text(f'{diagram}data "{name}"\n')
    assert 'columns = [f"px{k}" for k in range(64)]' in script(path)


def test_without_the_file_the_columns_have_the_diagrams_names(tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(f'{BY_NAME}data "later.csv"\n')
    text = script(path)
    assert 'columns = ["x[1]", "x[2]"]' in text and 'place(row, "y", classes)' in text
    (tmp_path / "later.csv").write_text("x[1],x[2],y\n0.5,1,big cat\n0.25,-1,dog\n")
    agree(executed(text, tmp_path), trained(path), 1e-12)


# ------------------------------------------------------------------------------------------------------------- corners

CORNERS = {
    "names of the loop's own": """\
input t
target train
output rate
weight seed, steps, batches, L, rows ~ 0.3
rate = seed*t + steps + batches*t^2 + L + rows
loss mse(rate, train)
data {
  t = linspace(0, 1, 11)
  name = 3
  all_t = t*name
  train = all_t + t
}
train adam(rate=0.05, batch=4, steps=20, decay=0.1)
""",
    "Greek names": """\
input ξ
target ŷ
output φ
weight α, β ~ normal(0, 1)
φ = α*ξ + β
loss mse(φ, ŷ)
data {
  ξ = linspace(0, 1, 11)
  ŷ = 2*ξ
}
""",
    "gradients that are weights": """\
input x
target y
output f
weight a ~ 0.5, b ~ 0.25
f = a*b*x
loss mse(f, y) + a*b
data {
  x = linspace(-1, 1, 11)
  y = x
}
""",
    "fixed arrays and a penalty": """\
input x[2]
target y
weight A[2,2] = [[1, 2], [3, 4]], v[2] ~ [0.5, -0.5], c = 0.25
node h[2] : tanh
output f
x -> h : A
h -> f : v
1 -> f : c
loss mse(f, y) + 1e-3*sum(v^2)
data {
  x[1] x[2] | y
  0.1  0.2  | 0.3
  1    0    | 1
  -1   0.5  | 0
}
train adam(rate=0.05, batch=2, steps=30)
""",
    "many weights with long names": """\
input x
target y
output f
weight weight_one, weight_two, weight_three, weight_four, weight_five, weight_six ~ normal(0, 1)
f = weight_one*x + weight_two*x^2 + weight_three*x^3 + weight_four*x^4 + weight_five*x^5 + weight_six
loss mse(f, y)
data {
  x = linspace(-1, 1, 11)
  y = x
}
train adam(rate=0.05, steps=100, decay=0.01, gamma=0.5, every=20, warmup=10, cosine=true)
""",
    "names that leave no room for a call": LINE.replace("a*x", "weight_of_many_signs*x")
    .replace("weight a, b", "weight b, weight_of_many_signs")
    .replace("gd(rate=0.1", "adam(rate=0.01")
    + "data {\n  x = linspace(-1, 1, 11)\n  y = x\n}\n",
    "the perceptron": f"""\
{CLASSES.replace("softmax", "argmax").replace("cross_entropy", "perceptron").replace("batch=2", "rate=1, batch=1")}
data {{
  x[1] x[2] | y
  0    1    | 1
  1    0    | 2
  1    1    | 3
}}
""",
}


@pytest.mark.parametrize("case", CORNERS)
def test_corners(case, tmp_path):
    path = tmp_path / "net.flow"
    path.write_text(CORNERS[case])
    wanted = trained(path)
    for form in ("numpy", "layers", "torch", "explicit", "optimizer", "module", "module_optimizer"):
        agree(executed(script(path, *FORMS[form])), wanted, 1e-12)


# ------------------------------------------------------------------------------------------------------------ refused

UNREADABLE = {
    "semicolons": ("a.csv", b"x;y\n1,5;2\n", "a.csv: cells are separated by `;` here, and by commas in a file of this name; "),
    "commas where tabulators are due": ("a.tsv", b"x,y\n1,2\n", "a.tsv: cells are separated by commas here, "),
    "UTF-16": ("a.csv", "x,y\n1,2\n".encode("utf-16"), "a.csv: the file is UTF-16, not UTF-8; save it as UTF-8"),
    "no names": ("a.csv", b"1,2\n3,4\n", "a.csv, row 1: the first row holds numbers; it must name the columns"),
    "another kind of file": ("a.txt", b"x,y\n1,2\n", "a.txt: data are read from `.csv`, `.tsv` and `.npz` files"),
    "no arrays": ("a.npz", b"x,y\n1,2\n", "a.npz: it is no npz file"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_compile_says_what_flowc_train_says_of_a_file(case, tmp_path):
    name, data, words = UNREADABLE[case]
    (tmp_path / name).write_bytes(data)
    path = tmp_path / "net.flow"
    path.write_text(NUMBERS.replace("a.csv", name))
    status, out, err = command("compile", path, "--train")
    assert (status, out) == (2, "") and err.startswith(f"flowc: {words}")
    assert command("train", path) == (2, "", err)


NUMBERS = LINE.replace(" normal(0, 1)", " 0") + 'data "a.csv"\n'
WORDS = BY_NAME.replace("dog", '"Ärger"') + 'data "a.csv"\n'
SHARES = CLASSES.replace("3", "2") + 'data "a.csv"\n'
BITS = "input x\ntarget y\noutput f : logistic\nx -> f : ~\nloss binary_cross_entropy(f, y)\n" + 'data "a.csv"\n'
CELLS = (
    "nan", "inf", "-inf", "1e400", "1_0", "١", "", "0x10", '"1,5"', "abc", "1 2", "\u22121", "infinity", "1e", "--1",
    "+.5", "2.", "1e-3", "-0", '" 1 "', "\u00a01",
)  # fmt: skip
TEXTS = (
    "", "x,y\n", "x,y\n1\n", "x,y\n1,2,3\n", "x,y,x\n1,2,3\n", "a,a,x,y\n1,2,3,4\n", ",,x,y\n1,2,3,4\n", "x\n1\n", "x;y\n1;2\n",
    "x,y\n\n1,2\n  \n", "x,y\n,\n", "x , y\n1,2\n", 'x,y\n1,"2\n', 'x,y\n"1"3,2\n', '"x", "y"\n1, "2"\n', "y,x,f\r\n1,2,0\r\n",
)  # fmt: skip
FORMULA_CLASSES = CLASSES.replace("x[2]", "x").replace("3", "2") + "data {{\n  x = linspace(0, 1, 3)\n  {}\n}}\n"

FILES_TO_REFUSE = [
    *((NUMBERS, f"x,y\n1,3\n{cell},3\n") for cell in CELLS),
    *((NUMBERS, text) for text in TEXTS),
    *((CLASSES + 'data "a.csv"\n', f"x1,x2,y\n1,2,3\n1,2,{cell}\n") for cell in ("1", "0", "4", "-1", "2.0", "2.5", "nan", "", "1_0")),
    *((WORDS, f"x1,x2,y\n1,2,big cat\n1,2,{cell}\n") for cell in ("bird", "Bird", " bird", "Ärger", "A\u0308rger", "")),
    *((SHARES, f"x1,x2,y1,y2\n1,2,1,0\n1,2,{cells}\n") for cells in ("0.5,0.5", "-1,2", "1,1", "0,0")),
    *((BITS, f"x,y\n1,1\n2,{cell}\n") for cell in ("0", "0.5", "1.5", "-1")),
    (CLASSES + 'data "a.csv"\n', "x[1..2], y \n1,2,3\n"),
    (CLASSES + 'data "a.csv"\n', "x1,x[1],x2,y\n1,2,3,1\n"),
    (CLASSES + 'data "a.csv"\n', "x1,x2,y,y1,y2,y3\n1,2,3,0,0,1\n"),
    *((FORMULA_CLASSES.format(formula), "") for formula in ("y = step(x) + 1", "y = step(x)", "y = 2*x", "y = 1", "y[1] = x\n  y[2] = 1", "y[1] = x\n  y[2] = 1 - x")),
    *((LINE + f"data {{\n  x = linspace(0, 1, 3)\n  y = {formula}\n}}\n", "") for formula in ("log(x)", "1/x", "x^-1", "x^0.5 + exp(x)", "1/(x - 2)")),
]  # fmt: skip


@pytest.mark.parametrize("options", [[], FORMS["torch"]], ids=["numpy", "torch"])
@pytest.mark.parametrize("case", range(len(FILES_TO_REFUSE)))
def test_a_script_refuses_what_flowc_train_refuses(case, options, tmp_path):
    """What both take, they learn the same from."""
    diagram, text = FILES_TO_REFUSE[case]
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    path = tmp_path / "net.flow"
    path.write_text(diagram, encoding="utf-8")
    try:
        wanted = trained(path)
    except BadData:
        status, out, err = command("compile", path, "--train", *options)
        if status:
            assert (status, out) == (2, "") and "a.csv" in err
            return
        with pytest.raises((ValueError, csv.Error, RuntimeWarning)) as refused:  # numpy warns of log(0) first
            executed(out, tmp_path)
        assert str(refused.value)
    else:
        agree(executed(script(path, *options), tmp_path), wanted, 1e-12)


ARRAYS_TO_REFUSE = {
    "nan": {"x": np.array([[1, np.nan]]), "y": np.array([1])},
    "a class that there is not": {"x": np.ones((2, 2)), "y": np.array([1, 0])},
    "a class between two": {"x": np.ones((2, 2)), "y": np.array([1, 1.5])},
    "another shape": {"x": np.ones((2, 3)), "y": np.array([1, 2])},
    "more tokens of one": {"x": np.ones((2, 2)), "y": np.array([1, 2, 1])},
    "one token of one": {"x": np.ones((1, 2)), "y": np.array([1, 2, 1])},
    "shares that are none": {"x": np.ones((2, 2)), "y": np.array([[1, 0, 0], [-1, 2, 0]])},
}


@pytest.mark.parametrize("case", ARRAYS_TO_REFUSE)
def test_a_script_refuses_arrays_that_flowc_train_refuses(case, tmp_path):
    np.savez(tmp_path / "a.npz", **ARRAYS_TO_REFUSE[case])
    path = tmp_path / "net.flow"
    path.write_text(f'{CLASSES}data "a.npz"\n')
    with pytest.raises(BadData):
        trained(path)
    for options in ([], FORMS["torch"]):
        with pytest.raises(ValueError):
            executed(script(path, *options), tmp_path)


def test_a_script_names_the_row(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n\n1_0,2\n")
    path = tmp_path / "net.flow"
    path.write_text(NUMBERS)
    with pytest.raises(ValueError, match="^a.csv, row 4: `x` is '1_0', not a number$"):
        executed(script(path), tmp_path)


def test_a_script_takes_classes_as_its_diagram_writes_them(tmp_path):
    """`flowc train` knows a class by the letters that it is composed of, too."""
    (tmp_path / "a.csv").write_text("x1,x2,y\n1,2,\N{LATIN SMALL LIGATURE FI}sh\n3,4,dog\n", encoding="utf-8")
    path = tmp_path / "net.flow"
    path.write_text(BY_NAME.replace("big cat", "fish").replace('"fish"', "fish") + 'data "a.csv"\n')
    trained(path)
    with pytest.raises(ValueError, match="^a.csv, row 2: `y` is .*, none of "):
        executed(script(path), tmp_path)


def test_what_a_file_says_of_outputs_is_no_matter_to_learning(tmp_path):
    """Neither its cells nor, in an npz file, its shape."""
    (tmp_path / "a.csv").write_text("x,y,f\n1,3,e4\n2,1,\n")
    path = tmp_path / "net.flow"
    path.write_text(NUMBERS)
    agree(executed(script(path), tmp_path), trained(path), 1e-12)
    np.savez(tmp_path / "a.npz", x=[1.0, 2.0], y=[3.0, 1.0], f=np.zeros((7, 5)))
    path.write_text(NUMBERS.replace(".csv", ".npz"))
    agree(executed(script(path), tmp_path), trained(path), 1e-12)

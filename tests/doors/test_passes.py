"""`flowc compile --emit program --after NAME`: the program as one pass leaves it."""

from pathlib import Path

import pytest

from flowc.doors.cli.verbs import compile as verb
from flowc.program.passes.passes import Printing, passes_of
from tests.doors.command import in_process

ROOT = Path(__file__).parents[2]
NET, SINE = (str(ROOT / f"examples/{name}.flow") for name in ("net232", "sine"))
WAYS = [
    Printing(scalar, one_token, explicit, True, fast, ("exponentials", "products", "affine", "backward"))
    for scalar in (False, True) for one_token in (False, True) for explicit in (False, True) for fast in (False, True)
]  # fmt: skip
NAMES = {name for way in WAYS for name in passes_of(way).names()}


def after(capsys, name, *options, diagram=NET):
    return in_process(capsys, "compile", diagram, "--emit", "program", "--after", name, *options)


@pytest.mark.parametrize(
    "name, options, line",
    [
        ("lower", (), "output f"),
        ("differentiate", (), "d_h = contract(d_f, W_f_h, 'j,ji->i')  (n, 3)"),
        ("counts", (), "t7 = count_of(f, all, 2 a token)  ()"),
        ("autograd", ("--backend", "torch"), "loss loss"),
        ("forward/affine", ("--backend", "torch", "--style", "fast"), "f = affine(b_f, h, W_f_h, transposed)  (n, 2)"),
        ("gradients/backward", ("--backend", "torch", "--style", "fast"), "d_xi_h = backward(d_h, h, logistic)  (n, 3)"),
        ("gradients/products", ("--style", "fast", "--lower", "dense"), "loss = products(t5, t5, mean of all)  ()"),
        ("scalars", ("--style", "fast", "--lower", "scalar"), "h[2] = logistic(xi_h[2])  (n)"),
        ("gradients/tokens", ("--style", "fast", "--lower", "scalar"), "phase tokens"),
        ("fit/hoist", ("--style", "layers"), "phase loop"),
        ("fit/rounds", ("--style", "fast", "--lower", "scalar", "--batch", "8"), "phase setup"),
    ],
)
def test_it_prints_what_a_pass_leaves(capsys, name, options, line):
    status, out, err = after(capsys, name, *options)
    assert (status, err) == (0, "") and line in out.splitlines()


def test_the_design_matrix_is_made_once(capsys):
    _, out, _ = after(capsys, "fit/hoist", "--style", "layers", diagram=SINE)
    phases = [line for line in out.splitlines() if line.startswith("phase")]
    assert phases == ["phase start", "phase once", "phase loop"]
    assert out.index("phase once") < out.index(" = stack(") < out.index("phase loop")


@pytest.mark.parametrize("name", ["nowhere", "fit/hoist", "gradients/affine", "forward/", "/counts", "scalars", ""])
def test_a_name_that_is_not_on_this_way_is_refused_with_those_that_are(capsys, name):
    status, out, err = after(capsys, name)
    assert (status, out) == (2, "")
    assert f"no pass on this way is `{name}`" in err
    assert "there are lower, differentiate, formulas, numbers, indicators, counts, names, literals, lines, forward/needed" in err


def test_a_name_that_is_almost_one_is_suggested(capsys):
    assert "did you mean `counts`?" in after(capsys, "count")[2]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--after", "counts"], "add `--emit program`"),
        (["--emit", "tree", "--after", "counts"], "add `--emit program`"),
        (["--emit", "program", "--after", "counts", "--dtype", "float32"], "leave `--dtype` away"),
        (["--emit", "program", "--after", "counts", "--train"], "leave `--train` away"),
        (["--emit", "program", "--after", "counts", "--backend", "tourch"], "there is no backend `tourch`"),
        (["--emit", "program", "--after", "counts", "--style", "slow"], "has no style `slow`"),
        (["--emit", "program", "--backend", "torch"], "leave `--backend` away"),
    ],
)
def test_options_that_do_not_go_together_are_refused(capsys, arguments, said):
    status, out, err = in_process(capsys, "compile", NET, *arguments)
    assert (status, out) == (2, "") and said in err


def test_what_no_way_can_print_is_refused_in_words(capsys, tmp_path):
    path = tmp_path / "large.flow"
    path.write_text("input x[1000]\noutput f[1000]\nx -> f : ~\n")
    status, _, err = after(capsys, "copies", "--style", "fast", "--lower", "scalar", diagram=str(path))
    assert status == 2 and "Traceback" not in err and "scalar" in err


def test_help_and_docs_list_every_name():
    own = {name.rpartition("/")[2] for name in NAMES} | {"lower", "differentiate"}
    words = {word for text in (verb.PASSES, verb.OF_FUNCTIONS) for word in text.replace(";", ",").split(", ")}
    assert words == own
    page = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    table = page[page.index("### The passes") : page.index("## run, trace")]
    assert {word for word in own if f"`{word}`" not in table} == set()

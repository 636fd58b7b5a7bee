"""Names as symbols: one rule for pictures and equations."""

import pytest

import flowc
from flowc.maths.labels import formula_of
from flowc.program.notation import Letter, Notation

J, K = Letter("j"), Letter("k")

def notation(text):
    return Notation(flowc.loads(text).network)


def test_scalars():
    n = notation("input x1\nnode h1 : tanh\noutput xhat : logistic\nx1 -> h1 : ~\n1 -> h1 : b ~\nh1 -> xhat : alpha ~")
    assert [n.node(name).latex for name in ("x1", "h1", "xhat")] == ["x_{1}", "h_{1}", r"\hat{x}"]
    assert [n.node(name).text for name in ("x1", "h1", "xhat")] == ["x₁", "h₁", "x\u0302"]
    assert n.excitation("h1").text == "ξ₁"
    assert n.delta("h1").latex == r"\delta_{1}"
    assert n.weight("alpha").latex == r"\alpha"
    assert n.weight("w_h1_x1").latex == "w_{h_{1},x_{1}}"


def test_layers():
    n = notation("input x[4]\nnode h1[5] : tanh, h2[12] : tanh\noutput f[2]\nx -> h1 : W1 ~\nh1 -> h2 : W2 ~\nh2 -> f : ~\n1 -> f : ~")
    assert n.node("h1").latex == "h^{(1)}"
    assert n.node("h1", (1,)).latex == "h^{(1)}_{2}"
    assert n.node("h1", (1,)).text == "h⁽¹⁾₂"
    assert n.excitation("h1", (J,)).latex == r"\xi^{(1)}_{j}"
    assert n.weight("W1").latex == "W^{(1)}"
    assert n.weight("W1", (0, 1)).latex == "w^{(1)}_{12}"
    assert n.weight("W2", (11, 0)).latex == "w^{(2)}_{12,1}"
    assert n.weight("W2", (J, K)).text == "w⁽²⁾ⱼₖ"
    assert n.weight("W_f_h2").latex == "W^{(f)}"
    assert n.weight("b_f", (0,)).latex == "b_{1}"


def test_classes_are_indices():
    n = notation("index c = cat, big_dog\ninput x[2]\noutput p[c] : softmax\nx -> p : ~")
    assert n.node("p", (0,)).latex == r"p_{\mathrm{cat}}"
    assert n.node("p", (1,)).latex == r"p_{\text{big\_dog}}"
    assert n.excitation("p").latex == r"\xi"


def test_weights_of_classes_have_their_names():
    n = notation("index c = cat, big_dog\ninput x[0..1]\noutput p[c] : softmax\nx -> p : ~\n1 -> p : ~")
    assert n.weight("W_p_x", (0, 1)).latex == r"w_{\mathrm{cat},1}"
    assert n.weight("W_p_x", (1, 0)).text == "w_big_dog,0"
    assert n.weight("W_p_x", (J, Letter("k", 0))).text == "wⱼₖ"
    assert n.weight("b_p", (0,)).latex == r"b_{\mathrm{cat}}"


def test_what_an_author_writes_below_stays_below():
    n = notation("input x_t[2], h_prev[3]\noutput z_t[3]\nz_t = logistic(W_z @ x_t + U_z1 @ h_prev)\nweight W_z[3, 2], U_z1[3, 3]")
    assert [n.node(name).latex for name in ("x_t", "h_prev", "z_t")] == ["x_{t}", r"h_{\mathrm{prev}}", "z_{t}"]
    assert n.node("z_t", (1,)).latex == "z_{t,2}" and n.node("z_t", (J,)).text == "z_t,j"
    assert n.weight("W_z").latex == "W_{z}" and n.weight("W_z", (J, K)).latex == "w_{z,jk}"
    assert n.weight("W_z", (2, 1)).text == "w_z,32"
    assert n.weight("U_z1").latex == "U_{z_{1}}"


def test_weights_without_a_name_have_the_number_of_their_layer():
    n = notation("input x[2]\nnode h1[3], h2[3] : tanh\noutput f[2]\nx -> h1 -> h2 -> f : ~\n1 -> h1, h2, f : ~")
    assert [n.weight(name).text for name in ("W_h1_x", "b_h1", "W_h2_h1", "b_h2", "W_f_h2", "b_f")] == [
        "W⁽¹⁾", "b⁽¹⁾", "W⁽²⁾", "b⁽²⁾", "W⁽ᶠ⁾", "b⁽ᶠ⁾"]  # fmt: skip
    n = notation("input x[2]\nnode h1[3], g1[3] : tanh\noutput f[3]\nx -> h1, g1 : ~\nh1 -> f : ~\ng1[i] -> f[i] : 1")
    assert [n.weight(name).text for name in ("W_h1_x", "W_g1_x")] == ["W⁽ʰ¹⁾", "W⁽ᵍ¹⁾"]
    n = notation("input x[2]\nnode h1[3] : tanh\noutput f[3] : tanh\nx -> h1 : ~\nh1 -> f : W1 ~")
    assert [n.weight(name).text for name in ("W_h1_x", "W1")] == ["W⁽ʰ¹⁾", "W⁽¹⁾"]


def test_greek_elements_are_small_in_latex_too():
    assert notation("input x[2]\noutput f[2]\nx -> f : Theta ~").weight("Theta", (0, 1)).latex == r"\theta_{12}"


def test_the_authors_excitation_gives_delta_its_index():
    n = notation("input x\noutput f, g\nxi3 = 2*x\nf = step(xi3)\nz = 3*x\ng = step(z)")
    assert n.excitation("f").latex == r"\xi_{3}"
    assert n.delta("f").latex == r"\delta_{3}"
    assert n.delta("g").latex == r"\delta_{z}"


def test_no_two_things_have_one_symbol():
    n = notation("input x1, x_1\noutput ξ1 : step\nx1, x_1 -> ξ1 : 1")
    found = [n.node("x1").latex, n.node("x_1").latex, n.node("ξ1").latex, n.excitation("ξ1").latex]
    assert len({*found}) == 4
    assert found[1] == r"\mathtt{x\_1}"


def test_the_loss_gives_way_to_an_l_of_the_author():
    lines = "input x\ntarget y\noutput {0}\n{0} = a*x\nweight a ~\nloss mse({0}, y)"
    assert [notation(lines.format(name)).node("loss").text for name in ("f", "L1", "L")] == ["L", "L", "ℒ"]
    assert notation("input x\nweight L ~\noutput f\nf = L*x\nloss f^2").node("loss").text == "ℒ"


def test_elements_have_symbols_of_their_own():
    n = notation("input x[2], x1\noutput f[2], g\nweight w1 ~\nx -> f : W1 ~\nx1 -> f : w1\n1 -> f : b ~\n1 -> g : b1 ~\nx -> g : 1")
    assert n.weight("W1", (0, 1)).latex == "W^{(1)}_{12}" or n.weight("w1").latex != "w^{(1)}"
    assert n.weight("b", (0,)).latex == "b_{1}"
    assert n.weight("b1").latex == r"\mathtt{b1}"
    assert n.node("x", (0,)).latex == "x_{1}"
    assert n.node("x1").latex == r"\mathtt{x1}"


def test_delta_is_alone_only_where_it_is():
    n = notation("input x[2]\noutput p[3] : softmax\nx -> p : ~")
    assert n.delta("p", (J,)).latex == r"\delta_{j}"
    n = notation("input x[2]\nnode h[3] : tanh\noutput f[2]\nx -> h -> f : ~")
    assert n.excitation("h").latex == r"\xi"
    assert n.delta("h", (J,)).latex == r"\delta^{(h)}_{j}"
    assert n.delta("f", (0,)).latex == r"\delta^{(f)}_{1}"


def test_a_label_overrides():
    n = notation('input x "$\\vec{x}$"\noutput f "plain words"\nx -> f : 1')
    assert n.node("x").latex == r"{\vec{x}}"
    assert n.node("f").latex == "f"


def test_an_index_joins_the_one_of_a_label():
    n = notation('input x[2] "$\\hat{x}_t$", y[2] "$y_{ab}$", z[2] "$z^2$"\noutput f[2]\nx -> f : ~')
    assert (n.node("x").latex, n.node("x", (0,)).latex, n.node("x", (0,)).text) == (r"{\hat{x}_t}", r"{\hat{x}}_{{t},1}", "x₁")
    assert n.node("y", (J,)).latex == "{y}_{{ab},j}"
    assert n.node("z", (1,)).latex == "{z^2}_{2}"


@pytest.mark.parametrize(
    ("name", "latex"),
    [("<50K", r"p_{<\text{50K}}"), ("%", r"p_{\text{\%}}"), ("a b", r"p_{\text{a b}}"), ("x|y", r"p_{\text{x}|\text{y}}"), ("Bär", r"p_{\text{Bär}}")],
)
def test_elements_are_words(name, latex):
    n = notation(f"index c = cat, '{name}'\ninput x[2]\noutput p[c] : softmax\nx -> p : ~")
    assert n.node("p", (1,)).latex == latex


@pytest.mark.parametrize(
    ("label", "formula"),
    [(r"$\text{x < 5}$", r"\text{x }<\text{ 5}"), (r"$\text{|}$", "|"), (r"$\text{p|q}$", r"\text{p}|\text{q}")],
)
def test_signs_of_mathematics_stand_apart_from_words(label, formula):
    assert formula_of(label) == formula


@pytest.mark.parametrize("label", ["$x'$", "$x''_1$", "$x'^2$", "$x_1'$", "$x_1'^2$", "$'x$", r"$\hat{x}' y'$"])
def test_primes(label):
    assert formula_of(label) == label.strip("$")


@pytest.mark.parametrize("label", [r"$\hat{x}_1$", r"$ \frac{1}{2} \, \alpha $", r"$w_{12}^{(l)}$", r"$p_{\text{atm}}$", r"$x_\alpha^2$"])
def test_formulas(label):
    assert formula_of(label) == label.strip("$").strip()


@pytest.mark.parametrize(
    "label",
    [
        None, "", "words", "$$", "$ $", r"$\input{x}$", r"$\def\x{}$", r"$\write18{x}$", r"$x % y$", r"$x & y$", r"$\\$", "$x$ y",
        r"$\csname input\endcsname$", r"${$", r"$}{$", "$é$", r"$\left(a$", r"$^^5cinput$", r"$\catcode`$", r"$#1$", "$x\\$",
        "$" + "x" * 300 + "$",
        r"$\frac$", "$x_$", "$x^1^2$", "$x_{1}_{2}$", r"$\hat$", r"$\mathbf$", r"$\left x \right$", r"$\frac{1}$", r"$\hat x$",
        "$_1$", "${}$", "${{{{{{x}}}}}}$", "$x_^2$", r"$x_\hat{y}$", r"$\sqrt[3]{x}$"[:-1],
        "$x^2'$", "$x^2 '$", "$x' '$", "$x'_1^2$", "$x'_1'$", "$x^'$", r"$x^{\prime}'$", "$a`b$",
        r"$\text{a_b}$", r"$\text{x^2}$", r"$\text{\alpha}$", r"$\text{a{b}}$", r"$\text{}$", r"$\text$", r"$\text a$", r"$x^\text{a}$",
    ],
)  # fmt: skip
def test_no_formulas(label):
    assert formula_of(label) is None

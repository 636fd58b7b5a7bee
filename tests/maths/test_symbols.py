"""Names as symbols, in LaTeX and in plain text."""

import pytest

from flowc.maths.symbols import latex, latex_words, unicode


@pytest.mark.parametrize(
    "name, in_latex, in_unicode",
    [
        ("h1", "h_{1}", "h₁"), ("x", "x", "x"), ("xi", r"\xi", "ξ"), ("xi_h1", r"\xi_{h_{1}}", "ξₕ₁"),
        ("xi1", r"\xi_{1}", "ξ₁"), ("xhat", r"\hat{x}", "x\u0302"), ("W_h_x", "W_{h,x}", "W_h,x"),
        ("loss_1", r"\mathrm{loss}_{1}", "loss₁"), ("stimulus", r"\mathrm{stimulus}", "stimulus"),
        ("Δ", r"\Delta", "Δ"), ("ξ1", r"\xi_{1}", "ξ₁"), ("__", r"\_", "__"), ("a_", "a", "a"), ("x12", "x_{12}", "x₁₂"),
        ("tau_max", r"\tau_{\mathrm{max}}", "τₘₐₓ"), ("W_f", "W_{f}", "W_f"), ("lambda_2", r"\lambda_{2}", "λ₂"),
        ("thetahat_xi", r"\hat{\theta}_{\xi}", "θ\u0302_ξ"), ("Größe", r"\text{Größe}", "Größe"),
        ("h_außen", r"h_{\text{außen}}", "h_außen"), ("contrôle", r"\text{contrôle}", "contrôle"), ("é", r"\text{é}", "é"),
    ],
)  # fmt: skip
def test_symbols(name, in_latex, in_unicode):
    assert (latex(name), unicode(name)) == (in_latex, in_unicode)


def test_words_in_latex():
    assert latex_words("Größe → ∞ 中 \x00~\n") == r"Größe -> infinity U+4E2D \textasciitilde{}"

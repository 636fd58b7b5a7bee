"""What the libraries of letters leave out changes no letter."""

from importlib.resources import files

import pytest

from flowc.drawing.fonts import _load_sans, is_level, load_ziamath
from flowc.drawing.label import Label
from flowc.drawing.lettering import _outline_mathematics, outline

LABELS = [
    "x", "0.5", "-1.35", "1.2{\\cdot}10^{-5}", "\\infty", "x_{1}", "\\xi_{12}", "b_{h_{10}}", "w_{h_{12},h_{11}}", "h^{(1)}_{j}",
    "\\dot{x}_{1}", "\\hat{y}", "\\frac{1}{1+e^{-\\xi_{1}}}", "\\sqrt{x_{1}^{2}+x_{2}^{2}}", "\\sum_{j=1}^{3} w_{j}x_{j}", "\\left(\\frac{a}{b_{2}}\\right)^{2}",
    "\\left[x_{\\mathrm{max}}\\right]", "\\max(0, \\xi)", "\\left|\\frac{a}{b}\\right|", "\\mathrm{tanh}\\,\\xi", "a=b-c", "\\overline{x_{1}y}", "\\int_{0}^{1} f", "f'",
]  # fmt: skip


@pytest.mark.parametrize("latex", LABELS)
def test_rows_without_brackets_need_not_be_measured(latex, monkeypatch):
    quick = _outline_mathematics(latex, 19.0)
    row = load_ziamath().nodes.mrow.Mrow
    monkeypatch.setattr(row, "_get_height_nostretch", row._get_height_nostretch.__wrapped__)
    assert _outline_mathematics(latex, 19.0) == quick


def test_no_level_sign_grows():
    operators = load_ziamath().operators.operators
    growing = {name for (name, _), how in operators.items() if how.get("stretchy", "false") != "false"}
    assert {"(", "|", "√"} & growing
    assert [name for name in growing if all(map(is_level, name))] == []


def test_single_signs_are_those_of_the_complete_font():
    load_ziamath()
    import ziafont

    quick, complete = _load_sans(), ziafont.Font(str(files(ziafont) / "fonts" / "DejaVuSans.ttf"))
    assert complete.gpos and not quick.gpos
    for sign in "aÅßЖ□→ﬁש":
        assert quick.glyph(sign).svgpath(x0=1, y0=2).attrib == complete.glyph(sign).svgpath(x0=1, y0=2).attrib
        assert quick.glyph(sign).advance() == complete.glyph(sign).advance()


@pytest.mark.parametrize(("escaped", "plain"), [(r"x_{\text{a\_b}}", r"x_{\text{a_b}}"), (r"\text{5\%}", r"\text{5%}"), (r"\text{a\&b}", r"\text{a&amp;b}")])
def test_no_sign_of_words_is_set_with_its_backslash(escaped, plain):
    assert outline(Label("", escaped), 20.0) == _outline_mathematics(plain, 20.0)


def test_braces_and_backslashes_in_words_are_set():
    widths = [outline(Label("", rf"\text{{a{sign}b}}"), 20.0).width for sign in ("", r"\{", r"\}", r"\textbackslash{}", r"\textasciitilde{}")]
    assert all(widths[0] + 4 < width < widths[0] + 22 for width in widths[1:])

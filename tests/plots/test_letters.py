"""Labels: symbols are mathematics, all else is text, whatever is in it."""

import pytest

from flowc.drawing.label import Label, of_author, of_symbol
from flowc.plots.letters import MISSING, foreign, spelled
from flowc.plots.plot import Plot

HOSTILE = ["a $b$", "$x$", r"\frac{1}{2}", "$\\input{x}$", "<b>&amp;", "100 %", "a_b^c", "$", "\\", "{", "😀 cat"]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_stand_as_they_are(text):
    assert spelled(Label(text)) == (text, False)
    artist = Plot("t", (4, 3), "light").add_subplot().set_title(" ")
    Plot("t", (4, 3), "light").write(artist, Label(text))
    assert artist.get_text() == text and not artist.get_parse_math()


def test_symbols_are_mathematics():
    assert spelled(Label("ξ₁", r"\xi_{1}")) == (r"$\xi_{1}$", True)
    assert spelled(of_author(r"$\hat{x}_1$")) == (r"$\hat{x}_1$", True)


@pytest.mark.parametrize("latex", [r"\begin{cases}x\end{cases}", r"\mathrm{\textbackslash{}}", "{", "a$b", r"\nothing"])
def test_what_matplotlib_cannot_set_is_text(latex):
    assert spelled(Label("plain", latex)) == ("plain", False)


def test_what_no_font_has_is_a_box_and_is_said():
    label = Label("שלום \U000f0000")
    assert spelled(label)[0].strip(MISSING + " ") == ""
    assert set(foreign(label)) >= {"ש", "ל"}
    plot = Plot("t", (4, 3), "light")
    plot.write(plot.add_subplot().set_title(" "), label)
    plot.write(plot.axes[0].xaxis.label, label)
    assert plot.foreign == foreign(label) == "".join(dict.fromkeys(plot.foreign))


def test_every_symbol_of_the_examples_is_mathematics(request):
    import flowc
    from flowc.program.notation import Notation

    for path in sorted((request.config.rootpath / "examples").glob("*.flow")):
        network = flowc.load(path).network
        for node in network.nodes:
            label = of_symbol(Notation(network).node(node.name))
            assert label.latex is None or spelled(label)[1], (path.name, label)

"""TikZ pictures in the documents of lecturers: many in one, whatever the class, the language and the packages."""

from pathlib import Path

import pytest

import flowc

from .diagrams import EXAMPLES
from .latex import compile_latex, read_pages

SIGNS = """input a "age < 30", b "p | q > 0", c "one -- two", d "it's `ok`", e 'say "hi": yes; no!?'
output f
f = a + b + c + d + e
"""


@pytest.fixture
def folder(tmp_path):
    """With three pictures."""
    for name in ("xor", "softmax"):
        path = next(p for p in EXAMPLES if p.stem == name)
        (tmp_path / f"{name}.tikz").write_text(flowc.render(path, "tikz"), encoding="utf-8")
    (tmp_path / "signs.tikz").write_text(flowc.render(SIGNS, "tikz"), encoding="utf-8")
    return tmp_path


BEAMER = r"""\documentclass{beamer}
\usepackage{amsmath,tikz}
%s
\begin{document}
\begin{frame}{One}\centering\input{xor.tikz}\end{frame}
\begin{frame}{Two}
\begin{columns}
\column{.5\textwidth}\resizebox{\linewidth}{!}{\input{softmax.tikz}}
\column{.5\textwidth}\only<2>{\input{xor.tikz}}
\end{columns}
\end{frame}
\end{document}
"""


@pytest.mark.parametrize("line", ["", r"\usetikzlibrary{overlay-beamer-styles}", r"\usetikzlibrary{arrows.meta,babel,quotes}"])
def test_many_pictures_are_in_one_talk(folder, line):
    """Overlays have a key `alt` of their own, and a library that is loaded within a frame is gone in the next."""
    pages = read_pages(compile_latex(folder, BEAMER % line, "talk"))
    assert [page.count("softmax") for page in pages] == [0, 1, 1]
    assert [page.count("−1.5") for page in pages] == [1, 0, 1]


def test_many_pictures_are_in_one_frame_as_text(folder):
    """A frame reads its text as an argument, where no sign has another meaning any more."""
    body = "\n".join((folder / f"{name}.tikz").read_text(encoding="utf-8") for name in ("xor", "softmax"))
    compile_latex(folder, BEAMER[: BEAMER.index(r"\begin{frame}{One}")] % "" + f"\\begin{{frame}}\n{body}\\end{{frame}}\n\\end{{document}}\n")


ARTICLE = r"""\documentclass{%s}
\usepackage{amsmath,tikz}
\def\babel{\catcode`\;13 \catcode`\:13 \catcode`\"13 \catcode`\!13 \catcode`\?13 \catcode`\<13 \catcode`\=13 \catcode`\|13
  \catcode`\'13 \catcode`\`13 \catcode`\^13 \catcode`\-13 \catcode`\>13 \catcode`\,13 \catcode`\_13 }
\begin{document}
\begin{figure}\centering\input{xor.tikz}\caption{one}\end{figure}
\begin{figure}\centering\input{signs.tikz}\caption{two}\end{figure}
\begin{tabular}{|c|c|}\hline \input{softmax.tikz} & \resizebox{3cm}{!}{\input{xor.tikz}} \\\hline\end{tabular}
\newpage\babel\input{signs.tikz}
\end{document}
"""


@pytest.mark.parametrize("kind", ["article", "memoir", "report"])
def test_documents_whose_language_makes_signs_active(folder, kind):
    """babel's `"` of German, `:` of French, `=` of Turkish, `^` of Esperanto, and short verbatim."""
    last = read_pages(compile_latex(folder, ARTICLE % kind, "paper"))[-1]
    for label in ("age < 30", "p | q > 0", "one -- two", "it's `ok`", "say ''hi'': yes; no!?"):
        assert label.replace(" ", "") in "".join(last.replace("’", "'").split()), last


def test_a_picture_adds_no_space(folder):
    r"""In a box it is as wide as it says: `\resizebox` and cells of tables put it in the middle."""
    text = flowc.render(next(p for p in EXAMPLES if p.stem == "xor"), "tikz")
    box = r"\setbox0\hbox{\input{xor.tikz}}\setbox1\hbox{\begin{tikzpicture}[x=0.45pt,y=0.45pt]\useasboundingbox (0,0) rectangle (542,313);\end{tikzpicture}}"
    assert "rectangle (542,313);" in text
    check = r"\ifdim\wd0=\wd1\else\errmessage{it is \the\wd0, not \the\wd1}\fi "
    compile_latex(folder, f"\\documentclass{{article}}\n\\usepackage{{amsmath,tikz}}\n\\begin{{document}}\n{box}{check}x\n\\end{{document}}\n")


def test_a_document_says_how_every_picture_is(folder):
    """`every flow picture` is a style for all of them."""
    text = r"\documentclass{article}\usepackage{amsmath,tikz}\tikzset{every flow picture/.style={scale=0.5, transform shape}}"
    box = r"\setbox0\hbox{\input{xor.tikz}}\ifdim\wd0>140pt\errmessage{it is \the\wd0}\fi "
    compile_latex(folder, f"{text}\\begin{{document}}{box}x\\end{{document}}")


def test_nothing_is_loaded_within_a_document():
    assert "usetikzlibrary" not in flowc.render(Path(EXAMPLES[0]), "tikz") and "usepackage" in flowc.render(EXAMPLES[0], "tikz")


def test_where_pictures_can_be_tagged_they_are(folder):
    """A LaTeX that tags has TikZ's key `alt`; that of Beamer's overlays is another."""
    text = r"\documentclass{article}\usepackage{amsmath,tikz}\tikzset{alt/.code={\typeout{ALT: #1}}}\begin{document}\input{xor.tikz}\end{document}"
    log = compile_latex(folder, text).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert "ALT: The exclusive or of two bits: a network of 2 inputs" in log

"""TikZ: for `\\input` and alone, with names to annotate by; compiled by pdflatex where it is installed."""

import re

import pytest

import flowc

from .diagrams import EXAMPLES, HOSTILE
from .latex import compile_latex

XOR = next(path for path in EXAMPLES if path.stem == "xor")


@pytest.mark.parametrize("path", [*EXAMPLES, None], ids=lambda p: p.stem if p else "hostile")
def test_it_compiles_alone(path, tmp_path):
    compile_latex(tmp_path, flowc.render(path or HOSTILE, "tikz", standalone=True, loss=True, many=12))


def test_a_lecturer_annotates(tmp_path):
    """Circles, weights, biases and names have names, in the picture that `\\input` puts on a slide."""
    text = flowc.render(XOR, "tikz")
    names = set(re.findall(r"\\node\[.*?\] \(([^)]*)\) at", text))
    assert {"x1", "x2", "h1", "h2", "f", "w-x1-h1", "w-h2-f", "bias-h1", "name-h1"} <= names
    (tmp_path / "xor.tikz").write_text(text, encoding="utf-8")
    slide = r"""\documentclass{beamer}
\usepackage{amsmath,tikz}
\begin{document}
\begin{frame}{Exclusive or}
\begin{tikzpicture}[remember picture, overlay]\end{tikzpicture}
\input{xor.tikz}
\end{frame}
\end{document}
"""
    compile_latex(tmp_path, slide, "slide")
    annotated = text.replace(r"\end{tikzpicture}", r"\draw[red] (h1) circle[radius=20pt]; \node at (w-x1-h1) {*};" + "\n\\end{tikzpicture}")
    compile_latex(tmp_path, "\\documentclass{article}\n\\usepackage{amsmath,tikz}\n\\begin{document}\n" + annotated + "\\end{document}\n")


def test_labels_cannot_command_tex():
    text = flowc.render(HOSTILE, "tikz", many=20)
    picture = text[text.index("definecolor") :]
    assert not re.search(r"\\(input|write|def\b|csname|immediate|openout|catcode|begin\{(?!tikzpicture))", picture)
    assert r"\textbackslash{}write18\{rm -rf /\}" in text

"""docs/adding-a-drawing-format.md, followed to the letter in a copy of flowc: an ink, and a record."""

import pytest

from tests.copies import block, copied, page, python

PAGE = page("adding-a-drawing-format.md")
INK = "flowc/drawing/eps.py"
DIAGRAM = "input x\nnode h[2] : tanh\noutput f\ntarget y\nx -> h -> f : ~\nloss mse(f, y)\ndata { x | y\n1 | 2\n }\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = copied(tmp_path_factory.mktemp("copy"), PAGE)
    (folder / INK).write_text(block(PAGE, f"python package {INK}"), encoding="utf-8")
    (folder / "net.flow").write_text(DIAGRAM, encoding="utf-8")
    return folder


COMMANDS = """
import flowc
from flowc.__main__ import main

assert main(["draw", "net.flow", "-o", "net.eps"]) == 0
assert main(["draw", "net.flow", "-o", "net.ps", "--show", "gradients", "--loss", "--theme", "print"]) == 0
assert main(["draw", "net.flow", "--format", "eps"]) == 0
assert main(["draw", "net.flow", "-o", "step.eps", "--show", "steps"]) == 0
assert open("net.eps").read() == flowc.render("net.flow", "eps")
for refused in (["--width", "300"], ["--standalone"], ["--theme", "auto"]):
    assert main(["draw", "net.flow", "-o", "other.eps", *refused]) == 2
assert main(["draw", "net.flow", "-o", "net.xyz"]) == 2
assert main(["draw", "--help"]) == 0
try:
    flowc.render("net.flow", "gif")
except ValueError as error:
    print(error)
"""


def test_every_door_knows_it(copy):
    said = python(copy, "-c", COMMANDS)
    assert "%!PS-Adobe-3.0 EPSF-3.0" in said and "stringwidth pop 2 div neg 0 rmoveto show" in said
    assert "the width is of a PNG" in said and "only TikZ can be" in said and "only an SVG or HTML can change" in said
    assert "end it with .svg, .eps, .ps, .pdf, .png, .tikz, .tex" in said and "svg,eps,pdf,png,tikz" in said
    assert "there is no format `gif`; svg, eps, pdf, png, tikz" in said
    assert (copy / "net.eps").read_text().count(" arc ") == 4 and len([*copy.glob("step-*.eps")]) > 3
    assert not (copy / "other.eps").exists()

"""Codes of the syntax stage."""

from __future__ import annotations

from flowc.diagnostics.codes.code import Code

_TEXT = (
    Code("bad-encoding", "A file that is not UTF-8.", b"input caf\xe9\n", "input café\n"),
    Code(
        "control-character",
        "A control character, a lone carriage return, or an invisible mark that reorders text.",
        "input x\x00\n",
        "input x\n",
    ),
    Code("empty-diagram", "A text without a statement.", "# nothing yet\n", "input x\noutput f\n\nf = 2*x\n"),
    Code("odd-character", "A character that the language does not have.", "f = a – b\n", "f = a - b\n"),
    Code(
        "odd-operator",
        "An operator of another language, or one in a place where it means nothing.",
        "f == a\n",
        "f = a\n",
    ),
    Code("power-operator", "A power written `**`.", "f = x**2\n", "f = x^2\n"),
    Code("comparison", "A comparison: a diagram has none.", "f = x > 0\n", "f = step(x)\n"),
    Code(
        "unclosed-text",
        "A text that does not end on its line.",
        'flow xor "The exclusive or\n',
        'flow xor "The exclusive or"\n',
    ),
    Code("unclosed-bracket", "A bracket that is never closed.", "f = step(a + b\n", "f = step(a + b)\n"),
    Code("stray-bracket", "A closing bracket that closes nothing.", "f = a + b)\n", "f = a + b\n"),
    Code(
        "too-deep",
        "Brackets or operations nested too deep.",
        f"f = {'(' * 101}x{')' * 101}\n",
        f"f = {'(' * 100}x{')' * 100}\n",
    ),
)

_NAMES = (
    Code("bad-name", "A superscript, fraction, or circled digit in a name, or a name of too many letters.", "f = x²\n", "f = x^2\n"),
    Code("two-spellings", "Two spellings that are one name.", "input ξ₁\nf = 2*ξ1\n", "input ξ1\nf = 2*ξ1\n"),
    Code("mixed-scripts", "A name with letters of two scripts that look alike.", "input аx\n", "input ax\n"),
)

_NUMBERS = (
    Code(
        "number-too-large",
        "A number beyond float64, or a whole number too long to be exact.",
        "f = 1e999*x\n",
        "f = 1e99*x\n",
    ),
    Code("leading-zero", "A number that begins with a zero.", "f = 007*x\n", "f = 7*x\n"),
    Code("not-whole", "A size or range that is no whole number.", "node h[2.5]\n", "node h[2]\n"),
    Code("empty-range", "A size or range without an element.", "index D = 5..2\n", "index D = 2..5\n"),
)

_STATEMENTS = (
    Code("unknown-keyword", "A statement that begins with no keyword.", "ouput f\n", "output f\n"),
    Code("missing-keyword", "A declaration without its keyword.", "h : step\n", "node h : step\n"),
    Code("line-start", "A line that cannot begin as it does.", "f = a\n+ b\n", "f = (a\n+ b)\n"),
    Code("left-side", "An equation whose left side is no plain name.", "f(x) = 2*x\n", "f = 2*x\n"),
    Code("incomplete", "A line that ends too early, or a gap in it.", "f = a +\n", "f = a + b\n"),
    Code("unexpected-text", "Something that cannot stand where it stands.", "f = a 'text'\n", "f = a\n"),
    Code("missing-comma", "Two things with nothing between them.", "input x1 x2\n", "input x1, x2\n"),
    Code("missing-operator", "A product without its `*`.", "f = 2x\n", "f = 2*x\n"),
    Code("missing-parenthesis", "Arguments without parentheses.", "train gd rate=0.1\n", "train gd(rate=0.1)\n"),
    Code(
        "argument-order",
        "An argument by place after one by name.",
        "train gd(rate=0.1, 5)\n",
        "train gd(5, rate=0.1)\n",
    ),
    Code("repeated-argument", "An argument given twice.", "train gd(rate=1, rate=2)\n", "train gd(rate=2)\n"),
    Code("activation-after-equals", "An activation after `=` in a declaration.", "node h = tanh\n", "node h : tanh\n"),
    Code("mixed-range", "An element listed after a range.", "index D = 4, cat\n", "index D = 4, animal = cat\n"),
    Code("repeated-element", "An element listed twice.", "index pet = cat, dog, cat\n", "index pet = cat, dog\n"),
    Code(
        "matrix-rows",
        "A matrix in the notation of another language.",
        "f = [1 2; 3 4] @ x\n",
        "f = [[1, 2], [3, 4]] @ x\n",
    ),
    Code("loss-list", "A loss without a name that begins with a list.", "loss [1, 2] @ f\n", "loss L = [1, 2] @ f\n"),
)

_ARROWS = (
    Code("arrow-to-nothing", "An arrow that points at no node.", "x ->\n", "x -> h : 1\n"),
    Code("missing-colon", "A weight without its `:`.", "x -> h 0.5\n", "x -> h : 0.5\n"),
    Code("weight-after-equals", "A weight after `=`.", "x -> h = 2\n", "x -> h : 2\n"),
    Code("constant-source", "A source that is neither a node nor the constant 1.", "0.5 -> h : 1\n", "1 -> h : 0.5\n"),
    Code("constant-target", "An arrow to a number.", "x -> 1 : 2\n", "x -> h : 2\n"),
)

_DATA = (
    Code(
        "data-part", "A part of the data other than `train` and `test`.", 'data valid "a.csv"\n', 'data test "a.csv"\n'
    ),
    Code("empty-table", "A block without data.", "data { x y }\n", "data { x y; 1 2 }\n"),
    Code("table-head", "A table whose columns have no names.", "data { 0 1; 1 0 }\n", "data { x f; 0 1; 1 0 }\n"),
    Code("table-comma", "Commas in a table.", "data { x, y; 1, 2 }\n", "data { x y; 1 2 }\n"),
    Code("table-cell", "Something that is no cell of a table.", "data { x; (1) }\n", "data { x; 1 }\n"),
    Code("touching-cells", "Cells without a space between them.", "data { day; 3rd }\n", 'data { day; "3rd" }\n'),
    Code("ragged-row", "A row with too few or too many cells.", "data { x y; 1 }\n", "data { x y; 1 2 }\n"),
    Code(
        "misplaced-bar",
        "A bar that is not where the columns have theirs.",
        "data { x | y; 1 2 }\n",
        "data { x | y; 1 | 2 }\n",
    ),
    Code("not-finite", "nan or inf among numbers.", "data { x; 1; nan }\n", "data { x; 1; 2 }\n"),
)

CODES: tuple[Code, ...] = (*_TEXT, *_NAMES, *_NUMBERS, *_STATEMENTS, *_ARROWS, *_DATA)

"""C: strict compilers have nothing to say, programs do what they say, and every function agrees with the interpreter."""

import ctypes
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flowc
from flowc.backends.backend import Options, Refused
from flowc.backends.c import CBackend
from flowc.backends.c.headers import FUNCTIONS
from flowc.backends.c.naming import KEYWORDS, MATHS
from flowc.execution.python import execute
from flowc.nets.verifying.reference import Reference
from flowc.testing.strategies import diagrams
from tests.backends.c_program import COMPILER, CFile, assert_computes, compile_file, run_file

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`")

XOR_LEARNT = Path(__file__).parents[2] / "examples" / "xor_learnt.flow"


def text_of(diagram, **options):
    flow = flowc.loads(diagram) if isinstance(diagram, str) else flowc.load(diagram)
    reference = Reference.of(flow)
    return CBackend().emit(reference.network, reference.program, Options(**options)).text


def assert_agrees(reference, folder, dtype="float64"):
    assert_computes(CFile(reference, folder, dtype), reference)


@needs_compiler
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_a_program_and_agrees(path, tmp_path):
    text = text_of(path)
    said, status = run_file(text, tmp_path)
    assert status == 0, said
    if "int selftest(void)" in text:
        assert run_file(text, tmp_path, "--selftest") == ("ok\n", 0)
    assert_agrees(Reference.of(flowc.load(path)), tmp_path)


@needs_compiler
@pytest.mark.parametrize("name", ["xor_learnt", "softmax", "evolved"])
def test_floats_are_floats_throughout(name, tmp_path):
    path = next(p for p in EXAMPLES if p.stem == name)
    text = text_of(path, dtype="float32")
    assert "double " not in text.partition("#include")[2].replace("(double)", "")
    assert run_file(text, tmp_path)[1] == 0
    assert_agrees(Reference.of(flowc.load(path)), tmp_path, "float32")


@needs_compiler
@settings(max_examples=25, deadline=None)
@given(diagram=diagrams(), seed=st.integers(0, 2**16))
def test_random_diagrams_agree(diagram, seed, tmp_path_factory):
    reference = Reference.of(diagram, seed=seed)
    try:
        assert_agrees(reference, tmp_path_factory.mktemp("c"))
    except Refused as why:
        assert "a sum over the tokens" in str(why)


@needs_compiler
def test_fit_learns_what_plain_python_learns_bit_for_bit(tmp_path):
    """Sums of scalars are added in the order written, and the exponential is the same function of the same library."""
    flow = flowc.load(XOR_LEARNT)
    plain = execute(flow.compile(style="fast", lower="scalar", batch=4).source, "plain")
    x1, x2, y = plain["data"]()
    learnt = plain["fit"](plain["initial_weights"](), x1, x2, y, rate=0.5, steps=1000)
    data = {"x1": np.array(x1), "x2": np.array(x2), "y": np.array(y)}
    printed = CFile(Reference.of(flow, flow.compile().init(seed=0), data), tmp_path)
    weights = printed.initial_weights()
    printed.library.fit.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_void_p] * 3, ctypes.c_double, ctypes.c_size_t]
    printed.library.fit(weights.ctypes.data, 4, *(a.ctypes.data for a in data.values()), 0.5, 1000)
    assert weights.tolist() == list(learnt.values())


@needs_compiler
def test_names_that_are_words_of_c_are_changed_and_listed(tmp_path):
    words = [
        "double", "exp", "main", "struct", "weights", "n", "t", "i", "w", "d", "sum", "step", "k", "rate", "fit", "start", "x", "rows",
        "sign_or_nan", "softplus", "SEEK_SET", "BUFSIZ", "M_PI", "noise", "tried", "selftest", "state",
    ]  # fmt: skip
    text = f"input {', '.join(words)}\noutput f\n" + "".join(f"{word} -> f : ~\n" for word in words) + "target größe\nloss mae(f, größe)\n"
    printed = text_of(text)
    assert run_file(printed, tmp_path, "--selftest") == ("ok\n", 0)
    assert_agrees(Reference.of(text), tmp_path)
    assert "double_ is double" in " ".join(printed.split(" * ")) and "gr_u00f6_u00dfe" in printed


@needs_compiler
@pytest.mark.parametrize("style", ["nodes", "fast"])
def test_whatever_the_headers_name_a_diagram_may_have(style):
    """A fixed weight is a constant of the file, where a function of the library stands, too; an input is a parameter."""
    headers = "".join(f"#include <{name}.h>\n" for name in ("math", "stddef", "stdint", "stdio", "string"))
    texts = [subprocess.run([COMPILER, "-x", "c", "-E", *how, "-"], input=headers, capture_output=True, text=True, check=True).stdout for how in ([], ["-dM"])]
    words = {*re.findall(r"^#define ([A-Za-z]\w*)", texts[1], re.MULTILINE), *re.findall(r"\b[A-Za-z]\w*", re.sub(r'^#.*|"[^"]*"', "", texts[0], flags=re.MULTILINE))}
    assert {"puts", "rename"} < words
    fixed = "".join(f"weight {w}[2] = [1, 2]\n" for w in words) + f"f = {' + '.join(f'{w} * x' for w in words)}\n"
    taken = f"input {', '.join(words)}\n" + "".join(f"{w} -> f : ~\n" for w in words)
    for diagram in (f"input x\noutput f[2]\n{fixed}", f"output f\n{taken}target y\nloss mse(f, y)\n"):
        command = [COMPILER, "-x", "c", "-fsyntax-only", "-Wall", "-Werror", "-"]
        done = subprocess.run(command, input=text_of(diagram, style=style), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[:2000]


def test_the_languages_own_words_are_reserved():
    assert {"double", "restrict", "_Bool", "main"} <= set(KEYWORDS) and {"exp", "y0"} <= set(MATHS) and "printf" in FUNCTIONS


def test_words_of_the_author_stay_in_comments_and_strings(tmp_path):
    text = 'flow a "ends */ here /* and \\ there"\n# */ int main(void) { return 1; } /*\ninput x\noutput f\nf = 2*x  # */ it "ends" ??/\ndata { x | f\n1 | 2 }\n'
    printed = text_of(text)
    assert printed.count("int main(") == 1 + printed.count("int main(void) { return 1; }")
    assert "??" not in printed.partition("#include")[2].replace("/* ", "")
    if COMPILER:
        assert run_file(printed, tmp_path)[1] == 0


def test_a_part_alone():
    text = text_of(XOR_LEARNT, part="learn")
    assert text.startswith("/* One step downhill") and "double learn(" in text and "#include" not in text
    with pytest.raises(Refused, match="there is no part `loss`; the file has `initial_weights`, `forward`, "):
        text_of(XOR_LEARNT, part="loss")


def test_what_has_too_many_numbers_for_a_text_is_refused():
    with pytest.raises(Refused, match="`W` has 400000 numbers; a C file writes out at most 200000"):
        text_of("input x[1000]\noutput f[400]\nweight W[400, 1000] ~\nx -> f : W\n")


@needs_compiler
def test_a_table_that_does_not_hold_is_the_programs_status(tmp_path):
    wrong = "input x\noutput f\nf = 2*x\ndata { x | f\n1 | 3 }\n"
    expected = "x | f | forward: f\n1 | 3 | 2\nnumbers that are not what the table expects: 1\n"
    assert run_file(text_of(wrong), tmp_path) == (expected, 1)
    said, status = run_file(text_of(wrong.replace("3 }", "2 }")), tmp_path, "--selftest")
    assert said.endswith("expects: 0\n") and status == 0


@needs_compiler
@pytest.mark.parametrize(
    ("diagram", "dtype", "said"),
    [
        (XOR_LEARNT, "float32", "floats are not tested: `--dtype float64` has a self-test\n"),
        ("input x\noutput f\nx -> f : 2\n", "float64", "nothing to test: no gradients, and no expected numbers\n"),
        ("input x\noutput f\nx -> f : ~\ndata { x\n1 }\n", "float32", "nothing to test: no gradients, and no expected numbers\n"),
    ],
)
def test_where_there_is_no_self_test_the_file_says_so(diagram, dtype, said, tmp_path):
    for style in ("nodes", "fast"):
        assert run_file(text_of(diagram, dtype=dtype, style=style), tmp_path, "--selftest") == (said, 0)


@needs_compiler
def test_what_is_as_large_as_a_matrix_is_not_on_the_stack(tmp_path):
    """A weight that is penalised has two gradients, which are added when all tokens are gone through."""
    wide = "input x[300]\ntarget y\nnode h[500] : tanh\noutput f\nweight W[500, 300] ~ 0.01\nx -> h : W\nh -> f : ~ 0.01\n"
    text = text_of(wide + "loss mse(f, y) + 0.001*sum(W^2)\n")
    assert "static double" in text and "static struct weights d;" in text
    program = compile_file(text, tmp_path)
    limited = ["sh", "-c", f"ulimit -s 512; {program} --selftest"]
    assert subprocess.run(limited, capture_output=True, text=True, check=False).stdout == "ok\n"


@needs_compiler
def test_a_loss_that_drawn_numbers_do_not_have_is_told(tmp_path):
    text = text_of("input x\ntarget y\noutput f\nweight a ~ 1\nf = a*log(x)\nloss mse(f, y)\n")
    assert run_file(text, tmp_path, "--selftest") == ("the loss of drawn numbers is none: nothing is compared\n", 0)


@needs_compiler
def test_a_row_longer_than_a_literal_may_be_is_cut(tmp_path):
    many = range(1, 901)
    text = text_of(f"input x[900]\noutput f\nx -> f : 1\ndata {{ {' '.join(f'x[{k}]' for k in many)}\n{' '.join('1000.5' for _ in many)} }}\n")
    assert run_file(text, tmp_path)[0].endswith(" ... | 9.004e+05\n")


@needs_compiler
def test_numbers_beyond_floats(tmp_path):
    text = text_of("input x\noutput f\nf = 1e300*x + 1e-60\n", dtype="float32")
    assert "INFINITY * x + 0.0f" in text and run_file(text, tmp_path)[1] == 0


def test_weights_start_from_the_diagrams_own_seed():
    diagram = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\ntrain adam(rate=0.01, seed=3)\n"
    text = text_of(diagram)
    assert f".w_f_x = {float(flowc.loads(diagram).compile().init(seed=3)['w_f_x'])!r}" in text
    assert "the seed 3 draws" in text and "rate is" not in text


def test_elements_with_names_are_listed():
    text = text_of("index k = cat, dog\ninput x\noutput p[k] : softmax\nx -> p : ~\n")
    assert "Elements of p, from p[0] on: cat, dog." in text
    assert max(map(len, text.splitlines())) <= 79


@needs_compiler
def test_the_program_of_the_page(tmp_path):
    page = (Path(__file__).parents[2] / "docs/c.md").read_text(encoding="utf-8")
    (tmp_path / "xor_learnt.c").write_text(text_of(XOR_LEARNT), encoding="utf-8")
    said, status = run_file(page.partition("```c program\n")[2].partition("```")[0], tmp_path)
    assert status == 0 and [line[:4] + line.partition(": ")[2][:3] for line in said.splitlines()] == ["0 0:0.0", "0 1:0.9", "1 0:0.9", "1 1:0.0"]

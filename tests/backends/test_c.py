"""C: strict compilers have nothing to say, programs do what they say, and every function agrees with the interpreter."""

import ctypes
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flowc
from flowc.backends.backend import Options, Refused
from flowc.backends.c import CBackend
from flowc.backends.c.naming import KEYWORDS, MATHS
from flowc.execution import execute
from flowc.nets.verifying.reference import Reference
from flowc.testing.strategies import diagrams
from tests.backends.c_program import COMPILER, CFile, run_file

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`")

XOR_LEARNT = Path(__file__).parents[2] / "examples" / "xor_learnt.flow"


def text_of(diagram, **options):
    flow = flowc.loads(diagram) if isinstance(diagram, str) else flowc.load(diagram)
    reference = Reference.of(flow)
    return CBackend().emit(reference.network, reference.program, Options(**options)).text


def assert_agrees(reference, folder, dtype="float64"):
    """Outputs, loss and gradients, near enough for the terms that they are sums of."""
    printed, program = CFile(reference, folder, dtype), reference.program
    rounding = 1e-11 if dtype == "float64" else 2e-4
    values = printed.forward() if program.inputs and program.outputs else {}
    if program.loss and printed.learnt:
        loss, slopes = printed.gradients()
        values |= {program.loss: loss, **slopes}
    for symbol, value in values.items():
        scale = np.max(reference.scales.of[symbol], initial=0)
        np.testing.assert_allclose(value, reference.values[symbol], rtol=0, atol=rounding * scale, err_msg=f"{symbol.kind} {symbol.owner}")


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
        assert "arrows from files" in str(why) or "a sum over the tokens" in str(why)


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
    words = ["double", "exp", "main", "struct", "weights", "n", "t", "i", "w", "d", "sum", "step", "k", "rate", "fit", "start", "x"]
    text = f"input {', '.join(words)}\noutput f\n" + "".join(f"{word} -> f : ~\n" for word in words) + "target größe\nloss mse(f, größe)\n"
    printed = text_of(text)
    assert run_file(printed, tmp_path, "--selftest") == ("ok\n", 0)
    assert_agrees(Reference.of(text), tmp_path)
    assert "double_ is double" in " ".join(printed.split(" * ")) and "gr_u00f6_u00dfe" in printed


def test_the_languages_own_words_are_reserved():
    assert {"double", "restrict", "_Bool", "main"} <= set(KEYWORDS) and {"exp", "y0", "printf"} <= set(MATHS)


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
        text_of("input x[1000]\noutput f[400]\nweight W[400, 1000]\nx -> f : W\n".replace("weight W[400, 1000]", "weight W[400, 1000] ~"))


@needs_compiler
def test_a_table_that_does_not_hold_is_the_programs_status(tmp_path):
    wrong = "input x\noutput f\nf = 2*x\ndata { x | f\n1 | 3 }\n"
    assert run_file(text_of(wrong), tmp_path) == ("x | f | forward: f\n1 | 3 | 2\n", 1)
    assert run_file(text_of(wrong.replace("3 }", "2 }")), tmp_path)[1] == 0

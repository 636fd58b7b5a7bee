"""Fast C: its own functions to a few units in the last place, tiles and meshes as the interpreter has them, nothing to say for
compilers, and loops that are vectors."""

import ctypes
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flowc
from benchmarks.dag import dag, write
from flowc.backends.backend import Refused
from flowc.backends.c.fast_helpers import fast_helper_functions
from flowc.backends.c.fast_words import FastCWords
from flowc.backends.c.mesh import Meshes
from flowc.nets.verifying.reference import Reference
from flowc.testing.strategies import diagrams
from tests.backends.c_program import COMPILER, CFile, FastFile, assert_computes, compile_file, run_file

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
pytestmark = pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`")
FAST = ("-O3", "-march=native")

# ------------------------------------------------------------------------------------------------------------ functions

ROWS = ("exp", "expm1", "tanh", "logistic", "log", "log1p", "softplus", "positive_part", "sign_or_nan", "sin", "cos")


def functions_text(kind):
    """The file's own functions, and for each a function of arrays."""
    words = FastCWords(kind)
    rows = []
    for name in ROWS:
        parameters = f"(size_t n, const {kind} *restrict x, {kind} *restrict y)"
        if name in ("sin", "cos"):
            words.helpers[f"{name}_rows"] = None
            rows.append(f"void rows_{name}{parameters}\n{{\n    {name}_rows(n, x, y);\n}}\n")
        else:
            words.helpers[f"fast_{name}"] = None
            body = f"    for (size_t i = 0; i < n; i++)\n        y[i] = fast_{name}(x[i]);  /* {name} */\n"
            rows.append(f"void rows_{name}{parameters}\n{{\n{body}}}\n")
    includes = "".join(f"#include <{name}.h>\n" for name in ("math", "stddef", "stdint", "string"))
    return includes + "\n" + fast_helper_functions(words, Meshes(words, str)) + "\n".join(rows)


@pytest.fixture(scope="module", params=["double", "float"])
def kind(request):
    return request.param


@pytest.fixture(scope="module", params=[(), ("-ffp-contract=fast",)], ids=["strict", "contracted"])
def library(kind, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(kind)
    return ctypes.CDLL(str(compile_file(functions_text(kind), folder, "-shared", "-fPIC", *FAST, *request.param)))


def numbers_of(kind):
    """Of every magnitude, and those where something may go wrong."""
    rng = np.random.default_rng(1)
    t, bits = (np.float32, np.uint32) if kind == "float" else (np.float64, np.uint64)
    any_bits = rng.integers(0, np.iinfo(bits).max, 200_000, dtype=bits, endpoint=True).view(t)
    about = [rng.uniform(-size, size, 50_000) for size in (1e-3, 0.5, 3, 30, 110, 750)]
    small = rng.normal(size=50_000) * 10.0 ** rng.uniform(-8, 3, 50_000)
    limits = np.finfo(t)
    odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 88.72, 88.73, 709.78, 709.79, -745.2, -103.98, 1600, -1600.1, 1e6, -1e6 - 1, 1e22]
    edges = [s * x for s in (1, -1) for x in (limits.tiny, limits.smallest_subnormal, limits.max)]
    turns = np.arange(1, 1000) * np.pi / 2
    with np.errstate(over="ignore", invalid="ignore"):
        return np.concatenate([any_bits, *about, small, turns, odd, edges]).astype(t)


def meaning(name, x, wide):
    """In twice the precision, or what the platform has of it."""
    with np.errstate(all="ignore"):
        x = x.astype(wide)
        match name:
            case "logistic":
                z = np.exp(-np.abs(x))
                return np.where(x < 0, z, 1) / (1 + z)
            case "softplus":
                return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
            case "positive_part":
                return np.where(x < 0, 0, x)
            case "sign_or_nan":
                return np.where(x == 0, x, np.sign(x))
        return getattr(np, name)(x)


def units_in_the_last_place(values, exact):
    with np.errstate(all="ignore"):
        nearest = exact.astype(values.dtype)
        same = (values == nearest) | (np.isnan(values) & np.isnan(nearest))
        spacing = np.spacing(np.abs(np.where(np.isfinite(nearest), nearest, 1))).astype(exact.dtype)
        distance = np.abs(values.astype(exact.dtype) - exact) / spacing
    return np.where(same, 0, np.where(np.isnan(distance), np.inf, distance))


@pytest.mark.parametrize("name", ROWS)
def test_functions_are_right_to_four_units_in_the_last_place(name, kind, library):
    x = numbers_of(kind)
    wide = np.float64 if kind == "float" else np.longdouble
    parts = [x] if name not in ("sin", "cos") else [x[np.abs(x) < (1600 if kind == "float" else 1e6)], x[-30:]]
    for part in map(np.ascontiguousarray, parts):
        y = np.empty_like(part)
        getattr(library, f"rows_{name}")(ctypes.c_size_t(len(part)), ctypes.c_void_p(part.ctypes.data), ctypes.c_void_p(y.ctypes.data))
        exact = meaning(name, part, wide)
        units = units_in_the_last_place(y, exact)
        worst = int(np.argmax(units))
        assert units[worst] <= 4, (part[worst], y[worst], exact[worst])
        signed = (part == 0) & (exact == 0)
        assert (np.signbit(y[signed]) == np.signbit(exact[signed])).all()


def test_loops_over_functions_are_vectors(kind, tmp_path):
    """gcc says of which lines it has made vectors."""
    text = functions_text(kind)
    source = tmp_path / "rows.c"
    source.write_text(text, encoding="utf-8")
    made = subprocess.run(
        [COMPILER, *FAST, "-c", "-fopt-info-vec-optimized", str(source), "-o", str(tmp_path / "rows.o")], capture_output=True, text=True, check=True
    )
    if "vectorized" not in made.stderr:
        pytest.skip("the compiler does not say so")
    lines = {int(line.split(":")[1]) for line in made.stderr.splitlines() if "loop vectorized" in line}
    loops = [k for k, line in enumerate(text.splitlines(), 1) if "for (size_t i = 0; i < n; i++)" in line]
    library_calls = [k for k in loops if any(f"{f}(" in text.splitlines()[k] for f in (" sin", " cos", " sinf", " cosf"))]
    assert len(loops) - len(library_calls) >= len(ROWS) and set(loops) - set(library_calls) <= lines


# ------------------------------------------------------------------------------------------------------------- programs


def fast_file(reference, folder, **options):
    """None, where `forward` of one token is not."""
    try:
        return FastFile(reference, folder, **options)
    except Refused as why:
        assert "a sum over the tokens" in str(why)
        return None


GATHERED = ("evolved", "net232", "worked_example", "xor_learnt", "sine")


@pytest.mark.parametrize(
    ("name", "lower"), [*((path.stem, None) for path in EXAMPLES), *((name, how) for name in GATHERED for how in ("sparse", "dense"))]
)
def test_every_example_is_a_program_and_agrees(name, lower, tmp_path):
    """A batch of 70 is a tile and a part of one."""
    reference = Reference.of(flowc.load(EXAMPLES[0].parent / f"{name}.flow"), batch=70)
    printed = FastFile(reference, tmp_path, lower=lower)
    assert_computes(printed, reference)
    said, status = run_file(printed.text, tmp_path)
    assert status == 0, said
    if "int selftest(void)" in printed.text:
        assert run_file(printed.text, tmp_path, "--selftest") == ("ok\n", 0)


@pytest.mark.parametrize(("name", "lower"), [("xor_learnt", None), ("softmax", None), ("evolved", "sparse"), ("net232", "dense")])
def test_floats_are_floats_throughout(name, lower, tmp_path):
    path = next(p for p in EXAMPLES if p.stem == name)
    reference = Reference.of(flowc.load(path), batch=70)
    printed = FastFile(reference, tmp_path, "float32", lower)
    assert "double " not in printed.text.partition("#include")[2].replace("(double)", "")
    assert_computes(printed, reference)


@settings(max_examples=15, deadline=None)
@given(diagram=diagrams(), seed=st.integers(0, 2**16), lower=st.sampled_from([None, "sparse", "dense"]), batch=st.sampled_from([4, 67]))
def test_random_diagrams_agree(diagram, seed, lower, batch, tmp_path_factory):
    reference = Reference.of(diagram, seed=seed, batch=batch)
    printed = fast_file(reference, tmp_path_factory.mktemp("c"), lower=lower)
    if printed is not None:
        assert_computes(printed, reference)


WIDE = """\
input x[37]
target y[9]
node h[21] : tanh, g[18] : sin
output p[9] : softmax
x -> h : W ~
1 -> h : b ~
h -> g : V ~
1 -> g : c ~
g -> p : U ~
loss cross_entropy(p, y)
"""


@pytest.mark.parametrize("batch", [3, 130])
def test_products_of_matrices_are_calls_and_agree(batch, tmp_path):
    """Sizes that neither four rows nor 32 tokens divide."""
    reference = Reference.of(WIDE, batch=batch)
    printed = FastFile(reference, tmp_path, flags=FAST)
    assert [len(re.findall(rf"{name}\(\s*tokens,", printed.text)) for name in ("multiply", "add_outer")] == [8, 3]
    assert_computes(printed, reference)


@pytest.mark.parametrize("batch", [1, 200])
def test_arrows_of_files_are_tables(batch, tmp_path):
    """An irregular network: a level's lines in tables, forward and back."""
    write(dag(200, 10), tmp_path)
    flow = flowc.load(tmp_path / "diagram.flow")
    reference = Reference.of(flow, batch=batch)
    printed = FastFile(reference, tmp_path, flags=FAST)
    assert "static const unsigned sources[" in printed.text and re.search(r"mesh_back\(\s*tokens,", printed.text)
    assert {s.kind for s in printed.computed()} >= {"activation", "gradient", "loss"}
    assert_computes(printed, reference)


def test_one_token_is_as_in_tiles(tmp_path):
    write(dag(200, 10), tmp_path)
    reference = Reference.of(flowc.load(tmp_path / "diagram.flow"), batch=3)
    printed = FastFile(reference, tmp_path)
    (outputs,) = printed.forward().values()
    (x,) = printed.samples(printed.program.inputs)
    alone = np.zeros_like(outputs)
    for token, row in zip(alone, x.reshape(len(outputs), -1), strict=True):
        printed.call("forward", np.ascontiguousarray(row), printed.weights(), token)
    np.testing.assert_allclose(alone, outputs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", [4096, 4097, 9000])
def test_a_large_vector_has_a_row_for_each_element(size, tmp_path):
    """Which is static, as the vector is in the other style."""
    text = f"input x\ntarget y\nnode h[{size}] : tanh\noutput f\nx -> h : ~\nh -> f : ~\nloss mse(f, y)\n"
    reference = Reference.of(text, batch=70)
    printed = FastFile(reference, tmp_path)
    assert f"static double h[{size}][TILE];" in printed.text
    assert_computes(printed, reference)


def test_cubes_and_fourth_powers_are_products(tmp_path):
    """Which a compiler makes vectors of; other powers are the library's."""
    reference = Reference.of("input x\noutput f, g, h\nf = (x + 1)^3 - x^3\ng = (2*x)^4\nh = x^5\n", batch=70)
    printed = FastFile(reference, tmp_path)
    assert printed.text.count("pow(") == 2  # of one token, and of all
    assert_computes(printed, reference)


def test_what_is_far_from_zero_has_its_sine(tmp_path):
    """Beyond a million the library's own function is called."""
    reference = Reference.of("input x\noutput f, g\nf = sin(1e9*x) + x\ng = cos(x)\n", batch=70)
    assert_computes(FastFile(reference, tmp_path), reference)


def test_fit_learns_what_the_other_style_learns(tmp_path):
    flow = flowc.load(EXAMPLES[0].parent / "xor_learnt.flow")
    reference = Reference.of(flow, batch=70)
    weights = []
    for name, file in (("nodes", CFile), ("fast", FastFile)):
        folder = tmp_path / name
        folder.mkdir()
        printed = file(reference, folder)
        numbers = printed.weights()
        fit = printed.library.fit
        fit.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_void_p] * 3, ctypes.c_double, ctypes.c_size_t]
        arrays = printed.samples((*printed.program.inputs, *printed.program.targets))
        fit(numbers.ctypes.data, 70, *(a.ctypes.data for a in arrays), 0.5, 200)
        weights.append(numbers)
    assert not np.allclose(weights[1], reference.learnt["b_f"]) and np.allclose(*weights, rtol=1e-9)


def test_a_file_says_how_it_is_compiled_and_keeps_its_width(tmp_path):
    text = FastFile(Reference.of(flowc.load(EXAMPLES[0].parent / "evolved.flow")), tmp_path, lower="sparse").text
    assert "compile with -O3 -march=native" in " ".join(text.split())
    assert max(map(len, text.partition("int selftest")[0].splitlines())) <= 79

"""A file of C that learns: strict compilers have nothing to say, and its losses are those of `flowc train`."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

import flowc
from flowc import pipeline
from flowc.backends.backend import Options, Refused
from flowc.backends.c import CBackend
from flowc.backends.c.order import seeding_key
from flowc.maths.optimisers import OPTIMISERS
from tests.backends.c_program import COMPILER, run_file
from tests.doors.command import in_process

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = (EXAMPLES / "xor_learnt.flow").read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`")
CLASSES = """flow kinds
index k = red, green, blue
input x[2]
target y[k]
output p[k] : softmax
x -> p : W ~
1 -> p : b ~
loss cross_entropy(p, y)
data {
x[1] x[2] | y
0 1 | red
1 0 | green
1 1 | blue
0.5 0 | green
0 0.25 | red
}
train %s
"""


def text_of(flow, **options):
    program = pipeline.plan(flow.network)
    data = flow.data("train", flow.network.seed)
    return CBackend().emit(flow.network, program, Options(train=True, data=data and data.arrays, **options)).text


def numbers_of(said):
    """The losses that are printed, by the number of the step."""
    return {int(step): float(loss) for step, loss in (line.split() for line in said.splitlines() if line[:1].isdigit())}


def assert_learns(text, folder, rtol=1e-9, **options):
    flow = flowc.loads(text)
    said, status = run_file(text_of(flow, **options), folder)
    assert status == 0, said
    losses = flow.train().losses
    printed = numbers_of(said)
    assert len(printed) >= min(10, len(losses))
    np.testing.assert_allclose(list(printed.values()), losses[list(printed)], rtol=rtol)
    return said


@pytest.mark.parametrize("method", OPTIMISERS)
@pytest.mark.parametrize(
    "settings",
    [
        "steps=60",
        "steps=60, weight_decay=0.01, decay=0.1, warmup=5",
        "epochs=7, batch=3, gamma=0.5, every=4",
        "steps=50, batch=3, order=data",
        "steps=50, batch=2, replace=true, cosine=true, seed=5",
    ],
)
def test_every_method_learns_as_flowc_train_does(method, settings, tmp_path):
    if OPTIMISERS[method].takes_all and "batch" in settings:
        pytest.skip("it takes all tokens")
    text = XOR.replace("train gd(rate=0.5, steps=5000, seed=0)", f"train {method}({settings})")
    assert f"train {method}(" in text
    assert_learns(text, tmp_path)


@pytest.mark.parametrize("how", ["gd(steps=40, rate=0.5)", "adam(steps=30, batch=2)", "momentum(epochs=9)"])
def test_vectors_and_classes(how, tmp_path):
    text = CLASSES % how
    said = assert_learns(text, tmp_path)
    flow = flowc.loads(text)
    outputs = flow.compile().forward(flow.train().weights, flow.data().arrays)["p"]
    right = int((outputs.argmax(1) == flow.data().arrays["y"].argmax(1)).sum())
    assert f"\np right: {right} of 5\n" in said and "W[0][1] = " in said.replace("[%lu]", "")


def test_floats(tmp_path):
    assert_learns(CLASSES % "adam(steps=30, batch=2)", tmp_path, rtol=1e-3, dtype="float32")


def test_formulas_are_written_out_as_numbers(tmp_path):
    text = "flow line\ninput x\noutput f\ntarget y\nx, 1 -> f : ~\nloss mse(f, y)\ndata { x = linspace(-1, 1, 20)\ny = 2 * x + 1 }\ntrain gd(steps=50)\n"
    assert_learns(text, tmp_path)


def test_it_is_one_file_from_the_command_line(tmp_path, capsys):
    (tmp_path / "rows.csv").write_text("x,y\n1,2\n2,4\n3,6\n")
    (tmp_path / "net.flow").write_text('flow net\ninput x\noutput f\ntarget y\nx -> f : ~\nloss mse(f, y)\ndata "rows.csv"\ntrain gd(steps=20, rate=0.01)\n')
    status, text, err = in_process(capsys, "compile", tmp_path / "net.flow", "--backend", "c", "--train")
    assert (status, err) == (0, "") and "all_x[3] = {1.0, 2.0, 3.0};" in text
    said, status = run_file(text, tmp_path)
    assert status == 0 and len(numbers_of(said)) == 10
    status, part, _ = in_process(capsys, "compile", tmp_path / "net.flow", "--backend", "c", "--train", "--part", "train")
    assert status == 0 and part.startswith("/* 20 steps of gradient descent. */\nvoid train(")


def test_what_cannot_learn_is_refused(tmp_path):
    with pytest.raises(Refused, match="nothing is learnt here"):
        text_of(flowc.load(EXAMPLES / "xor.flow"))
    with pytest.raises(Refused, match="no data to learn from"):
        text_of(flowc.loads("flow net\ninput x\noutput f\ntarget y\nx -> f : ~\nloss mse(f, y)\n"))


@pytest.mark.parametrize("seed", [0, 7, 123456789012345])
def test_orders_are_drawn_by_pythons_stream(seed, tmp_path):
    from flowc.backends.c.helpers import template
    from flowc.backends.c.words import CWords

    text = f"{seed}/order"
    key = seeding_key(text)
    holes = {"SEED": '"seed"', "LENGTH": str(len(key)), "KEY": ", ".join(map(str, key))}
    program = "#include <stdint.h>\n#include <stddef.h>\n#include <stdio.h>\n" + template("random_number", CWords(), **holes)
    program += 'int main(void)\n{\n    for (int k = 0; k < 2000; k++)\n        printf("%.17g\\n", random_number());\n    return 0;\n}\n'
    stream = Random(text)
    assert list(map(float, run_file(program, tmp_path)[0].split())) == [stream.random() for _ in range(2000)]

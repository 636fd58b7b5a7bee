"""`flowc train`: from a diagram and its data to weights, whatever ends the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import flowc
from flowc.learning.weights import write_weights
from flowc.maths.optimisers import OPTIMISERS
from tests.doors.command import in_process, started

EXAMPLES = Path(__file__).parents[2] / "examples"
LINE = "flow line\ninput x\ntarget y\noutput f\nx -> f : w ~ 0\n1 -> f : b ~ 0\nloss mse(f, y)\ndata { x y\n1 3\n2 5\n3 7 }\n"


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, "train", *(a if isinstance(a, Path) else str(a) for a in arguments))


@pytest.fixture
def line(tmp_path):
    path = tmp_path / "line.flow"
    path.write_text(LINE + "train gd(rate=0.1, steps=5)\n")
    return path


def learnt(path: Path) -> dict[str, np.ndarray]:
    return load_file(path)


# ------------------------------------------------------------------------------------------------------- what is learnt


def tutorial(start: dict[str, float], steps: int) -> list[float]:
    """The loop of PyTorch's tutorial that the lecture cites (pytorch.org, 'Learning PyTorch with Examples', numpy)."""
    x = np.linspace(-np.pi, np.pi, 2000)
    y = np.sin(x)
    a, b, c, d = (start[name] for name in "abcd")
    for _ in range(steps):
        error = a + b * x + c * x**2 + d * x**3 - y
        slope = 2.0 * error
        a -= 1e-6 * slope.sum()
        b -= 1e-6 * (slope * x).sum()
        c -= 1e-6 * (slope * x**2).sum()
        d -= 1e-6 * (slope * x**3).sum()
    return [a, b, c, d]


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_sine_of_the_lecture(run, tmp_path, backend: str) -> None:
    start = {"a": 0.3, "b": -0.2, "c": 0.1, "d": 0.05}
    (tmp_path / "start.safetensors").write_bytes(write_weights({n: np.array(v) for n, v in start.items()}, {}))
    files = ["--weights", tmp_path / "start.safetensors", "-o", tmp_path / "w.safetensors"]
    status, out, _ = run(EXAMPLES / "sine.flow", "--backend", backend, *files)
    assert status == 0 and out.startswith(
        "sine: 2000 steps of gd\nlearnt from  the data of sine.flow, 2000 tokens: loss "
    )
    found = learnt(tmp_path / "w.safetensors")
    np.testing.assert_allclose([found[n] for n in "abcd"], tutorial(start, 2000), rtol=1e-12)


def test_the_sine_ends_at_the_least_squares(run, tmp_path) -> None:
    out = tmp_path / "w.safetensors"
    assert run(EXAMPLES / "sine.flow", "--steps", 20_000, "--quiet", "-o", out)[0] == 0
    x = np.linspace(-np.pi, np.pi, 2000)
    best = np.linalg.lstsq(x[:, None] ** np.arange(4), np.sin(x), rcond=None)[0]
    found = learnt(out)
    np.testing.assert_allclose([found[n] for n in "abcd"], best, atol=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_irises(run, seed: int) -> None:
    status, out, err = run(EXAMPLES / "iris.flow", "--seed", seed, "--format", "json", "--quiet")
    assert (status, err) == (0, "")
    found = json.loads(out)["learnt_from"]
    assert found["loss"] < 0.15 and found["scores"][0]["right"] >= 0.96 * 150


def test_what_cannot_be_learnt(run, tmp_path) -> None:
    """Minsky and Papert 1969: no line divides XOR. The best line gives 1/2 everywhere: mse 1/4, cross-entropy ln 2."""
    data = "data { x1 x2 y\n0 0 0\n0 1 1\n1 0 1\n1 1 0 }\n"
    for activation, loss, least in (("", "mse", 0.25), (": logistic", "binary_cross_entropy", np.log(2))):
        path = tmp_path / "net.flow"
        path.write_text(
            f"input x1, x2\ntarget y\noutput f {activation}\nx1, x2, 1 -> f : ~ 0.3\nloss {loss}(f, y)\n{data}"
            "train gd(rate=0.5, steps=2000)\n"
        )
        log = tmp_path / "log.csv"
        assert run(path, "--quiet", "--log", log)[0] == 0
        losses = [float(row.split(",")[1]) for row in log.read_text().splitlines()[1:]]
        assert min(losses) >= least - 1e-15 and losses[-1] == pytest.approx(least, abs=1e-9)


def test_the_perceptron_of_the_lecture(run, tmp_path) -> None:
    """The multi-class perceptron's first ten updates, by the lecture's rule: the right class gains x, the wrong loses it."""
    rng = np.random.default_rng(3)
    x, classes = rng.integers(-3, 4, (10, 2)).astype(float), rng.integers(0, 3, 10)
    rows = "".join(f"{a:g} {b:g} {c + 1}\n" for (a, b), c in zip(x, classes, strict=True))
    path = tmp_path / "net.flow"
    path.write_text(
        "input x[2]\ntarget y[3]\noutput f[3] : argmax\nx -> f : W ~ 0\n1 -> f : b ~ 0\nloss perceptron(f, y)\n"
        f"data {{ x1 x2 y\n{rows}}}\ntrain sgd(rate=1, batch=1, steps=10, order=data)\n"
    )
    assert run(path, "-o", tmp_path / "w.safetensors")[0] == 0
    W = np.zeros((3, 3))  # the lecture's form, with the 1 appended to x
    for token, right in zip(np.column_stack([x, np.ones(10)]), classes, strict=True):
        given = int(np.argmax(W @ token))
        if given != right:
            W[right] += token
            W[given] -= token
    found = learnt(tmp_path / "w.safetensors")
    assert np.array_equal(np.column_stack([found["W"], found["b"]]), W) and W.any()


def test_digits(run, tmp_path) -> None:
    """The 8×8 digits of scikit-learn (Alpaydin and Kaynak 1998): every fifth is held out, at least 95 % of those right."""
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    digits = datasets.load_digits()
    held = np.arange(len(digits.target)) % 5 == 0
    for name, part in (("train.csv", ~held), ("test.csv", held)):
        rows = np.column_stack([digits.data[part] / 16, digits.target[part]])
        heads = ",".join([*(f"x{k + 1}" for k in range(64)), "y"])
        np.savetxt(tmp_path / name, rows, "%.10g", ",", header=heads, comments="")
    path = tmp_path / "digits.flow"
    path.write_text(
        "input x[64]\ntarget y[0..9]\nnode h[32] : relu\noutput p[0..9] : softmax\nx -> h -> p : ~\n1 -> h, p : ~\n"
        'loss cross_entropy(p, y)\ndata train "train.csv"\ndata test "test.csv"\n'
        "train sgd(rate=0.1, batch=32, epochs=20, seed=0)\n"
    )
    status, out, _ = run(path, "--format", "json", "--quiet")
    found = json.loads(out)["held_out"]["scores"][0]
    assert status == 0 and found["tokens"] == 360 and found["right"] >= 0.95 * 360


def _learn() -> list[str]:
    """The examples that have something to learn, and data."""
    networks = {path.stem: flowc.load(path).network for path in sorted(EXAMPLES.glob("*.flow"))}
    return [name for name, n in networks.items() if n.loss and n.data and any(w.learnt for w in n.weights)]


@pytest.mark.parametrize("example", _learn())
@pytest.mark.parametrize("method", OPTIMISERS)
def test_both_backends_learn_the_same(example: str, method: str) -> None:
    """The whole curve, and one step. For adam and rmsprop these are the cases stated in docs/numbers.md."""
    flow = flowc.load(EXAMPLES / f"{example}.flow")
    settings: dict[str, float] = {"steps": 200}
    if method != "gd":
        settings["batch"] = 16 if example == "iris" else 2
    if method in ("gd", "sgd", "momentum"):
        settings["rate"] = 1e-6 if example.startswith("sine") else 0.05
    ours, theirs = (flow.train(method=method, backend=b, **settings).losses for b in ("numpy", "torch"))
    assert len(ours) == 200
    assert (np.abs(ours - theirs) <= 1e-9 * np.abs(ours) + 1e-12).all()
    one, other = (flow.train(method=method, backend=b, **settings | {"steps": 1}).weights for b in ("numpy", "torch"))
    for name, w in one.items():
        np.testing.assert_allclose(w, other[name], rtol=1e-12, atol=1e-12)


def test_whole_runs_are_the_same() -> None:
    """What the diagrams themselves say, over all of their steps."""
    for example in ("sine", "iris"):
        flow = flowc.load(EXAMPLES / f"{example}.flow")
        ours, theirs = (flow.train(backend=b).losses for b in ("numpy", "torch"))
        assert (np.abs(ours - theirs) <= 1e-9 * np.abs(ours) + 1e-12).all()


# ------------------------------------------------------------------------------------------------------- what is written


def test_everything_that_is_written(run, line, tmp_path) -> None:
    names = {"-o": "w.safetensors", "--log": "l.jsonl", "--plot": "p.svg", "--checkpoint": "c.safetensors"}
    status, out, err = run(line, *(part for option, name in names.items() for part in (option, tmp_path / name)))
    assert status == 0
    assert out.startswith("line: 5 steps of gd\nlearnt from  the table of line.flow, 3 tokens: loss ")
    assert out.splitlines()[-2].startswith("w = ") and err.splitlines()[0].startswith(
        "step 1 of 5: loss 27.6667, rate 0.1"
    )
    rows = [json.loads(row) for row in (tmp_path / "l.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 2, 3, 4, 5] and rows[0]["loss"] == pytest.approx(83 / 3)
    picture = (tmp_path / "p.svg").read_bytes()
    assert picture.startswith(b"<?xml")
    again = run(line, "--plot", tmp_path / "p2.svg")
    assert again[0] == 0 and (tmp_path / "p2.svg").read_bytes() == picture
    for ending, start in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        assert run(line, "--plot", tmp_path / f"p.{ending}")[0] == 0
        assert (tmp_path / f"p.{ending}").read_bytes().startswith(start)


def test_held_out_data_and_an_early_end(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text(
        LINE.replace("data {", "data train {") + "data test { x y\n1 2\n2 4 }\ntrain gd(rate=0.1, steps=1000)\n"
    )
    status, out, _ = run(path, "--format", "json", "--interval", 1, "--patience", 3, "-o", tmp_path / "w.safetensors")
    found = json.loads(out)
    assert status == 0 and found["end"] == "patience" and found["steps"] < 900
    best = found["held_out"]["loss"]
    net = flowc.load(path).compile()
    w = learnt(tmp_path / "w.safetensors")
    assert net.loss(w, {"x": [1, 2], "y": [2, 4]}) == pytest.approx(best) == pytest.approx(_least(run, path, tmp_path))


def test_a_checkpoint_of_a_run_with_patience_goes_on_without(run, tmp_path) -> None:
    path, checkpoint = tmp_path / "net.flow", tmp_path / "c.safetensors"
    path.write_text(
        LINE.replace("data {", "data train {") + "data test { x y\n1 2\n2 4 }\ntrain gd(rate=0.1, steps=100)\n"
    )
    assert run(path, "--patience", 2, "--interval", 1, "--checkpoint", checkpoint)[0] == 0
    status, out, _ = run(path, "--resume", checkpoint, "--format", "json")
    assert (status, json.loads(out)["end"], json.loads(out)["steps"]) == (0, "done", 100)


def _least(run, path: Path, tmp_path: Path) -> float:
    log = tmp_path / "log.csv"
    assert run(path, "--interval", 1, "--quiet", "--log", log)[0] == 0
    return min(float(row.split(",")[3]) for row in log.read_text().splitlines()[1:])


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("method", ["sgd", "adam"])
def test_going_on_gives_the_same_bits(run, tmp_path, backend: str, method: str) -> None:
    common = [EXAMPLES / "iris.flow", "--backend", backend, "--method", method, "--quiet"]
    assert run(*common, "--steps", 50, "-o", tmp_path / "whole.safetensors")[0] == 0
    assert run(*common, "--steps", 23, "--checkpoint", tmp_path / "c.safetensors")[0] == 0
    assert run(*common, "--steps", 50, "--resume", tmp_path / "c.safetensors", "-o", tmp_path / "w.safetensors")[0] == 0
    assert (tmp_path / "w.safetensors").read_bytes() == (tmp_path / "whole.safetensors").read_bytes()


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_log_goes_on(run, tmp_path, ending: str) -> None:
    """It is that of the run that was not interrupted, to the byte; steps after the checkpoint are done again."""
    whole, log, checkpoint = tmp_path / f"whole.{ending}", tmp_path / f"log.{ending}", tmp_path / "c.safetensors"
    common = [EXAMPLES / "iris.flow", "--quiet", "--interval", 10, "--held-out", EXAMPLES / "iris.csv"]
    assert run(*common, "--steps", 50, "--log", whole)[0] == 0
    assert run(*common, "--steps", 20, "--checkpoint", checkpoint)[0] == 0
    log.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:27]) + b"28,0.")
    assert run(*common, "--steps", 50, "--resume", checkpoint, "--log", log)[0] == 0
    assert log.read_bytes() == whole.read_bytes()
    new = tmp_path / f"new.{ending}"
    assert run(*common, "--steps", 50, "--resume", checkpoint, "--log", new)[0] == 0
    assert len(new.read_text().splitlines()) == 30 + (ending == "csv")
    for text in ("step,loss,rate,held_out\n1,2,3,\n", "nonsense\n" * 30, "[]\n" * 30, "\xff" * 30):
        log.write_text(text, encoding="latin-1")
        status, _, err = run(*common, "--steps", 50, "--resume", checkpoint, "--log", log)
        assert status == 2 and "is no log of the 20 steps that this run goes on from; name another file" in err
        assert log.read_text(encoding="latin-1") == text


def test_no_checkpoint_is_written_of_what_cannot_go_on(run, line, tmp_path) -> None:
    checkpoint = tmp_path / "c.safetensors"
    assert run(line, "--rate", 1e30, "--steps", 100, "--interval", 1, "--checkpoint", checkpoint)[0] == 1
    assert all(np.isfinite(w).all() for w in learnt(checkpoint).values())
    status, _, err = run(line, "--rate", 1e30, "--steps", 100, "--resume", checkpoint)
    assert status == 1 and "the loss is not finite at step" in err


def test_a_test_of_outputs_alone_is_not_held_out(run, tmp_path) -> None:
    """`flowc test` reads it; there is no target to compute a loss of."""
    path = tmp_path / "net.flow"
    text = "input x\ntarget y\noutput f\nx -> f : ~ 1\nloss mse(f, y)\ndata train {\n  x y\n  1 2\n}\n"
    for columns, cells in (("x f", "1 2"), ("x", "1")):
        path.write_text(f"{text}data test {{\n  {columns}\n  {cells}\n}}\n")
        status, out, _ = run(path, "--steps", 2, "--format", "json")
        assert status == 0 and "held_out" not in json.loads(out)
        assert run(path, "--steps", 2, "--patience", 1)[0] == 2


def test_the_best_step_is_kept_with_patience(run, tmp_path) -> None:
    """Held-out loss falls, then rises: the weights after its smallest look, not the last, are the result."""
    path, log, out = tmp_path / "net.flow", tmp_path / "l.csv", tmp_path / "w.safetensors"
    path.write_text(
        LINE.replace("data {", "data train {") + "data test { x y\n1 2\n2 4 }\ntrain gd(rate=0.1, steps=1000)\n"
    )
    status, said, _ = run(path, "--interval", 1, "--patience", 4, "--format", "json", "--log", log, "-o", out)
    held = [float(row.split(",")[3]) for row in log.read_text().splitlines()[1:]]
    best = int(np.argmin(held)) + 1
    assert status == 0 and json.loads(said)["steps"] == best == len(held) - 4
    assert run(path, "--steps", best, "-o", tmp_path / "best.safetensors")[0] == 0
    assert learnt(out) == learnt(tmp_path / "best.safetensors")


def test_a_killed_run_leaves_its_log(tmp_path) -> None:
    """Steps until the last checkpoint are in it, and going on makes it whole."""
    command = [sys.executable, "-m", "flowc", "train", str(EXAMPLES / "iris.flow"), "--quiet", "--interval", "20"]
    whole, log, checkpoint = tmp_path / "whole.csv", tmp_path / "l.csv", tmp_path / "c.safetensors"
    files = ["--checkpoint", str(checkpoint), "--log", str(log)]
    going = subprocess.Popen([*command, "--steps", "1000000", *files], stdout=subprocess.DEVNULL)
    while not checkpoint.exists():
        assert going.poll() is None
        time.sleep(0.02)
    going.kill()
    going.wait()
    steps = str(_step(checkpoint) + 30)
    subprocess.run([*command, "--steps", steps, "--resume", str(checkpoint), *files], check=True, capture_output=True)
    subprocess.run([*command, "--steps", steps, "--log", str(whole)], check=True, capture_output=True)
    assert log.read_bytes() == whole.read_bytes()


def _step(path: Path) -> int:
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["flowc"])["step"]


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_keeps_what_was_learnt(tmp_path) -> None:
    out, log = tmp_path / "w.safetensors", tmp_path / "l.csv"
    command = [sys.executable, "-m", "flowc", "train", EXAMPLES / "iris.flow", "--steps", "10000000", "--interval", "20"]
    told, wrong = tmp_path / "told.txt", tmp_path / "wrong.txt"  # files: no pipe that is full holds the run up
    with told.open("w") as a, wrong.open("w") as b:
        going = started([*command, "-o", out, "--log", log], stdout=a, stderr=b)
    while going.poll() is None and not (log.exists() and log.stat().st_size > 200):
        time.sleep(0.02)
    while going.poll() is None:  # an interrupt that comes while Python tidies up is lost: learning, and the log, then go on
        going.send_signal(signal.SIGINT)
        size = log.stat().st_size
        while going.poll() is None and log.stat().st_size < size + 100_000:
            time.sleep(0.02)
    printed, said = told.read_text(), wrong.read_text()
    assert going.returncode == 130 and "interrupted after" in said and "Traceback" not in said
    assert "sgd, interrupted" in printed and learnt(out)["W"].any() and len(log.read_text().splitlines()) > 2


LENGTH = """\
input  x[3]
target y
output r
weight g ~ 1
x -> v : W ~ [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
node v[3]
r = g*sum(v^2)^0.5
loss mse(r, y)
data {
  x[1] x[2] x[3] | y
  0    0    0    | 1
  3    4    0    | 1
}
"""


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_gradient_that_is_no_number_is_told_with_its_node_and_line(run, tmp_path, backend) -> None:
    """A power of 0.5 has no slope at 0; no rate would help, since the weights are those of the start."""
    path, out = tmp_path / "length.flow", tmp_path / "w.safetensors"
    path.write_text(LENGTH)
    status, _, err = run(path, "--backend", backend, "-o", out)
    assert status == 1 and "step 1: " in err and "length.flow:5: the gradient of v is nan for token 1 of 2" in err
    assert "may help" not in err and learnt(out)["g"] == 1
    with pytest.raises(FloatingPointError, match="length.flow:5: the gradient of v is nan"):
        flowc.load(path).train(backend=backend)
    path.write_text(LENGTH.replace("sum(v^2)^0.5", "sqrt(sum(v^2))"))
    assert run(path, "--backend", backend, "--steps", 10, "--rate", 0.01)[0] == 0


def test_a_smaller_rate_is_advised_where_steps_led_astray(run, tmp_path) -> None:
    path = tmp_path / "a.flow"
    path.write_text(
        "input x\ntarget y\noutput f\nweight a ~ 1\nf = log(a*x)\nloss mse(f, y)\ndata {\n  x y\n  1 -20\n}\n"
    )
    status, _, err = run(path, "--rate", 5)
    assert status == 1 and "the loss is not finite at step 2" in err and "a.flow:5: f is nan" in err
    assert "a smaller rate may help: --rate 0.5" in err
    path.write_text(path.read_text().replace("  1 -20", "  0 -20"))
    status, _, err = run(path, "--rate", 5)
    assert status == 1 and "the loss is not finite at step 1" in err and "may help" not in err


@pytest.mark.parametrize("steps, interval", [(20, 20), (1000, 7), (1000, 1000)])
def test_a_weight_that_is_no_number_ends_learning_though_the_loss_is_one(run, tmp_path, steps, interval) -> None:
    """tanh(-inf) is -1. What is written can be read again."""
    path, out, state = (tmp_path / name for name in ("a.flow", "w.safetensors", "state.safetensors"))
    path.write_text("input x\ntarget y\noutput f\nweight b ~ 1\nf = tanh(b*x)\nloss mse(f, y)\ndata {\n  x y\n  1 -1000\n}\n")
    options = ("--rate", 1e308, "--steps", steps, "--interval", interval)
    status, _, err = run(path, *options, "-o", out, "--checkpoint", state)
    assert status == 1 and "the weight is not finite at step 1: `b`" in err and "Warning" not in err
    assert learnt(out)["b"] == 1 and not state.exists()


def test_a_loss_that_is_no_number(run, line, tmp_path) -> None:
    out = tmp_path / "w.safetensors"
    status, _, err = run(line, "--rate", 1e30, "--steps", 100, "-o", out)
    assert (
        status == 1
        and "the loss is not finite at step" in err
        and "line.flow:" in err
        and "a smaller rate may help\n" in err
    )
    kept = learnt(out)
    assert all(np.isfinite(w).all() for w in kept.values())
    assert np.isfinite(flowc.load(line).compile().loss(kept, {"x": [1, 2, 3], "y": [3, 5, 7]}))


def test_a_loss_that_is_no_number_after_the_last_step(run, line) -> None:
    status, out, err = run(line, "--rate", 1e200, "--steps", 1)
    assert status == 1 and "loss not finite" in out and "the loss is not finite after step 1; a smaller rate may help" in err


# ---------------------------------------------------------------------------------------------------- what is refused

WRONG = [
    (["--method", "sdg"], "there is no method `sdg`; did you mean `sgd`?"),
    (["--rate", "0"], "`rate` is more than 0, not 0"),
    (["--rate", "fast"], "`rate` is a number, not `fast`"),
    (["--rate", "nan"], "`rate` is a finite number, not `nan`"),
    (["--steps", "1.5"], "`steps` is a whole number, not `1.5`"),
    (["--steps", "inf"], "`steps` is a finite number, not `inf`"),
    (["--steps", "5", "--epochs", "5"], "`steps` and `epochs` say the same in two ways; give one"),
    (["--momentum", "0.9"], "`gd` has no setting `momentum`; it has rate"),
    (["--batch", "0", "--method", "sgd"], "`batch` is at least 1, not 0"),
    (["--order", "sorted", "--method", "sgd"], "`order` is `shuffled` or `data`, not `sorted`"),
    (["--patience", "3"], "`--patience` looks at held-out data; add `data test` with its targets, or `--held-out FILE`"),
    (["--patience", "0"], "argument --patience: `0` is not a number of steps, as 100"),
    (["-o", "w.npz"], "`-o w.npz` is written as `.safetensors`; name it so"),
    (["--log", "l.txt"], "`--log l.txt` is written as `.csv` or `.jsonl`; name it so"),
    (["--plot", "p.gif"], "`--plot p.gif` ends with no format; .svg, .png, .pdf are known"),
    (["-o", "w.safetensors", "--checkpoint", "./w.safetensors"], "are one file; each output needs its own"),
    (["--data", "none.csv"], "cannot read `none.csv`: no such file or directory"),
    (["--weights", "none.safetensors"], "cannot read `none.safetensors`: no such file or directory"),
    (["--resume", "none.safetensors"], "cannot read `none.safetensors`: no such file or directory"),
    (["--resume", "line.flow"], "cannot go on from `line.flow`: it is no checkpoint"),
    (["--resume", "c.safetensors", "--weights", "w.safetensors"], "`--weights` says where learning begins"),
    (["--weights", "line.flow"], "cannot use the weights of `line.flow`: it is no safetensors file: its header is larger than 100 MB"),
    (["--held-out", "line.flow"], "data are read from `.csv`, `.tsv` and `.npz` files"),
    (["--backend", "jax"], "there is no backend `jax`"),
    (["--dtype", "float8"], "float8"),
    (["--device", "cuda"], "the numpy backend has no devices; leave `device` away"),
    (["--backend", "torch", "--device", "gpu"], "torch knows no device `gpu`"),
    (["--seed", "-1"], "`-1` is not a whole number"),
    (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
    (["x=1"], "unrecognized arguments: x=1"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_wrong_command_lines(run, line, arguments: list[str], message: str, monkeypatch) -> None:
    monkeypatch.chdir(line.parent)
    status, out, err = run("line.flow", *arguments)
    assert (status, out) == (2, "") and message in err and "Traceback" not in err
    assert [p.name for p in line.parent.iterdir()] == ["line.flow"]


@pytest.mark.parametrize(("text", "message"), [
    (LINE.replace("loss mse(f, y)\n", "").replace("target y\n", "").replace("x y\n1 3\n2 5\n3 7", "x\n1"), "line has no loss"),
    (LINE.replace("~ 0", "= 1"), "line has no weight to learn; `~` in place of `=` makes one"),
    (LINE[: LINE.index("data")], "line has no data to learn from; add `data`, or `--data FILE`"),
    (LINE[: LINE.index("data")] + 'data "no.csv"\n', "no.csv: no such file or directory"),
    (LINE[: LINE.index("data")] + 'data "../a.csv"\n', "../a.csv: the path leads out of the diagram's folder"),
])  # fmt: skip
def test_diagrams_that_cannot_learn(run, tmp_path, text: str, message: str) -> None:
    path = tmp_path / "line.flow"
    path.write_text(text)
    status, out, err = run(path, "-o", tmp_path / "w.safetensors")
    assert (status, out) == (2, "") and message in err and not (tmp_path / "w.safetensors").exists()


def test_a_diagram_with_problems(run, tmp_path) -> None:
    path = tmp_path / "line.flow"
    path.write_text(LINE.replace("x -> f", "z -> f"))
    assert run(path)[0] == 1


def test_a_checkpoint_of_something_else(run, line, tmp_path) -> None:
    checkpoint = tmp_path / "c.safetensors"
    assert run(line, "--checkpoint", checkpoint)[0] == 0
    for arguments, message in (
        (["--rate", "0.2"], "by another method, or with other settings: `rate` is `0.1` there and `0.2` here\n"),
        (["--cosine", "true"], "with other settings: `cosine` is `false` there and `true` here\n"),
        (["--method", "sgd", "--batch", "2"], "settings: `method` is `gd` there and `sgd` here, `batch` is not given there and `2` here, "),
        (["--dtype", "float32"], "in another precision: `dtype` is `float64` there and `float32` here\n"),
        (["--data", tmp_path / "other.csv"], "from other data: `tokens` is `3` there and `1` here\n"),
    ):
        (tmp_path / "other.csv").write_text("x,y\n1,2\n")
        status, _, err = run(line, "--resume", checkpoint, *arguments)
        assert status == 2 and message in err
    line.write_text(line.read_text() + "# changed\n")
    assert "of another diagram" in run(line, "--resume", checkpoint)[2]


@pytest.mark.parametrize("arguments", [
    ["--log", "a.csv"], ["--log", "./link.csv"], ["--data", "a.csv", "--log", "a.csv"],
    ["--held-out", "b.csv", "--log", "b.csv"], ["--log", "t.csv"],
    ["--resume", "c.safetensors", "-o", "./c.safetensors"],
])  # fmt: skip
def test_what_is_read_is_not_written_over(run, tmp_path, monkeypatch, arguments: list[str]) -> None:
    """It is said before anything is learnt."""
    monkeypatch.chdir(tmp_path)
    Path("line.flow").write_text(LINE[: LINE.index("data")] + 'data train "a.csv"\ndata test "t.csv"\n')
    for name in ("a.csv", "b.csv", "t.csv"):
        Path(name).write_text("x,y\n1,2\n")
    assert run("line.flow", "--steps", 1, "--checkpoint", "c.safetensors")[0] == 0
    Path("link.csv").symlink_to("a.csv")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    what = "is read by this command" if len(arguments) == 4 else "is a file that the diagram names"
    said = f"flowc: `{arguments[-1]}` {what}; name another file for the output\n"
    assert run("line.flow", *arguments) == (2, "", said)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_learning_from_one_row(run, line, tmp_path) -> None:
    """One step of the lecture: w and b go down the slope of this row alone."""
    out = tmp_path / "w.safetensors"
    status, said, _ = run(line, "--row", 2, "--steps", 1, "--quiet", "-o", out)
    assert status == 0 and "the table of line.flow, 1 token: loss" in said
    assert learnt(out) == {"w": 0.1 * 2 * 5 * 2, "b": 0.1 * 2 * 5}
    assert run(line, "--row", 4) == (2, "", "flowc: there is no row 4; the table of line.flow has 3\n")


def test_learning_goes_on_in_its_own_file(run, line, tmp_path) -> None:
    kept, whole = tmp_path / "w.safetensors", tmp_path / "whole.safetensors"
    assert run(line, "-o", kept)[0] == run(line, "--weights", kept, "-o", kept)[0] == 0
    assert run(line, "--steps", 10, "-o", whole)[0] == 0
    assert learnt(kept) == learnt(whole)


@pytest.mark.parametrize("option", ["-o", "--checkpoint"])
def test_without_safetensors(run, line, tmp_path, monkeypatch, option: str) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    said = "flowc: weights are kept in safetensors files: `pip install flowc[train]`\n"
    assert run(line, option, tmp_path / "w.safetensors") == (2, "", said)
    assert [path.name for path in tmp_path.iterdir()] == ["line.flow"]


# ------------------------------------------------------------------------------------------------------- from Python


def test_from_python() -> None:
    flow = flowc.loads(LINE + "train gd(rate=0.1, steps=5)\n")
    found = flow.train()
    assert repr(found).startswith("<w, b learnt in 5 steps, from 27.6667 to ")
    again = flow.train({"x": [1, 2, 3], "y": [3, 5, 7]}, backend="torch")
    np.testing.assert_allclose(again.losses, found.losses, rtol=1e-12)
    assert flow.train(steps=3).losses.tolist() == found.losses[:3].tolist()
    assert len(flow.train(method="adam", rate=0.5, epochs=7).losses) == 7
    assert flow.train(weights=found.weights, steps=1).losses[0] < found.losses[-1]
    data = flow.data()
    assert data is not None and data.arrays["y"].tolist() == [3, 5, 7]


def test_another_method_keeps_what_the_command_line_keeps(run, tmp_path) -> None:
    """The batches, the steps, the seed and the schedule of the diagram: the same weights by both doors."""
    path = EXAMPLES / "iris.flow"
    assert run(path, "--method", "adam", "--steps", 20, "--quiet", "-o", tmp_path / "w.safetensors")[0] == 0
    found = flowc.load(path).train(method="adam", steps=20)
    for name, w in learnt(tmp_path / "w.safetensors").items():
        assert np.array_equal(w, found.weights[name])
    said = flowc.loads(LINE + "train sgd(rate=0.5, steps=7, batch=2)\n").train(method="adam")
    assert len(said.losses) == 7


@pytest.mark.parametrize(("arguments", "message"), [
    ({"method": "adan"}, "there is no method `adan`; did you mean `adam`?"),
    ({"momentum": 1}, "`gd` has no setting `momentum`"),
    ({"rate": -1}, "`rate` is more than 0, not -1"),
    ({"rate": float("nan")}, "`rate` is a finite number, not `nan`"),
    ({"steps": float("inf")}, "`steps` is a finite number, not `inf`"),
    ({"rate": None}, "`rate` is a number, not `None`"),
    ({"rate": 10**400}, "`rate` is a finite number, not `1000"),
    ({"steps": 1.5}, "`steps` is a whole number, not `1.5`"),
    ({"steps": 1, "epochs": 1}, "say the same in two ways"),
    ({"data": {"x": [1]}}, "the target `y` is missing"),
    ({"weights": {"w": 1}}, "the weight `b` of shape"),
])  # fmt: skip
def test_from_python_what_cannot_be(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        flowc.loads(LINE).train(**arguments)
    with pytest.raises(FloatingPointError, match="diagram.flow"):
        flowc.loads(LINE).train(rate=1e30)


def test_two_neurons_learn_xor() -> None:
    """From the seed 0; from others they may end where three of the four rows are right: docs/train.md counts them."""
    flow = flowc.load(EXAMPLES / "xor_learnt.flow")
    data = flow.data()
    assert data is not None
    f = flow.compile().forward(flow.train().weights, data.arrays)["f"]
    assert np.abs(f - data.arrays["y"]).max() < 0.01


def test_weights_of_wrong_shapes(capsys, run, tmp_path, monkeypatch) -> None:
    """From a safetensors file: each verb says which weight, what is there and what is needed, and writes nothing."""
    monkeypatch.chdir(tmp_path)
    Path("net.flow").write_text(
        "input x[2]\ntarget y[3]\noutput f[3]\nx -> f : W ~\n1 -> f : b ~\nloss mse(f, y)\n"
        "data { x1 x2 y1 y2 y3 f1 f2 f3\n1 2 3 4 5 3 4 5 }\n"
    )
    for (W, b), said in (
        (((2, 3), (3,)), "the weight `W` has the shape (2, 3), needs (3, 2) (W[target, source]: rows are targets)"),
        (((3, 2, 1), (3,)), "the weight `W` has the shape (3, 2, 1), needs (3, 2)"),
        (((3, 2), ()), "the weight `b` has the shape (), needs (3,)"),
    ):
        Path("w.safetensors").write_bytes(write_weights({"W": np.ones(W), "b": np.ones(b)}, {}))
        for verb, more in (("run", ()), ("trace", ()), ("test", ()), ("train", ("--log", "l.csv"))):
            status, out, err = in_process(capsys, verb, "net.flow", "--weights", "w.safetensors", *more)
            assert (status, out, err) == (2, "", f"flowc: cannot use the weights of `w.safetensors`: {said}\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net.flow", "w.safetensors"]


def test_a_checkpoint_holds_no_weights_for_run(capsys, line, tmp_path) -> None:
    checkpoint = tmp_path / "c.safetensors"
    assert in_process(capsys, "train", line, "--quiet", "--checkpoint", checkpoint)[0] == 0
    status, _, err = in_process(capsys, "run", line, "--weights", checkpoint)
    assert status == 2 and "it is a checkpoint, from which `train --resume` goes on; `train -o` writes weights" in err

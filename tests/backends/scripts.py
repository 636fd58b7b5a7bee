"""The printed loops, executed: what they learn, what they print; and what `flowc train` makes of the same diagram."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import flowc
from flowc.backends.code.names import may_stand
from flowc.data.read_data import read_dataset
from flowc.doors.cli.diagram_files import beside
from flowc.learning.loop import begin_state, learn
from flowc.learning.method import method_of
from flowc.nets.training.step import Learner
from tests.examples.variants import EXAMPLES
from tests.examples.variants import flowc as command

DOUBLE = ["--backend", "torch", "--dtype", "float64"]
FORMS = {
    "numpy": [],
    "layers": ["--style", "layers"],
    "torch": DOUBLE,
    "explicit": [*DOUBLE, "--gradient", "explicit"],
    "optimizer": [*DOUBLE, "--optimizer"],
    "module": [*DOUBLE, "--form", "module"],
    "module_optimizer": [*DOUBLE, "--form", "module", "--optimizer"],
    "sequential": [*DOUBLE, "--form", "sequential"],
    "sequential_optimizer": [*DOUBLE, "--form", "sequential", "--optimizer"],
}


@dataclass
class Learnt:
    """The loss before each step, the weights after the last, and what was printed at the end."""

    curve: np.ndarray
    weights: dict[str, np.ndarray]
    end: list[str]


def script(path, *options):
    """The text of a diagram's loop; its lines are narrow, and its letters are ASCII's and those of the diagram's names."""
    status, out, err = command("compile", path, "--train", *options)
    assert status == 0, err
    ascii = path.read_text(encoding="utf-8").isascii()
    assert all(c.isascii() or not ascii and may_stand(c) for c in out)
    assert [line for line in out.splitlines() if len(line) > 79] == []
    return out


def executed(text: str, folder: Path = EXAMPLES) -> Learnt:
    """What a script learns, whose data are in `folder`. It tells of every step here."""
    printed: list[tuple] = []
    told = re.sub(r"if \w+ % \d+ == \d+:", "if True:", text)
    names = {"__name__": "made", "__file__": str(folder / "made.py"), "print": lambda *words: printed.append(words)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(told, "made.py", "exec"), names)
        assert not printed, "importing it does not train"
        found = names["train"]()
    if isinstance(found, torch.nn.Module):
        spelled = names.get("NAMES") or {name: name for name, _ in found.named_parameters()}
        found = {spelled[name]: w.detach() for name, w in found.named_parameters()}
    steps = [words for words in printed if len(words) == 2 and isinstance(words[0], int)]
    assert [step for step, _ in steps] == list(range(len(steps)))
    end = [" ".join(map(str, words)) for words in printed[len(steps) :]]
    return Learnt(np.array([float(loss) for _, loss in steps]), {n: np.asarray(w) for n, w in found.items()}, end)


def trained(path: Path) -> Learnt:
    """The same by the engine of `flowc train`, on numpy."""
    flow = flowc.load(path)
    net = flow.compile("numpy", dtype="float64")
    seed = int(flow.network.train.setting("seed", 0)) if flow.network.train else 0
    data = read_dataset(flow.network, "train", beside(str(path)), seed, outputs=False)
    how = method_of(flow.network.train, data.tokens)
    learner = Learner(net, data.arrays)
    state, losses = begin_state(how, learner.own_arrays(net.init(seed))), []
    for step in learn(how, learner.descent(how), state):
        losses.append(step.loss)
        state = step.state
    return Learnt(np.array(losses), learner.numpy_arrays(state.weights), [])


def agree(found: Learnt, wanted: Learnt, tolerance: float) -> None:
    """Curves to so many parts of the loss, weights to so many of the largest. Names may be changed for Python."""
    assert found.curve.shape == wanted.curve.shape
    assert np.abs(found.curve - wanted.curve).max() <= tolerance * max(1.0, np.abs(wanted.curve).max())
    for mine, theirs in zip(found.weights.values(), wanted.weights.values(), strict=True):
        assert np.abs(mine.reshape(theirs.shape) - theirs).max() <= tolerance * max(1.0, np.abs(theirs).max())

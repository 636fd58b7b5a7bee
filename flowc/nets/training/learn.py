"""Learning from Python: `flow.train(steps=200)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from flowc.learning.choice import change_training
from flowc.learning.loop import NotFinite, begin_state, learn
from flowc.learning.method import method_of
from flowc.nets.arguments import check_names
from flowc.nets.diagram_data import diagram_data
from flowc.nets.net import Net
from flowc.nets.opened import Opened
from flowc.nets.training.failure import find_cause
from flowc.nets.training.step import Learner
from flowc.records import Record

Array = np.ndarray


class Learnt(Record):
    """`weights` by name, W[target, source]. `losses`: of each step, of its tokens and before it."""

    weights: dict[str, Array]
    losses: Array

    def __repr__(self) -> str:
        end = f", from {self.losses[0]:.6g} to {self.losses[-1]:.6g}" if len(self.losses) else ""
        return f"<{', '.join(self.weights)} learnt in {len(self.losses)} steps{end}>"


def train(
    diagram: Opened, data: Mapping[str, Any] | None = None, weights: Mapping[str, Any] | None = None,
    backend: str = "numpy", dtype: str | None = "float64", device: Any = None, method_name: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Learnt:  # fmt: skip
    """See `Flow.train`."""
    check_names(method=method_name)
    training = change_training(diagram.network.train, method_name, settings or {})
    seed = training.seed
    net = Net(diagram, backend, dtype, device)
    start = net.init(seed) if weights is None else weights
    arrays = _training_arrays(diagram, seed) if data is None else data
    arguments = net.known(start, arrays)
    learner = Learner(net, arguments.arrays)
    how = method_of(training, arguments.tokens)
    state = begin_state(how, learner.own_arrays({name: arguments.weights[name] for name in net.weights}))
    losses = []
    try:
        for step in learn(how, learner.descent(how), state):
            losses.append(step.loss)
            state = step.state
    except NotFinite as failure:
        raise FloatingPointError(str(find_cause(net, learner, arguments.arrays, failure))) from None
    return Learnt(learner.numpy_arrays(state.weights), np.array(losses))


def _training_arrays(diagram: Opened, seed: int) -> dict[str, Array]:
    data = diagram_data(diagram, "train", seed, outputs=False)
    if data is None:
        raise ValueError(f"{diagram.without_data}; give `data`, as `{{'x': ...}}`")
    return data.arrays

"""Learning from Python: `flow.train(steps=200)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flowc.doors.arguments import check_names
from flowc.doors.beside import beside
from flowc.doors.training.failing import cause
from flowc.doors.training.learner import Learner
from flowc.learning.choice import changed
from flowc.learning.dataset import BadData, Dataset, dataset
from flowc.learning.loop import NotFinite, begin, learn
from flowc.learning.method import method

if TYPE_CHECKING:
    from flowc.doors.api import Flow

Array = np.ndarray


@dataclass(frozen=True)
class Learnt:
    """`weights` by name, W[target, source]. `losses`: of each step, of its tokens and before it."""

    weights: dict[str, Array]
    losses: Array

    def __repr__(self) -> str:
        end = f", from {self.losses[0]:.6g} to {self.losses[-1]:.6g}" if len(self.losses) else ""
        return f"<{', '.join(self.weights)} learnt in {len(self.losses)} steps{end}>"


def train(
    flow: Flow, data: Mapping[str, Any] | None, weights: Mapping[str, Any] | None, backend: str, dtype: Any, device: Any,
    name: str | None, settings: Mapping[str, Any],
) -> Learnt:  # fmt: skip
    """See `Flow.train`."""
    check_names(method=name)
    training = changed(flow.network.train, name, settings)
    seed = int(training.setting("seed", 0))
    net = flow.compile(backend, dtype=dtype, device=device)
    start = net.init(seed) if weights is None else weights
    arrays = _arrays(flow, seed) if data is None else data
    known = net.known(start, arrays)
    learner = Learner(net, known.arrays)
    how = method(training, known.tokens)
    state = begin(how, learner.own({name: known.weights[name] for name in net.weights}))
    losses = []
    try:
        for step in learn(how, learner.slopes, state, learner.library.sqrt):
            losses.append(step.loss)
            state = step.state
    except NotFinite as failure:
        raise FloatingPointError(str(cause(net, learner, known.arrays, failure))) from None
    return Learnt(learner.back(state.weights), np.array(losses))


def of_diagram(flow: Flow, part: str, seed: int, outputs: bool = True) -> Dataset | None:
    """The data of the diagram. `outputs`: what a file says of them is read. Raises ValueError."""
    try:
        return dataset(flow.network, part, beside(flow.network.source.name), seed, outputs)
    except BadData as error:
        raise ValueError(str(error)) from None


def _arrays(flow: Flow, seed: int) -> dict[str, Array]:
    found = of_diagram(flow, "train", seed, outputs=False)
    if found is None:
        raise ValueError(f"{flow.network.name} has no data; give `data`, as `{{'x': ...}}`")
    return found.arrays

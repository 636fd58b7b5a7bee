"""Learning from Python: `flow.train(steps=200)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flowc.diagnostics.suggest import closest
from flowc.doors.beside import beside
from flowc.doors.learner import Learner
from flowc.graph.network import Training
from flowc.learning.dataset import BadData, Dataset, dataset
from flowc.learning.loop import NotFinite, begin, learn
from flowc.learning.method import method
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser
from flowc.source import NOWHERE

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
    training = _training(flow.network.train, name, settings)
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
        net.loss(learner.back(failure.failed.weights), {n: a[[*failure.tokens]] for n, a in known.arrays.items()})
        raise FloatingPointError(str(failure)) from None
    return Learnt(learner.back(state.weights), np.array(losses))


def of_diagram(flow: Flow, part: str, seed: int) -> Dataset | None:
    """The data of the diagram. Raises ValueError."""
    try:
        return dataset(flow.network, part, beside(flow.network.source.name), seed)
    except BadData as error:
        raise ValueError(str(error)) from None


def _arrays(flow: Flow, seed: int) -> dict[str, Array]:
    found = of_diagram(flow, "train", seed)
    if found is None:
        raise ValueError(f"{flow.network.name} has no data; give `data`, as `{{'x': ...}}`")
    return found.arrays


def _training(said: Training | None, name: str | None, settings: Mapping[str, Any]) -> Training:
    """What the diagram says, changed. Raises ValueError, TypeError."""
    record = _record(name or (said.method if said else DEFAULT))
    values = dict(said.settings) if said and said.method == record.name else {}
    if {"steps", "epochs"} & settings.keys():
        values = {name: value for name, value in values.items() if name not in ("steps", "epochs")}
    for key, value in settings.items():
        values[key] = _value(record, key, value)
    if {"steps", "epochs"} <= settings.keys():
        raise ValueError("`steps` and `epochs` say the same in two ways; give one")
    return Training(record.name, tuple(values.items()), NOWHERE)


def _record(name: str) -> Optimiser:
    if name not in OPTIMISERS:
        near = closest(str(name), OPTIMISERS)
        raise ValueError(f"there is no method `{name}`; {f'did you mean `{near}`?' if near else ', '.join(OPTIMISERS)}")
    return OPTIMISERS[name]


def _value(record: Optimiser, name: str, value: Any) -> float:
    setting = record.setting(name)
    if setting is None:
        raise ValueError(
            f"`{record.name}` has no setting `{name}`; it has {', '.join(s.name for s in record.settings)}"
        )
    if value in setting.words:
        return float(setting.words.index(value))
    number = float(value)
    if wrong := setting.complaint(number, str(value)):
        raise ValueError(wrong)
    return number

"""The states of learning, as `flowc train` goes through them."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.learning.choice import change_training
from flowc.learning.loop import NotFinite, begin_state, learn
from flowc.learning.method import Method, method_of
from flowc.nets.plotting.request import Ready, Wish
from flowc.nets.training.failure import find_cause
from flowc.nets.training.step import Array, Learner

Weights = dict[str, Array]


def can_learn(ready: Ready) -> bool:
    """Whether there are a loss, weights that learn, and data with targets."""
    network, data = ready.network, ready.data
    return (
        network.loss is not None
        and bool(ready.net.weights)
        and data is not None
        and ready.net.targets.keys() <= data.arrays.keys()
    )


def way_of_learning(ready: Ready, wish: Wish) -> Method:
    """At least as many steps as are wished. Raises ValueError where nothing can be learnt."""
    network = ready.network
    if network.loss is None:
        raise ValueError(f"{network.name} has no loss; a diagram gets one by a line such as `loss mse(f, y)`")
    if ready.data is None:
        raise ValueError(f"{ready.diagram.without_data} to learn from; add `data`, or give a file")
    if not can_learn(ready):
        raise ValueError(f"{network.name} cannot learn: it has no weight with `~`, or its data have no targets")
    training = wish.training or network.train
    way = method_of(training, ready.data.tokens)
    until = max(wish.steps or (0,))
    return way if until <= way.steps else method_of(change_training(training, None, {"steps": until}), ready.data.tokens)


def learnt_states(ready: Ready, how: Method, until: int) -> Iterator[tuple[int, Weights]]:
    """The weights after 0, 1, ... steps. Raises FloatingPointError where the loss is no number."""
    assert ready.data is not None
    learner = Learner(ready.net, ready.data.arrays)
    state = begin_state(how, learner.own_arrays(ready.weights))
    yield 0, learner.numpy_arrays(state.weights)
    if not until:
        return
    try:
        for step in learn(how, learner.descent(how), state):
            yield step.state.step, learner.numpy_arrays(step.state.weights)
            if step.state.step >= until:
                return
    except NotFinite as failure:
        reason = find_cause(ready.net, learner, ready.data.arrays, failure)
        way_out = "; a smaller rate may help, or fewer steps" if reason.by_steps else ""
        raise FloatingPointError(f"{reason}{way_out}") from None

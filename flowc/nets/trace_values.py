"""What a net finds for one token, as a trace takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from flowc import pipeline
from flowc.learning.method import method_of
from flowc.learning.trace.model import Found
from flowc.nets.value_names import symbols_by_name

if TYPE_CHECKING:
    from flowc.graph.network import Network
    from flowc.nets.net import Net

OWN_RATE = 0.1


def find_values(
    network: Network, net: Net, weights: Mapping[str, Any], token: Mapping[str, Any], rate: float | None = None,
    asker: str = "the command line",
) -> Found:  # fmt: skip
    """`token`: a batch of one; without targets there is no loss. `rate`: of the step, in place of the diagram's; `asker` says so.

    Raises ValueError, and FloatingPointError where a number is not finite.
    """
    named = symbols_by_name(network, pipeline.forward(network))
    xi = {s.owner: name for name, s in named.items() if s.kind == "excitation"}
    values = {name: value[0] for name, value in net.forward(weights, token).items()}
    every = {**weights, **net.fixed}
    if network.loss is None or not net.targets.keys() <= token.keys():
        return Found(values, xi, every, {})
    values[network.loss] = np.array(net.loss(weights, token))
    inner = [name for name, s in named.items() if s.kind in ("excitation", "activation", "input")]
    gradients = {name: slope[0] for name, slope in net.gradients(weights, token, wrt=inner).items()}
    gradients |= net.gradients(weights, token)
    rate, rate_from = (rate, f"{asker}'s") if rate is not None else _rate_of(network)
    with np.errstate(over="ignore", invalid="ignore"):  # the table shows an inf as one
        stepped = {name: w - rate * gradients[name] for name, w in weights.items()}
        after = net.loss_value(stepped, token) if weights else None
    return Found(values, xi, every, gradients, float(values[network.loss]), rate, rate_from, after)


def _rate_of(network: Network) -> tuple[float, str]:
    """The rate of the first step, and whose it is."""
    if network.train is None:
        return OWN_RATE, "flowc's own, since the diagram has no `train`"
    how = method_of(network.train, 1)
    plain = how.record.name in ("gd", "sgd") and not how.values.get("weight_decay")
    return how.rate(0), "the diagram's" + ("" if plain else f"; the rest of `{how.record.name}` is left out")

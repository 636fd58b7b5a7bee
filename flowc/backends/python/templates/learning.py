"""Functions of a printed file that learn and that test gradients, whatever its library."""

import sys
from collections.abc import Callable
from typing import Any

RATE = 0.1
samples = ()
SAMPLES = ()  # draws the arguments of a test

# What the file has besides.
gradients: Callable[..., Any] = max
initial_weights: Callable[..., Any] = dict

# What a library has: a weight moved a little at random, random numbers of its shape, a weight moved up and down along them
# and down the slope, the derivative along them. Of a number there is but one direction.
perturbed: Callable[..., Any] = float
direction: Callable[..., Any] = float
raised: Callable[..., Any] = max
lowered: Callable[..., Any] = max
downhill: Callable[..., Any] = max
along: Callable[..., Any] = max
DIRECTED = True


def learn(weights, *samples, rate=RATE):
    """One step downhill; the loss is that before the step."""
    L, d = gradients(*samples, **weights)
    return L, {name: downhill(w, d[name]) for name, w in weights.items()}


def selftest(eps=1e-6):
    """The gradients against finite differences, at drawn numbers."""
    SAMPLES
    weights = {
        name: perturbed(w)
        for name, w in initial_weights().items()
    }
    L, d = gradients(*samples, **weights)
    for name, w in weights.items():
        if DIRECTED:
            v = direction(w)
        up, _ = gradients(*samples, **{**weights, name: raised(w, v)})
        down, _ = gradients(*samples, **{**weights, name: lowered(w, v)})
        slope = (up - down) / (2 * eps)
        found = along(d[name], v)
        if not abs(found - slope) <= 1e-4 * abs(slope) + 1e-7 * (1 + abs(L)):
            sys.exit(f"the gradient of {name} is {found}, not {slope}")
    print("ok")


def any_terminal():
    # not every terminal has these letters
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")

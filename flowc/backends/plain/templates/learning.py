"""Functions of a file of plain Python that learn and that test gradients."""

import random
import sys

from flowc.backends.plain.templates.helpers import inner, moved, noise

RATE = 0.1
SAMPLES = ()  # draws the arguments of a test
LISTS = True  # there are weights that are lists
samples = ()

# What the file has besides.
gradients = initial_weights = dict


def learn_lists(weights, *samples, rate=RATE):
    """One step downhill; the loss is that before the step."""
    L, d = gradients(*samples, **weights)
    return L, {name: moved(w, d[name], -rate) for name, w in weights.items()}


def selftest(eps=1e-6):
    """The gradients against finite differences, at drawn numbers."""
    rng = random.Random(0)
    SAMPLES
    if LISTS:
        weights = {
            name: moved(w, noise(w, rng), 0.1)
            for name, w in initial_weights().items()
        }
    else:
        weights = {
            name: w + rng.gauss(0, 0.1)
            for name, w in initial_weights().items()
        }
    L, d = gradients(*samples, **weights)
    for name, w in weights.items():
        if LISTS:
            v = noise(w, rng)
            up, _ = gradients(*samples, **{**weights, name: moved(w, v, eps)})
            down, _ = gradients(*samples, **{**weights, name: moved(w, v, -eps)})
        else:
            up, _ = gradients(*samples, **{**weights, name: w + eps})
            down, _ = gradients(*samples, **{**weights, name: w - eps})
        slope = (up - down) / (2 * eps)
        if LISTS:
            found = inner(d[name], v)
        else:
            found = d[name]
        if not abs(found - slope) <= 1e-4 * abs(slope) + 1e-7 * (1 + abs(L)):
            sys.exit(f"the gradient of {name} is {found}, not {slope}")
    print("ok")

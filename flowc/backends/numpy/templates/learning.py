"""Functions of a file of numpy that learn, and that take many tokens in parts."""

import numpy as np

RATE = 0.1
TOKENS = 32
CHUNK = 256  # tokens at a time, so that what they make stays in the cache
MEAN = True  # the loss is the mean over tokens
weights = samples = parts = x = ()


# What the file has besides.
gradients = few_gradients = forward = few_forward = max


def learn_in_place(weights, *samples, rate=RATE):
    """One step downhill: changes `weights`; the loss is that before it."""
    L, d = gradients(*samples, **weights)
    for name in weights:
        weights[name] -= rate * d[name]
    return L, weights


def in_parts(x):
    if len(x) > TOKENS:  # so many at a time, for the cache
        parts = range(0, len(x), TOKENS)
        return np.concatenate(
            [forward(x[i : i + TOKENS], *weights) for i in parts]
        )


def gradients_in_chunks(*samples, **weights):
    """The loss, and its derivative for every weight, in chunks of tokens."""
    L, d = 0, dict.fromkeys(weights, 0)
    for i in range(0, len(x), CHUNK):
        part = slice(i, i + CHUNK)
        if MEAN:
            share = len(x[part]) / len(x)
        found, slopes = few_gradients(*parts, **weights)
        if MEAN:
            L = L + share * found
            for name in weights:
                d[name] = d[name] + share * slopes[name]
        else:
            L = L + found
            for name in weights:
                d[name] = d[name] + slopes[name]
    return L, d

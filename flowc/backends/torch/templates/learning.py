"""Functions of a file of torch that learn, and that take many tokens in parts."""

import torch

TOKENS = 64
RATE = 0.1
FELT = True  # whether the loss feels any weight
SHARED = True  # the loss is a weight's own memory
weights = samples = settings = ()

# What the file has besides.
forward = loss = gradients = max


def in_parts(x):
    if len(x) > TOKENS and x.is_cpu:  # so many at a time, for the cache
        parts = [forward(part, *weights) for part in x.split(TOKENS)]
        return torch.cat(parts)


def gradients_by_autograd(*samples, **weights):
    """The loss, and its derivative for every weight, by autograd."""
    weights = {
        name: w.detach().requires_grad_() for name, w in weights.items()
    }
    L = loss(*samples, **weights)
    if FELT:
        d = torch.autograd.grad(L, list(weights.values()), *settings)
        return L.detach(), dict(zip(weights, d, strict=True))
    else:
        # the loss does not feel any weight
        return L, {name: torch.zeros_like(w) for name, w in weights.items()}


def learn_in_place(weights, *samples, rate=RATE):
    """One step downhill: changes `weights`; the loss is that before it."""
    L, d = gradients(*samples, **weights)
    if SHARED:
        L = L.clone()  # it is a weight, which is about to change
    with torch.no_grad():
        for name, w in weights.items():
            w.sub_(d[name], alpha=rate)
    return L, weights

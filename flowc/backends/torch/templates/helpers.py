"""Small functions of a file of torch."""

import torch


def placed(x, shape, index):
    """Zeros of this shape, with x at this index."""
    zeros = x.new_zeros(shape)
    zeros[index] = x
    return zeros


def others(x):
    """For every element the product of all the others."""
    ones = torch.ones_like(x[..., :1])
    before = torch.cat([ones, x[..., :-1]], dim=-1).cumprod(dim=-1)
    after = torch.cat([ones, x.flip(-1)[..., :-1]], dim=-1).cumprod(dim=-1)
    return before * after.flip(-1)


def relu_backward(d, h):
    """d where h = relu(xi) is positive, else 0: as torch itself goes back."""
    return torch.ops.aten.threshold_backward(d, h, 0)


def logistic_backward(d, h):
    """d * h * (1 - h), in one call, as torch itself goes back."""
    return torch.ops.aten.sigmoid_backward(d, h)


def tanh_backward(d, h):
    """d * (1 - h**2), in one call, as torch itself goes back."""
    return torch.ops.aten.tanh_backward(d, h)

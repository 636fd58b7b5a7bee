"""Names that printed texts use themselves: what a diagram calls one of its nodes or weights must not meet them."""

from __future__ import annotations

import builtins
import keyword

from flowc.syntax.keywords import KEYWORDS

SPELLED = (
    "ξ", "δ1", "größe", "x̂", "вес", "重み", "무게", "משקל", "x⃝", "x_u20dd", "grosse", "xhat", "d_ξ", "W", "b", "n", "t", "e", "T", "xi", "d_h", "x_", "h_1", "xi_h1", "w_f_x1", "W_1",
    *(word for word in KEYWORDS if word != "loss"),  # which needs a declaration
)  # fmt: skip
PRINTED = (
    "np", "torch", "math", "random", "nn", "self", "model", "module", "weights", "forward", "gradients", "initial_weights", "learn",
    "fit", "loss_", "seed", "rate", "steps", "batch", "batches", "values", "given", "kind", "wanted", "shape", "size", "optimizer",
    "columns", "rows", "row", "path", "file", "classes", "names", "name", "NAMES", "normal", "uniform", "stream", "order", "array",
    "tensor", "dtype", "device", "params", "param", "out", "result", "total", "step", "m", "v", "g", "w", "eps", "beta1", "momentum",
    "zeros", "ones", "stack", "where", "exp", "sum", "mean", "tanh", "log", "sqrt", "dot", "max", "min", "product", "softmax", "relu",
)  # fmt: skip
PYTHON = tuple(w for w in (*keyword.kwlist, *keyword.softkwlist, *dir(builtins)) if w.isidentifier() and w.islower())

# Not `pi`, `i`, `j`, `k`: drawn texts use them as the constant and as index variables.
NAMES = (SPELLED, PRINTED, PYTHON)

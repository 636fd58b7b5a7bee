"""Losses of one token: `f` is the prediction, `y` its target; `xi` is f's excitation where the loss takes that."""

from __future__ import annotations

from flowc.maths.function import Function, Rule

LOSSES = (
    Function(
        "mse", "loss", "The mean squared error, also over a vector's elements.", Rule("mean((f - y)**2)"),
        r"\frac1n \sum_k (f_k - y_k)^2", "the lecture, 'Mean-squared error'; torch.nn.MSELoss", arguments=("f", "y"),
    ),
    Function(
        "sse", "loss", "The summed squared error, over the batch too.", Rule("sum((f - y)**2)"),
        r"\sum_k (f_k - y_k)^2", "the tutorial that the lecture shows", arguments=("f", "y"), over_batch="sum",
    ),
    Function(
        "mae", "loss", "The mean absolute error.", Rule("mean(abs(f - y))"), r"\frac1n \sum_k |f_k - y_k|",
        "torch.nn.L1Loss", arguments=("f", "y"), aliases=("l1",), kink="the slope at f = y is 0",
    ),
    Function(
        "cross_entropy", "loss", "-ln p of the true class; the elements of y sum to one.",
        Rule("-sum(y * log_softmax(xi))", ("d * (f - y)", "", "-d * log_softmax(xi)")),
        r"-\sum_c y_c \ln p_c", "the lecture, 'Some details: Cross entropy'", arguments=("xi", "f", "y"), of_excitation=("softmax",),
        targets="distribution",
    ),
    Function(
        "binary_cross_entropy", "loss", "-ln p where y is 1, -ln(1 - p) where y is 0.",
        Rule("mean(softplus(xi) - y * xi)", ("d * (f - y) / count(xi)", "", "-d * xi / count(xi)")),
        r"-y \ln p - (1 - y) \ln(1 - p)", "the lecture's cross-entropy for two classes; torch.nn.BCEWithLogitsLoss", arguments=("xi", "f", "y"),
        of_excitation=("logistic",), aliases=("bce",), targets="probability",
    ),
    Function(
        "perceptron", "loss", "Sum of xi * (f - y), f held constant: its gradient is the error f - y.",
        Rule("sum(xi * (f - y))", ("d * (f - y)", "", "-d * xi")), r"\sum_c \xi_c (f_c - y_c)",
        "the lecture, 'Multi-class perceptron, written in terms of one-hot vectors'; Rosenblatt 1958",
        arguments=("xi", "f", "y"), of_excitation=("argmax", "step", "sign"), targets="outcome",
    ),
    Function(
        "hinge", "loss", "max(0, 1 - y f) for targets of -1 or 1.", Rule("mean(maximum(1 - y * f, 0))"),
        r"\max(0, 1 - y f)", "Cortes and Vapnik 1995, Support-vector networks", arguments=("f", "y"),
        kink="the slope at the margin, y f = 1, is 0", targets="sign",
    ),
)  # fmt: skip

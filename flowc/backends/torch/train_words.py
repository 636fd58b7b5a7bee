"""What a torch script calls arrays, and what it imports."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.training.script import Script
from flowc.backends.python.training.words import DataWords
from flowc.graph.network import File


def library(script: Script) -> str:
    """npz files are numpy's to read."""
    npz = isinstance(script.data, File) and script.data.path.lower().endswith(".npz")
    return "import numpy as np\nimport torch" if npz else "import torch"


class TorchWords(DataWords):
    """`drawn_as`: what is done with the tensors of `normal` and `uniform`."""

    library = "torch"

    def __init__(self, dtype: str, drawn_as: str = ""):
        self.kind = f"torch.{dtype}"
        self.named = {} if dtype == "float32" else {"dtype": self.kind}
        self.drawn_as = drawn_as

    @property
    def more(self) -> str:
        return f", dtype={self.kind}" if self.named else ""

    def array(self, numbers: Expression) -> Expression:
        return e.bracketed("torch.tensor(", [numbers, *([e.atom(f"dtype={self.kind}")] if self.named else [])], ")")

    def one_hot(self, count: int, classes: Expression) -> Expression:
        return e.bracketed(f"torch.eye({count}{self.more})[", [classes], "]")

    def beside(self, columns: Sequence[str]) -> Expression:
        return e.call("torch.stack", e.bracketed("[", [e.atom(c) for c in columns], "]"), dim="-1")

    def filled(self, tokens: str, value: str) -> Expression:
        return e.call("torch.full", f"({tokens},)", value, dtype=self.kind)

    def linspace(self, first: Expression, last: Expression, count: Expression) -> Expression:
        return e.call("torch.linspace", first, last, count, **self.named)

    def arange(self, first: Expression, end: Expression, step: Expression) -> Expression:
        return e.call("torch.arange", first, end, step, dtype=self.kind)

    def drawn(self, call: Expression) -> Expression:
        return e.suffix(call, self.drawn_as)

    def taken(self, array: str) -> Expression:
        return e.call("torch.tensor", array, dtype=self.kind)

    def constant(self, value: Expression) -> Expression:
        return e.call("torch.tensor", value, dtype=self.kind)

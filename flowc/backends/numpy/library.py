"""numpy's words for data, tables, loops and tests."""

from __future__ import annotations

from flowc.backends.code.tree import Assign, Expression, Name, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line
from flowc.backends.python.selftest import SelfTest


class NumpyLibrary(Library):
    module, maker = "np", "array"
    axis = "axis"
    test = SelfTest(
        "rng = np.random.default_rng(0)",
        {
            "number": "rng.normal(size=SIZES)",
            "class": "np.eye(COUNT)[rng.integers(COUNT, size=SIZES)]",
            "bit": "rng.integers(2, size=SIZES)",
            "sign": "2 * rng.integers(2, size=SIZES) - 1",
        },
        {
            "perturbed": "lambda w: w + rng.normal(0, 0.1, np.shape(w))",
            "direction": "lambda w: rng.normal(size=np.shape(w))",
        },
    )

    def __init__(self, dtype: str):
        kind = "float" if dtype == "float64" else f"np.{dtype}"
        super().__init__(kind, e.atom(kind), dtype == "float64")

    def from_table(self, array: Expression) -> Expression:
        return e.method(array, "astype", self.kind)

    def step_downhill(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[Statement]]:
        return True, [Assign((Name(parameter),), e.product([Name("rate"), Name(gradient.name)]), "-")]

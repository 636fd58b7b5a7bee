"""numpy's words for data, tables, loops and tests."""

from __future__ import annotations

from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import Assign, Expression, Name, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line
from flowc.program.ir import Shape


class NumpyLibrary(Library):
    module = "np"
    axis = "axis"
    generator = statement("rng = np.random.default_rng(0)")

    def __init__(self, dtype: str):
        self.kind = "float" if dtype == "float64" else f"np.{dtype}"
        self.named = {} if dtype == "float64" else {"dtype": self.kind}
        self.kind_of_full = self.kind_of_ones = tuple(map(e.atom, self.named.values()))

    def array(self, numbers: Expression) -> Expression:
        return e.call("np.array", numbers, *self.named.values())

    def full(self, tokens: Expression, value: Expression) -> Expression:
        return e.call("np.full", tokens, value, self.kind)

    def converted(self, array: Expression) -> Expression:
        return e.call("np.array", array, self.kind)

    def copy(self, array: Expression) -> Expression:
        return e.call("np.array", array, *self.named.values())

    def descent(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[Statement]]:
        return True, [Assign((Name(parameter),), e.product([Name("rate"), Name(gradient.name)]), "-")]

    def random_normal(self, sizes: Shape) -> Expression:
        return e.call("rng.normal", size=_size(sizes))

    def random_classes(self, count: int, sizes: Shape) -> Expression:
        return e.index(e.call("np.eye", str(count)), e.call("rng.integers", str(count), size=_size(sizes)))

    def random_bits(self, sizes: Shape) -> Expression:
        return e.call("rng.integers", "2", size=_size(sizes))

    def perturbed(self, w: str) -> Expression:
        return e.total([(1, e.atom(w)), (1, e.call("rng.normal", "0", "0.1", e.call("np.shape", w)))])

    def direction(self, w: str) -> Expression:
        return e.call("rng.normal", size=f"np.shape({w})")


def _size(sizes: Shape) -> Expression:
    return e.shape(sizes) if len(sizes) > 1 else e.atom(str(sizes[0]))

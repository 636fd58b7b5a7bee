"""What data, tables, loops and tests need of a library, as trees."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Constant, Expression, List, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Line
from flowc.backends.python.selftest import SelfTest
from flowc.backends.python.text import decimal
from flowc.program.ir import Shape


class Library(ABC):
    """A library's words for arrays of the file's element type. `module` is its name in code, `maker` its function that makes
    arrays; `kind` is the element type; `named` and `kind_if_other` say it as an argument, where it is not the library's own;
    `axis` is what an axis is called; `decorators` stand above functions that change arrays; `test` has its words for the
    self-test."""

    module = ""
    maker = ""
    axis = ""
    decorators: tuple[Expression, ...] = ()
    test: SelfTest
    roots_of_numbers = True  # whether the root is of numbers, too, not of arrays alone

    def __init__(self, kind: str, argument: Expression, is_own: bool):
        self.kind, self.kind_argument = kind, argument
        self.named: Mapping[str, str] = {} if is_own else {"dtype": kind}
        self.kind_if_other: tuple[Expression, ...] = () if is_own else (argument,)
        self.kind_of_ones = self.kind_if_other  # of weights that start from 0 or 1

    # ---------------------------------------------------------------- data

    def make_array(self, numbers: Expression) -> Expression:
        """An array of these numbers."""
        return e.call(f"{self.module}.{self.maker}", numbers, *self.kind_if_other)

    def shape_draws(self) -> Expression:
        """The array of drawn `numbers`, in their `shape`."""
        return e.method(self.make_array(e.atom("numbers")), "reshape", "shape")

    def one_hot(self, count: int, classes: Expression) -> Expression:
        """For every class, a number from 0, its row of the identity matrix."""
        return e.index(e.call(f"{self.module}.eye", str(count), **self.named), classes)

    def constant_array(self, tokens: Expression, value: Expression) -> Expression:
        """The same number for every token."""
        return e.call(f"{self.module}.full", tokens, value, self.kind_argument)

    def start_array(self, rows: Expression) -> Expression:
        """What a weight starts from that is given by its numbers."""
        return self.make_array(rows)

    def from_table(self, array: Expression) -> Expression:
        """What a weight starts from whose numbers are beside the file."""
        return self.copy_array(array)

    def constant_start(self, shape: Shape, number: float) -> Expression:
        """The same number everywhere."""
        if number not in (0, 1):
            return e.call(f"{self.module}.full", e.shape(shape), decimal(number), *self.kind_if_other)
        return e.call(f"{self.module}.{'ones' if number else 'zeros'}", e.extent(e.shape(shape)), *self.kind_of_ones)

    def linspace(self, first: Expression, last: Expression, count: Expression) -> Expression:
        return e.call(f"{self.module}.linspace", first, last, count, **self.named)

    def arange(self, first: Expression, end: Expression, step: Expression) -> Expression:
        return e.call(f"{self.module}.arange", first, end, step, dtype=self.kind)

    def convert_array(self, array: Expression) -> Expression:
        """An array of numpy's, whatever its element type, as one of the file's."""
        return e.call(f"{self.module}.{self.maker}", array, self.kind_argument)

    def stack_columns(self, columns: Sequence[Expression]) -> Expression:
        """Columns side by side: a vector for every token."""
        return e.call(f"{self.module}.stack", List(tuple(columns)), **{self.axis: "-1"})

    def convert_draws(self, call: Expression) -> Expression:
        """Numbers from the file's own `normal` or `uniform`."""
        return call

    def constant_argument(self, value: Expression) -> Expression:
        """A number as an argument of the library's functions."""
        return value

    def sqrt(self) -> Expression:
        return e.atom(f"{self.module}.sqrt")

    # --------------------------------------------- weights that change in place

    def copy_array(self, array: Expression) -> Expression:
        """An array of its own, of the file's element type."""
        return self.make_array(array)

    @abstractmethod
    def step_downhill(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[Statement]]:
        """Whether the gradient keeps its line, and the statements of a step downhill; it is `alone` if nothing else
        uses it, and no other weight enters its formula."""

    def overwrite_array(self, parameter: Expression, value: Expression) -> Statement:
        """Other numbers in the same array."""
        return assign(e.index(parameter, Constant("...")), value)

    # --------------------------------------------------------------- tests

    def is_close(self, a: str, b: str, tolerance: float | None) -> Expression:
        """Whether two arrays are equal but for rounding, or within a tolerance."""
        bounds = {} if tolerance is None else {"rtol": "0", "atol": f"{tolerance:.2g}"}
        return e.call(f"{self.module}.allclose", a, b, **bounds)

"""What the lines that make the data need of a library, as expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from flowc.backends.code.quote import HOLE, filled
from flowc.backends.python.expression import Expression


class DataWords(ABC):
    """A library's words for arrays of the file's element type; `library` is its name, `kind` the type's, "" if it need
    not be said."""

    library = ""
    kind = ""

    @abstractmethod
    def array(self, numbers: Expression) -> Expression:
        """An array of these numbers."""

    @abstractmethod
    def one_hot(self, count: int, classes: Expression) -> Expression:
        """For every class, a number from 0, its row of the identity matrix."""

    @abstractmethod
    def beside(self, columns: Sequence[str]) -> Expression:
        """Columns side by side: a vector for every token."""

    @abstractmethod
    def filled(self, tokens: str, value: str) -> Expression:
        """The same number for every token."""

    @abstractmethod
    def linspace(self, first: Expression, last: Expression, count: Expression) -> Expression: ...

    @abstractmethod
    def arange(self, first: Expression, end: Expression, step: Expression) -> Expression: ...

    @abstractmethod
    def drawn(self, call: Expression) -> Expression:
        """Numbers from the file's own `normal` or `uniform`."""

    @abstractmethod
    def taken(self, array: str) -> Expression:
        """An array of numpy's, whatever its element type, as one of the file's."""

    @abstractmethod
    def constant(self, value: Expression) -> Expression:
        """A number as an argument of the library's functions."""


def comprehension(what: Expression, tail: str) -> Expression:
    """`[what for ...]`, which may break before `for`."""
    return filled(f"[{HOLE} for {tail}]", [what])

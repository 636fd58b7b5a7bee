"""What the end of a file needs of a library, as text."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet


class Library(ABC):
    """A library's words for the table and the self-test."""

    module = ""
    generator: tuple[str, ...] = ()  # lines that start the random numbers
    precise = True  # double precision, for finite differences

    @abstractmethod
    def array(self, numbers: e.Expression) -> e.Expression:
        """An array of these numbers."""

    @abstractmethod
    def normal(self, shape: str) -> str:
        """Numbers of the normal distribution."""

    @abstractmethod
    def one_hot(self, classes: int, axes: tuple[int, ...]) -> str:
        """One class of so many, drawn for each place of these axes."""

    @abstractmethod
    def bits(self, shape: str) -> str:
        """Zeros and ones, drawn."""

    @abstractmethod
    def moved(self, w: str) -> str:
        """A weight moved a little at random."""

    @abstractmethod
    def direction(self, w: str) -> str:
        """A drawn direction, of the weight's shape."""

    @abstractmethod
    def close(self, a: str, b: str, *tolerances: str) -> str:
        """Whether two arrays are equal but for rounding."""

    def weights(self) -> str:
        """A call that gives weights in double precision."""
        return "initial_weights()"

    def forward(self, sheet: Sheet) -> e.Expression:
        """The outputs, from inputs and the weights that learning starts from."""
        return e.call("forward", *sheet.inputs, *(["**initial_weights()"] if sheet.learnt else []))

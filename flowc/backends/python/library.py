"""What the end of a file needs of a library, as text."""

from __future__ import annotations

from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet


class Library:
    """What a trial needs of a library, as text."""

    module = ""
    generator: tuple[str, ...] = ()  # lines that start the random numbers
    precise = True  # double precision, for finite differences

    def array(self, numbers: e.Expression) -> e.Expression:
        raise NotImplementedError

    def normal(self, shape: str) -> str:
        raise NotImplementedError

    def one_hot(self, classes: int, axes: tuple[int, ...]) -> str:
        raise NotImplementedError

    def bits(self, shape: str) -> str:
        raise NotImplementedError

    def moved(self, w: str) -> str:
        """A weight moved a little at random."""
        raise NotImplementedError

    def direction(self, w: str) -> str:
        raise NotImplementedError

    def close(self, a: str, b: str, *tolerances: str) -> str:
        raise NotImplementedError

    def weights(self) -> str:
        """A call that gives weights in double precision."""
        return "initial_weights()"

    def forward(self, sheet: Sheet) -> e.Expression:
        """The outputs, from inputs and the weights that learning starts from."""
        return e.call("forward", *sheet.inputs, *(["**initial_weights()"] if sheet.learnt else []))

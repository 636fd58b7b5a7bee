"""What steps are about: types, symbols and numbers.

A value has a type: whether it has a leading batch axis, and the shape of one token of it. A batched scalar
is an array (n,), a batched vector of three is (n, 3), a weight (2, 3) has no batch axis.

Symbols are meanings, not names: the excitation of h, the gradient of that. Only a backend's printer spells
them. Temporaries and the values of anonymous nodes are parts of a longer formula: printers write them
inside the line that uses them wherever that reads better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Shape = tuple[int, ...]


class IllTyped(ValueError):
    """An operation on types that it does not take: a fault of whoever built the program."""


class Type(NamedTuple):
    batched: bool
    shape: Shape

    def __str__(self) -> str:
        return f"({', '.join([*(['n'] if self.batched else []), *map(str, self.shape)])})"


SCALAR, TOKENS = Type(False, ()), Type(True, ())  # one number, and a number for every token

Kind = Literal["input", "target", "weight", "excitation", "activation", "mesh", "loss", "gradient", "temporary"]


class Symbol(NamedTuple):
    """What a value means. `owner` is the node's or weight's name; a gradient is `of` another symbol.

    kind "mesh" is the array of a mesh's values; its nodes are found there by `Program.parts`.

    kind "activation" is a node's value, also where its function is identity (it then has no excitation).

    Symbols are looked up all the time, so they are tuples, which Python itself hashes and compares.
    """

    kind: Kind
    owner: str
    type: Type
    of: Symbol | None = None
    number: int = 0  # tells temporaries apart
    anonymous: bool = False  # belongs to an anonymous node: part of its owner's formula


Arg = Symbol | float


def type_of(arg: Arg) -> Type:
    """A number is a scalar without batch."""
    return arg.type if isinstance(arg, Symbol) else SCALAR


def types_of(args: Iterable[Arg]) -> list[Type]:
    return [a.type if isinstance(a, Symbol) else SCALAR for a in args]


def broadcast(types: Sequence[Type]) -> Type:
    """Equal shapes; single axes repeat; what has no batch and no axes goes with everything."""
    batched = shaped = False
    for t in types:
        batched = batched or t.batched
        shaped = shaped or t.shape != ()
    if not shaped:
        return TOKENS if batched else SCALAR
    shapes = [t.shape for t in types if t.shape or t.batched]
    if len({len(s) for s in shapes}) > 1:
        raise IllTyped(f"shapes of different rank: {', '.join(map(str, types))}")
    result = []
    for sizes in zip(*shapes, strict=True):
        wide = {n for n in sizes if n != 1}
        if len(wide) > 1:
            raise IllTyped(f"shapes that do not fit: {', '.join(map(str, types))}")
        result.append(wide.pop() if wide else 1)
    return Type(batched, tuple(result))


def selected(shape: Shape, index: tuple[int | tuple[int, int], ...]) -> Shape:
    """The shape of x[index]; an index shorter than the shape takes the rest whole."""
    lengths = [i[1] - i[0] for i in index if not isinstance(i, int)]
    return (*lengths, *shape[len(index) :])

"""What a backend is: a printer of programs. Third parties add one by the entry point group `flowc.backends`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.lowering import FORCED, Lowering, Unsuitable, choose
from flowc.program.passes.passes import Printing


@dataclass(frozen=True, slots=True)
class Sample:
    """How a data file begins: the names of its columns as they stand there, and the first row below them. Of an npz file
    the names of its arrays, and how many axes each has."""

    heads: tuple[str, ...]
    first: tuple[str, ...] = ()
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """How to print. None is the backend's default; `command` is the command line that makes the file again."""

    form: str | None = None  # functions | module | sequential
    style: str | None = None  # nodes | layers | fast
    gradient: str | None = None  # explicit | autograd
    dtype: str | None = None  # float64 | float32 | ...
    part: str | None = None  # one function alone: forward | gradients | learn | initial_weights | ...
    command: str = ""
    lower: str | None = None  # auto | dense | sparse | scalar | chunked: what `layers` and `fast` are made of
    batch: int | None = None  # how many tokens at a time `fast` is to be fast for
    beside: str | None = None  # the name of the file, beside the output, for numbers too many to read
    train: bool = False  # the loop that learns, too, from the diagram's data
    optimizer: bool = False  # in that loop an optimiser of the library makes the steps
    sample: Sample | None = None  # of the diagram's data file, where it could be looked at


class Refused(Exception):
    """A combination that the backend cannot print: the message says what it can."""


def trains(backend: Backend) -> bool:
    """Whether it prints the loop that learns. Backends of others may not say."""
    return getattr(backend, "trains", False)


def asked(backend: Backend) -> tuple[str, ...]:
    """The passes whose results its library has calls for, where speed decides. Backends of others may not say."""
    return getattr(backend, "asked", ())


def runs(backend: Backend) -> bool:
    """Whether its code can be executed here, for numbers. Backends of others may print alone."""
    return hasattr(backend, "emit_values")


def able(backend: Backend, form: str | None) -> tuple[str, ...]:
    """The lowerings of a backend in this form: only functions have meshes. Backends of others may not say."""
    found = getattr(backend, "lowerings", FORCED)
    return found if form in (None, "functions") else tuple(how for how in found if how != "sparse")


def lowering(
    network: Network, backend: Backend, form: str | None, style: str | None, lower: str | None, batch: int | None
) -> Lowering:  # fmt: skip
    """What the style and `--lower` come to. Raises Unsuitable."""
    possible = able(backend, form)
    if lower in able(backend, None) and lower not in possible:
        raise Unsuitable(f"form `{form}` has no `--lower {lower}`, which gathers single nodes; form `functions` has")
    return choose(network, style, lower, batch, possible)


def printing(backend: Backend, options: Options, program: Program) -> Printing | None:
    """What its printers ask of passes. Backends of others may ask for nothing. Raises Refused."""
    return backend.printing(options, program) if hasattr(backend, "printing") else None


class Backend(Protocol):
    """`programs` of a backend are lowered and verified; gradients are those of the loss for the learnt weights."""

    name: str
    summary: str
    forms: tuple[str, ...]  # the first is the default, here and below
    styles: tuple[str, ...]
    gradients: tuple[str, ...]
    dtypes: tuple[str, ...]
    lowerings: tuple[str, ...]  # what `--lower` may force: of auto, dense, sparse, scalar, chunked

    def emit(self, network: Network, program: Program, options: Options) -> str:
        """The whole file (or the part). Raises Refused."""
        ...

    def emit_values(self, network: Network, program: Program, wanted: Mapping[str, Symbol], options: Options) -> str:
        """A module whose function `values(NAME=array, ...)`, called with every input, weight (and, where the wanted
        need them, target) by its name in the diagram, returns a dict with an array for each key of `wanted`."""
        ...

    def printing(self, options: Options, program: Program) -> Printing:
        """What is asked of `program/passes` for this file: `flowc compile --emit program --after` shows it. Raises Refused."""
        ...

    def tensors(self, program: Program) -> dict[str, Any]:
        """The arrays, numpy's, that the file loads from the one beside it; none where all is in the source."""
        ...

    def arrays(self, program: Program) -> dict[str, Any]:
        """The arrays that a module of `emit_values` calls TABLE, which whoever executes it provides."""
        ...

"""What a backend is: a printer of programs. Third parties add one by the entry point group `flowc.backends`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowc.diagnostics.shorten import in_brief
from flowc.graph.network import Network
from flowc.maths.optimisers import Optimiser
from flowc.program.ir import Program, Symbol
from flowc.program.lowering import Lowering, Unsuitable, choose
from flowc.program.passes.passes import Printing
from flowc.records import Record

PROTOCOL = 1  # the version of what stands in this file; it grows where a backend that was made for it would break


class Sample(Record):
    """How a data file begins: the names of its columns as they stand there, and the first row below them. Of an npz file
    the names of its arrays, and how many axes each has."""

    heads: tuple[str, ...]
    first: tuple[str, ...] = ()
    ranks: tuple[int, ...] = ()


class Options(Record):
    """How to print. None is the backend's default; `command` is the command line that makes the file again."""

    form: str | None = None  # functions | module | sequential
    style: str | None = None  # nodes | layers | fast
    gradient: str | None = None  # explicit | autograd
    dtype: str | None = None  # float64 | float32 | ...
    part: str | None = None  # one function alone: forward | gradients | learn | initial_weights | ...
    command: str = ""
    lower: str | None = None  # auto | dense | sparse | scalar | chunked: what `layers` and `fast` are made of
    batch: int | None = None  # how many tokens at a time `fast` is to be fast for
    output: str | None = None  # what the main file will be called, as `net.py`; None: it goes to standard output
    train: bool = False  # the loop that learns, too, from the diagram's data
    optimizer: bool = False  # in that loop an optimiser of the library makes the steps
    sample: Sample | None = None  # of the diagram's data file, where it could be looked at
    data: Mapping[str, Any] | None = None  # every input and target, (n, *shape), for a loop that includes its data

    def sibling(self, ending: str) -> str:
        """The name of a file beside the main one: `net.h` beside `net.c`, for the ending `.h`."""
        return os.path.splitext(self.output or "diagram")[0] + ending


class File(Record):
    """A file beside the main one, in its folder. `content`: a text, which is written as UTF-8, or bytes.

    `mark`: what it has near its beginning. Nobody has named the file, so an old one of its name that has no such mark is
    somebody else's, and stays.
    """

    name: str
    content: str | bytes
    mark: str = "flowc compile"


def as_bytes(content: str | bytes) -> bytes:
    """A file's content, as it is written."""
    return content if isinstance(content, bytes) else content.encode("utf-8")


class Refused(Exception):
    """A combination that the backend cannot print: the message says what it can."""


class Printed(Record):
    """What a backend prints: the content of the file that the user names, a text or bytes, and the files beside it."""

    main: str | bytes
    beside: tuple[File, ...] = ()

    @property
    def text(self) -> str:
        """The main file, where it is one. Raises Refused."""
        if isinstance(self.main, bytes):
            raise Refused("this backend prints bytes, and no text")
        return self.main


class Backend:
    """A printer of programs, which are lowered and verified; gradients are those of the loss for the learnt weights.

    It sets `protocol` to the `PROTOCOL` that it was made for, its name and summary, and what it has of the rest; what it
    leaves as it is here it does not have, and whoever asks for that is told so.
    """

    protocol: int = 0
    name: str = ""
    summary: str = ""
    language: str = ""  # of the main file; one in "python" is executed by `flowc verify`
    forms: tuple[str, ...] = ("functions",)  # the first is the default, here and below
    styles: tuple[str, ...] = ("nodes",)
    gradients: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ("float64",)
    lowerings: tuple[str, ...] = ()  # what `--lower` may force: of auto, dense, sparse, scalar, chunked
    fused: tuple[str, ...] = ()  # the passes whose results its library has calls for, where speed decides
    trains: bool = False  # `emit` prints the loop that learns
    includes_data: bool = False  # this loop has the data in it, and reads no file
    optimizers: bool = False  # there the library's own optimisers may make the steps
    runs: bool = False  # there is `emit_values`, so that what it prints is executed here, for numbers
    library: str = "numpy"  # whose arrays then go in and come out: numpy or torch; or c, which computes on numpy's

    def emit(self, network: Network, program: Program, options: Options) -> Printed:
        """The file, or the part that is asked for, and those beside it. Raises Refused."""
        raise Refused(f"the {self.name} backend prints nothing")

    def emit_values(self, network: Network, program: Program, symbols: Mapping[str, Symbol], options: Options) -> str:
        """A Python module whose function `values(NAME=array, ...)`, called with every input, weight (and, where the symbols
        need them, target) by its name in the diagram, returns a dict with an array for each key of `symbols`. Where the
        library is c, a text in C, as `flowc.execution.native` wants it."""
        raise Refused(self.prints_alone)

    def emit_descent(self, network: Network, program: Program, method: Optimiser, settings: Mapping[str, float]) -> str:
        """A text in C that takes many steps of learning at once, as `flowc.execution.native_descent` wants it, for a program with
        the gradients of its weights. Raises Refused, and they are taken one by one."""
        raise Refused("steps are taken one by one")

    def arrays(self, program: Program) -> dict[str, Any]:
        """The arrays that a module of `emit_values` calls TABLE, which whoever executes it provides."""
        return {}

    def printing(self, options: Options, program: Program) -> Printing | None:
        """What is asked of `program/passes` for this file: `flowc compile --emit program --after` shows it. Raises Refused."""
        return None

    # ------------------------------------------------------------------------------------------ what follows from these

    @property
    def prints_alone(self) -> str:
        """Why there are no numbers of it."""
        return f"the {self.name} backend only prints code; numpy, torch and c run it"

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What may be chosen of it, by the names of options."""
        return {"form": self.forms, "style": self.styles, "gradient": self.gradients, "dtype": self.dtypes}

    def complete(self, options: Options) -> Options:
        """Every choice made. Raises Refused, which names the choices."""
        return replace(
            options, form=self._choice("form", options.form), style=self._choice("style", options.style),
            gradient=self._choice("gradient", options.gradient), dtype=self._choice("dtype", options.dtype),
        )  # fmt: skip

    def _choice(self, what: str, named: str | None) -> str | None:
        there = self.choices[what]
        if named is None:
            return there[0] if there else None
        if named not in there:
            able = ", ".join(f"`{name}`" for name in there) or "none"
            raise Refused(f"{self.name} has no {what} `{in_brief(named)}`; it has {able}")
        return named

    def gradients_in(self, style: str | None) -> tuple[str, ...]:
        """The ways to gradients in this style."""
        return self.gradients

    def lowerings_in(self, form: str | None) -> tuple[str, ...]:
        """The lowerings in this form: only functions have meshes."""
        if form in (None, "functions"):
            return self.lowerings
        return tuple(how for how in self.lowerings if how != "sparse")


def lowering(
    network: Network, backend: Backend, form: str | None, style: str | None, lower: str | None, batch: int | None
) -> Lowering:  # fmt: skip
    """What the style and `--lower` come to. Raises Unsuitable."""
    possible = backend.lowerings_in(form)
    if lower in backend.lowerings and lower not in possible:
        raise Unsuitable(f"form `{form}` has no `--lower {lower}`, which gathers single nodes; form `functions` has")
    return choose(network, style, lower, batch, possible)

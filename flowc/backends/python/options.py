"""What a printer of Python asks of the passes."""

from __future__ import annotations

from flowc.backends.backend import Backend, Options
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing


def printing_of(backend: Backend, options: Options, program: Program) -> Printing:
    """What the passes are asked for, of options that are complete."""
    functions = options.form == "functions"
    return Printing(
        scalar=program.lowering == "scalar", one_token=options.batch in (None, 1), explicit=options.gradient == "explicit",
        loops=functions and options.style != "nodes", fast=functions and options.style == "fast", asked=backend.fused,
    )  # fmt: skip

"""Options completed by a backend's defaults, or refused with what it can do instead."""

from __future__ import annotations

from dataclasses import replace

from flowc.backends.backend import Backend, Options, Refused, asked
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing


def completed(backend: Backend, options: Options) -> Options:
    """Every choice made. Raises Refused, which names the choices."""
    return replace(
        options,
        form=_choice(backend, "form", options.form, backend.forms),
        style=_choice(backend, "style", options.style, backend.styles),
        gradient=_choice(backend, "gradient", options.gradient, backend.gradients),
        dtype=_choice(backend, "dtype", options.dtype, backend.dtypes),
    )


def _choice(backend: Backend, what: str, wanted: str | None, known: tuple[str, ...]) -> str | None:
    if wanted is None:
        return known[0] if known else None
    if wanted not in known:
        able = ", ".join(f"`{k}`" for k in known) or "none"
        raise Refused(f"{backend.name} has no {what} `{wanted}`; it has {able}")
    return wanted


def printing_of(backend: Backend, options: Options, program: Program) -> Printing:
    """What the passes are asked for, of options that are complete."""
    functions = options.form == "functions"
    return Printing(
        scalar=program.lowering == "scalar", one_token=options.batch in (None, 1), explicit=options.gradient == "explicit",
        loops=functions and options.style != "nodes", fast=functions and options.style == "fast", asked=asked(backend),
    )  # fmt: skip

"""The file of numbers beside a printed one: its name, its bytes, and whether an old one may be written over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble

if TYPE_CHECKING:
    from flowc.program.ir import Program

ENDING = ".safetensors"
SAID = {"numbers of": "a printed file"}  # in every such file; learnt weights say something else
LOOKED_AT = 2**20  # bytes: a header of ours is far shorter


def tensors_beside(output: str) -> str:
    """`net.safetensors` of `net.py`."""
    return os.path.splitext(output)[0] + ENDING


def tensors(backend, program: Program) -> bytes:  # type: ignore[no-untyped-def]
    """The arrays that the source leaves to the file beside it. Raises Trouble without the package safetensors."""
    arrays = backend.tensors(program) if hasattr(backend, "tensors") else {}
    if not arrays:
        return b""
    from flowc.learning.tensors import written

    try:
        return written(arrays, SAID)
    except ModuleNotFoundError:
        raise Trouble("weights beside a file are written by safetensors: `pip install flowc[large]`") from None


def check_own(path: str, output: str) -> None:
    """Raises Trouble where there is a file already, and it is not one that `compile` wrote."""
    from flowc.learning.tensors import said

    try:
        with open(path, "rb") as file:
            ours = said(file.read(LOOKED_AT)) == SAID
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        ours = False
    if not ours:
        why = f"the numbers of `{output}` would take the place of `{path}`, which `compile` did not write"
        raise Trouble(f"{why}; name another output, or take that file away")

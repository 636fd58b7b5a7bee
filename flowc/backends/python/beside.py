"""The numbers too many for a source: how a file loads those beside it, and knows that they are its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from flowc.backends.backend import File, Options, Refused
from flowc.backends.code.build import Group, assign
from flowc.backends.code.python_words import quoted
from flowc.backends.code.tree import Expression, Lambda, Quoted, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import count_lines, is_beside, mesh_tables, table_in_source
from flowc.backends.python.packs import tensors_beside
from flowc.backends.python.templates import HELPERS
from flowc.program.ir import Program

PIECE = 60  # signs of a string on one line
ENDING = ".safetensors"
SAID = json.dumps({"numbers of": "a printed file"})  # in every such file; learnt weights say something else


def numbers_beside(program: Program, options: Options) -> tuple[File, ...]:
    """The file of the arrays that the source does not hold, where there are any. Raises Refused without safetensors."""
    arrays = tensors_beside(program) if options.output else {}
    if not arrays:
        return ()
    import numpy as np

    try:
        from safetensors.numpy import save
    except ModuleNotFoundError:
        raise Refused("weights beside a file are written by safetensors: `pip install flowc[large]`") from None
    ordered = {key: np.asarray(array, order="C") for key, array in arrays.items()}
    return (File(options.sibling(ENDING), save(ordered, {"flowc": SAID}), json.dumps(SAID)),)


def table_sections(
    program: Program, options: Options, spelled: Callable[[str, Expression], Expression], array: str
) -> dict[str, Group]:
    """TABLE, in the source or loaded from the file beside it. `spelled`: as of `table_in_source`; `array`: how the
    library has the numbers of a loaded `array` as bytes.

    Raises Refused where there are too many to read and no file beside.
    """
    if not is_beside(program.steps):
        return {":mesh tables": table_in_source(mesh_tables(program.steps), spelled)}
    if options.output is None:
        way_out = "name an output, `-o NAME.py`, for a file beside it"
        raise Refused(f"{count_lines(program.steps)} arrows are too many to read in a source; {way_out}")
    loader = HELPERS.definition("load_numbers", read=Lambda(("array",), e.atom(array)))
    return {"load_numbers": [loader], ":mesh tables": [load_table(options.sibling(ENDING), checksum_of(tensors_beside(program)))]}


def checksum_of(arrays: Mapping[str, Any]) -> int:
    """Of all numbers, array by array in the order of their names."""
    value = 0
    for _, array in sorted(arrays.items()):
        value = crc32(array.tobytes(), value)
    return value


def load_table(name: str, checksum: int) -> Statement:
    """TABLE from the file of this name; a very long name in pieces."""
    pieces = [quoted(name[k : k + PIECE]) for k in range(0, len(name), PIECE)]
    if len(pieces) < 2:
        return assign("TABLE", e.call("load_numbers", *pieces, f"{checksum:#010x}"))
    inside = [f"    {piece}" for piece in pieces]
    lines = ("TABLE = load_numbers(", *inside[:-1], f"{inside[-1]},", f"    {checksum:#010x},", ")")
    return Quoted(lines, frozenset(["load_numbers"]))

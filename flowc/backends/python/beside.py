"""The numbers too many for a source: how a file loads those beside it, and knows that they are its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from flowc.backends.backend import File, Options, Refused
from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Import
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import table_text, tables
from flowc.backends.python.packs import tensors
from flowc.backends.python.text import quoted
from flowc.program.ir import Program, Step

IMPORTS = [Import("pathlib", ("Path",)), Import("zlib", ("crc32",))]
PIECE = 60  # signs of a string on one line
ENDING = ".safetensors"
SAID = json.dumps({"numbers of": "a printed file"})  # in every such file; learnt weights say something else

LOADER = '''\
def load_numbers(name, checksum):
    """The arrays of the file beside this one; ValueError for another's."""
    path = Path(__file__).with_name(name)
    arrays, found = load_file(path), 0
    for _, array in sorted(arrays.items()):
        found = crc32({array}, found)
    if found != checksum:
        raise ValueError(
            f"{path} holds other numbers than this file was made with; "
            "make both again"
        )
    return arrays'''


def numbers_beside(program: Program, options: Options) -> tuple[File, ...]:
    """The file of the arrays that the source does not hold, where there are any. Raises Refused without safetensors."""
    arrays = tensors(program) if options.output else {}
    if not arrays:
        return ()
    import numpy as np

    try:
        from safetensors.numpy import save
    except ModuleNotFoundError:
        raise Refused("weights beside a file are written by safetensors: `pip install flowc[large]`") from None
    ordered = {key: np.asarray(array, order="C") for key, array in arrays.items()}
    return (File(options.sibling(ENDING), save(ordered, {"flowc": SAID}), json.dumps(SAID)),)


def table_section(
    program: Program, steps: Sequence[Step], options: Options, spelled: Callable[[str, e.Expression], e.Expression],
    array: str,
) -> str:  # fmt: skip
    """TABLE, in the source or loaded from the file beside it. `spelled`: as of `table_text`; `array`: how the
    library has the numbers of a loaded `array` as bytes.

    Raises Refused where there are too many to read and no file beside.
    """
    table = tables(steps)
    if not table.beside:
        return table_text(table, spelled)
    if options.output is None:
        way_out = "name an output, `-o NAME.py`, for a file beside it"
        raise Refused(f"{table.lines} arrows are too many to read in a source; {way_out}")
    return f"{LOADER.replace('{array}', array)}\n\n\n{loaded(options.sibling(ENDING), checksum(tensors(program)))}"


def checksum(arrays: Mapping[str, Any]) -> int:
    """Of all numbers, array by array in the order of their names."""
    found = 0
    for _, array in sorted(arrays.items()):
        found = crc32(array.tobytes(), found)
    return found


def loaded(name: str, checksum: int) -> str:
    """TABLE from the file of this name; a very long name in pieces."""
    pieces = [quoted(name[k : k + PIECE]) for k in range(0, len(name), PIECE)]
    if len(pieces) < 2:
        return "\n".join(laid_out(e.call("load_numbers", *pieces, f"{checksum:#010x}"), "TABLE = "))
    inside = "\n".join(f"    {piece}" for piece in pieces)
    return f"TABLE = load_numbers(\n{inside},\n    {checksum:#010x},\n)"

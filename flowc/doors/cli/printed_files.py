"""Where what a backend prints goes: one text to standard output, or files, all of them or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flowc.doors.cli.declared_files import writes
from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.files import put, write_together

if TYPE_CHECKING:
    from flowc.backends.backend import File, Printed

LOOKED_AT = 2**20  # bytes of an old file, in which its mark stands


def put_text(printed: Printed) -> None:
    """The main file on standard output. Raises Trouble where there are others, or it is no text."""
    if printed.beside:
        others = ", ".join(f"`{file.name}`" for file in printed.beside)
        raise Trouble(f"what is printed are several files, with {others}; name an output for them, `-o NAME`")
    if isinstance(printed.main, bytes):
        raise Trouble("what is printed is no text, but bytes; name a file for them, `-o NAME`")
    put(printed.main)


def write_files(output: str, printed: Printed) -> None:
    """The main file, and those in its folder. Raises Trouble where one is an input, a diagram, or somebody else's."""
    contents: dict[str, str | bytes] = {}
    for file in printed.beside:
        path = os.path.join(os.path.dirname(output), _check_name(file.name))
        writes(path)
        _check_own(path, file, output)
        contents[path] = file.content
    write_together({**contents, output: printed.main})


def _check_name(name: str) -> str:
    """A name that leads nowhere else. Raises Trouble."""
    if name in ("", os.curdir, os.pardir) or os.path.basename(name.replace("\\", "/")) != name:
        raise Trouble(f"the backend would write `{name}`, which is no name of a file beside the output")
    return name


def _check_own(path: str, file: File, output: str) -> None:
    """Raises Trouble where there is a file already, and it is not one that `compile` wrote."""
    try:
        with open(path, "rb") as old:
            ours = file.mark.encode("utf-8") in old.read(LOOKED_AT)
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        ours = False
    if not ours:
        why = f"what goes with `{output}` would take the place of `{path}`, which `compile` did not write"
        raise Trouble(f"{why}; name another output, or take that file away")

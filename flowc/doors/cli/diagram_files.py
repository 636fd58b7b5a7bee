"""The files that a diagram names, declared to be read: no output of a command is one of them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flowc.doors.cli.declared_files import NAMED, reads
from flowc.graph.files.access import Files
from flowc.nets import sibling_files
from flowc.nets.sibling_files import folder_of


def beside(diagram: str) -> Files:
    """Opens files in the folder of a diagram, each declared. What it opens raises Trouble where an output is the file."""
    files = sibling_files.files_beside(diagram)

    def declared(name: str) -> bytes:
        declare_data([name], diagram)
        return files(name)

    return declared


def declare_data(paths: Iterable[str], diagram: str) -> None:
    """That no output is one of the files that a diagram names, opened or not. Raises Trouble."""
    for path in paths:
        reads(os.path.join(folder_of(diagram), path), NAMED)

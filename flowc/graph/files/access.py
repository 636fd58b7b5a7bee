"""Files that a diagram names: how they are opened, and what may be wrong with one as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowc.graph.files.row_problems import Listing

DELIMITERS = {"csv": ",", "tsv": "\t", "tab": "\t"}  # between cells, by the end of a file's name

Files = Callable[[str], bytes]  # the bytes of a file by the name in the statement; raises Unreadable


class Unreadable(Exception):
    """A file cannot be read. The message is a sentence about it, without its name: "there is no such file"."""


def delimiter_of(name: str) -> str | None:
    """Between the cells of a file of this name; None where it is no text of cells."""
    return DELIMITERS.get(name.lower().rpartition(".")[2])


def read_file(listing: Listing, files: Files | None) -> bytes:
    """The bytes of the file of a statement. Raises Abandon, and has reported why."""
    if not listing.path.strip():
        raise listing.fail("bad-file", 0, "the file has no name")
    if files is None:
        way = "`flowc.load` and the command line read files beside the diagram"
        raise listing.fail("unreadable-file", 0, "no files can be read here", hint=way)
    try:
        return files(listing.path)
    except Unreadable as why:
        raise listing.fail("unreadable-file", 0, str(why)) from None

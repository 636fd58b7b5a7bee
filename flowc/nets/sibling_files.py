"""Files beside a diagram, as its statements name them. None outside the diagram's folder is opened."""

from __future__ import annotations

import os

from flowc.graph.files.access import Files, Unreadable
from flowc.system import STDIN, ordinary, reason

LARGEST = 2**30  # bytes: some thirty million edges


def files_beside(diagram: str) -> Files:
    """Opens files in the folder of a diagram; in the working folder, where the diagram has none."""
    folder = folder_of(diagram)
    return lambda name: _read_file(folder, name)


def folder_of(diagram: str) -> str:
    return ("" if diagram in ("-", STDIN) else os.path.dirname(diagram)) or os.curdir


def _read_file(folder: str, name: str) -> bytes:
    """The bytes of a file. Raises Unreadable."""
    if os.path.isabs(name) or os.path.splitdrive(name)[0]:
        raise Unreadable("the path is absolute; name the file relative to the diagram's folder")
    try:
        return ordinary(_path_inside(folder, name), LARGEST, getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise Unreadable(reason(OSError(error.errno, error.strerror))) from None
    except ValueError:
        raise Unreadable("no file can have this name") from None


def _path_inside(folder: str, name: str) -> str:
    """The path without links, which is in the folder. Raises Unreadable."""
    home = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(home, name))
    if _is_in(path, home):
        return path
    if _is_in(os.path.normpath(os.path.join(home, name)), home):
        raise Unreadable("it is a link that leads out of the diagram's folder")
    raise Unreadable("the path leads out of the diagram's folder; put the file into it")


def _is_in(path: str, home: str) -> bool:
    return os.path.commonpath([path, home]) == home

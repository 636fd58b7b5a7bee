"""Files beside a diagram, as its `nodes` and `edges` statements name them. None outside the diagram's folder is opened."""

from __future__ import annotations

import os
import stat

from flowc.doors.files import STDIN
from flowc.doors.guard import reason
from flowc.graph.files import Files, Unreadable
from flowc.graph.network import File, Network

LARGEST = 2**30  # bytes: some thirty million edges


def beside(diagram: str) -> Files:
    """Opens files in the folder of a diagram; in the working folder, where the diagram has none."""
    folder = "" if diagram in ("-", STDIN) else os.path.dirname(diagram)
    return lambda name: _read(folder or os.curdir, name)


def noted(diagram: str) -> tuple[Files, list[str]]:
    """The same, and the paths of the files that were opened, as they come to be."""
    found, opened = beside(diagram), []

    def note(name: str) -> bytes:
        opened.append(os.path.join(os.path.dirname(diagram), name))
        return found(name)

    return note, opened


def data_files(network: Network, diagram: str) -> list[str]:
    """The files of data that a diagram names, opened or not."""
    return [os.path.join(os.path.dirname(diagram), d.path) for d in network.data if isinstance(d, File)]


def _read(folder: str, name: str) -> bytes:
    """The bytes of a file. Raises Unreadable."""
    if os.path.isabs(name) or os.path.splitdrive(name)[0]:
        raise Unreadable("the path is absolute; name the file relative to the diagram's folder")
    try:
        return _bytes(_inside(folder, name))
    except OSError as error:
        raise Unreadable(reason(OSError(error.errno, error.strerror))) from None
    except ValueError:
        raise Unreadable("no file can have this name") from None


def _inside(folder: str, name: str) -> str:
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


def _bytes(path: str) -> bytes:
    """Opened without waiting, since a pipe may never be written to."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    if os.path.isdir(path):
        raise Unreadable("it is a folder; name a file in it")
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("it is no ordinary file")
        if status.st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST // 2**20} MiB")
        return file.read(LARGEST)

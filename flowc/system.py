"""The operating system: what it says in words, and an ordinary file read."""

from __future__ import annotations

import os

STDIN = "<stdin>"  # what a diagram of standard input is called
LARGEST_DIAGRAM = 64 * 2**20  # bytes: a hundred times the largest in sight, and /dev/zero comes to an end
FOLDER, NOT_ORDINARY = "it is a folder; name a file in it", "it is no ordinary file"


def reason(error: OSError) -> str:
    """What the system says, in lower case: `no such file or directory: a.flow`."""
    words = error.strerror or str(error) or type(error).__name__
    words = words[:1].lower() + words[1:]
    return f"{words}: {error.filename}" if error.filename is not None else words


def ordinary(path: str, largest: int, flags: int = 0) -> bytes:
    """The bytes of an ordinary file, which no pipe and no device is. Raises OSError, ValueError.

    It is opened without waiting, since a pipe may never be written to.
    """
    import errno
    import stat

    if os.path.isdir(path):
        raise OSError(errno.EISDIR, FOLDER, path)
    flags |= os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, NOT_ORDINARY, path)
        if status.st_size > largest:
            raise OSError(errno.EFBIG, too_large(largest), path)
        return file.read(status.st_size or largest)


def too_large(largest: int) -> str:
    return f"it is larger than {largest // 2**20} MiB"

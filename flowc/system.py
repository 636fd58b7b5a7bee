"""The operating system: what it says in words, an ordinary file read, and the user's cache."""

from __future__ import annotations

import os
import sys

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


def private_cache_folder(inner: str = "") -> str | None:
    """The user's own cache folder for flowc, or one in it, made where there is none; None where others could write to it.

    What is read there is trusted: tables of the parser, and libraries.
    """
    try:
        folder = os.path.join(_cache_of_user(), "flowc")
        for path in (folder, os.path.join(folder, inner)) if inner else (folder,):
            os.makedirs(path, mode=0o700, exist_ok=True)
            if not _is_private(path):
                return None
        return path
    except OSError:  # no home, no permission, a file in its place
        return None


def _cache_of_user() -> str:
    """Raises OSError where the user has no home."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if folder and os.path.isabs(folder):
        return folder
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        raise FileNotFoundError("no home")
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")


def _is_private(folder: str) -> bool:
    import stat

    if sys.platform == "win32":
        return True  # the profile's folder is the user's own
    status = os.lstat(folder)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022

"""The parse table is kept in the user's cache folder: reading it is ten times as quick as computing it."""

from __future__ import annotations

import os
import stat
import sys
from typing import Any
from zlib import crc32

from lark import Lark


def load(grammar: str, options: dict[str, Any]) -> Lark:
    """The parser of a grammar, from the cache where there is one. Whatever fails, the table is computed.

    Lark writes a digest of grammar, options, and versions first, and trusts no file with another; a file cut short is
    written again. The file is a pickle, so it is read only from a folder that nobody else can write to.
    """
    folder = _cache_folder()
    if folder is None:
        return Lark(grammar, **options)
    name = f"grammar-{crc32(grammar.encode()):08x}-py{sys.version_info[0]}{sys.version_info[1]}"
    try:
        return Lark(grammar, cache=os.path.join(folder, name), **options)
    except OSError:
        return Lark(grammar, **options)


def _cache_folder() -> str | None:
    """The user's own cache folder for flowc, or None."""
    try:
        folder = os.path.join(_base_folder(), "flowc")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return folder if _is_private(folder) else None
    except OSError:  # no home, no permission, a file in its place
        return None


def _base_folder() -> str:
    """Raises OSError where the user has no home."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if folder and os.path.isabs(folder):
        return folder
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        raise FileNotFoundError("no home")
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")


def _is_private(folder: str) -> bool:
    if sys.platform == "win32":
        return True  # the profile's folder is the user's own
    status = os.lstat(folder)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022

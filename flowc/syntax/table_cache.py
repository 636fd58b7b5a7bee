"""The parse table is kept in the user's cache folder: reading it is ten times as quick as computing it."""

from __future__ import annotations

import os
import sys
from typing import Any
from zlib import crc32

from lark import Lark

from flowc.system import private_cache_folder


def load(grammar: str, options: dict[str, Any]) -> Lark:
    """The parser of a grammar, from the cache where there is one. Whatever fails, the table is computed.

    Lark writes a digest of grammar, options, and versions first, and trusts no file with another; a file cut short is
    written again. The file is a pickle, so it is read only from a folder that nobody else can write to.
    """
    folder = private_cache_folder()
    if folder is None:
        return Lark(grammar, **options)
    name = f"grammar-{crc32(grammar.encode()):08x}-py{sys.version_info[0]}{sys.version_info[1]}"
    try:
        return Lark(grammar, cache=os.path.join(folder, name), **options)
    except OSError:
        return Lark(grammar, **options)

"""File names as words of a command line, in printable ASCII: what cannot be one is a `file:` reference."""

from __future__ import annotations

import os
import re

_SAFE = re.compile(r"""(?! )(?:[!#-&(-\[\]-~]| (?! ))*(?<! )""")  # no quotes, no backslash, no two blanks together
_SCHEME = "file:"


def word_of_path(path: str) -> str:
    """A path as it can stand in any comment and, quoted, in any shell: `a b.flow`, `file:%CE%BE.flow`.

    A name that would be taken for an option, standard input or such a reference gets a folder: `./-a.flow`.
    """
    if not _SAFE.fullmatch(path):
        from urllib.parse import quote

        return _SCHEME + quote(os.fsencode(path))
    return f"./{path}" if path.startswith(("-", _SCHEME)) else path


def path_of_word(word: str) -> str:
    """The path that `typed` spelled: `file:%CE%BE.flow` is `ξ.flow`, all else is itself."""
    if not word.startswith(_SCHEME):
        return word
    from urllib.parse import unquote_to_bytes

    rest = word.removeprefix(_SCHEME)
    return os.fsdecode(unquote_to_bytes(rest.removeprefix("//") if rest.startswith("///") else rest))

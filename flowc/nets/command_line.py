"""The command line that makes a file again, as its header gives it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from flowc.backends.backend import Options
from flowc.nets.command_words import word_of_path


def command_line(
    path: str, backend: str, options: Options, settings: Mapping[str, int] | None = None, output: str | None = None
) -> str:
    """`flowc compile xor.flow --backend torch -o xor.py`: only what differs from the defaults, in one order.

    Paths are as typed, but of absolute ones only the file name: folders of a machine are nobody else's business.
    """
    words = ["flowc", "compile", _path_word(path)]
    if backend != "numpy":
        words += ["--backend", backend]
    for name in ("form", "style", "lower", "batch", "gradient", "dtype"):
        if value := getattr(options, name):
            words += [f"--{name}", str(value)]
    words += [f"--{name}" for name in ("train", "optimizer") if getattr(options, name)]
    for name, size in (settings or {}).items():
        words += ["--set", f"{_quote_name(name)}={size}"]
    if options.part:
        words += ["--part", options.part]
    if output is not None:
        words += ["-o", _path_word(output)]
    return shlex.join(words)


def _quote_name(name: str) -> str:
    """An index's name in ASCII, as `--set` reads it."""
    if name.isascii():
        return name
    from urllib.parse import quote

    return quote(name)


def _path_word(path: str) -> str:
    if path == "-":
        return path
    shown = os.path.basename(path) if os.path.isabs(path) else path
    return word_of_path(shown.replace(os.sep, "/"))

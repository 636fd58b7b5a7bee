"""Arguments of the Python API: what can be told of one before anything is done with it."""

from __future__ import annotations

import os
from collections.abc import Container
from typing import Any

from flowc.diagnostics.shorten import in_code


def path_of(what: str, path: Any) -> str:
    """Raises TypeError."""
    try:
        return os.fsdecode(path)
    except TypeError:
        raise TypeError(f"{what} is a path, not {in_code(path)}") from None


def check_names(**given: Any) -> None:
    """Each is a name, or None. Raises ValueError."""
    for what, name in given.items():
        if name is not None and not isinstance(name, str):
            raise ValueError(f"`{what}` is a name, not {in_code(name)}")


def is_one_of(value: Any, known: Container[Any]) -> bool:
    """Whether it is one of these names; an array, which has no single answer to that, is none."""
    return (value is None or isinstance(value, (str, bool))) and value in known

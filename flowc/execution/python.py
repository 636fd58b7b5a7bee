"""Python that flowc has printed, executed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import CodeType
from typing import Any


def execute(source: str, name: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The names of a module made from `source`, which tracebacks call `<name>`; it begins with `variables`."""
    module: dict[str, Any] = {"__name__": "flowc_generated", **(variables or {})}
    exec(_compiled(source, name), module)  # noqa: S102
    return module


@lru_cache(maxsize=64)  # a diagram that is compiled again, with other weights or data, has the same text
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, f"<{name}>", "exec")

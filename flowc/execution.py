"""Executing source that flowc itself has printed: the one place that does. No text of a user is ever executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def execute(source: str, name: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The names of a module made from `source`, which tracebacks call `<name>`; it begins with `variables`."""
    module: dict[str, Any] = {"__name__": "flowc_generated", **(variables or {})}
    exec(compile(source, f"<{name}>", "exec"), module)  # noqa: S102
    return module

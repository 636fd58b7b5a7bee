"""Backends: printers of programs, found by name. Others are added by the entry point group `flowc.backends`."""

from __future__ import annotations

import os
import sys
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from flowc.backends.backend import PROTOCOL, Backend, File, Options, Printed, Refused

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

BUILT_IN = {"numpy": "NumpyBackend", "torch": "TorchBackend", "c": "CBackend", "javascript": "JavaScriptBackend"}


class Unusable(ValueError):
    """A backend that somebody added, and that cannot be used: `why`, in words that follow `cannot be used: `."""

    def __init__(self, name: str, why: str):
        super().__init__(f"the backend `{name}` cannot be used: {why}")
        self.why = why


def names() -> tuple[str, ...]:
    """Every backend's name, the built-in ones first."""
    return (*BUILT_IN, *sorted(set(_added()) - set(BUILT_IN)))


def find(name: str) -> Backend:
    """The backend of that name. Raises KeyError for a name that none has, Unusable."""
    if name in BUILT_IN:
        built_in: Backend = getattr(import_module(f"flowc.backends.{name}"), BUILT_IN[name])()
        return built_in
    point = _added()[name]
    try:
        backend: Backend = point.load()()
    except Exception as error:  # whatever a stranger's module does
        raise Unusable(name, f"{type(error).__name__}: {error}") from error
    if wrong := _complaint(name, backend):
        raise Unusable(name, wrong)
    return backend


@contextmanager
def answerable(backend: Backend) -> Iterator[None]:
    """Around what a backend does: what goes wrong in one that somebody added is no fault of flowc's. Raises Unusable."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        if backend.name in BUILT_IN:
            raise
        raise Unusable(backend.name, f"{type(error).__name__}: {error}") from error


def _complaint(name: str, backend: object) -> str:
    """Why it does not go with this flowc; "" where it does."""
    if not isinstance(backend, Backend):
        return "it is no `flowc.backends.Backend`, which this flowc needs; update the package that adds it"
    if backend.protocol != PROTOCOL:
        update = "flowc" if backend.protocol > PROTOCOL else "the package that adds it"
        return f"it is made for version {backend.protocol} of the protocol, and this flowc has {PROTOCOL}; update {update}"
    return "" if backend.name == name else f"it calls itself `{backend.name}`; its entry point must have that name"


def _added() -> Mapping[str, EntryPoint]:
    return _read_entry_points(tuple((place, _changed_at(place)) for place in sys.path))


@lru_cache(maxsize=1)
def _read_entry_points(places: Hashable) -> Mapping[str, EntryPoint]:
    """Of all packages on the path, which takes longer than a small diagram; again where one has come or gone."""
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group="flowc.backends")}


def _changed_at(place: str) -> int | None:
    try:
        return os.stat(place or ".").st_mtime_ns
    except OSError:
        return None


__all__ = ["PROTOCOL", "Backend", "File", "Options", "Printed", "Refused", "Unusable", "answerable", "find", "names"]

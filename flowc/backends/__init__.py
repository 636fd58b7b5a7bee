"""Backends: printers of programs, found by name. Others are added by the entry point group `flowc.backends`."""

from __future__ import annotations

from importlib import import_module

from flowc.backends.backend import Backend, Options, Refused

BUILT_IN = {"numpy": "NumpyBackend", "torch": "TorchBackend"}


def names() -> tuple[str, ...]:
    """Every backend's name, the built-in ones first."""
    return (*BUILT_IN, *sorted(set(_added()) - set(BUILT_IN)))


def find(name: str) -> Backend:
    """The backend of that name. Raises KeyError for a name that none has."""
    if name in BUILT_IN:
        return getattr(import_module(f"flowc.backends.{name}"), BUILT_IN[name])()
    return _added()[name].load()()


def _added() -> dict:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group="flowc.backends")}


__all__ = ["Backend", "Options", "Refused", "find", "names"]

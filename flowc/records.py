"""Frozen records: what a frozen dataclass with slots is, in a class that takes a fiftieth of the time to make.

A dataclass writes and compiles eight methods for each class whenever flowc starts: of a hundred classes a fifth of what it
takes to compile a small diagram. Records have theirs in common; mypy, and `fields` and `replace` of `dataclasses`, see no
difference. A dataclass is what changes, what computes a field or makes a default, and what a large diagram has many of, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import Field, FrozenInstanceError, dataclass
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, NoReturn, cast, dataclass_transform

_set_field = object.__setattr__


@dataclass_transform(frozen_default=True)
class RecordType(type):
    """Makes a class of records: its annotated fields become slots. With `eq=False`, a record is equal to itself alone."""

    field_names: tuple[str, ...] = ()
    _defaults: Mapping[str, Any] = {}

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any], eq: bool = True) -> RecordType:
        annotations = space.get("__annotations__", {}).items()
        fields = [field for field, kind in annotations if not kind.startswith("ClassVar")]
        space["__slots__"] = (*fields, *space.get("__slots__", ()))
        if fields:
            base = next((base for base in bases if isinstance(base, RecordType)), RecordType)
            names = (*base.field_names, *fields)
            defaults = {field: space.pop(field) for field in fields if field in space}
            space |= {"field_names": names, "__match_args__": names, "_defaults": {**base._defaults, **defaults}}
            space["field_values"] = property(attrgetter(*names) if names[1:] else lambda self: (getattr(self, names[0]),))
        if not eq:
            space |= {"__eq__": object.__eq__, "__hash__": object.__hash__}
        return super().__new__(mcs, name, bases, space)


@dataclass
class _Example:
    field: Any


@cache
def _dataclass_fields(names: tuple[str, ...]) -> dict[str, Field[Any]]:
    fields = {name: copy(_Example.__dataclass_fields__["field"]) for name in names}
    for name, field in fields.items():
        field.name = name
    return fields


class _Fields:
    """What `dataclasses` looks for, made when it does."""

    def __get__(self, record: object, kind: RecordType) -> dict[str, Field[Any]]:
        return _dataclass_fields(kind.field_names)


class Record(metaclass=RecordType):
    """Two of one class with equal fields are equal. What has a `cached_property` says `__slots__ = ("__dict__",)`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]] = cast("dict[str, Field[Any]]", _Fields())
    field_names: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[Mapping[str, Any]] = {}

    @property
    def field_values(self) -> tuple[Any, ...]:
        return ()

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.field_names
        if named or len(values) != len(names):
            values = self._complete(values, named)
        for name, value in zip(names, values):
            _set_field(self, name, value)

    def _complete(self, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """All values, where some are told by name or have their default. Raises TypeError."""
        names = self.field_names[len(values) :]
        rest = {**self._defaults, **named}
        try:
            values = (*values, *[rest[name] for name in names])
        except KeyError as error:
            raise TypeError(f"{self.__class__.__name__} lacks {error}") from None
        if len(values) > len(self.field_names) or named and not named.keys() <= {*names}:
            raise TypeError(f"{self.__class__.__name__} takes {', '.join(self.field_names)}")
        return values

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return self is other or self.__class__ is other.__class__ and self.field_values == other.field_values

    def __hash__(self) -> int:
        return hash(self.field_values)

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in zip(self.field_names, self.field_values)]
        return f"{self.__class__.__qualname__}({', '.join(parts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, self.field_values

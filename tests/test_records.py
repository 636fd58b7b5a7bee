"""Records do what frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import ClassVar, Generic, TypeVar, get_type_hints

import pytest

from flowc.records import Record

T = TypeVar("T")


class Point(Record):
    """Beside it the dataclass of the same name."""

    x: int
    y: str = "low"
    kind: ClassVar[str] = "place"


class Deep(Point, Generic[T]):
    z: T | None = None


class Alone(Record):
    x: int


class Nothing(Record):
    pass


class Thing(Record, eq=False):
    x: int


class Sum(Record):
    __slots__ = ("__dict__",)
    terms: tuple[int, ...]

    @cached_property
    def total(self) -> int:
        return sum(self.terms)


def as_dataclass():
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: str = "low"

    Point.__qualname__ = "Point"
    return Point


RECORDS = [Point(1), Point(1, "high"), Point(y="high", x=2), Deep(1, "high", (2,)), Alone(3), Nothing()]


def test_it_takes_values_in_order_and_by_name_as_a_dataclass_does():
    other = as_dataclass()
    for make in (lambda c: c(1), lambda c: c(1, "high"), lambda c: c(y="high", x=2), lambda c: c(1, y="high")):
        assert repr(make(Point)) == repr(make(other))


@pytest.mark.parametrize("make", [lambda: Point(), lambda: Point(1, "a", 2), lambda: Point(1, x=2), lambda: Point(1, z=2)])
def test_other_values_are_a_type_error(make):
    with pytest.raises(TypeError, match="Point"):
        make()


@pytest.mark.parametrize("record", RECORDS, ids=repr)
def test_copies_are_equal_and_have_one_hash(record):
    for other in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record)), replace(record)):
        assert other == record and other is not record and hash(other) == hash(record) and type(other) is type(record)


def test_those_of_another_class_or_with_other_values_are_not_equal():
    assert len({*RECORDS}) == len(RECORDS)
    assert Point(1) != Deep(1) and Point(1) != (1, "low")


def test_without_equality_a_record_is_equal_to_itself_alone():
    thing = Thing(1)
    assert thing in [thing] and thing != Thing(1) and len({thing, Thing(1)}) == 2


@pytest.mark.parametrize("change", [lambda p: setattr(p, "x", 2), lambda p: setattr(p, "w", 2), lambda p: delattr(p, "x")])
def test_it_is_frozen(change):
    with pytest.raises(FrozenInstanceError):
        change(Point(1))


def test_it_has_no_room_but_for_its_fields():
    assert not hasattr(Point(1), "__dict__") and Point.kind == "place"
    assert Sum((1, 2)).total == 3


def test_the_standard_library_takes_it_for_a_dataclass():
    assert is_dataclass(Point) and [field.name for field in fields(Deep)] == ["x", "y", "z"]
    assert replace(Point(1), y="high") == Point(1, "high")
    with pytest.raises(TypeError):
        replace(Point(1), z=3)
    assert get_type_hints(Point)["y"] is str


def test_patterns_have_its_fields_in_order():
    match Deep(1, "high", 2):
        case Deep(x, y, z):
            assert (x, y, z) == (1, "high", 2)

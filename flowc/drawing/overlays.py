"""The steps of a picture as one: every mark once, and in which of the steps it is seen. Slides show these one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flowc.drawing.picture import Group, Mark, Picture
from flowc.records import Record

Key = tuple[str, str, int]  # of a group: its kind, its name, and its number among those of that name
Span = tuple[int, int]  # the first and the last of the steps, counted from 0


class Overlay(Record):
    """Marks that are seen together, without a break from the first step of the span to the last."""

    span: Span
    marks: tuple[Mark, ...]


class Overlays(Record):
    """A group of all the steps, its marks in the order that they are painted."""

    group: Group  # as it is in the first step that has it
    parts: tuple[Overlay, ...]


def overlay_groups(pictures: Sequence[Picture]) -> Iterator[Overlays]:
    """The groups of all steps in the order that each of them has."""
    named = [dict(_name_groups(picture.groups)) for picture in pictures]
    for key in _merge_orders([list(groups) for groups in named]):
        versions = [groups.get(key) for groups in named]
        yield Overlays(next(g for g in versions if g is not None), tuple(_overlays_of(versions)))


def _name_groups(groups: Iterable[Group]) -> Iterator[tuple[Key, Group]]:
    """Each with a key of its own: those without a name by their number."""
    counts: dict[tuple[str, str], int] = {}
    for group in groups:
        key = group.kind, group.name
        counts[key] = counts.get(key, 0) + 1
        yield (*key, counts[key]), group


def _merge_orders(orders: Sequence[list[Key]]) -> list[Key]:
    """All keys, each after those that it comes after somewhere; the orders do not contradict one another."""
    merged: list[Key] = []
    places: set[Key] = set()
    for order in orders:
        at = 0
        for key in order if not places.issuperset(order) else ():
            if key in places:
                at = merged.index(key) + 1
            else:
                merged.insert(at, key)
                places.add(key)
                at += 1
    return merged


def _overlays_of(versions: Sequence[Group | None]) -> Iterator[Overlay]:
    """The marks that each step has, neighbours that are seen together in one overlay."""
    steps_of: dict[tuple[int, Mark], list[int]] = {}
    for step, group in enumerate(versions):
        for place, mark in enumerate(group.marks if group is not None else ()):
            steps_of.setdefault((place, mark), []).append(step)
    # what is painted first in its own step is painted first; of one place no two are seen together
    spans = [(span, mark) for (_, mark), steps in sorted(steps_of.items(), key=lambda item: item[0][0]) for span in _spans_of(steps)]
    for span, alike in groupby(spans, key=lambda pair: pair[0]):
        yield Overlay(span, tuple(mark for _, mark in alike))


def _spans_of(steps: Sequence[int]) -> Iterator[Span]:
    """Numbers in order as spans without a break."""
    first = last = steps[0]
    for step in steps[1:]:
        if step > last + 1:
            yield first, last
            first = step
        last = step
    yield first, last

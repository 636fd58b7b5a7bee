"""What was drawn: every alternative of the grammar, every form of the tree, every record of a registry, counted.

What there is to draw is derived from `grammar/flow.lark`, `syntax/tree.py` and the registries, so that a construct which
is added and never drawn is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from flowc.maths.functions import FUNCTIONS
from flowc.maths.initialisers import INITIALISERS
from flowc.maths.optimisers import OPTIMISERS, SCHEDULES
from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.alternatives import alternatives, read_by
from flowc.syntax.parser import parse

Key = tuple[str, str]  # "grammar", "tree", "function", "initialiser", "optimiser" or "schedule", and what of it


class Census:
    """Counts what diagrams hold: each thing once for each of them that has it."""

    def __init__(self) -> None:
        self.counts: Counter[Key] = Counter()
        self.diagrams = 0

    def add(self, text: str, network: Any) -> None:
        """A valid text and its network."""
        self.diagrams += 1
        source = Source("drawn.flow", text)
        rules = {("grammar", rule) for rule in read_by(source)}
        self.counts.update(rules | {*_keys_of_tree(parse(source)), *_keys_of_records(network)})

    def merge(self, other: Census) -> None:
        self.counts += other.counts
        self.diagrams += other.diagrams

    def never(self) -> list[Key]:
        """What there is, and was not drawn."""
        return [key for key in possible() if not self.counts[key]]

    def lines(self) -> Iterator[str]:
        """A table as text: what there is, and how many diagrams have it."""
        kinds = dict.fromkeys(kind for kind, _ in possible())
        for kind in kinds:
            yield f"{kind}:"
            yield from (f"  {self.counts[key]:7}  {key[1]}" for key in possible() if key[0] == kind)


@cache
def possible() -> tuple[Key, ...]:
    """Everything that can be drawn."""
    records: dict[str, Iterable[str]] = {
        "function": FUNCTIONS, "initialiser": INITIALISERS, "optimiser": OPTIMISERS,
        "schedule": [s.setting for s in SCHEDULES],
    }  # fmt: skip
    return (
        *(("grammar", rule) for rule in alternatives()),
        *(("tree", form) for form in _tree_forms()),
        *((kind, name) for kind, names in records.items() for name in names),
    )


# -------------------------------------------------------------------- tree


@cache
def _tree_forms() -> tuple[str, ...]:
    """Every class of the tree, and the choices that its fields leave: a word among several, something or nothing."""
    classes = [c for c in vars(t).values() if isinstance(c, type) and is_dataclass(c) and c.__module__ == t.__name__]
    return tuple(form for c in classes for form in (c.__name__, *_field_choices(c)))


def _field_choices(cls: type) -> Iterator[str]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        hint = hints[field.name]
        words = get_args(hint) if get_origin(hint) is Literal else (False, True) if hint is bool else ()
        yield from (f"{cls.__name__} {field.name} {word}" for word in words)
        if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
            yield from (f"{cls.__name__} {'with' if there else 'without'} {field.name}" for there in (True, False))


def _keys_of_tree(item: Any) -> Iterator[Key]:
    if isinstance(item, tuple):
        for part in item:
            yield from _keys_of_tree(part)
    elif is_dataclass(item) and not isinstance(item, (Span, type)):
        cls = type(item)
        yield "tree", cls.__name__
        possible_here = set(_choices_of(cls))
        for field in fields(item):
            value = getattr(item, field.name)
            there = f"{cls.__name__} {'without' if value is None else 'with'} {field.name}"
            yield from (
                ("tree", form) for form in (there, f"{cls.__name__} {field.name} {value}") if form in possible_here
            )
            yield from _keys_of_tree(value)


@cache
def _choices_of(cls: type) -> tuple[str, ...]:
    return tuple(_field_choices(cls))


# ----------------------------------------------------------------- records


def _keys_of_records(network: Any) -> Iterable[Key]:
    """Functions of nodes, draws of weights, the method and the schedules of `train`."""
    yield from (("function", node.function) for node in network.nodes if node.function in FUNCTIONS)
    for weight in network.weights:
        name = getattr(weight.start, "initialiser", None)
        if name in INITIALISERS:
            yield "initialiser", name
    if network.train:
        yield "optimiser", network.train.method
        settings = dict(network.train.settings)
        yield from (("schedule", s.setting) for s in SCHEDULES if s.setting in settings)

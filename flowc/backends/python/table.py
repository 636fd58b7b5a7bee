"""A printer's table of spellings: which method spells which operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from flowc.backends.python.expression import Expression
from flowc.program.ir import Step
from flowc.program.ops.operation import Kind, Operation

Printer = TypeVar("Printer")
Spelled = Callable[[Printer, Step[Kind], Sequence[Expression]], Expression]


def spells(*kinds: type[Kind]) -> Callable[[Spelled[Printer, Kind]], Spelled[Printer, Kind]]:
    """Marks the method for these operations; subclasses override it by its name."""

    def mark_method(method: Spelled[Printer, Kind]) -> Spelled[Printer, Kind]:
        setattr(method, "spells", kinds)  # noqa: B010
        return method

    return mark_method


class Table:
    """`table`: for each operation the method of the class, or of the classes before it, that spells it."""

    table: ClassVar[dict[type[Operation], Callable[..., Expression]]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        members = [(name, vars(base)[name]) for base in reversed(cls.__mro__) for name in vars(base)]
        names = {kind: name for name, method in members for kind in getattr(method, "spells", ())}
        cls.table = {kind: getattr(cls, name) for kind, name in names.items()}

"""What every operation says of itself, and who asks: a step, and the writers, interpreters and bounds around it.

An operation is a frozen class, its constants its fields. All that flowc knows of it is in the class: the type of its
result, its meaning, its derivative, how it is taken apart into single numbers, between which numbers it lies. How it is
spelled is in a table of each printer, and a test names what a table lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, cast

from flowc.maths.scalar import VOCABULARY
from flowc.program.elements import Elements, Value, indices
from flowc.program.values import Arg, Symbol, Type, broadcast
from flowc.records import Record
from flowc.source import NOWHERE, Span

if TYPE_CHECKING:  # for mypy alone: a `Step` is one of any operation
    from typing_extensions import TypeVar

    Op_co = TypeVar("Op_co", bound="Operation", default="Operation", covariant=True)
else:
    from typing import TypeVar

    Op_co = TypeVar("Op_co", bound="Operation", covariant=True)

Kind = TypeVar("Kind", bound="Operation")

How = Literal["sum", "mean"]
Bounds = tuple[float, float]
ANY: Bounds = (-inf, inf)
FACTORS = 16  # of a product that stays one: opened in the derivatives of all its factors, it would be quadratic


class Operation(Record):
    """The methods take the step for its arguments and its symbol; `args` are what those have become. A class's constants are
    its fields; two operations of one class with equal constants are one.

    `called`: formulas of function records may call it by its name. `decides`: it has a jump or a kink, where the last
    digit of an argument may decide. `view`: the numbers of its argument in another order or shape, which costs nothing.
    """

    name: ClassVar[str]
    called: ClassVar[bool] = False
    decides: ClassVar[bool] = False
    view: ClassVar[bool] = False

    def result_type(self, types: Sequence[Type]) -> Type:
        """The result's type, from those of the arguments. Raises IllTyped."""
        raise NotImplementedError(self.name)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """The reference meaning, of arrays; the machine broadcasts the result to the type."""
        raise NotImplementedError(self.name)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """The gradient of `step.args[place]`, from the gradient d of the value; the number 0 where nothing comes through.

        Before sums over what was repeated: see `Builder.fit`. Source of the formulas: Griewank and Walther 2008,
        Evaluating Derivatives, chapter 3.
        """
        return 0.0

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """The elements of the result, row by row, from those of the arguments."""
        raise NotImplementedError(self.name)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        """How large the terms were that led to the value, of arguments x that have the scales s: what rounding can do to
        it, to first order. Of what is linear the same of the scales; 0 where all that counts is the value itself."""
        return self.value(m, step, *s)

    def distance(self, m: Machine, x: Sequence[Any], s: Sequence[Any]) -> tuple[Any, Any] | None:
        """How far arguments are from where the value jumps, and on what scale, if there is such a place."""
        return None

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        """The least and the greatest value as far as formulas say, in a program of single numbers; nan aside."""
        return ANY


@dataclass(frozen=True, slots=True)
class Step(Generic[Op_co]):
    """`symbol` = `op`(`args`). `span` is the statement it comes from, `comment` that statement's own."""

    symbol: Symbol
    op: Op_co
    args: tuple[Arg, ...]
    span: Span = NOWHERE
    comment: str | None = None


def step_of(step: Step | None, kind: type[Kind]) -> Step[Kind] | None:
    """The step, if it is there and of that kind of operation."""
    return cast("Step[Kind]", step) if step is not None and isinstance(step.op, kind) else None


def steps_of(steps: Iterable[Step], kind: type[Kind]) -> Iterator[Step[Kind]]:
    """Those of that kind of operation."""
    return (cast("Step[Kind]", step) for step in steps if isinstance(step.op, kind))


class Elementwise(Operation):
    """Of each element alone: numbers, values of equal token shape, single axes that repeat (as numpy), and values that
    are not batched; a batched scalar meets a vector only after `lift`."""

    def result_type(self, types: Sequence[Type]) -> Type:
        return broadcast(types)

    def number(self, *args: float) -> float:
        """The value of plain numbers. Raises ArithmeticError, ValueError or TypeError where there is none."""
        return VOCABULARY[self.name](*args)

    def single(self, w: NumberWriter, args: Sequence[Arg]) -> Arg:
        """One element of the result."""
        return w.emit(self, *args)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return each(step, args, lambda here: self.single(w, here))


def each(step: Step, args: Sequence[Value], single: Callable[[list[Arg]], Arg]) -> Elements:
    """For every element of a result what `single` makes of the elements that it meets."""
    return tuple(single([v.at(index) for v in args]) for index in indices(step.symbol.type.shape))


# ------------------------------------------------------------------------------------------------------------ who asks


class Machine(Protocol):
    """Computes values; `np` is numpy, `batch` the number of tokens."""

    np: ModuleType
    batch: int

    def evaluate(self, step: Step, args: Sequence[Any]) -> Any: ...

    def opened(self, step: Step) -> tuple[Sequence[Step], Arg]:
        """The steps of an application's formula, and its result."""

    def opened_pullback(
        self, function: str, parameters: tuple[float, ...], symbols: Mapping[str, Symbol]
    ) -> tuple[Sequence[Step], Arg]:
        """The steps of what an activation hands on, and the result; `symbols` are xi, h and d."""


class Writer(Protocol):
    """Writes the steps of derivatives: `program/builder.py`."""

    steps: list[Step]

    def emit(self, op: Operation, *args: Arg) -> Symbol: ...
    def write(self, formula: str, names: Mapping[str, Arg]) -> Arg: ...
    def add(self, args: tuple[Arg, ...], signs: tuple[int, ...] | None = None) -> Arg: ...
    def negative(self, arg: Arg) -> Arg: ...
    def multiply(self, *args: Arg) -> Arg: ...
    def divide(self, a: Arg, b: Arg) -> Arg: ...
    def power(self, a: Arg, b: Arg) -> Arg: ...
    def reduce(self, how: How, x: Arg, batch: bool = False, axes: tuple[int, ...] = (), keep: bool = False) -> Arg: ...
    def total(self, x: Arg, batch: bool) -> Arg: ...
    def fit(self, x: Arg, wanted: Type) -> Arg: ...
    def drop(self, x: Arg, positions: tuple[int, ...]) -> Arg: ...
    def spread(self, x: Arg, wanted: Type) -> Symbol: ...


class NumberWriter(Protocol):
    """Writes steps of single numbers: `program/scalar_writer.py`."""

    @property
    def tokens(self) -> Arg: ...
    def emit(self, op: Operation, *args: Arg) -> Symbol: ...
    def zero(self) -> Symbol: ...
    def add(self, args: tuple[Arg, ...], signs: tuple[int, ...] | None = None) -> Arg: ...
    def multiply(self, *args: Arg) -> Arg: ...
    def divide(self, a: Arg, b: Arg) -> Arg: ...
    def power(self, a: Arg, b: Arg) -> Arg: ...
    def over_batch(self, how: How, x: Arg) -> Arg: ...
    def mean(self, total: Arg, size: int) -> Arg: ...
    def opened(self, step: Step) -> tuple[Sequence[Step], Arg]: ...


class Ranges:
    """Between which numbers every value of a scalar program lies, as far as its formulas say; nan aside.

    Python raises where numpy gives inf or nan: exp(1000), 1 / 0, log(0). The bounds of the steps added so far, in order,
    tell where that cannot be.
    """

    def __init__(self) -> None:
        self._of: dict[Symbol, Bounds] = {}
        self._made: dict[Symbol, Step] = {}

    def __getitem__(self, arg: Arg) -> Bounds:
        return self._of.get(arg, ANY) if isinstance(arg, Symbol) else (arg, arg)

    def add(self, step: Step) -> None:
        low, high = step.op.bounds(self, step, [self[a] for a in step.args])
        self._made[step.symbol] = step
        self._of[step.symbol] = -inf if isnan(low) else low, inf if isnan(high) else high

    def made(self, arg: Arg, kind: type[Kind]) -> Step[Kind] | None:
        """The step that made a value, if it is that operation."""
        return step_of(self._made.get(arg), kind) if isinstance(arg, Symbol) else None

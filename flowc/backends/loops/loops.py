"""Loops over the elements of arrays, as statements: what is written in them, and how their variables are called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Expression, Index, Name, Number, Statement
from flowc.backends.code.typed import Braces, Count, Declare
from flowc.backends.loops.words import Words
from flowc.program.ir import Arg, Step
from flowc.program.ops import Reduce
from flowc.program.values import Shape

At = tuple[Expression, ...]  # where in an array: the place on each axis
Atom = Callable[[At], Expression]  # how the element of an array is written

LETTERS = "ijklmnopq"
ZERO = Number("0")


class LocalNames:
    """Names of variables that loops have, the same in all functions of a file: `i`, `j`, ..., `sum`, `sum_2`."""

    def __init__(self, fresh: Callable[[str], str]):
        self.fresh = fresh
        self.letters = [fresh(letter) for letter in LETTERS]
        self._names: dict[str, list[str]] = {}

    def name(self, base: str, place: int) -> str:
        names = self._names.setdefault(base, [])
        while len(names) <= place:
            names.append(self.fresh(base))
        return names[place]


class Loops(ABC):
    """Statements that are being written, in loops. `tokens` is the number of tokens, `kind` that of numbers."""

    def __init__(self, words: Words, names: LocalNames, tokens: Expression, kind: str):
        self.words, self.names, self.tokens, self.kind = words, names, tokens, kind
        self.body: list[Statement] = []
        self.grown = ""  # the name of a value that is nothing but a sum, until the sum has it
        self.depth = 0  # how many loops over elements there are around
        self.in_use: Counter[str] = Counter()  # how many variables of a name are in use
        self.meshes: Any = None  # what the language says of meshes, `meshes.MeshWriter`, if it has them

    @abstractmethod
    def element(self, arg: Arg, at: At) -> Expression:
        """One element of an argument; a number, and an axis of one element, repeat. Statements before it are written."""

    def loop(self, shape: Shape, line: Callable[[At], Statement]) -> None:
        """`line` for each place of an array of this shape, in loops."""
        runs = [n for n in shape if n > 1]
        variables = self.names.letters[self.depth : self.depth + len(runs)]
        waiting = iter(variables)
        outer, self.body = self.body, []
        self.depth += len(runs)
        in_use = self.in_use.copy()
        self.body.append(line(tuple(Name(next(waiting)) if n > 1 else ZERO for n in shape)))
        statements, self.body = self.body, outer
        self.depth -= len(runs)
        if runs:
            self.in_use = in_use
        for variable, size in reversed(list(zip(variables, runs, strict=True))):
            statements = [Count(variable, ZERO, whole_number(size), tuple(statements))]
        self.body += statements

    def looped(self, shape: Shape, line: Callable[[At], Statement]) -> list[Statement]:
        """The loops alone, as statements."""
        outer, self.body = self.body, []
        self.loop(shape, line)
        statements, self.body = self.body, outer
        return statements

    def copied(self, shape: Shape, to: Atom, of: Atom, operator: str = "") -> list[Statement]:
        """One array into another, element by element."""
        return self.looped(shape, lambda at: assign(to(at), of(at), operator))

    def variable(self, base: str) -> str:
        """A name that is free here, or that of the value itself; where a loop ends, the names of its variables are free again."""
        if self.grown:
            name, self.grown = self.grown, ""
            return name
        self.in_use[base] += 1
        return self.names.name(base, self.in_use[base] - 1)

    def total(self, shape: Shape, term: Callable[[At], Expression], start: str = "sum", operator: str = "+") -> Expression:
        """The sum of `term` over all places of this shape, in a variable."""
        if not shape:
            return term(())
        name = self.variable(start)
        self.body.append(Declare(self.kind, name, (), self.words.number(1.0 if operator == "*" else 0.0)))
        self.loop(shape, lambda at: assign(name, term(at), operator))
        return Name(name)

    def reduced(self, step: Step[Reduce], at: At, shape: Shape, term: Callable[[At], Expression]) -> Expression:
        """The sum of an argument's elements over axes of this shape; `at` is where in the result."""
        return self.total(shape, term)


def element(array: Expression, at: At) -> Expression:
    return Index(array, at) if at else array


def whole_number(n: int) -> Number:
    return Number(str(n))


def braces(numbers: Sequence[float], shape: Shape, words: Words) -> Expression:
    """Numbers, row by row, as an array is initialised."""
    if not shape:
        return words.number(numbers[0])
    size = prod(shape[1:])
    return Braces(tuple(braces(numbers[k * size : (k + 1) * size], shape[1:], words) for k in range(shape[0])))


def flattened(numbers: Any) -> list[float]:
    """Those of rows in rows, one after the other."""
    return [x for row in numbers for x in flattened(row)] if isinstance(numbers, tuple | list) else [float(numbers)]

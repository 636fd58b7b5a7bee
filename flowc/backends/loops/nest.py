"""Steps as statements: every array element by element, in loops; what is written inside a formula stays inside.

A value that is an array of its own is declared and filled in a loop, whose innermost line is the formula of one element.
A part of a formula is read where it is used, element by element: that costs no array, and no loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.tree import (
    Compare,
    Conditional,
    Expression,
    If,
    Index,
    Name,
    Negative,
    Noted,
    Number,
    Statement,
)
from flowc.backends.code.typed import Braces, Count, Declare
from flowc.backends.loops.stages import adds_tokens
from flowc.backends.loops.words import Words
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import step_of
from flowc.program.ops.fused import CountOf
from flowc.program.values import Shape, type_of

At = tuple[Expression, ...]  # where in an array: the place on each axis
Atom = Callable[[At], Expression]  # how the element of an array is written

LARGE = 4096  # numbers of an array that is no longer put on the stack
LETTERS = "ijklmnopq"
VIEWS = (ops.Select, ops.Lift, ops.Drop, ops.Reshape, ops.Spread, ops.Copy)
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


class Nest:
    """Writes steps. `atoms`: how the elements of arguments and results are written, which are not declared here; `names`
    are those of what the steps have no name for; `tokens` is the number of tokens."""

    def __init__(
        self, words: Words, name_of: Callable[[Symbol], str], names: LocalNames, atoms: Mapping[Symbol, Atom],
        tokens: Expression, kind: str,
    ):  # fmt: skip
        self.words, self.name_of, self.names, self.kind = words, name_of, names, kind
        self.atoms, self.tokens = dict(atoms), tokens
        self.inside: dict[Symbol, Step] = {}
        self.body: list[Statement] = []
        self.remarks: Mapping[Symbol, str] = {}  # what is said beside a step
        self.grown = ""  # the name of a value that is nothing but a sum, until the sum has it
        self.depth = 0  # how many loops over elements there are around
        self.in_use: Counter[str] = Counter()  # how many of these are in use

    # -------------------------------------------------------------------------------------------------------- entrance

    def written(self, steps: Sequence[Step], inside: Iterable[Symbol]) -> list[Statement]:
        """The statements of these steps; `inside` are those that stand in the formula of another."""
        chosen = set(inside)
        outer, self.body = self.body, []
        for step in steps:
            if step.symbol in chosen:
                self.inside[step.symbol] = step
                continue
            first = len(self.body)
            self._define(step)
            if self.remarks.get(step.symbol):
                self.body[first] = Noted(self.body[first], self.remarks[step.symbol])
        statements, self.body = self.body, outer
        return statements

    def _define(self, step: Step) -> None:
        """The value in a place of its own: a variable, an array, a result, or a sum over the tokens that grows."""
        special, constant = _ARRAYS.get(type(step.op)), step_of(step, ops.Constant)
        symbol = step.symbol
        if adds_tokens(step):
            self._fill(symbol, lambda at: self._grow(step, at))
        elif constant and symbol not in self.atoms:
            self._declare_constant(constant)
        elif special and symbol not in self.atoms:
            special(self, step, self._declared(symbol))
        elif prod(symbol.type.shape) > 1 or symbol in self.atoms:
            place = self.atoms.get(symbol) or self._declared(symbol)
            if special:
                special(self, step, place)
            else:
                self._fill(symbol, lambda at: assign(place(at), self.of_step(step, at)))
        else:
            name = self.named(symbol)
            self.grown = name if _grows(step) else ""
            value = self.of_step(step, (ZERO,) * len(symbol.type.shape))
            self.grown = ""
            if value != Name(name):
                self.body.append(Declare(self.kind, name, (), value))

    def looped(self, shape: Shape, line: Callable[[At], Statement]) -> list[Statement]:
        """The loops alone, as statements."""
        outer, self.body = self.body, []
        self.loop(shape, line)
        statements, self.body = self.body, outer
        return statements

    def copied(self, shape: Shape, to: Atom, of: Atom, operator: str = "") -> list[Statement]:
        """One array into another, element by element."""
        return self.looped(shape, lambda at: assign(to(at), of(at), operator))

    def named(self, symbol: Symbol) -> str:
        """The name of a variable for a value, whose elements are read there from now on."""
        name = self.name_of(symbol)
        self.atoms[symbol] = lambda at: element(Name(name), at if prod(symbol.type.shape) > 1 else ())
        return name

    def _declared(self, symbol: Symbol, value: Expression | None = None) -> Atom:
        """An array, which is filled later."""
        name = self.named(symbol)
        self.body.append(Declare(self.kind_of(symbol.type.shape), name, symbol.type.shape if prod(symbol.type.shape) > 1 else (), value))
        return self.atoms[symbol]

    def _declare_constant(self, step: Step[ops.Constant]) -> None:
        numbers: Any = step.op.numbers
        shape = step.symbol.type.shape
        if prod(shape) == 1:
            for _ in shape:
                (numbers,) = numbers
            shape = ()
        value = nested_braces(numbers, self.words)
        self.body.append(Declare(f"static const {self.kind}", self.named(step.symbol), shape, value))

    def kind_of(self, shape: Shape) -> str:
        """Of a variable: what is large has one place of its own, and not one for each call."""
        return f"static {self.kind}" if prod(shape) > LARGE else self.kind

    def _grow(self, step: Step, at: At) -> Statement:
        value = self.of_step(step, at)
        place = self.atoms[step.symbol](at)
        return assign(place, value.operand, "-") if isinstance(value, Negative) else assign(place, value, "+")

    def _fill(self, symbol: Symbol, line: Callable[[At], Statement]) -> None:
        self.loop(symbol.type.shape, line)

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
            statements = [Count(variable, ZERO, Number(str(size)), tuple(statements))]
        self.body += statements

    def variable(self, base: str) -> str:
        """A name that is free here, or that of the value itself; where a loop ends, the names of its variables are free again."""
        if self.grown:
            name, self.grown = self.grown, ""
            return name
        self.in_use[base] += 1
        return self.names.name(base, self.in_use[base] - 1)

    # -------------------------------------------------------------------------------------------------------- elements

    def element(self, arg: Arg, at: At) -> Expression:
        """One element of an argument; a number, and an axis of one element, repeat."""
        if not isinstance(arg, Symbol):
            return self.words.number(arg)
        shape = arg.type.shape
        here = tuple(ZERO if n == 1 else a for n, a in zip(shape, at[len(at) - len(shape) :], strict=True)) if shape else ()
        step = self.inside.get(arg)
        return self.of_step(step, here) if step else self.atoms[arg](here)

    def of_step(self, step: Step, at: At) -> Expression:
        """One element of a step's value. Statements that it needs before it are written."""
        special = _ELEMENTS.get(type(step.op))
        if special:
            return special(self, step, at)
        return self.words.spelled(step, [self.element(a, at) for a in step.args])

    def total(self, shape: Shape, term: Callable[[At], Expression], start: str = "sum", operator: str = "+") -> Expression:
        """The sum of `term` over all places of this shape, in a variable."""
        if not shape:
            return term(())
        name = self.variable(start)
        self.body.append(Declare(self.kind, name, (), self.words.number(1.0 if operator == "*" else 0.0)))
        self.loop(shape, lambda at: assign(name, term(at), operator))
        return Name(name)


def nested_braces(numbers: Any, words: Words) -> Expression:
    """Numbers in rows of rows, as an array is initialised."""
    if isinstance(numbers, tuple | list):
        return Braces(tuple(nested_braces(row, words) for row in numbers))
    return words.number(float(numbers))


def _grows(step: Step) -> bool:
    """Whether its value is what grows in a loop, and nothing more."""
    match step.op:
        case ops.Reduce(how="sum", axes=axes):
            return bool(axes)
        case ops.Contract(spec=spec):
            return any(c not in spec.target for letters in spec.letters for c in letters)
    return isinstance(step.op, ops.Largest | ops.Greatest | ops.Prod)


def element(array: Expression, at: At) -> Expression:
    return Index(array, at) if at else array


# ------------------------------------------------------------------------------------------- elements, by their operation


def _select(nest: Nest, step: Step[ops.Select], at: At) -> Expression:
    waiting, places = list(at), list[Expression]()
    for pick in step.op.index:
        if isinstance(pick, int):
            places.append(Number(str(pick)))
        else:
            places.append(shifted(waiting.pop(0), pick[0]))
    return nest.element(step.args[0], (*places, *waiting))


def shifted(place: Expression, by: int) -> Expression:
    if isinstance(place, Number):
        return Number(str(int(place.digits) + by))
    return e.total([(1, place), (1, Number(str(by)))]) if by else place


def _lift(nest: Nest, step: Step[ops.Lift], at: At) -> Expression:
    if not type_of(step.args[0]).shape:
        return nest.element(step.args[0], ())
    return nest.element(step.args[0], tuple(a for k, a in enumerate(at) if k not in step.op.positions))


def _drop(nest: Nest, step: Step[ops.Drop], at: At) -> Expression:
    places = list(at)
    for position in sorted(step.op.positions):
        places.insert(position, ZERO)
    return nest.element(step.args[0], tuple(places))


def _reshape(nest: Nest, step: Step[ops.Reshape], at: At) -> Expression:
    """Axes of one element come and go; else places are counted through."""
    shape, source = step.symbol.type.shape, type_of(step.args[0]).shape
    if [n for n in shape if n > 1] == [n for n in source if n > 1]:
        waiting = [a for a, n in zip(at, shape, strict=True) if n > 1]
        return nest.element(step.args[0], tuple(waiting.pop(0) if n > 1 else ZERO for n in source))
    place = flat_place(at, shape)
    places: list[Expression] = []
    for k, n in enumerate(source):
        stride = prod(source[k + 1 :])
        here = e.quotient(place, Number(str(stride))) if stride > 1 else place
        places.append(e.product([here, Number(str(n))], "%") if k else here)
    return nest.element(step.args[0], tuple(places))


def flat_place(at: At, shape: Shape) -> Expression:
    """The place in an array, whose elements are counted row by row."""
    terms: list[Expression] = []
    for k, place in enumerate(at):
        stride = prod(shape[k + 1 :])
        if isinstance(place, Number):
            if place.digits != "0":
                terms.append(Number(str(int(place.digits) * stride)))
        else:
            terms.append(e.product([Number(str(stride)), place]) if stride > 1 else place)
    return e.total([(1, term) for term in terms]) if terms else ZERO


def _zeros(nest: Nest, step: Step, at: At) -> Expression:
    return nest.words.number(0.0)


def _count(nest: Nest, step: Step[ops.Count], at: At) -> Expression:
    size = step.op.size if isinstance(step.op, CountOf) else prod(type_of(step.args[0]).shape)
    if step.op.of == "token":
        return nest.words.number(float(size))
    tokens = nest.words.as_number(nest.tokens)
    return tokens if step.op.of == "batch" or size == 1 else e.product([nest.words.number(float(size)), tokens])


def _contract(nest: Nest, step: Step[ops.Contract], at: At) -> Expression:
    spec = step.op.spec
    sizes = spec.sizes([type_of(a).shape for a in step.args])
    here = dict(zip(spec.target, at, strict=True))
    summed = [c for c in sizes if c not in spec.target]

    def term(inner: At) -> Expression:
        places = {**here, **dict(zip(summed, inner, strict=True))}
        pairs = sorted(zip(step.args, spec.letters, strict=True), key=lambda pair: not is_weight(pair[0]))
        factors = [nest.element(a, tuple(places[c] for c in letters)) for a, letters in pairs]
        return e.product(factors) if len(factors) > 1 else factors[0]

    return nest.total(tuple(sizes[c] for c in summed), term)


def is_weight(arg: Arg) -> bool:
    return isinstance(arg, Symbol) and arg.kind == "weight"


def _reduce(nest: Nest, step: Step[ops.Reduce], at: At) -> Expression:
    """Over axes of a token; the sum over the tokens grows around it."""
    op, shape = step.op, type_of(step.args[0]).shape
    waiting = list(at) if not op.keep else [a for k, a in enumerate(at) if k not in op.axes]

    def term(inner: At) -> Expression:
        outer, axes = list(waiting), list(inner)
        return nest.element(step.args[0], tuple(axes.pop(0) if k in op.axes else outer.pop(0) for k in range(len(shape))))

    total = nest.total(tuple(shape[k] for k in sorted(op.axes)), term)
    if op.how == "sum" or op.batch:
        return total
    return e.quotient(total, nest.words.number(float(prod(shape[k] for k in op.axes))))


def _largest(nest: Nest, step: Step, at: At) -> Expression:
    """Of the last axis; nan, where there is one."""
    x = step.args[0]
    shape = type_of(x).shape
    row = at[: len(shape) - 1]
    name = nest.variable("largest")
    nest.body.append(Declare(nest.kind, name, (), nest.element(x, (*row, ZERO))))

    def compared(inner: At) -> Statement:
        here = nest.element(x, (*row, *inner))
        condition = Compare((("", e.compare(here, ">", Name(name))), ("or", e.compare(here, "!=", here))))
        return If(condition, (assign(name, here),))

    nest.loop(shape[-1:], compared)
    return Name(name)


def _prod(nest: Nest, step: Step[ops.Prod], at: At) -> Expression:
    return nest.total(type_of(step.args[0]).shape[-1:], lambda inner: nest.element(step.args[0], (*at, *inner)), "product", "*")


def _others(nest: Nest, step: Step[ops.Others], at: At) -> Expression:
    """The product of all the others."""
    *row, place = at

    def factor(inner: At) -> Expression:
        here = nest.element(step.args[0], (*row, *inner))
        return Conditional(e.compare(inner[0], "!=", place), here, nest.words.number(1.0))

    return nest.total(type_of(step.args[0]).shape[-1:], factor, "product", "*")


_ELEMENTS: dict[type[ops.Operation], Callable[..., Expression]] = {
    ops.Select: _select, ops.Lift: _lift, ops.Drop: _drop, ops.Reshape: _reshape, ops.ZerosLike: _zeros, ops.Count: _count,
    CountOf: _count, ops.Contract: _contract, ops.Reduce: _reduce, ops.Largest: _largest, ops.Greatest: _largest,
    ops.Prod: _prod, ops.Others: _others,
}  # fmt: skip


# ------------------------------------------------------------------------------------- whole arrays, by their operation


def _stack(nest: Nest, step: Step[ops.Stack], place: Atom) -> None:
    for k, arg in enumerate(step.args):
        nest.body.append(assign(place((Number(str(k)),)), nest.element(arg, ())))


def _assemble(nest: Nest, step: Step[ops.Assemble], place: Atom) -> None:
    from flowc.program.elements import indices

    for index, (coefficient, argument) in zip(indices(step.op.shape), step.op.entries, strict=True):
        at = tuple(Number(str(i)) for i in index)
        value = nest.words.number(coefficient)
        if argument is not None:
            one = nest.element(step.args[argument], ())
            value = one if coefficient == 1 else e.negative(one) if coefficient == -1 else e.product([value, one])
        nest.body.append(assign(place(at), value))


def _place(nest: Nest, step: Step[ops.Place], place: Atom) -> None:
    """Zeros, and then what is put among them."""
    nest.loop(step.op.shape, lambda at: assign(place(at), nest.words.number(0.0)))

    def put(at: At) -> Statement:
        waiting, places = list(at), list[Expression]()
        for pick in step.op.index:
            places.append(Number(str(pick)) if isinstance(pick, int) else shifted(waiting.pop(0), pick[0]))
        return assign(place((*places, *waiting)), nest.element(step.args[0], at))

    from flowc.program.values import selected

    nest.loop(selected(step.op.shape, step.op.index), put)


def _constant(nest: Nest, step: Step[ops.Constant], place: Atom) -> None:
    from flowc.program.elements import indices

    for index in indices(step.symbol.type.shape):
        number: Any = step.op.numbers
        for i in index:
            number = number[i]
        nest.body.append(assign(place(tuple(Number(str(i)) for i in index)), nest.words.number(float(number))))


def _first_largest(nest: Nest, step: Step[ops.FirstLargest], place: Atom) -> None:
    """1 at the first of the largest of each row, or at the first nan, as numpy's argmax has it."""
    x = step.args[0]
    *outer, size = step.symbol.type.shape
    first = nest.variable("first")

    def found(row: At) -> Statement:
        nest.body.append(Declare("size", first, (), ZERO))
        largest = nest.element(x, (*row, Name(first)))

        def compared(inner: At) -> Statement:
            here = nest.element(x, (*row, *inner))
            undefined = Compare((("", e.compare(here, "!=", here)), ("and", e.compare(largest, "==", largest))))
            return If(Compare((("", e.compare(here, ">", largest)), ("or", undefined))), (assign(first, inner[0]),))

        nest.loop((size,), compared)
        letter = nest.names.letters[nest.depth]
        chosen = Conditional(e.compare(Name(letter), "==", Name(first)), nest.words.number(1.0), nest.words.number(0.0))
        return Count(letter, ZERO, Number(str(size)), (assign(place((*row, Name(letter))), chosen),))

    nest.loop(tuple(outer), found)


_ARRAYS: dict[type[ops.Operation], Callable[..., None]] = {
    ops.Stack: _stack, ops.Assemble: _assemble, ops.Place: _place, ops.Constant: _constant, ops.FirstLargest: _first_largest,
}  # fmt: skip
WRITTEN = frozenset({*_ELEMENTS, *_ARRAYS})

"""Steps as statements: every array element by element, in loops; what is written inside a formula stays inside.

A value that is an array of its own is declared and filled in a loop, whose innermost line is the formula of one element.
A part of a formula is read where it is used, element by element: that costs no array, and no loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Expression, Name, Negative, Noted, Statement
from flowc.backends.code.typed import Declare
from flowc.backends.loops.arrays import ARRAYS
from flowc.backends.loops.elements import ELEMENTS
from flowc.backends.loops.loops import ZERO, At, Atom, LocalNames, Loops, braces, element, flattened
from flowc.backends.loops.meshes import OF_MESHES, add_line_gradients
from flowc.backends.loops.stages import adds_tokens
from flowc.backends.loops.words import Words
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import step_of
from flowc.program.values import Shape, type_of

LARGE = 4096  # numbers of an array that is no longer put on the stack
WRITTEN = frozenset({*ELEMENTS, *ARRAYS, *OF_MESHES})


class Nest(Loops):
    """Writes steps. `atoms`: how the elements of arguments and results are written, which are not declared here; `name_of`
    are the names of steps, `names` those of what steps have no name for."""

    def __init__(
        self, words: Words, name_of: Callable[[Symbol], str], names: LocalNames, atoms: Mapping[Symbol, Atom],
        tokens: Expression, kind: str,
    ):  # fmt: skip
        super().__init__(words, names, tokens, kind)
        self.name_of, self.atoms = name_of, dict(atoms)
        self.inside: dict[Symbol, Step] = {}
        self.remarks: Mapping[Symbol, str] = {}  # what is said beside a step

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
        special, constant = ARRAYS.get(type(step.op)), step_of(step, ops.Constant)
        symbol = step.symbol
        if adds_tokens(step):
            self.add_token(step)
        elif constant and symbol not in self.atoms:
            self._declare_constant(constant)
        elif special and symbol not in self.atoms:
            special(self, step, self._declared(symbol))
        elif prod(symbol.type.shape) > 1 or symbol in self.atoms:
            place = self.atoms.get(symbol) or self._declared(symbol)
            if special:
                special(self, step, place)
            else:
                self.loop(symbol.type.shape, lambda at: assign(place(at), self.of_step(step, at)))
        else:
            name = self.named(symbol)
            self.grown = name if _grows(step) else ""
            value = self.of_step(step, (ZERO,) * len(symbol.type.shape))
            self.grown = ""
            if value != Name(name):
                self.body.append(Declare(self.kind, name, (), value))

    def named(self, symbol: Symbol) -> str:
        """The name of a variable for a value, whose elements are read there from now on."""
        name = self.name_of(symbol)
        self.atoms[symbol] = lambda at: element(Name(name), at if prod(symbol.type.shape) > 1 else ())
        return name

    def _declared(self, symbol: Symbol) -> Atom:
        """An array, which is filled later."""
        name = self.named(symbol)
        shape = symbol.type.shape
        self.body.append(Declare(self.kind_of(shape), name, shape if prod(shape) > 1 else ()))
        return self.atoms[symbol]

    def _declare_constant(self, step: Step[ops.Constant]) -> None:
        shape = step.symbol.type.shape if prod(step.symbol.type.shape) > 1 else ()
        value = braces(flattened(step.op.numbers), shape, self.words)
        self.body.append(Declare(f"static const {self.kind}", self.named(step.symbol), shape, value))

    def kind_of(self, shape: Shape) -> str:
        """Of a variable: what is large has one place of its own, and not one for each call."""
        return f"static {self.kind}" if prod(shape) > LARGE else self.kind

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
        special = ELEMENTS.get(type(step.op))
        if special:
            return special(self, step, at)
        return self.words.spelled(step, [self.element(a, at) for a in step.args])

    # --------------------------------------------------------------------------------------------- sums over the tokens

    def begin_sum(self, symbol: Symbol) -> list[Statement]:
        """What is to grow, where it begins."""
        zero = self.words.number(0.0)
        if symbol not in self.atoms and prod(symbol.type.shape) == 1:
            return [Declare(self.kind, self.named(symbol), (), zero)]
        shape = symbol.type.shape
        declared = [] if symbol in self.atoms else [Declare(self.kind_of(shape), self.named(symbol), shape)]
        return [*declared, *self.looped(shape, lambda at: assign(self.atoms[symbol](at), zero))]

    def add_token(self, step: Step) -> None:
        if lines := step_of(step, ops.LineGradients):
            return add_line_gradients(self, lines)
        self.loop(step.symbol.type.shape, lambda at: self._grow(step, at))

    def _grow(self, step: Step, at: At) -> Statement:
        value = self.of_step(step, at)
        place = self.atoms[step.symbol](at)
        return assign(place, value.operand, "-") if isinstance(value, Negative) else assign(place, value, "+")

    def end_sum(self, step: Step) -> list[Statement]:
        """Of a sum over tokens the mean."""
        op = step.op
        if not isinstance(op, ops.Reduce) or op.how == "sum":
            return []
        shape = type_of(step.args[0]).shape
        count: Expression = self.words.as_number(self.tokens)
        size = prod(shape[k] for k in op.axes)
        count = e.product([self.words.number(float(size)), count]) if size > 1 else count
        return self.looped(step.symbol.type.shape, lambda at: assign(self.atoms[step.symbol](at), count, "/"))


def _grows(step: Step) -> bool:
    """Whether its value is what grows in a loop, and nothing more."""
    match step.op:
        case ops.Reduce(how="sum", axes=axes):
            return bool(axes)
        case ops.Contract(spec=spec):
            return any(c not in spec.target for letters in spec.letters for c in letters)
    return isinstance(step.op, ops.Largest | ops.Greatest | ops.Prod)

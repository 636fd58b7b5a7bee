"""Statements of fast C: of one token, or of a tile of tokens, with products of matrices and meshes as calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from flowc.backends.c.mesh import Meshes
from flowc.backends.code.build import assign
from flowc.backends.code.tree import Do, Expression, Index, Name, Negative, Number, Statement
from flowc.backends.code.typed import Address
from flowc.backends.loops.loops import ZERO, At, Loops
from flowc.backends.loops.nest import Nest
from flowc.backends.loops.tiles import AtOnce, Grow
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import step_of
from flowc.program.values import type_of

LEAST = 16  # numbers of a matrix whose products are calls


class TokenNest(Nest):
    """Of one token. `meshes`: those of the file."""

    width: Expression = Number("1")
    count: Expression = Number("1")

    def with_meshes(self, meshes: Meshes) -> TokenNest:
        self.meshes = CallsOfMeshes(meshes)
        return self

    def at_once(self, statement: Statement) -> Statement:
        """A statement about rows."""
        return statement

    def first_number(self, symbol: Symbol) -> Expression:
        """Where the numbers of an array are."""
        array = self.atoms[symbol](())
        return Address(array) if prod(symbol.type.shape) == 1 and symbol.kind != "weight" else array


class CallsOfMeshes:
    """What a nest says of meshes."""

    def __init__(self, meshes: Meshes):
        self.meshes, self.table = meshes, meshes.table

    def called(self, loops: Loops, function: str, mesh: Any, *arrays: Symbol) -> None:
        assert isinstance(loops, TokenNest)
        widths = [loops.width] if function == "mesh_values" else []
        places = list(map(loops.first_number, arrays))
        if function == "mesh_back":
            assert isinstance(loops, TileNest)
            places.append(loops.slopes_of(arrays[-1]))
        name = Address(self.meshes.name_of(mesh))
        loops.body.append(loops.at_once(Do(loops.words.helper(function, *widths, loops.count, name, *places))))


class TileNest(TokenNest):
    """Of a tile: values of tokens become rows. `steps`: all that is computed; `products_are_calls`: those of matrices."""

    products_are_calls = True

    steps: Sequence[Step] = ()
    uses: Mapping[Arg, int] = Counter()

    def of_steps(self, steps: Sequence[Step], count: Expression, width: Expression) -> TileNest:
        self.steps, self.count, self.width = steps, count, width
        self.uses = Counter(a for s in steps for a in s.args)
        return self

    def at_once(self, statement: Statement) -> Statement:
        return AtOnce(statement)

    def first_number(self, symbol: Symbol) -> Expression:
        if not symbol.type.batched:
            return super().first_number(symbol)
        array = self.atoms[symbol](())
        return Index(array, (ZERO,)) if prod(symbol.type.shape) > 1 else array

    # ------------------------------------------------------------------------------------------------------------ meshes

    def slopes_of(self, deltas: Symbol) -> Expression:
        """Where the gradients of lines grow, with what leaves their targets; nowhere, if none learns."""
        for step in self.steps:
            if isinstance(step.op, ops.LineGradients) and step.args[0] == deltas:
                return self.first_number(step.symbol)
        return Name("NULL")

    def _define(self, step: Step) -> None:
        product = step_of(step, ops.Contract)
        if isinstance(step.op, ops.Deltas):
            self._share_with_arriving(step)
        if product and self.products_are_calls and is_product(product) and all(a in self.atoms for a in step.args):
            self._multiply(product)
        else:
            super()._define(step)

    def _share_with_arriving(self, step: Step) -> None:
        """What arrives is changed in place, where nobody else needs it."""
        arriving = step.args[2]
        if isinstance(arriving, Symbol) and self.uses[arriving] == 1 and arriving in self.atoms:
            self.atoms[step.symbol] = self.atoms[arriving]

    def add_token(self, step: Step) -> None:
        deltas = step.args[0] if isinstance(step.op, ops.LineGradients) else None
        if deltas is not None and any(isinstance(s.op, ops.Deltas) and s.symbol == deltas for s in self.steps):
            return  # `mesh_back` has added them
        outer = step_of(step, ops.Contract)
        if outer and self.products_are_calls and is_outer(outer) and all(a in self.atoms for a in step.args):
            return self._add_outer(outer)
        super().add_token(step)

    # ---------------------------------------------------------------------------------------------------------- matrices

    def _add_outer(self, step: Step[ops.Contract]) -> None:
        """The gradient of a matrix."""
        spec = step.op.spec
        by_letter = dict(zip(spec.letters, step.args, strict=True))
        rows, columns = (by_letter[letter] for letter in spec.target)
        sizes = [Number(str(n)) for n in step.symbol.type.shape]
        arrays = [self.first_number(a) for a in (rows, columns) if isinstance(a, Symbol)]
        call = self.words.helper("add_outer", self.count, *sizes, *arrays, self._matrix(step.symbol))
        self.body.append(AtOnce(Do(call)))

    def _matrix(self, symbol: Symbol) -> Expression:
        """Its first number; matrices are rows in rows."""
        return self.atoms[symbol]((ZERO,))

    def _multiply(self, step: Step[ops.Contract]) -> None:
        """A matrix times the vector of each token."""
        matrix, vector = sorted(step.args, key=lambda a: type_of(a).batched)
        assert isinstance(matrix, Symbol) and isinstance(vector, Symbol)
        place = self._declared(step.symbol) if step.symbol not in self.atoms else self.atoms[step.symbol]
        self.loop(step.symbol.type.shape, lambda at: assign(place(at), self.words.number(0.0)))
        letters = dict(zip(step.args, step.op.spec.letters, strict=True))[matrix]
        rows, columns = matrix.type.shape
        strides = [Number(str(columns)), Number("1")]
        if letters[0] == step.op.spec.target:
            sizes = [rows, columns]
        else:
            sizes, strides = [columns, rows], strides[::-1]
        numbers = [Number(str(n)) for n in sizes]
        call = self.words.helper(
            "multiply", self.count, *numbers, self._matrix(matrix), *strides, self.first_number(vector), self.width,
            self.first_number(step.symbol), self.width,
        )  # fmt: skip
        self.body.append(AtOnce(Do(call)))

    def _grow(self, step: Step, at: At) -> Statement:
        value = self.of_step(step, at)
        place = self.atoms[step.symbol](at)
        return Grow(place, value.operand, "-") if isinstance(value, Negative) else Grow(place, value, "+")


def is_product(step: Step) -> bool:
    """A matrix that all tokens share, times a vector of each."""
    op = step.op
    if not isinstance(op, ops.Contract) or op.sum_batch or len(step.args) != 2 or not all(isinstance(a, Symbol) for a in step.args):
        return False
    matrix, vector = sorted(step.args, key=lambda a: type_of(a).batched)
    letters = dict(zip(step.args, op.spec.letters, strict=True))
    shape = type_of(matrix).shape
    one = len(shape) == 2 and min(shape) > 1 and prod(shape) >= LEAST and len(set(letters[matrix])) == 2
    both = not type_of(matrix).batched and type_of(vector).batched and len(letters[vector]) == 1
    return one and both and {*letters[matrix]} == {*letters[vector], *op.spec.target} and len(op.spec.target) == 1 and letters[vector] != op.spec.target


def is_outer(step: Step) -> bool:
    """The products of two vectors' elements, added over the tokens."""
    op = step.op
    if not isinstance(op, ops.Contract) or not op.sum_batch or len(step.args) != 2:
        return False
    letters = op.spec.letters
    if not all(isinstance(a, Symbol) and a.type.batched and prod(a.type.shape) > 1 for a in step.args):
        return False
    different = len(op.spec.target) == 2 and all(len(x) == 1 for x in letters) and {*letters} == {*op.spec.target}
    return different and prod(step.symbol.type.shape) >= LEAST


def called_for(steps: Iterable[Step]) -> set[Symbol]:
    """What is computed by calls, and what calls take: it stands in no formula."""
    symbols: set[Symbol] = set()
    for step in steps:
        if is_product(step) or is_outer(step):
            symbols |= {step.symbol, *(a for a in step.args if isinstance(a, Symbol))}
    return symbols

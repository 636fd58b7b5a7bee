"""One diagram about to be printed in C: its program, its names, its weights."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import TypeVar

from flowc.backends.backend import Options
from flowc.backends.c.helpers import template_names
from flowc.backends.c.naming import CNames
from flowc.backends.c.weights import MOST
from flowc.backends.c.words import CWords
from flowc.backends.code.tree import Attribute, Expression, Index, Name
from flowc.backends.code.typed import Parameter
from flowc.backends.loops.elements import flat_place
from flowc.backends.loops.loops import Atom, LocalNames
from flowc.backends.loops.nest import Nest
from flowc.backends.loops.sheet import LoopSheet
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol

N = TypeVar("N", bound=Nest)


class CSheet(LoopSheet):
    """`kind`: of all numbers, double or float. `w` and `d` are what functions call the weights and their gradients."""

    words: CWords
    longest = MOST  # numbers of a weight

    def __init__(self, network: Network, program: Program, options: Options, functions: Iterable[str] = ()):
        super().__init__(network, program, options, CNames, functions or template_names())
        self.kind = "float" if options.dtype == "float32" else "double"
        self.words = CWords(self.kind)
        fresh = self.names.fresh
        self.w, self.d, self.n, self.token = fresh("w"), fresh("d"), fresh("n"), fresh("t")
        self.k, self.rate = fresh("k"), fresh("rate")
        self.output_names = {s: fresh(f"{self.names[s]}_out") for s in self.outputs}
        self.locals = LocalNames(fresh)

    # ------------------------------------------------------------------------------------------------------ parameters

    def weights_parameter(self) -> list[Expression]:
        return [Parameter("const struct weights *", self.w)] if self.learnt else []

    def of_token(self, symbol: Symbol) -> Expression:
        """An input, or a target, of one token."""
        size = prod(symbol.type.shape)
        if not symbol.type.shape:
            return Parameter(self.kind, self.names[symbol])
        return Parameter(f"const {self.kind}", self.names[symbol], (size,))

    def of_all(self, symbol: Symbol) -> Expression:
        """The same of all tokens."""
        return Parameter(f"const {self.kind} *", self.names[symbol])

    # ----------------------------------------------------------------------------------------------------------- atoms

    def weight_atoms(self) -> dict[Symbol, Atom]:
        atoms = {s: _field(self.w, self.names[s]) for s in self.learnt}
        return atoms | {s: _array(self.names[s]) for s in self.fixed}

    def slope_atoms(self) -> dict[Symbol, Atom]:
        """The gradients, in a struct like that of the weights."""
        return {self.program.gradients[s]: _field(self.d, self.names[s]) for s in self.learnt}

    def token_atom(self, symbol: Symbol) -> Atom:
        name, shape = Name(self.names[symbol]), symbol.type.shape
        return lambda at: Index(name, (flat_place(at, shape),)) if shape else name

    def all_atom(self, symbol: Symbol) -> Atom:
        name, token = Name(self.names[symbol]), Name(self.token)
        return lambda at: Index(name, (flat_place((token, *at), (0, *symbol.type.shape)),))

    def nest(self, atoms: dict[Symbol, Atom]) -> Nest:
        return self._nest(Nest, atoms)

    def _nest(self, of: type[N], atoms: dict[Symbol, Atom]) -> N:
        return of(self.words, self.names.__getitem__, self.locals, {**self.weight_atoms(), **atoms}, Name(self.n), self.kind)


def _field(struct: str, name: str) -> Atom:
    field = Attribute(Name(struct), name)
    return lambda at: Index(field, at) if at else field


def _array(name: str) -> Atom:
    return lambda at: Index(Name(name), at) if at else Name(name)

"""One diagram about to be printed in JavaScript: its names, its types, how its values are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod
from typing import TypeVar

from flowc.backends.backend import Options
from flowc.backends.code.javascript import Taken
from flowc.backends.code.tree import Attribute, Dict, Expression, Index, List, Name, Number
from flowc.backends.code.typed import Declare
from flowc.backends.javascript.naming import JavaScriptNames
from flowc.backends.javascript.nest import JavaScriptNest
from flowc.backends.javascript.templates import TEMPLATES
from flowc.backends.javascript.words import JavaScriptWords
from flowc.backends.loops.loops import ZERO, Atom, LocalNames, element
from flowc.backends.loops.sheet import LoopSheet
from flowc.backends.python import expression as e
from flowc.graph.network import Network
from flowc.program.ir import Program, Step, Symbol
from flowc.program.values import Shape

N = TypeVar("N", bound=JavaScriptNest)


class JavaScriptSheet(LoopSheet):
    def __init__(self, network: Network, program: Program, options: Options):
        super().__init__(network, program, options, JavaScriptNames, TEMPLATES)
        self.words = JavaScriptWords()
        fresh = self.names.fresh
        self.n, self.token, self.k = fresh("n"), fresh("t"), fresh("k")
        self.rate, self.slopes = fresh("rate"), fresh("d")
        self.locals = LocalNames(fresh)

    # ------------------------------------------------------------------------------------------------------ parameters

    def of_token(self, symbol: Symbol) -> Taken:
        """An input of one token."""
        return Taken(array_type(symbol.type.shape), self.names[symbol])

    def of_all(self, symbol: Symbol) -> Taken:
        """The same of all tokens, in an array."""
        return Taken(array_type((0, *symbol.type.shape)), self.names[symbol])

    def weights_parameter(self, used: set[str]) -> list[Taken]:
        """An object, of which a function takes the weights that it has a use for."""
        fields = tuple(name for s in self.learnt if (name := self.names[s]) in used)
        return [Taken("Weights", "weights", fields)] if self.learnt else []

    # ----------------------------------------------------------------------------------------------------------- atoms

    def array_atoms(self, symbols: Sequence[Symbol]) -> dict[Symbol, Atom]:
        return {s: _array(Name(self.names[s])) for s in symbols}

    def all_atoms(self) -> dict[Symbol, Atom]:
        """Inputs and targets of the token that a loop is at."""
        token = Name(self.token)
        return {s: _array(Index(Name(self.names[s]), (token,)) if s.type.batched else Name(self.names[s])) for s in self.samples}

    def nest(self, kind: type[N], atoms: Mapping[Symbol, Atom], steps: Sequence[Step], results: Sequence[Symbol]) -> N:
        weights = self.array_atoms([*self.learnt, *self.fixed])
        nest = kind(self.words, self.names.__getitem__, self.locals, {**weights, **atoms}, Name(self.n), "number")
        nest.uses = Counter(a for s in steps for a in s.args if isinstance(a, Symbol)) + Counter(results)
        nest.computed, nest.terms = {s.symbol: s for s in steps}, {}
        return nest


def array_type(shape: Shape) -> str:
    """What a function takes: `ArrayLike<number>`."""
    return f"ArrayLike<{array_type(shape[1:])}>" if shape else "number"


def list_type(shape: Shape) -> str:
    """What a function gives: `number[]`."""
    return "number" + "[]" * len(shape)


def value_of(nest: JavaScriptNest, symbol: Symbol) -> Expression:
    """A number, or the array; of one element, which is a number in a function, an array again."""
    shape = symbol.type.shape
    if not shape or symbol not in nest.computed or prod(shape) > 1:
        return nest.element(symbol, ()) if not shape else nest.atoms[symbol](())
    value = nest.element(symbol, (ZERO,) * len(shape))
    for _ in shape:
        value = List((value,))
    return value


def _array(array: Expression) -> Atom:
    return lambda at: element(array, at)


def object_of(values: Mapping[str, Expression]) -> Dict:
    return Dict(tuple(e.entry(name, value) for name, value in values.items()))


def count_of_tokens(sheet: JavaScriptSheet) -> Declare:
    """`const n = x.length;`"""
    count = Attribute(Name(sheet.names[sheet.samples[0]]), "length") if sheet.samples else Number("1")
    return Declare("const", sheet.n, (), count)

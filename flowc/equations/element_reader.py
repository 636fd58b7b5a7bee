"""Elements of values as formulas: by name, or written out; and sums over them, in terms or by letters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from flowc.equations.algebra import add
from flowc.equations.numbers import exact
from flowc.equations.sums import summed, together
from flowc.equations.symbols import Index, Symbols
from flowc.equations.tree import ONE, Dots, Expr, Number
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.notation import Letter, Place
from flowc.program.values import type_of


class ElementReader(ABC):
    """Reads formulas of elements; what a step says is the subclass's. `hidden` values are written out where they are used; others have names.

    `expand`: sums over elements are written term by term, else by Σ.
    """

    def __init__(self, symbols: Symbols, made: Mapping[Arg, Step], hidden: set[Symbol], expand: bool):
        self.symbols, self.made, self.hidden, self.expand = symbols, dict(made), hidden, expand
        self.all = symbols.settings.whole_batch
        self.scope: tuple[Letter, ...] = ()
        self._known: dict[tuple[Symbol, Index, tuple[Letter, ...]], Expr] = {}

    def of(self, arg: Arg, index: Index = ()) -> Expr:
        """The element there. Raises NotIndexed."""
        if not isinstance(arg, Symbol):
            return exact(float(arg))
        if arg not in self.hidden:
            return self.symbols.element(arg, index)
        key = arg, index, self.scope  # a letter that counts outside counts nothing inside
        if key not in self._known:
            self._known[key] = self.step(self.made[arg], index)
        return self._known[key]

    def of_made(self, symbol: Symbol, index: Index) -> Expr:
        """What is said of a value that has a name."""
        return self.step(self.made[symbol], index)

    @abstractmethod
    def step(self, step: Step, index: Index) -> Expr:
        """What a step says of the element there."""

    def meeting(self, arg: Arg, step: Step, index: Index) -> Index:
        """Where an argument of an elementwise step meets the element: single axes repeat."""
        shape, outer = type_of(arg).shape, step.symbol.type.shape
        inner = index[len(index) - len(shape) :] if shape else ()
        return tuple(0 if n == 1 and m != 1 else p for n, m, p in zip(shape, outer[len(outer) - len(shape) :], inner))

    # ------------------------------------------------------------------------------------------------------------ sums

    def total(self, size: int, body: Callable[[Place], Expr], low: int = 1, letter: bool = False) -> Expr:
        """Σ over so many elements: in terms, or by a letter."""
        if size == 1:
            return body(0)
        if not letter and self.expand:
            return self.added([(1, k) for k in range(size)], body)
        return self.lettered(size, body, low)

    def lettered(self, size: int, body: Callable[[Place], Expr], low: int = 1, sign: str = "sum") -> Expr:
        if size == 1:
            return body(0)
        letter = self.symbols.free(self.scope, low)
        before, self.scope = self.scope, (*self.scope, letter)
        try:
            return summed(letter.name, low, Number(float(size - 1 + low)), body(letter), sign)
        finally:
            self.scope = before

    def low(self, arg: Arg, axis: int) -> int:
        """What the first element along an axis is called; of what is written out, as in the first value in it that is long there."""
        if not isinstance(arg, Symbol):
            return 1
        if arg not in self.hidden:
            return self.symbols.low(arg, axis)
        back = axis - len(arg.type.shape)
        size = arg.type.shape[axis]
        long = [a for a in self.made[arg].args if len(type_of(a).shape) >= -back and type_of(a).shape[back] == size]
        first = next(iter(sorted(long, key=lambda a: not type_of(a).batched)), None)
        return 1 if first is None else self.low(first, len(type_of(first).shape) + back)

    def added(self, terms: list[tuple[int, Any]], body: Callable[[Any], Expr]) -> Expr:
        """± each; of many the first and the last."""
        most = self.symbols.settings.most
        if most is None or len(terms) <= most:
            return together(*((sign, body(term)) for sign, term in terms))
        shown = [*((sign, body(term)) for sign, term in terms[:3]), (1, Dots())]
        return add(*shown, (terms[-1][0], body(terms[-1][1])))

    def over_tokens(self, body: Expr) -> Expr:
        return summed(self.symbols.token, 1, self.symbols.count, body) if self.all else body

    @property
    def tokens(self) -> Expr:
        return self.symbols.count if self.all else ONE

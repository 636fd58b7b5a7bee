"""The backward pass: the program read from its last step to its first. It knows rules only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from flowc.program.builder import Builder
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.ops import Apply, Copy, Elementwise, Place, Stack, ZerosLike
from flowc.program.values import type_of


def differentiate(program: Program, of: Symbol, wrt: Iterable[Symbol]) -> Program:
    """The program, and then the gradient of `of` (of the sum of its elements) for every symbol of `wrt`.

    A gradient has its symbol's type; where nothing of `of` depends on a symbol, it is zeros. A symbol that
    repeats over the batch gets a gradient for each token; a weight gets the sum over the batch.
    """
    symbols = tuple(dict.fromkeys(wrt))
    return _Backward(program, of, symbols).run()


class _Backward:
    def __init__(self, program: Program, of: Symbol, wanted: tuple[Symbol, ...]):
        self.program, self.of, self.wanted = program, of, wanted
        self.active = active(program.steps, set(wanted))
        self.builder = Builder(program.steps)
        self.parts: dict[Symbol, list[Arg]] = {}
        self.uses = _count_uses(program.steps, self.active)
        self.found: dict[Symbol, Symbol] = {}
        self.complete: list[Symbol] = []
        self.place = {symbol: i for i, symbol in enumerate(wanted)}

    def run(self) -> Program:
        is_number = self.of.type == type_of(1.0)
        self.parts[self.of] = [1.0 if is_number else self.builder.spread(1.0, self.of.type)]
        if self.of in self.place:
            self._named_gradient(self.of)
        for step in reversed(self.program.steps):
            if step.symbol in self.active and step.symbol in self.parts:
                self._hand_back(step)
            self._count_down(step)
        for symbol in self.place:
            self._named_gradient(symbol)
        gradients = {s: self.found[s] for s in self.wanted}
        forward = self.program.steps
        backward = needed(self.builder.steps[len(forward) :], set(gradients.values()))
        return replace(self.program, steps=(*forward, *_merge_named(backward)), gradients=gradients)

    def _hand_back(self, step: Step) -> None:
        """Hand what arrives at a step on to its arguments."""
        self.builder.span = step.span
        d = self._arrived_gradient(step)
        if not isinstance(d, Symbol) and d == 0:
            return
        for place, arg in enumerate(step.args):
            if isinstance(arg, Symbol) and arg in self.active:
                part = self._fit_part(step, step.op.pull(self.builder, step, place, d), arg)
                if isinstance(part, Symbol) or part != 0:
                    self.parts.setdefault(arg, []).append(part)

    def _fit_part(self, step: Step, part: Arg, arg: Symbol) -> Arg:
        """Summed to the argument's type. A number or scalar stands for itself at every element of the step's
        value, so it is spread out before it is summed over what the argument lacks."""
        if not isinstance(part, Symbol) and part == 0:
            return part
        value = step.symbol.type
        spreads = isinstance(step.op, Elementwise) and arg.type != value
        if spreads and type_of(part) != value:
            part = self.builder.spread(part, value)
        return self.builder.fit(part, arg.type)

    def _count_down(self, step: Step) -> None:
        """Inputs and weights are complete when the first step that uses them is done."""
        for arg in dict.fromkeys(step.args):
            if isinstance(arg, Symbol) and arg in self.uses:
                self.uses[arg] -= 1
                if self.uses[arg] == 0 and arg in self.place and arg.kind in ("weight", "input", "target"):
                    self.complete.append(arg)

    def _name_complete(self) -> None:
        """Name the gradients that are complete, in the order in which they were asked for."""
        complete, self.complete = self.complete, []
        for symbol in sorted(complete, key=self.place.__getitem__):
            self._named_gradient(symbol)

    def _arrived_gradient(self, step: Step) -> Arg:
        """The sum of the parts; named, where the symbol has a name."""
        symbol = step.symbol
        if not (symbol in self.place or self._is_named(step)):
            return self._sum_parts(symbol)
        self._name_complete()
        return self._named_gradient(symbol)

    def _is_named(self, step: Step) -> bool:
        """Not a number, as the loss's own 1; nor a link of a chain of anonymous nodes, whose rule is one line."""
        symbol = step.symbol
        if symbol.kind not in ("excitation", "activation") or not isinstance(self._sum_parts(symbol), Symbol):
            return False
        link = symbol.anonymous and symbol.kind == "activation" and not isinstance(step.op, Apply)
        return not link or sum(a in self.active for a in step.args if isinstance(a, Symbol)) > 1

    def _sum_parts(self, symbol: Symbol) -> Arg:
        parts = self._gather_elements(symbol, self.parts.get(symbol, []))
        if len(parts) > 1:
            parts = [self.builder.add(tuple(parts))]
        self.parts[symbol] = parts
        return parts[0] if parts else 0.0

    def _gather_elements(self, symbol: Symbol, parts: list[Arg]) -> list[Arg]:
        """A vector's gradient that arrives element by element is one vector of these."""
        if len(symbol.type.shape) != 1:
            return parts
        into: dict[int, list[Arg]] = {}
        rest: list[Arg] = []
        for part in parts:
            placed = self.builder.made(part, Place)
            place = placed.op.index[0] if placed and type_of(part) == symbol.type else None
            if placed and isinstance(place, int):
                into.setdefault(place, []).append(placed.args[0])
            else:
                rest.append(part)
        if len(into) < symbol.type.shape[0]:
            return parts
        elements = (self.builder.add(tuple(into[place])) for place in sorted(into))
        element_type = Type(symbol.type.batched, ())
        return [self.builder.emit(Stack(), *(self.builder.spread(e, element_type) for e in elements)), *rest]

    def _named_gradient(self, symbol: Symbol) -> Symbol:
        """The gradient under its name, in the symbol's type; zeros if nothing arrived."""
        if symbol not in self.found:
            value = self._sum_parts(symbol)
            if not isinstance(value, Symbol) and value == 0:
                value = self.builder.emit(ZerosLike(), symbol)
            elif type_of(value) != symbol.type:
                value = self.builder.spread(value, symbol.type)
            name = Symbol("gradient", symbol.owner, symbol.type, of=symbol, anonymous=symbol.anonymous)
            self.found[symbol] = self.builder.name(value, name, self.builder.span)
            self.parts[symbol] = [self.found[symbol]]
        return self.found[symbol]


def active(steps: tuple[Step, ...], wanted: set[Symbol]) -> set[Symbol]:
    """What depends on something wanted."""
    dependent = set(wanted)
    for step in steps:
        if any(a in dependent for a in step.args if isinstance(a, Symbol)):
            dependent.add(step.symbol)
    return dependent


def _count_uses(steps: tuple[Step, ...], active: set[Symbol]) -> dict[Symbol, int]:
    uses: dict[Symbol, int] = {}
    for step in steps:
        for arg in dict.fromkeys(a for a in step.args if isinstance(a, Symbol) and a in active):
            uses[arg] = uses.get(arg, 0) + 1
    return uses


def _merge_named(steps: list[Step]) -> list[Step]:
    """A temporary whose only use is to be named is made where it is named."""
    uses = Counter(a for s in steps for a in s.args if isinstance(a, Symbol))
    makers = {s.symbol: s for s in steps if s.symbol.kind == "temporary" and uses[s.symbol] == 1}
    moved = {s.args[0] for s in steps if isinstance(s.op, Copy) and s.args[0] in makers}
    named = [
        replace(makers[s.args[0]], symbol=s.symbol) if isinstance(s.op, Copy) and s.args[0] in moved else s
        for s in steps
    ]
    return [s for s in named if s.symbol not in moved]

"""The values of a program by their symbols: the notation of the diagram, and numbers in place of weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flowc.equations.tree import Derivative, Expr, Matrix, Name, Number
from flowc.graph.network import Arrow, Axis, Network, Node, Weight
from flowc.maths.index_map import index_map
from flowc.maths.symbols import lowered
from flowc.program import ops
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.notation import Letter, Notation, Place, counted, low_of
from flowc.program.notation import Symbol as Written
from flowc.records import Record
from flowc.source import NOWHERE

Index = tuple[Place, ...]
MOST_MEANINGS = 2  # of one kind
WIDEST = 6  # rows and columns of a matrix of numbers that are shown


class Settings(Record):
    """What is asked for. `numbers`: of weights, nested rows by name. `most`: what is shown of many of a kind; None: all.
    `deltas`: the loss's derivative by an excitation is δ, else it is written out."""

    numbers: Mapping[str, Any] | None = None
    digits: int = 4
    whole_batch: bool = True
    most: int | None = 8
    deltas: bool = True


class Symbols:
    """The symbols of one program. Letters and the count of tokens give way to names of the diagram."""

    def __init__(self, network: Network, program: Program, settings: Settings):
        self.network, self.program, self.settings = network, program, settings
        self.inside = _nodes_in_layers(program)
        layered = _with_layers(network, program)
        self.notation = Notation(layered, _taken_names(layered) - _taken_names(network))
        self.nodes = {n.name: n for n in self.notation.network.nodes}
        self.weights = {w.name: w for w in self.notation.network.weights}
        used = set(self._plain())
        self.letters = [c for c in "jklmpqrsuvabcdeghoxyzwft" if c not in used]
        self.token = next(c for c in ["i", "t", "s", "τ", *map(chr, range(0x3B1, 0x3C9))] if c not in used)
        self.letters = [c for c in self.letters if c != self.token]
        self.count = _count_name(used)
        begun = {text[:1] for text in used}
        self.part = next((c for c in "azqsrcvu" if c not in begun), "A")
        self._parts: dict[Symbol, int] = {}
        self.rounded = False
        self.deltas: dict[str, bool] = {}  # nodes whose δ is written: whether they have an excitation

    def _plain(self) -> Iterator[str]:
        for name in self.nodes:
            yield self.notation.node(name).text
            yield self.notation.excitation(name).text
        for name in self.weights:
            yield self.notation.weight(name).text
        for symbol in (*map(self.notation.node, self.nodes), *map(self.notation.weight, self.weights)):
            yield from (sign.text for sign in symbol.below)  # hᵢ of an h_i is no element i

    # ----------------------------------------------------------------------------------------------------------- names

    def element(self, symbol: Symbol, index: Index = ()) -> Expr:
        """A scalar, or an element of an array; of learnt and fixed weights the number, if numbers are asked for."""
        if symbol.kind == "weight" and self.settings.numbers is not None and not any(isinstance(p, Letter) for p in index):
            numbers = self.settings.numbers[symbol.owner]
            for place in index:
                numbers = numbers[place]
            if len(index) == len(symbol.type.shape):
                return self._number(float(numbers))
        return self.named(symbol, index)

    def named(self, symbol: Symbol, index: Index = ()) -> Expr:
        """By its name, also where numbers are asked for."""
        if symbol.of is not None:
            return self._gradient(symbol.of, index)
        node = self.inside.get((symbol, index))
        if node is not None:
            return self.named(node)
        if symbol.kind == "weight" or symbol.owner in self.weights and symbol.owner not in self.nodes:
            return _symbol_name(self.notation.weight(symbol.owner, index), "weight")
        if symbol.kind == "temporary":
            return self._auxiliary(symbol, index)
        if symbol.kind == "excitation":
            return _symbol_name(self.notation.excitation(symbol.owner, index))
        return _symbol_name(self.notation.node(symbol.owner, index))

    def _auxiliary(self, symbol: Symbol, index: Index) -> Expr:
        """A part that is too long to be written where it is used: it has a letter of no one else, and a number."""
        number = str(self._parts.setdefault(symbol, len(self._parts) + 1))
        at = [counted(place, 1) for place in index]
        below, latex = (",".join([number, *words]) for words in ([s.text for s in at], [s.latex for s in at]))
        return Name(f"{self.part}_{{{latex}}}", self.part + lowered(below))

    def whole(self, symbol: Symbol) -> Expr:
        """An array as a whole; of weights the numbers, if they are asked for and are few."""
        if symbol.kind == "weight" and self.settings.numbers is not None and self.is_few(symbol.type.shape):
            return self.matrix(symbol)
        return self.named(symbol)

    def is_few(self, shape: tuple[int, ...]) -> bool:
        """Whether an array's numbers stand in place of its name."""
        return len(shape) <= 2 and max(shape, default=0) <= WIDEST

    def matrix(self, symbol: Symbol) -> Expr:
        """A weight's elements in rows, a vector's in a column."""
        shape = symbol.type.shape
        if not shape:
            return self.element(symbol)
        if len(shape) == 1:
            return Matrix(tuple((self.element(symbol, (j,)),) for j in range(shape[0])))
        rows = range(shape[0])
        return Matrix(tuple(tuple(self.element(symbol, (j, k)) for k in range(shape[1])) for j in rows))

    def _number(self, value: float) -> Number:
        short = float(f"{value:.{self.settings.digits}g}")
        self.rounded = self.rounded or short != value
        return Number(short)

    # ------------------------------------------------------------------------------------------------------- gradients

    @property
    def loss(self) -> Expr:
        assert self.program.loss is not None
        return self.named(self.program.loss)

    def delta(self, excitation: Symbol, index: Index = ()) -> Expr:
        """The loss's derivative by an excitation, or by a node that is its own."""
        if not self.settings.deltas:
            return Derivative(self.loss, self.named(excitation, index))
        return _symbol_name(self.notation.delta(excitation.owner, index))

    def _gradient(self, of: Symbol, index: Index) -> Expr:
        """δ of an excitation, or of a node that is its own; else the derivative written out."""
        node = self.nodes.get(of.owner)
        linear = of.kind == "activation" and node is not None and bool(node.arrows) and node.function == "identity"
        if node is not None and (of.kind == "excitation" or linear) and not node.operands:
            self.deltas[of.owner] = of.kind == "excitation"
            return self.delta(of, index)
        return Derivative(self.loss, self.named(of, index))

    def meanings_of_deltas(self) -> list[tuple[Expr, Expr]]:
        """What each δ is that is written: ∂L/∂ξ, and of nodes that are their own excitation by the node."""
        if not self.settings.deltas:
            return []
        generic = [(Name(r"\delta", "δ"), Derivative(self.loss, Name(r"\xi", "ξ")))] if any(self.deltas.values()) else []
        linear = [owner for owner, excited in self.deltas.items() if not excited]
        single = [
            (_symbol_name(self.notation.delta(owner)), Derivative(self.loss, _symbol_name(self.notation.node(owner))))
            for owner in linear[:MOST_MEANINGS]
        ]
        return [*generic, *single]

    # --------------------------------------------------------------------------------------------------------- letters

    def free(self, used: Index, low: int = 1) -> Letter:
        """A letter for another index."""
        names = {p.name for p in used if isinstance(p, Letter)}
        return Letter(next(c for c in self.letters if c not in names), low)

    def letters_of(self, symbol: Symbol) -> tuple[Letter, ...]:
        """One for each axis of an array."""
        letters: tuple[Letter, ...] = ()
        for axis in range(len(symbol.type.shape)):
            letters = (*letters, self.free(letters, self.low(symbol, axis)))
        return letters

    def low(self, symbol: Symbol, axis: int) -> int:
        """What the first element along an axis is called; of names 1."""
        symbol = symbol.of or symbol
        owner = self.nodes.get(symbol.owner) or self.weights.get(symbol.owner)
        axes = owner.axes if owner is not None and symbol.kind != "temporary" else ()
        return low_of(axes[axis]) if axis < len(axes) else 1


def _symbol_name(symbol: Written, kind: str = "value") -> Name:
    return Name(symbol.latex, symbol.text, kind)


def _count_name(taken: set[str]) -> Name:
    letter = next((c for c in "nNTM" if c not in taken), "#")
    return Name(letter if letter != "#" else r"\#", letter, "count")


def _taken_names(network: Network) -> set[str]:
    return {node.name for node in network.nodes} | {weight.name for weight in network.weights}


def _nodes_in_layers(program: Program) -> dict[tuple[Symbol, Index], Symbol]:
    """Where a node stands in a layer, so that an element of it has the node's name."""
    elements: dict[tuple[Symbol, Index], Symbol] = {}
    if program.lowering != "layers":
        return elements
    scalars = {*program.activations.values(), *program.excitations.values()}
    for step in program.steps:
        vector = step.args[0] if step.args and step.symbol in scalars else None
        if isinstance(step.op, ops.Select) and isinstance(vector, Symbol) and vector not in scalars and vector.kind == "activation":
            elements[vector, tuple(k for k in step.op.index if isinstance(k, int))] = step.symbol
        if isinstance(step.op, ops.Stack) and step.symbol.kind == "activation":
            elements |= {(step.symbol, (k,)): a for k, a in enumerate(step.args) if isinstance(a, Symbol) and a in scalars}
    return elements


def _with_layers(network: Network, program: Program) -> Network:
    """With the vectors and matrices that the program has gathered, which get symbols by the same rules."""
    if program.lowering != "layers":
        return network
    names = {n.name for n in network.nodes}
    makers: dict[Arg, Step] = {s.symbol: s for s in program.steps}
    symbols = [s.symbol for s in program.steps]
    excitations = {s.owner: s for s in symbols if s.kind == "excitation"}
    gathered = [s for s in symbols if s.kind == "activation" and s.owner not in names and s.type.shape]
    nodes = [_layer_node(s, excitations.get(s.owner), makers) for s in gathered if s.type.batched]
    weights = [_matrix_weight(s) for s in gathered if not s.type.batched]
    return replace(network, nodes=(*network.nodes, *nodes), weights=(*network.weights, *weights))


def _layer_node(symbol: Symbol, excitation: Symbol | None, made: Mapping[Arg, Step]) -> Node:
    """With an arrow for each array that is in its sum."""
    axes = tuple(Axis(1, n) for n in symbol.type.shape)
    names = _arrays_in_sum(excitation or symbol, made)
    arrows = tuple(Arrow("1", index_map(",j->j"), 1.0, name, None, NOWHERE) for name in names)
    return Node(symbol.owner, "hidden", axes, "logistic" if excitation else "identity", arrows=arrows)


def _arrays_in_sum(symbol: Symbol, made: Mapping[Arg, Step]) -> list[str]:
    """The arrays that are put together for a sum."""
    owners: list[str] = []
    for arg in made[symbol].args if symbol in made else ():
        if isinstance(arg, Symbol) and arg.kind == "temporary":
            owners += _arrays_in_sum(arg, made)
        elif isinstance(arg, Symbol) and arg.kind == "activation" and not arg.type.batched:
            owners.append(arg.owner)
    return owners


def _matrix_weight(symbol: Symbol) -> Weight:
    axes = tuple(Axis(1, n) for n in symbol.type.shape)
    return Weight(symbol.owner, symbol.type.shape, True, 0.0, False, NOWHERE, axes)

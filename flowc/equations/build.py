"""A network's equations: of the steps of its program, each value that has a name in a line, or in one for each element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from flowc.equations.augmented import Augmented, gathered_gradients
from flowc.equations.document import Document, Equation, Gap, Group, Row, ranges
from flowc.equations.element_form import Elements
from flowc.equations.inline import hidden
from flowc.equations.legend import where
from flowc.equations.likelihood import likelihood
from flowc.equations.matrix_form import NotWhole, Whole
from flowc.equations.sums import NotIndexed
from flowc.equations.symbols import Index, Settings, Symbols
from flowc.equations.tree import Dots, Expr, Matrix
from flowc.equations.update import update
from flowc.graph.network import Network, Table
from flowc.program import differentiate, lower, ops, verify
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.lower_layers import is_element, layered, with_slopes

FORMS = ("nodes", "layers", "augmented", "indexed")
PARTS = ("forward", "loss", "backward", "update", "all")
ROWS = 60  # lines of a group that are shown
FIRST, LAST = 3, 1  # elements of a vector that are shown, where they are many


def default_form(network: Network) -> str:
    """Lines for nodes that are numbers, vectors for layers."""
    drawn = [n for n in network.nodes if n.role in ("hidden", "output") and not n.anonymous]
    return "layers" if any(n.shape for n in drawn) else "nodes"


def one_token(network: Network) -> bool:
    """Whether the equations are of a single token: a step of learning takes one, or the data are one."""
    training = [d for d in network.data if d.part != "test"]
    rows = [len(d.cells) for d in training if isinstance(d, Table)]
    batch = network.train.setting("batch", 0) if network.train else 0
    return batch == 1 or len(training) == len(rows) == 1 and rows == [1]


def equations(
    network: Network, form: str | None = None, part: str = "all", settings: Settings | None = None
) -> Document:
    """The document; `form` None is what suits the diagram. A part that a diagram has not is left out."""
    settings = settings or Settings(whole_batch=not one_token(network))
    form = form or default_form(network)
    written = _Written(network, form, settings)
    groups = [part_group for name, group in written.groups() if part in (name, "all") and (part_group := group()).rows]
    return Document(network.name, network.title or "", tuple(groups), tuple(where(written.symbols, groups, form)))


def _program_of(network: Network, form: str) -> Program:
    """With the gradients of the learnt weights, where there is a loss."""
    gather = form != "nodes" and default_form(network) == "nodes"
    program = layered(network) if gather else lower(network)
    if program.loss is None:
        return verify(program)
    learnt = {w.name for w in network.weights if w.learnt}
    learnt_symbols = [w for w in program.weights if w.owner in learnt]
    return verify((with_slopes if gather else differentiate)(program, program.loss, learnt_symbols))


Pending = Callable[[], Row] | Row  # a row, or what makes it if it is shown


class _Written:
    """The equations of one network in one form."""

    def __init__(self, network: Network, form: str, settings: Settings):
        self.network, self.form, self.settings = network, form, settings
        self.program = _program_of(network, form)
        self.symbols = Symbols(network, self.program, settings)
        self.made: dict[Arg, Step] = {s.symbol: s for s in self.program.steps}
        self.hidden = hidden(self.program)
        silent = self._silent()
        self.shown = [s for s in self.program.steps if s.symbol not in self.hidden and s.symbol not in silent]
        self.after = self._after_the_loss()
        self.expanded = Elements(self.symbols, self.made, self.hidden, expand=True)
        self.lettered = Elements(self.symbols, self.made, self.hidden, expand=False)
        reader = Augmented if form == "augmented" else Whole
        self.whole = reader(self.symbols, self.made, self.hidden)

    def _silent(self) -> set[Symbol]:
        """Elements of layers and of gradients of layers: what is said of the layer is said of them."""
        if self.program.lowering != "layers":
            return set()
        nodes = {*self.program.activations.values(), *self.program.excitations.values()}
        elements = {s.symbol for s in self.program.steps if isinstance(s.op, ops.Select) and is_element(s, nodes)}
        gradients = [s for s in self.program.steps if s.symbol.of is not None]
        return elements | {s.symbol for s in gradients if isinstance(s.op, ops.Select) and s.args[0] in self.made}

    # ---------------------------------------------------------------------------------------------------------- groups

    def groups(self) -> Iterator[tuple[str, Callable[[], Group]]]:
        """Each with the part that it belongs to."""
        yield (
            "forward",
            lambda: Group("Vectors and matrices", self._definitions([s for s in self.shown if self._defines(s)])),
        )
        yield "forward", lambda: Group("Forward", self._rows([s for s in self.shown if self._is_forward(s)]))
        if self.program.loss is None:
            return
        yield "loss", lambda: Group("Likelihood", likelihood(self.program, self.expanded))
        yield "loss", lambda: Group("Loss", self._rows([s for s in self.shown if self._is_loss(s)]))
        if self.program.gradients:
            yield "backward", lambda: Group("Backward", self._rows(*self._backward()))
            yield "update", lambda: update(self.network, self.program, self.symbols, self.expanded)

    def _is_forward(self, step: Step) -> bool:
        return step.symbol not in self.after and step.symbol not in self.program.learning and not self._defines(step)

    def _is_loss(self, step: Step) -> bool:
        return step.symbol in self.program.learning and step.symbol not in self.after

    def _backward(self) -> tuple[list[Step], dict[Symbol, Equation | None]]:
        """The steps after the loss; gradients that are one."""
        steps = [s for s in self.shown if s.symbol in self.after]
        if not isinstance(self.whole, Augmented):
            return steps, {}
        if not self.whole.blocks:  # the forward part has not been asked for
            self._rows([s for s in self.shown if self._is_forward(s)])
        return steps, gathered_gradients(self.program, self.whole)

    def _after_the_loss(self) -> set[Symbol]:
        symbols = [s.symbol for s in self.program.steps]
        return set(symbols[symbols.index(self.program.loss) + 1 :]) if self.program.loss else set()

    def _defines(self, step: Step) -> bool:
        """A layer's inputs or weights, put together of single ones."""
        gathered = step.symbol.of is None and isinstance(step.op, (ops.Stack, ops.Assemble, ops.Constant))
        return gathered and self.program.lowering == "layers"

    def _definitions(self, steps: Sequence[Step]) -> tuple[Row, ...]:
        """Of matrices, and of layers by their nodes."""
        waiting: list[Callable[[], Row] | Gap] = [self._definition(step) for step in steps]
        for symbol in dict.fromkeys(vector for vector, _ in self.symbols.inside):
            if not isinstance(self.made[symbol].op, ops.Stack):
                waiting.append(self._layer(symbol))
        return self._elided(waiting)

    def _definition(self, step: Step) -> Callable[[], Row]:
        def at(*index: int) -> Expr:
            return self.expanded.step(step, index)

        return lambda: Equation(self.symbols.named(step.symbol), self._matrix(step.symbol.type.shape, at))

    def _layer(self, symbol: Symbol) -> Callable[[], Row]:
        def at(place: int) -> Expr:
            return self.symbols.named(symbol, (place,))

        return lambda: Equation(self.symbols.named(symbol), self._matrix(symbol.type.shape, at))

    def _matrix(self, shape: tuple[int, ...], at: Callable[..., Expr]) -> Matrix:
        """Row by row; of many rows and columns the first and the last."""
        rows, columns = (self._places(n) for n in (*shape, 1)[:2])
        if len(shape) == 1:
            return Matrix(tuple((Dots("v") if j is None else at(j),) for j in rows))
        return Matrix(tuple(tuple(_matrix_entry(at, j, k) for k in columns) for j in rows))

    def _places(self, size: int) -> list[int | None]:
        most = self.settings.most
        return [*range(size)] if most is None or size <= most else [*range(FIRST), None, size - 1]

    # ------------------------------------------------------------------------------------------------------------ rows

    def _rows(self, steps: Sequence[Step], merged: dict[Symbol, Equation | None] | None = None) -> tuple[Row, ...]:
        """A row for each step, or for each of its elements; of too many the first and the last."""
        merged = merged or {}
        waiting: list[Pending] = []
        for step in steps:
            if step.symbol not in merged:
                waiting += self._of_step(step)
            elif (row := merged[step.symbol]) is not None:
                waiting.append(row)
        return self._elided(waiting)

    def _elided(self, waiting: Sequence[Pending]) -> tuple[Row, ...]:
        """The first and the last of too many."""
        if self.settings.most is not None and len(waiting) > ROWS:
            first, last = waiting[: ROWS - 10], waiting[-10:]
            left = waiting[ROWS - 10 : -10]
            gap = Gap(sum(w.count if isinstance(w, Gap) else 1 for w in left), same=False)
            waiting = [*first, gap, *last]
        return tuple(w() if callable(w) else w for w in waiting)

    def _of_step(self, step: Step) -> list[Pending]:
        if self.form in ("layers", "augmented"):
            try:
                return [Equation(self.symbols.named(step.symbol), self.whole.step(step))]
            except NotWhole:
                pass
        if self.form != "nodes":
            try:
                return [self._by_letters(step)]
            except NotIndexed:
                pass
        return self._by_elements(step)

    def _by_letters(self, step: Step) -> Equation:
        letters = self.symbols.letters_of(step.symbol)
        self.lettered.scope = letters
        right = self.lettered.step(step, letters)
        self.lettered.scope = ()
        return Equation(self.symbols.named(step.symbol, letters), right, ranges=ranges(letters, step.symbol.type.shape))

    def _by_elements(self, step: Step) -> list[Pending]:
        shape = step.symbol.type.shape
        size, most = prod(shape), self.settings.most

        def row(index: Index) -> Callable[[], Row]:
            return lambda: Equation(self.symbols.named(step.symbol, index), self.expanded.step(step, index))

        if most is None or size <= most:
            return [row(index) for index in product(*map(range, shape))]
        places = [_unravel_index(k, shape) for k in (*range(FIRST), *range(size - LAST, size))]
        return [*map(row, places[:FIRST]), Gap(size - FIRST - LAST), *map(row, places[FIRST:])]


def _matrix_entry(at: Callable[..., Expr], j: int | None, k: int | None) -> Expr:
    """An element of a matrix, or how the dots run where it is left out."""
    if j is None:
        return Dots("v" if k is not None else "d")
    return Dots("c") if k is None else at(j, k)


def _unravel_index(place: int, shape: tuple[int, ...]) -> Index:
    index: list[int] = []
    for n in reversed(shape):
        index.insert(0, place % n)
        place //= n
    return tuple(index)


__all__ = ["FORMS", "PARTS", "Settings", "default_form", "equations", "one_token", "replace"]

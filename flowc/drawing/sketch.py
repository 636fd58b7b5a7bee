"""The diagram of a network: which circles, in which columns, with which labels; what is left out, and said to be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from flowc.drawing.columns import columns, shown
from flowc.drawing.content import Content
from flowc.drawing.diagram import Arrow, Bias, Box, Circle, Diagram, Dots, Key, axes_by_name
from flowc.drawing.label import BLANK, BOX, Label, equated, number, of_author, of_symbol, sized, with_function, words
from flowc.drawing.lines import Line, Lines, joined, label_of, of_whole, together, value_of
from flowc.drawing.naming_by_size import symbolic
from flowc.drawing.operation import SUM, adds_up, operation
from flowc.graph.network import Network, Node
from flowc.graph.scalar_lines import count_lines
from flowc.graph.sizes import element_name
from flowc.maths.functions import lookup
from flowc.maths.labels import formula_of
from flowc.program.batch_loss import belongs_to_loss
from flowc.program.notation import Element, Notation, has_excitation
from flowc.program.scalar_arrows import End

FIRST, LAST = 3, 1  # of a long layer: the circles before and after the dots
LEAST = FIRST + LAST + 1  # circles of a layer that is shortened, the dots counted
FEWEST = 3  # circles of a vector that is not shortened where its column is too long
MOST_COLUMNS = 16


def sketch(network: Network, content: Content, numbers: Mapping[End, float]) -> Diagram:
    """What there is to draw. `numbers`: the weights' elements that are known to be numbers."""
    return _Sketch(network, content, numbers).diagram()


class _Sketch:
    def __init__(self, network: Network, content: Content, numbers: Mapping[End, float]):
        self.network, self.content, self.numbers = network, content, numbers
        self.notation = Notation(network)
        self.axes_of_weights = {w.name: w.axes for w in network.weights}
        self.worded = {w.name: w.label for w in network.weights if w.label is not None and formula_of(w.label) is None}
        self.nodes = shown(network, content.loss)
        self.whole = frozenset(n.name for n in self.nodes if len(n.shape) > 1 or n.shape and content.vectors != "column")
        self.lines = Lines(network, self.whole)
        dotted = {axis.index for n in self.nodes if n.name not in self.whole for axis in n.axes[:1] if len(axis) > content.many}
        self.sizes = frozenset(name for name in dotted if name is not None) if content.symbolic else frozenset()

    def diagram(self) -> Diagram:
        every = [self._column(k, nodes) for k, nodes in enumerate(columns(self.network, self.nodes))]
        shown, notes = self._few(every)
        keys = {item.key for column in shown for item in column if isinstance(item, Circle)}
        into = {key: [*self.lines.into(key)] for column in shown for key in _circle_keys(column)}
        arrows, biases = self._arrows(into, keys), self._biases(into)
        if notes:
            drawn = sum(line.source in keys and not line.plain for lines in into.values() for line in lines)
            notes.append(f"{self._count() - drawn} arrows are not drawn")
        return Diagram(
            self.network.name, self.network.title or "", tuple(tuple(c) for c in shown), arrows, biases,
            tuple(self._boxes(shown)), self._shared(into), tuple(notes), axes_by_name(self.network),
        )  # fmt: skip

    def _count(self) -> int:
        """The arrows with weights that there are between all circles; one for each that stands for many."""
        nodes = {node.name: node for node in self.nodes}
        arrows = [(a, n) for n in self.nodes for a in n.arrows if a.source in nodes]
        single = [(a, n) for a, n in arrows if n.name not in self.whole and a.source not in self.whole]
        return sum(prod(count_lines(a, nodes[a.source], n)) for a, n in single) + len(arrows) - len(single)

    # ------------------------------------------------------------------------------------------------------------ circles

    def _column(self, place: int, nodes: Sequence[Node]) -> list[Circle | Dots]:
        """Of long vectors the first, dots, the last; where all together are too many, of shorter ones, too, and then of the column."""
        items = self._items(place, nodes, self.content.many, FIRST)
        if _count_circles(items) > self.content.many and len(nodes) > 1:
            items = self._items(place, nodes, FEWEST, 1)
            return items if _count_circles(items) <= 2 * self.content.many else self._shortened(items, place)
        return items

    def _items(self, place: int, nodes: Sequence[Node], many: int, first: int) -> list[Circle | Dots]:
        """The circles of a column: of a vector with more than so many the `first`, dots, the last."""
        items: list[Circle | Dots] = []
        for node in nodes:
            if not node.shape or node.name in self.whole:
                items.append(self._circle(node, (), place))
                continue
            count = node.shape[0]
            few = count > many
            shown = [*range(first), *range(count - LAST, count)] if few else range(count)
            circles: list[Circle | Dots] = [self._circle(node, (k,), place) for k in shown]
            dots = [Dots(place, count - first - LAST)] if few else []
            items += [*circles[:first], *dots, *circles[first:]]
        return items

    def _shortened(self, items: Sequence[Circle | Dots], place: int) -> list[Circle | Dots]:
        """The first, dots, the last."""
        circles = [item for item in items if isinstance(item, Circle)]
        hidden = len(circles) - FIRST - LAST + sum(item.count for item in items if isinstance(item, Dots))
        return [*circles[:FIRST], Dots(place, hidden), *circles[-LAST:]]

    def _few(self, every: list[list[Circle | Dots]]) -> tuple[list[list[Circle | Dots]], list[str]]:
        """Of very many columns the first and the last; what is left out is said."""
        notes = []
        if len(every) > MOST_COLUMNS:
            half = MOST_COLUMNS // 2
            middle = every[half:-half]
            count = sum(item.count if isinstance(item, Dots) else 1 for column in middle for item in column)
            every = [*every[:half], [Dots(half, count, across=True)], *every[-half:]]
            notes.append(f"{len(middle)} columns in the middle are left out")
        hidden = sum(item.count for column in every for item in column if isinstance(item, Dots))
        if hidden:
            notes.append(f"{hidden} circles are left out")
        return _renumber_columns(every), notes

    def _circle(self, node: Node, element: tuple[int, ...], column: int) -> Circle:
        name, notation, function = node.name, self.notation, lookup(node.function)
        author_name, excited, as_one = self._name(node, element), has_excitation(node), node.name in self.whole
        split = excited and function is not None and function.kind == "elementwise"
        place = symbolic(element, node.axes, self.sizes)
        xi = of_symbol(notation.excitation(name, place)) if excited and not node.anonymous else None
        inside = None if split else xi if excited else self._inside(node, author_name)
        plain = not excited and not node.operands and not node.anonymous
        if as_one and plain:
            inside = SUM if adds_up(node) else of_symbol(notation.node(name))
        elif self.content.names_outside and plain:
            inside = None
        outside = as_one or self.content.names_outside
        return Circle(
            key=(name, element),
            role="loss" if belongs_to_loss(self.network, node) else node.role,
            column=column,
            name=None if node.anonymous or plain and not outside else author_name,
            inside=inside,
            excitation=xi if split else None,
            function=node.function,
            parameters=node.parameters,
            split=split,
            says=self._says(node, element),
            square=belongs_to_loss(self.network, node) or as_one and self.content.vectors == "box" and not (node.operands or node.anonymous),
            short=None if node.anonymous else of_symbol(notation.node(name, place)),
        )

    def _name(self, node: Node, element: tuple[int, ...]) -> Label:
        worded = bool(node.label and formula_of(node.label) is None and not element)
        if node.name in self.whole and node.shape:
            named = of_author(node.label or "") if worded else of_symbol(self.notation.node(node.name))
            alone = not worded and not has_excitation(node) and not node.operands and not adds_up(node)
            sizes = [axis.index if self.content.symbolic and axis.index else str(len(axis)) for axis in node.axes]
            return sized(None if alone else named, sizes or [*map(str, node.shape)])
        return of_author(node.label or "") if worded else of_symbol(self.notation.node(node.name, symbolic(element, node.axes, self.sizes)))

    def _inside(self, node: Node, own: Label) -> Label:
        """What stands in a circle that has no excitation of its own."""
        if node.operands:
            return operation(node, node.name in self.whole and self._is_elementwise(node))
        if node.anonymous:
            return SUM if node.name in self.whole else Label("Σ", r"\Sigma")
        return own

    def _is_elementwise(self, node: Node) -> bool:
        """Whether all its operands are vectors of its size."""
        return all(o.node is None or self.lines.count(o.node, o.index) == prod(node.shape) for o in node.operands)

    def _says(self, node: Node, element: tuple[int, ...]) -> str:
        name = "a part of " + str(node.owner) if node.anonymous else node.name
        place = f"[{','.join(map(element_name, node.axes, element))}]" if element else ""
        does = "" if node.role in ("input", "target") or node.function == "identity" else f", {node.function}"
        return f"{name}{place}: {node.role}{does}"

    def _boxes(self, kept: Sequence[Sequence[Circle | Dots]]) -> list[Box]:
        boxes = []
        for node in self.nodes:
            function = lookup(node.function)
            if function is not None and function.kind == "vector" and has_excitation(node):
                around = tuple(k for column in kept for k in _circle_keys(column) if k[0] == node.name)
                if around:
                    boxes.append(Box(node.name, _title(node, words(node.function)), around))
            elif _is_captioned(node) and node.name not in self.whole:
                around = tuple(k for column in kept for k in _circle_keys(column) if k[0] == node.name)
                if around:
                    boxes.append(Box(node.name, of_author(node.label or ""), around, framed=False))
        return boxes

    # ------------------------------------------------------------------------------------------------------------- arrows

    def _arrows(self, into: Mapping[Key, Sequence[Line]], keys: set[Key]) -> tuple[Arrow, ...]:
        arrows = []
        for target, lines in into.items():
            pairs: dict[Key, list[Line]] = defaultdict(list)
            for line in lines:
                if line.source is not None and line.source in keys:
                    pairs[line.source].append(line)
            arrows += [self._arrow(source, target, several) for source, several in pairs.items()]
        return tuple(arrows)

    def _arrow(self, source: Key, target: Key, lines: Sequence[Line]) -> Arrow:
        plain = all(line.plain for line in lines)
        label = _operand_letters(lines) if plain else self._said_of(lines)
        if target[0] in self.whole and source[0] in self.whole and not plain:
            label = of_whole(label, lines, adds_up(self.lines.nodes[target[0]]))
        hidden = not plain and self.lines.nodes[target[0]].anonymous and all(line.weight is None and line.factor == 1 for line in lines)
        weight = lines[0].weight if len(lines) == 1 else None
        value = None if plain or len({line.spread for line in lines}) > 1 else value_of(lines, self.numbers)
        inhibits = self.content.inhibition and not hidden and value is not None and value < 0
        return Arrow(source, target, None if hidden else label, None if hidden else value, weight, lines[0].factor, inhibits, self._blank_of(lines))

    def _biases(self, into: Mapping[Key, Sequence[Line]]) -> tuple[Bias, ...]:
        biases = []
        for target, lines in into.items():
            constants = joined([line for line in lines if line.source is None])
            label = self._said_of(constants)
            if constants and label is not None:
                weight = constants[0].weight if len(constants) == 1 else None
                value = value_of(constants, self.numbers)
                inhibits = self.content.inhibition and value is not None and value < 0
                biases.append(Bias(target, label, value, weight, constants[0].factor, inhibits, self._blank_of(constants)))
        return tuple(biases)

    def _said_of(self, lines: Sequence[Line]) -> Label | None:
        """What stands on an arrow: names, a number, or `w₁₁ = 0.5`."""
        names, value = self._names_of(lines), value_of(lines, self.numbers)
        if self.content.arrows == "names" or value is None or all(line.weight is None for line in lines):
            return names
        digits = number(value, self.content.digits)
        return digits if self.content.arrows == "numbers" or names is None else equated(names, digits)

    def _names_of(self, lines: Sequence[Line]) -> Label | None:
        numbered = self.content.numbered
        return together(label_of(line, self._named_by_size(line), self.notation, self.worded, numbered) for line in lines)

    def _blank_of(self, lines: Sequence[Line]) -> Label:
        """An empty box, behind the name of a weight whose number is asked for."""
        names = self._names_of(lines) if self.content.arrows == "both" and any(line.weight for line in lines) else None
        return BLANK if names is None else equated(names, BOX)

    def _named_by_size(self, line: Line) -> Element:
        """The element of its weight, as the circles after dots are called."""
        if line.weight is None:
            return ()
        return symbolic(line.weight[1], self.axes_of_weights[line.weight[0]], self.sizes)

    def _shared(self, into: Mapping[Key, Sequence[Line]]) -> frozenset[str]:
        uses = Counter(line.weight for lines in into.values() for line in lines if line.weight is not None)
        return frozenset(weight[0] for weight, count in uses.items() if count > 1)


def _count_circles(items: Sequence[Circle | Dots]) -> int:
    return sum(isinstance(item, Circle) for item in items)


def _is_captioned(node: Node) -> bool:
    """Whether words of the author stand over its circles."""
    return bool(node.shape and node.label and formula_of(node.label) is None and not node.anonymous)


def _title(node: Node, function: Label) -> Label:
    return with_function(node.label or "", function.text) if _is_captioned(node) else function


def _operand_letters(lines: Sequence[Line]) -> Label | None:
    """Which operands of an ordered operation a circle gives: `a`, or `a, b`."""
    letters = ", ".join(line.letter for line in lines if line.letter)
    return Label(letters, letters) if letters else None


def _renumber_columns(columns: list[list[Circle | Dots]]) -> list[list[Circle | Dots]]:
    return [[replace(item, column=k) for item in column] for k, column in enumerate(columns)]


def _circle_keys(column: Sequence[Circle | Dots]) -> list[Key]:
    return [item.key for item in column if isinstance(item, Circle)]

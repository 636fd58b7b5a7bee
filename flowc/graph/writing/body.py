"""What feeds each node: an equation, or arrows; chosen as one would, and held to what the text will mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product

from flowc.graph.equality import of_arrow
from flowc.graph.equations import is_sum
from flowc.graph.files.lazy_arrows import Mixed, Rows, source_names, weights_of
from flowc.graph.network import Arrow, Axis, Network, Node
from flowc.graph.writing.folding import Folding
from flowc.graph.writing.kinds import is_bare
from flowc.graph.writing.kinds import is_sum as is_sum_alone
from flowc.graph.writing.lines import Line, Lines
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.reading import Reading
from flowc.graph.writing.spelling import binary, call, name, number, numbers_of, sizes_of
from flowc.records import Record
from flowc.syntax import tree as t
from flowc.syntax.expressions import unparse

LONGEST = 60  # letters of an equation that stands for arrows
MOST = 12  # terms of one
WAYS = sorted(product((False, True), repeat=3), key=sum)  # to fold an expression, the plainest first
ALIKE = 3  # neighbours with the same arrows that are drawn together


class Written(Record):
    """One node's text: an equation, or the lines into it (before and after those of a file). `declared`: it needs to be.

    `line_arrows`: for each of `lines` the arrow, or the first of those, that it draws.
    """

    node: Node
    equation: str | None = None
    excitation: str | None = None
    lines: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    listed: bool = False
    declared: bool = True
    line_arrows: tuple[Arrow, ...] = ()


class Body:
    """Chooses for every node of a network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes = {node.name: node for node in network.nodes}
        self.weights = {weight.name: weight for weight in network.weights}
        self.parts: dict[str, dict[str, Node]] = {}
        for node in network.nodes:
            if node.anonymous:
                self.parts.setdefault(node.owner or "", {})[node.name] = node
        excitations = (node.excitation_name for node in network.nodes if node.excitation_name)
        axes = [a for n in network.nodes for a in n.axes] + [a for w in network.weights for a in w.axes]
        indices = (axis.index for axis in axes if axis.index)
        self.lines = Lines(self.nodes, self.weights, {*self.nodes, *self.weights, *excitations, *indices})
        self.reading = Reading(network)

    def written_nodes(self) -> Iterator[Written]:
        """Every node that is fed, in the order of evaluation. Raises NoText."""
        fed = [n for n in self.network.nodes if not n.anonymous and n.role not in ("input", "target")]
        for node in fed:
            written = self._written_loss(node) if node.role == "loss" else self._written_node(node)
            yield replace(written, declared=written.declared or node.name in self._lone_arguments)

    @cached_property
    def _lone_arguments(self) -> set[str]:
        """The nodes whose one use is the whole argument of a function: undeclared they would be names of excitations."""
        used = Counter(name for node in self.network.nodes for name in source_names(node.arrows))
        used.update(o.node for node in self.network.nodes for o in node.operands if o.node)
        applied = [n for n in self.network.nodes if n.function != "identity" and len(n.arrows) == 1 and not n.anonymous]
        sums = {n.arrows[0].source for n in applied if is_bare(n.arrows[0]) and is_sum_alone(self.nodes[n.arrows[0].source])}
        return {name for name in sums if used[name] == 1 and sizes_of(self.nodes[name].axes) is not None}

    # ------------------------------------------------------------------- choice

    def _written_node(self, node: Node) -> Written:
        if isinstance(node.arrows, (Rows, Mixed)):
            return self._by_file(node)
        if node.operands or node.name in self.parts or node.excitation_name:
            return self._by_equation(node)
        if node.name in self._nodes_alike or not self._may_be_equation(node):
            lines = self._lines_into(node)
            return self._by_lines(node, lines) if lines is not None else self._by_equation(node)
        try:
            equation = self._by_equation(node)
        except NoText:
            equation = None
        if equation is not None and len(equation.equation or "") <= LONGEST:
            return equation
        lines = self._lines_into(node)
        return self._by_lines(node, lines) if lines is not None else self._by_equation(node)

    def _by_lines(self, node: Node, lines: tuple[Line, ...]) -> Written:
        return Written(node, lines=lines, line_arrows=tuple(node.arrows))

    def _may_be_equation(self, node: Node) -> bool:
        """Whether few scalars with declared weights feed a scalar, or several lines that run one to one a vector."""
        arrows = node.arrows
        if len(arrows) > MOST:
            return False
        if node.axes:
            alone = not any(a.weight or a.literal or a.source_index or a.target_index for a in arrows)
            return len(arrows) > 1 and alone and all(a.spec.is_like("i,->i") for a in arrows)
        scalar = all(a.spec.is_scalar and not a.source_index and not a.weight_index for a in arrows)
        return scalar and all(self.weights[a.weight].declared for a in arrows if a.weight)

    @cached_property
    def _nodes_alike(self) -> set[str]:
        """The nodes among whose neighbours some have the same arrows: one statement draws them all."""
        names: set[str] = set()
        run: list[Node] = []
        for node in (*self.network.nodes, None):
            alike = bool(run) and node is not None and self._same_arrows(run[-1], node)
            if not alike:
                names.update(n.name for n in run if len(run) >= ALIKE)
                run = []
            if node is not None:
                run.append(node)
        return names

    def _same_arrows(self, first: Node, second: Node) -> bool:
        a, b = first.arrows, second.arrows
        if not a or len(a) != len(b) or isinstance(a, (Rows, Mixed)) or isinstance(b, (Rows, Mixed)):
            return False
        return all(of_arrow(x) == of_arrow(y) for x, y in zip(a, b))

    # ---------------------------------------------------------------- equations

    def _by_equation(self, node: Node) -> Written:
        """Raises NoText where none means the node."""
        parts = self.parts.get(node.name, {})
        why = "an expression would be read in another way"
        for marked, behind, nested in WAYS:
            folding = Folding(self.nodes, self.weights, parts, marked, behind, nested)
            try:
                expression = folding.right_side(node)
            except NoText as problem:
                why = str(problem)
                continue
            axes = self.reading.axes_of(node, list(parts.values()), expression)
            if axes is not None:
                return self._as_equation(node, folding, expression, axes)
        raise NoText(f"`{node.name}` has no equation: {why}")

    def _as_equation(self, node: Node, folding: Folding, right_side: t.Expression, axes: tuple[Axis, ...]) -> Written:
        excitation = None
        if node.excitation_name:
            excitation = f"{node.excitation_name} = {unparse(self._as_sum(folding.sum(node.arrows)))}"
            right_side = call(node.function, [name(node.excitation_name), *numbers_of(node)])
        hidden = node.role == "hidden" and node.label is None and axes == node.axes and node.name != "loss"
        if not hidden and node.role != "loss" and sizes_of(node.axes) is None:
            raise NoText(f"no declaration gives `{node.name}` its size: a part of a named index")
        return Written(node, f"{node.name} = {unparse(right_side)}", excitation, declared=not hidden)

    def _as_sum(self, excitation: t.Expression) -> t.Expression:
        """The expression in a form that is a sum at sight, for only then its name is that of an excitation."""
        equation = t.Equation(name("xi"), excitation, excitation.span)
        return excitation if is_sum(self.reading.draft, equation) else binary("*", number(1.0), excitation)

    def _written_loss(self, node: Node) -> Written:
        equation = self._by_equation(node)
        assert equation.equation is not None
        return Written(node, equation.equation.partition(" = ")[2], declared=False)

    # ------------------------------------------------------------------- arrows

    def _lines_into(self, node: Node) -> tuple[Line, ...] | None:
        """The arrows as arrows of the text; None where it takes an equation."""
        if sizes_of(node.axes) is None or _may_draw_twice(node.arrows):
            return None
        try:
            return tuple(self.lines.line(arrow, node) for arrow in node.arrows)
        except NoText:
            return None

    def _by_file(self, node: Node) -> Written:
        """A node that a file feeds, and perhaps the text before and after it."""
        rows = node.arrows.parts if isinstance(node.arrows, Mixed) else (node.arrows,)
        sides: tuple[list[Line], list[Line]] = [], []
        seen = False
        for part in rows:
            if isinstance(part, Rows):
                seen = True
            else:
                sides[seen].extend(self.lines.line(arrow, node) for arrow in part)
        return Written(node, lines=tuple(sides[0]), after=tuple(sides[1]), listed=True)

    # ------------------------------------------------------------------ weights

    def weights_of_lines(self, written: Sequence[Written]) -> dict[str, Line]:
        """The weights that arrows make where they are drawn: each with the first line that can."""
        needed = {name for entry in written if entry.equation and entry.node.role != "loss" for name in self._weights_in(entry.node)}
        needed |= {weight.name for weight in self.network.weights if weight.label is not None}  # no arrow has room for one
        lines = [line for entry in written for line in entry.lines]
        needed |= {line.makes for line in lines if line.makes and line.lists and self._uses_of_weights[line.makes] > 1}
        lines_by_weight: dict[str, Line] = {}
        for line in lines:
            if line.makes and (line.makes not in needed or sizes_of(self.weights[line.makes].axes) is None):
                lines_by_weight.setdefault(line.makes, line)
        return lines_by_weight

    @cached_property
    def _uses_of_weights(self) -> Counter[str]:
        """How many arrows of the text carry each weight."""
        texts = (node.arrows for node in self.network.nodes if not isinstance(node.arrows, (Rows, Mixed)))
        return Counter(arrow.weight for arrows in texts for arrow in arrows if arrow.weight)

    def _weights_in(self, node: Node) -> set[str]:
        """The weights of an equation, whose sizes have to be known before it is read."""
        return {w for n in (node, *self.parts.get(node.name, {}).values()) for w in weights_of(n.arrows)}


def _may_draw_twice(arrows: Sequence[Arrow]) -> bool:
    """Whether two arrows may draw one line, as like terms of an equation do."""
    sources = source_names(arrows)
    if len(set(sources)) == len(sources):
        return False
    seen: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        for before in seen.setdefault(arrow.source, []):
            if _indices_meet(before.source_index, arrow.source_index) and _indices_meet(before.target_index, arrow.target_index):
                return True
        seen[arrow.source].append(arrow)
    return False


def _indices_meet(one: Sequence[int | tuple[int, int]], other: Sequence[int | tuple[int, int]]) -> bool:
    """Whether two indices have an element in common."""
    pairs = zip(one, other) if one and other else ()
    ranges = (((a, a + 1) if isinstance(a, int) else a, (b, b + 1) if isinstance(b, int) else b) for a, b in pairs)
    return all(max(a[0], b[0]) < min(a[1], b[1]) for a, b in ranges)

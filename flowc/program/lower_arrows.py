"""The terms of an excitation: what each arrow adds."""

from __future__ import annotations

from flowc.graph.network import Arrow, Index, Node
from flowc.maths.index_map import index_map
from flowc.program.builder import Builder
from flowc.program.ir import Arg, Symbol, Type
from flowc.program.ops import Constant, Contract, Lift, Multiply, Place, Select, Stack
from flowc.program.values import selected, type_of


class Terms:
    """Writes arrows with a builder. `values` are the nodes' values, as far as they are known."""

    def __init__(self, builder: Builder, weights: dict[str, Symbol], values: dict[str, Arg]):
        self.builder, self.weights, self.values = builder, weights, values

    def sum(self, node: Node) -> Arg:
        """The terms in the order written; arrows into single elements are gathered into a vector."""
        terms: list[Arg] = []
        run: list[Arrow] = []
        for arrow in node.arrows:
            if _into_element(arrow, node):
                run.append(arrow)
                continue
            terms += self._gather_elements(run, node)
            run = []
            terms.append(self._place_term(arrow, node))
        terms += self._gather_elements(run, node)
        return self._add_terms(terms)

    def _add_terms(self, terms: list[Arg]) -> Arg:
        numbers = [t for t in terms if not isinstance(t, Symbol)]
        return float(sum(numbers)) if len(numbers) == len(terms) else self.builder.add(tuple(terms))

    def _gather_elements(self, run: list[Arrow], node: Node) -> list[Arg]:
        """A vector from the sums into its elements; an element without a term here is 0."""
        if not run:
            return []
        into: list[list[Arg]] = [[] for _ in range(node.shape[0])]
        for arrow in run:
            (place,) = arrow.target_index
            assert isinstance(place, int)
            into[place].append(self.term(arrow))
        sums = [self._add_terms(terms) for terms in into]
        if not any(isinstance(s, Symbol) for s in sums):
            return [self.builder.emit(Constant(tuple(sums)))]
        batched = any(type_of(s).batched for s in sums)
        return [self.builder.emit(Stack(), *(self.builder.spread(s, Type(batched, ())) for s in sums))]

    def _place_term(self, arrow: Arrow, node: Node) -> Arg:
        """The term of an arrow into the whole node, or into a part of it."""
        term = self.term(arrow)
        if not arrow.target_index or all(i == (0, n) for i, n in zip(arrow.target_index, node.shape, strict=False)):
            return term
        batched = type_of(term).batched
        part = self.builder.spread(term, Type(batched, selected(node.shape, arrow.target_index)))
        return self.builder.emit(Place(arrow.target_index, node.shape), part)

    def term(self, arrow: Arrow) -> Arg:
        """coefficient · weight · source, as the arrow's spec says."""
        weight, source = self.weight(arrow), self.source(arrow)
        (source_axes, weight_axes), target = arrow.spec.letters, arrow.spec.target
        if not isinstance(source, Symbol):
            term, axes = self.scaled(arrow.coefficient * source, weight), weight_axes
        elif weight is None:
            term, axes = self.scaled(arrow.coefficient, source), source_axes
        else:
            term, axes = self._weigh_source(arrow, weight, weight_axes, source, source_axes, target)
        return self._align_axes(term, axes, target)

    def weight(self, arrow: Arrow) -> Arg | None:
        if arrow.literal is not None:
            numbers = arrow.literal
            array: Arg = self.builder.emit(Constant(numbers)) if isinstance(numbers, tuple) else numbers
        elif arrow.weight is not None:
            array = self.weights[arrow.weight]
        else:
            return None
        return self.part(array, arrow.weight_index)

    def source(self, arrow: Arrow) -> Arg:
        return 1.0 if arrow.source == "1" else self.part(self.values[arrow.source], arrow.source_index)

    def part(self, whole: Arg, index: Index) -> Arg:
        return self.picked(whole, index) if isinstance(whole, Symbol) else whole

    def picked(self, whole: Symbol, index: Index) -> Symbol:
        """The elements of an array that an index keeps."""
        if all(i == (0, n) for i, n in zip(index, whole.type.shape, strict=False)):
            return whole
        return self.builder.emit(Select(index), whole)

    def scaled(self, coefficient: float, x: Arg | None) -> Arg:
        """A weight of 0 stays in sight."""
        if x is None:
            return coefficient
        if coefficient == 0 and isinstance(x, Symbol):
            return self.builder.emit(Multiply(), 0.0, x)
        return self.builder.multiply(coefficient, x)

    def _weigh_source(
        self, arrow: Arrow, weight: Arg, weight_axes: str, source: Symbol, source_axes: str, target: str
    ) -> tuple[Arg, str]:
        """Weight times source, and the axes of the result: a product where nothing is summed, else a contraction."""
        summed = [c for c in source_axes + weight_axes if c not in target]
        if not summed and (not weight_axes or not source_axes or weight_axes == source_axes):
            axes = weight_axes or source_axes
            meeting = source if source_axes else self.lifted(source, "", axes)
            if arrow.coefficient == 0:
                return self.builder.emit(Multiply(), 0.0, weight, meeting), axes
            return self.builder.multiply(arrow.coefficient, weight, meeting), axes
        axes = "".join(c for c in target if c in source_axes + weight_axes)
        if not isinstance(weight, Symbol) or not weight_axes:
            term: Arg = self._sum_axes(source, source_axes, axes)
            return self.scaled(arrow.coefficient, self.builder.multiply(weight, term)), axes
        term = self.builder.emit(Contract(index_map(f"{source_axes},{weight_axes}->{axes}")), source, weight)
        return self.scaled(arrow.coefficient, term), axes

    def _sum_axes(self, x: Arg, axes: str, kept: str) -> Arg:
        """x without the axes that the target lacks, in the target's order."""
        lost = tuple(i for i, c in enumerate(axes) if c not in kept)
        x = self.builder.reduce("sum", x, axes=lost)
        left = "".join(c for c in axes if c in kept)
        return self._turn_axes(x, left, kept)

    def _turn_axes(self, x: Arg, axes: str, target: str) -> Arg:
        """x with its axes in the target's order."""
        if axes == target or not isinstance(x, Symbol):
            return x
        return self.builder.emit(Contract(index_map(f"{axes}->{target}")), x)

    def _align_axes(self, term: Arg, axes: str, target: str) -> Arg:
        """The term with the target's axes: summed, turned, and single axes where it repeats."""
        if not isinstance(term, Symbol) or axes == target:
            return term
        letters = "".join(c for c in target if c in axes)
        return self.lifted(self._sum_axes(term, axes, letters), letters, target)

    def lifted(self, term: Arg, axes: str, target: str) -> Arg:
        """Single axes where the target has more; a number or weight without axes repeats by itself."""
        missing = tuple(i for i, c in enumerate(target) if c not in axes)
        if not missing or not isinstance(term, Symbol) or term.type == Type(False, ()):
            return term
        return self.builder.emit(Lift(missing), term)


def _into_element(arrow: Arrow, node: Node) -> bool:
    return len(node.shape) == 1 and len(arrow.target_index) == 1 and isinstance(arrow.target_index[0], int)

"""The values of one token: every node when it is asked for, and whatever leads to it before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from flowc.oracle.ends import Place
from flowc.oracle.expressions import Expressions
from flowc.oracle.lines import Line
from flowc.oracle.tensor import Tensor, scalar
from flowc.oracle.traced import Scalar, total
from flowc.oracle.weights import Weights
from flowc.syntax import tree as t

Lines = Mapping[str, Sequence[Line]]  # by the node that they lead to


class Token(Expressions):
    """`given`: inputs and targets. `lines` and `over_tokens` are of the batch that it belongs to."""

    def __init__(
        self, weights: Weights, given: Mapping[str, Tensor], lines: Callable[[str], Sequence[Line]],
        over_tokens: Callable[[t.Call], Tensor],
    ):  # fmt: skip
        super().__init__(weights.calculus, weights.declarations)
        self._weights, self._lines, self._over_tokens = weights, lines, over_tokens
        self._values = dict(given)

    def named(self, name: str) -> Tensor:
        is_weight = name in self.declarations.weights or name not in self.declarations.names and name in self._weights.learnt
        return self._weights.named(name) if is_weight else self.node(name)

    def over_batch(self, e: t.Call) -> Tensor:
        return self._over_tokens(e)

    def node(self, name: str) -> Tensor:
        """Raises KeyError for a name that is no node's, or whose input is not given."""
        left = [name]
        while left:
            last = left[-1]
            waiting = [] if last in self._values else [n for n in self._names_read(last) if n not in self._values]
            if waiting:
                left += waiting
                continue
            if last not in self._values:
                self._values[last] = self._compute_node(last)
            left.pop()
        return self._values[name]

    def _names_read(self, name: str) -> Iterator[str]:
        """The nodes that it is made of."""
        if name in self.declarations.equations:
            names = references(self.declarations.equations[name])
            return (n for n in names if n in self.declarations.names and self._is_node(n))
        return (line.source[0] for line in self._lines(name) if line.source[0] != "1")

    def _is_node(self, name: str) -> bool:
        return name in self.declarations.equations or name in self.declarations.activations

    def _compute_node(self, name: str) -> Tensor:
        declarations = self.declarations
        if name in declarations.equations:
            value = self.value(declarations.equations[name])
            return value.of_size(declarations.axes[name]) if name in declarations.axes else value
        activation = declarations.activations[name]
        xi = self.excitation(name)
        return self.applied(activation, xi) if activation else xi

    def excitation(self, name: str) -> Tensor:
        """The sum of a node's arrows, or the argument of the function that its equation is."""
        if name in self.declarations.equations:
            call = self.declarations.equations[name]
            assert isinstance(call, t.Call)
            xi = self.value(call.args[0])
            return xi.of_size(self.declarations.axes[name]) if name in self.declarations.axes else xi
        axes = self.declarations.axes[name]
        terms: dict[tuple[int, ...], list[tuple[Scalar, Scalar]]] = {}
        for line in self._lines(name):
            terms.setdefault(line.target[1], []).append((line.weight, self._scalar_at(line.source)))
        zero = self.calculus.zero
        return Tensor(axes, [total(terms.get(place, ()), zero) for place in _places_of(axes)])

    def _scalar_at(self, place: Place) -> Scalar:
        name, at = place
        return self.calculus.one if name == "1" else self._values[name].at(at)


class Outline(Token):
    """Of sizes alone: all that is declared is 0, so that nothing is asked but what equations make of it."""

    def _names_read(self, name: str) -> Iterator[str]:
        return iter(()) if name in self.declarations.axes else super()._names_read(name)

    def _compute_node(self, name: str) -> Tensor:
        axes = self.declarations.axes.get(name)
        return super()._compute_node(name) if axes is None else scalar(self.calculus.zero).of_size(axes)


def _places_of(axes: Sequence[Sequence[str]]) -> Iterator[tuple[int, ...]]:
    return product(*(range(len(axis)) for axis in axes))


def references(e: t.Expression | t.Range) -> Iterator[str]:
    """The names in an expression, but for those of functions and within an index."""
    left: list[t.Expression | t.Range] = [e]
    while left:
        match left.pop():
            case t.Ref(name):
                yield name
            case t.Negative(operand) | t.Transpose(operand):
                left.append(operand)
            case t.Binary(_, a, b):
                left += a, b
            case t.List(items):
                left += items
            case t.Call(_, args):
                left += args

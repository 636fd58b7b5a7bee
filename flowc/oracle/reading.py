"""A batch of tokens: the values of nodes and excitations, the loss, and its derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from flowc.oracle.arithmetic import FLOAT, Arithmetic
from flowc.oracle.declarations import Files, read_declarations
from flowc.oracle.expressions import numbers_of
from flowc.oracle.functions import Calculus
from flowc.oracle.lines import Line, Wiring
from flowc.oracle.tensor import Axis, Tensor, scalar
from flowc.oracle.token import Outline, Token
from flowc.oracle.traced import Traced, trace
from flowc.oracle.weights import Weights
from flowc.syntax import tree as t

Array = np.ndarray


class Reading:
    """`given`: inputs and targets by name, (n, *shape). `learnt`: the learnt weights by name; fixed ones are in the text.

    `files` gives the bytes of a file of nodes or edges by its name, `settings` sizes of indices. Results are arrays of
    float64, or of the arithmetic's own numbers. With `inputs` their derivatives may be asked for, too.
    """

    def __init__(
        self, tree: t.Tree, given: Mapping[str, Array], learnt: Mapping[str, Array], files: Files | None = None,
        settings: Mapping[str, int] | None = None, arithmetic: Arithmetic = FLOAT, inputs: bool = False, tokens: int = 1,
    ):  # fmt: skip
        self.declarations = read_declarations(tree, settings or {}, files)
        self.calculus = Calculus(arithmetic)
        self._arithmetic, self._inputs = arithmetic, inputs
        self.count = len(next(iter(given.values()))) if given else tokens
        self._wiring = Wiring(self.declarations, self._axes_of)
        self.weights = Weights(self.calculus, self.declarations, learnt, self._wiring.axes_of_weight)
        self._outline = Outline(self.weights, {}, lambda name: (), self._over_tokens)
        self._given = [self._of_token(given, k) for k in range(self.count)]
        self.tokens = [Token(self.weights, some, self._lines_into, self._over_tokens) for some in self._given]
        self._sums: dict[t.Call, Tensor] = {}

    def _of_token(self, given: Mapping[str, Array], k: int) -> dict[str, Tensor]:
        leaf = (lambda x: Traced(self._arithmetic.number(x))) if self._inputs else self._arithmetic.number
        return {
            name: Tensor(self.declarations.axes[name], [leaf(x) for x in np.ravel(values[k]).tolist()])
            for name, values in given.items()
        }

    # ---------------------------------------------------------------------------------------------------------- lines

    def _axes_of(self, node: str) -> tuple[Axis, ...]:
        return self._outline.node(node).axes

    def _lines_into(self, node: str) -> Sequence[Line]:
        return self._lines_by_target.get(node, ())

    @cached_property
    def _lines_by_target(self) -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {}
        for line in self._wiring.lines(self.weights):
            lines.setdefault(line.target[0], []).append(line)
        return lines

    # --------------------------------------------------------------------------------------------------------- values

    def node(self, name: str) -> Array:
        """(n, *shape)."""
        return self._batch_values([token.node(name) for token in self.tokens])

    def excitation(self, name: str) -> Array | None:
        """(n, *shape); None where the node has none: it is an expression that is no function of one argument."""
        if name in self.declarations.equations and not isinstance(self.declarations.equations[name], t.Call):
            return None
        self.node(name)
        return self._batch_values([token.excitation(name) for token in self.tokens])

    def _batch_values(self, values: Sequence[Tensor]) -> Array:
        return self._fill_array([x for value in values for x in numbers_of(value)], (len(values), *values[0].shape))

    def _fill_array(self, numbers: Sequence[Any], shape: tuple[int, ...]) -> Array:
        kind = float if self._arithmetic.name == "float64" else object
        array = np.empty(len(numbers), kind)
        array[:] = numbers
        return array.reshape(shape)

    # ----------------------------------------------------------------------------------------------------------- loss

    @cached_property
    def _mean_loss(self) -> Any:
        """The mean over the tokens; `sse` is the same sum for each of them."""
        assert self.declarations.loss is not None
        return self.calculus.mean([token.value(self.declarations.loss).items[0] for token in self._computed_tokens])

    def _over_tokens(self, e: t.Call) -> Tensor:
        if e not in self._sums:
            self._sums[e] = scalar(self.calculus.sum([token.loss_of(e).items[0] for token in self._computed_tokens]))
        return self._sums[e]

    @cached_property
    def _computed_tokens(self) -> list[Token]:
        """The tokens, with all that they are made of."""
        for token in self.tokens:
            for name in (*self.declarations.equations, *self.declarations.activations):
                token.node(name)
        return self.tokens

    def loss(self) -> Any:
        return numbers_of(scalar(self._mean_loss))[0]

    def gradients(self, of: str | None = None) -> dict[str, Array]:
        """The derivatives of the loss, or of the sum of a node over elements and tokens, for every learnt weight.

        With `inputs` for them, too: (n, *shape).
        """
        if of is None:
            top = self._mean_loss
        else:
            top = self.calculus.sum([x for token in self._computed_tokens for x in token.node(of).items])
        for leaf in self._learnt_leaves():
            leaf.slope = self.calculus.zero
        trace(top)
        slopes = {name: self._slopes_of([w]).reshape(w.shape) for name, w in self.weights.learnt.items()}
        for name in self._given[0] if self._inputs else ():
            slopes[name] = self._slopes_of([some[name] for some in self._given])
        return slopes

    def _learnt_leaves(self) -> Iterable[Traced]:
        yield from (x for w in self.weights.learnt.values() for x in w.items)
        if self._inputs:
            yield from (x for some in self._given for value in some.values() for x in value.items)

    def _slopes_of(self, values: Sequence[Tensor]) -> Array:
        shape = (len(values), *values[0].shape)
        return self._fill_array([self.calculus.zero + x.slope for value in values for x in value.items], shape)

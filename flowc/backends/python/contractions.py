"""Contractions as text: `x @ W.T` where there is an idiom, else einsum."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.table import Table, spells
from flowc.maths.index_map import IndexMap
from flowc.program.ir import Step
from flowc.program.ops import Contract
from flowc.program.values import type_of


class ContractionSpelling(Table):
    """Words for arrows with matrices, which libraries share."""

    library: str
    axis: str

    @spells(Contract)
    def _spell_contract(self, step: Step[Contract], args: Sequence[Expression]) -> Expression:
        spec, batched = step.op.spec, [type_of(a).batched for a in step.args]
        if len(args) == 2:
            idiom = self._find_idiom(spec, batched, step.op.sum_batch, *args)
            if idiom is not None:
                return idiom
        elif spec.is_like("ij->ji") and not batched[0]:
            return e.transposed(args[0])
        return e.call(f"{self.library}.einsum", f'"{spec.einsum(batched, step.symbol.type.batched)}"', *args)

    def _find_idiom(
        self, spec: IndexMap, batched: Sequence[bool], sum_batch: bool, x: Expression, y: Expression
    ) -> Expression | None:
        """`x @ W.T`, `d.T @ x`, ... where the contraction is one."""
        if batched == [False, True]:
            spec, x, y, batched = spec.swapped, y, x, [True, False]
        if sum_batch:
            return self._over_batch(spec, x, y) if batched == [True, True] else None
        if batched == [True, True]:
            if spec.is_like("i,i->i"):
                return e.product([x, y])
            return e.method(e.product([x, y]), "sum", **{self.axis: "-1"}) if spec.is_like("i,i->") else None
        if spec.is_like("i,i->"):
            return self.times_vector(x, y)
        if spec.is_like("i,ij->j"):
            return e.matmul(x, y)
        if spec.is_like("i,ji->j"):
            return e.matmul(x, e.transposed(y)) if batched[0] else e.matmul(y, x)
        matrix = spec.is_like("ij,j->i") or spec.is_like("ij,jk->ik")
        return e.matmul(x, y) if matrix and not batched[0] else None

    def _over_batch(self, spec: IndexMap, x: Expression, y: Expression) -> Expression | None:
        """Σ over the tokens of an outer product."""
        if spec.is_like("i,->i"):
            return self.times_vector(y, x)
        if spec.is_like(",i->i"):
            return self.times_vector(x, y)
        if spec.is_like("i,j->ij"):
            return self.outer_product(x, y)
        return self.outer_product(y, x) if spec.is_like("i,j->ji") else None

    def outer_product(self, first: Expression, second: Expression) -> Expression:
        """The matrix of `first` times `second`, over the tokens."""
        return e.matmul(e.transposed(first), second)

    def times_vector(self, x: Expression, y: Expression) -> Expression:
        """x times y, one of them a vector."""
        return e.matmul(x, y)

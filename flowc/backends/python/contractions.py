"""Contractions as text: `x @ W.T` where there is an idiom, else einsum."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.table import Table, spells
from flowc.program.ir import Step
from flowc.program.ops import Contract
from flowc.program.values import type_of


class ContractionSpelling(Table):
    """Words for arrows with matrices, which libraries share."""

    library: str
    axis: str

    @spells(Contract)
    def _spell_contract(self, step: Step[Contract], args: Sequence[Expression]) -> Expression:
        spec, batched, of_tokens = step.op.spec, [type_of(a).batched for a in step.args], step.symbol.type.batched
        turned = batched == [False, True]
        alike = (spec.swapped if turned else spec).canonical.einsum(sorted(batched, reverse=True), of_tokens)
        if alike in IDIOMS:
            return IDIOMS[alike](self, *(reversed(args) if turned else args))
        return e.call(f"{self.library}.einsum", f'"{spec.einsum(batched, of_tokens)}"', *args)

    def outer_product(self, first: Expression, second: Expression) -> Expression:
        """The matrix of `first` times `second`, over the tokens."""
        return e.matmul(e.transposed(first), second)

    def times_vector(self, x: Expression, y: Expression) -> Expression:
        """x times y, one of them a vector."""
        return e.matmul(x, y)


# As einsum has them, with letters from i on and `n` for the tokens, which the first argument has if only one has them.
IDIOMS: dict[str, Callable[..., Expression]] = {
    "ij->ji": lambda spelling, x: e.transposed(x),
    "i,i->": lambda spelling, x, y: spelling.times_vector(x, y),
    "i,ij->j": lambda spelling, x, y: e.matmul(x, y),
    "i,ji->j": lambda spelling, x, y: e.matmul(y, x),
    "ij,j->i": lambda spelling, x, y: e.matmul(x, y),
    "ij,jk->ik": lambda spelling, x, y: e.matmul(x, y),
    "ni,i->n": lambda spelling, x, y: spelling.times_vector(x, y),
    "ni,ij->nj": lambda spelling, x, y: e.matmul(x, y),
    "ni,ji->nj": lambda spelling, x, y: e.matmul(x, e.transposed(y)),
    "ni,ni->ni": lambda spelling, x, y: e.product([x, y]),
    "ni,ni->n": lambda spelling, x, y: e.method(e.product([x, y]), "sum", **{spelling.axis: "-1"}),
    "ni,n->i": lambda spelling, x, y: spelling.times_vector(y, x),
    "n,ni->i": lambda spelling, x, y: spelling.times_vector(x, y),
    "ni,nj->ij": lambda spelling, x, y: spelling.outer_product(x, y),
    "ni,nj->ji": lambda spelling, x, y: spelling.outer_product(y, x),
}

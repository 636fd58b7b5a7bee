"""Contractions as text: `x @ W.T` where there is an idiom, else einsum."""

from __future__ import annotations

from collections.abc import Sequence

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
    def _contract(self, step: Step[Contract], args: Sequence[Expression]) -> Expression:
        letters, result = step.op.letters, step.op.result
        batched = [type_of(a).batched for a in step.args]
        if len(letters) == 2:
            found = self._idiom(letters, result, batched, step, args)
            if found is not None:
                return found
        elif len(letters[0]) == 2 and result == letters[0][::-1] and not batched[0]:
            return e.suffix(args[0], ".T")
        return self._einsum(letters, result, batched, step, args)

    def _idiom(
        self, letters: Sequence[str], result: str, batched: Sequence[bool], step: Step[Contract], args: Sequence[Expression]
    ) -> Expression | None:
        """`x @ W.T`, `d.T @ x`, ... where the contraction is one."""
        (a, b), (x, y) = letters, args
        if batched == [False, True]:
            (a, b), (x, y), batched = (b, a), (y, x), [True, False]
        if step.op.sum_batch:
            return self._over_batch(a, b, result, x, y) if batched == [True, True] else None
        if len(a) > 1 and batched[0] or not a:
            return None
        if batched == [True, True]:
            if a == b and len(a) == 1 and result in ("", a):
                both = e.product([x, y])
                return both if result else e.method(both, "sum", **{self.axis: "-1"})
            return None
        if batched == [True, False] or len(a) == 1:
            if b == a and not result:
                return self.times_vector(x, y)
            if len(b) == 2 and b[0] == a and result == b[1]:
                return e.matmul(x, y)
            if len(b) == 2 and b[1] == a and result == b[0]:
                return e.matmul(x, e.suffix(y, ".T")) if batched[0] else e.matmul(y, x)
            return None
        if len(a) == 2 and a[1:] == b[:1] and result == a[0] + b[1:]:
            return e.matmul(x, y)
        return None

    def _over_batch(self, a: str, b: str, result: str, x: Expression, y: Expression) -> Expression | None:
        """Σ over the tokens of an outer product."""
        if len(a) > 1 or len(b) > 1 or a == b:
            return None
        first, second = (x, y) if result == a + b else (y, x)
        left, right = (a, b) if result == a + b else (b, a)
        if result != left + right:
            return None
        if not right:
            return self.times_vector(second, first)
        if not left:
            return self.times_vector(first, second)
        return self.outer(first, second)

    def outer(self, first: Expression, second: Expression) -> Expression:
        """The matrix of `first` times `second`, over the tokens."""
        return e.matmul(e.suffix(first, ".T"), second)

    def times_vector(self, x: Expression, y: Expression) -> Expression:
        """x times y, one of them a vector."""
        return e.matmul(x, y)

    def _einsum(
        self, letters: Sequence[str], result: str, batched: Sequence[bool], step: Step, args: Sequence[Expression]
    ) -> Expression:
        token = "n" if "n" not in "".join(letters) else "N"
        operands = ",".join(token * many + own for many, own in zip(batched, letters, strict=True))
        out = (token if step.symbol.type.batched else "") + result
        return e.call(f"{self.library}.einsum", f'"{operands}->{out}"', *args)

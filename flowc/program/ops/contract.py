"""Every arrow with a matrix: products of two arrays, summed over axes that the result lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flowc.maths.index_map import IndexMap
from flowc.program.elements import Elements, Value, indices
from flowc.program.ops.index import Lift
from flowc.program.ops.operation import Machine, NumberWriter, Operation, Step, Writer
from flowc.program.values import SCALAR, Arg, IllTyped, Symbol, Type, type_of


class Contract(Operation):
    """Σ over the letters that the result lacks of a · b, or of a. `spec` says which elements of the tokens meet; the batch
    axis is meant, and summed if `sum_batch`."""

    spec: IndexMap
    sum_batch: bool = False

    name: ClassVar[str] = "contract"

    def result_type(self, types: Sequence[Type]) -> Type:
        try:
            sizes = self.spec.sizes([t.shape for t in types])
        except ValueError:
            raise IllTyped(f"contract {self.spec} of {', '.join(map(str, types))}") from None
        return Type(any(t.batched for t in types) and not self.sum_batch, tuple(sizes[c] for c in self.spec.target))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.einsum(self.spec.einsum([type_of(a).batched for a in step.args], step.symbol.type.batched), *args)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        back, missing = self.spec.pullback(place)
        x = step.args[place]
        sum_batch = not type_of(x).batched and type_of(d).batched
        if len(step.args) == 1:
            return b.emit(Contract(back, sum_batch), d)
        other = step.args[1 - place]
        sum_batch = sum_batch or not type_of(x).batched and type_of(other).batched
        if type_of(d) == SCALAR and not self.spec.target:
            return b.multiply(d, other)
        if type_of(d).shape != step.symbol.type.shape:
            d = b.spread(d, step.symbol.type)
        part: Arg = b.emit(Contract(back, sum_batch), d, other)
        return b.emit(Lift(missing), part) if missing else part

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """Σ over the letters that the result lacks, in their order."""
        sizes = self.spec.sizes([v.shape for v in args])
        summed = [c for c in sizes if c not in self.spec.target]
        elements = []
        for index in indices(step.symbol.type.shape):
            at = dict(zip(self.spec.target, index, strict=True))
            terms = []
            for inner in indices(tuple(sizes[c] for c in summed)):
                at |= zip(summed, inner, strict=True)
                factors = [v.at(tuple(f.at(at) for f in forms)) for forms, v in zip(self.spec.operands, args, strict=True)]
                terms.append(w.multiply(*sorted(factors, key=_is_batched)))
            total = w.add(tuple(terms))
            elements.append(w.over_batch("sum", total) if self.sum_batch else total)
        return tuple(elements)


def _is_batched(x: Arg) -> bool:
    return isinstance(x, Symbol) and x.type.batched

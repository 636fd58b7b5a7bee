"""Every arrow with a matrix: products of two arrays, summed over axes that the result lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flowc.program.elements import Elements, Value, indices
from flowc.program.ops.index import Lift
from flowc.program.ops.operation import Machine, NumberWriter, Operation, Step, Writer
from flowc.program.values import SCALAR, Arg, IllTyped, Symbol, Type, type_of


class Contract(Operation):
    """Σ over the axes that the result lacks of a · b. `spec` names the tokens' axes by letters, as "i,ji->j"; the batch
    axis is meant, and summed if `sum_batch`."""

    spec: str
    sum_batch: bool = False

    name: ClassVar[str] = "contract"

    @property
    def letters(self) -> list[str]:
        """Of each argument's axes."""
        return self.spec.split("->")[0].split(",")

    @property
    def result(self) -> str:
        """The letters of the result."""
        return self.spec.split("->")[1]

    def result_type(self, types: Sequence[Type]) -> Type:
        sizes: dict[str, int] = {}
        for letters, t in zip(self.letters, types, strict=True):
            if len(letters) != len(t.shape):
                raise IllTyped(f"contract {self.spec} of {', '.join(map(str, types))}")
            for letter, n in zip(letters, t.shape, strict=True):
                if sizes.setdefault(letter, n) != n:
                    raise IllTyped(f"contract {self.spec} of {', '.join(map(str, types))}")
        return Type(any(t.batched for t in types) and not self.sum_batch, tuple(sizes[c] for c in self.result))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        letters = [
            ("N" if isinstance(a, Symbol) and a.type.batched else "") + own
            for own, a in zip(self.letters, step.args, strict=True)
        ]
        out = ("N" if step.symbol.type.batched else "") + self.result
        return m.np.einsum(f"{','.join(letters)}->{out}", *args)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        letters, result = self.letters, self.result
        wanted = letters[place]
        x = step.args[place]
        sum_batch = not type_of(x).batched and type_of(d).batched
        if len(letters) == 1:
            return b.emit(Contract(f"{result}->{wanted}", sum_batch), d)
        other = step.args[1 - place]
        sum_batch = sum_batch or not type_of(x).batched and type_of(other).batched
        missing = tuple(i for i, c in enumerate(wanted) if c not in result + letters[1 - place])
        found = "".join(c for c in wanted if c in result + letters[1 - place])
        if type_of(d) == SCALAR and not result:
            return b.multiply(d, other)
        if type_of(d).shape != step.symbol.type.shape:
            d = b.spread(d, step.symbol.type)
        part: Arg = b.emit(Contract(f"{result},{letters[1 - place]}->{found}", sum_batch), d, other)
        return b.emit(Lift(missing), part) if missing else part

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """Σ over the letters that the result lacks, in their order."""
        letters, result = self.letters, self.result
        sizes = {c: n for own, v in zip(letters, args, strict=True) for c, n in zip(own, v.shape, strict=True)}
        summed = [c for c in sizes if c not in result]
        found = []
        for index in indices(step.symbol.type.shape):
            at = dict(zip(result, index, strict=True))
            terms = []
            for inner in indices(tuple(sizes[c] for c in summed)):
                at |= zip(summed, inner, strict=True)
                factors = [v.at(tuple(at[c] for c in own)) for own, v in zip(letters, args, strict=True)]
                terms.append(w.multiply(*sorted(factors, key=_batched)))
            total = w.add(tuple(terms))
            found.append(w.over_batch("sum", total) if self.sum_batch else total)
        return tuple(found)


def _batched(x: Arg) -> bool:
    return isinstance(x, Symbol) and x.type.batched

"""In which order the nodes without names were made, which an expression has to repeat: their numbers tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flowc.graph.network import Node, Operand
from flowc.graph.writing.kinds import is_sum, is_weight


class Order:
    """In which order the parts of an owner were made; their numbers tell."""

    def __init__(self, parts: Mapping[str, Node]) -> None:
        self.parts = parts
        self.number = {name: k for k, name in enumerate(parts)}

    def number_of(self, part: Node) -> int:
        return self.number[part.name]

    def made_while_reading(self, operand: Operand) -> list[int]:
        """The numbers of what is made while the operand is read, it itself left out; the smallest first."""
        part = self.parts.get(operand.node or "")
        return sorted(self._made_within(part)) if part is not None else []

    def _made_within(self, part: Node) -> Iterator[int]:
        for source in (*(o.node for o in part.operands), *(a.source for a in part.arrows)):
            if source in self.number:
                yield self.number[source]
                yield from self._made_within(self.parts[source])

    def made_early(self, operands: Sequence[Operand], weights: bool = True, below: Operand | None = None) -> set[int]:
        """The places of the operands that are nodes before an operation would make them.

        It makes them when everything within all of them has been read, and within what it is divided by, `below`; those of
        a product that are `weights` first.
        """
        numbers = [self.number.get(o.node or "") for o in operands]
        alone = [weights and part is not None and is_sum(part) and is_weight(part) for part in map(self._part_of, operands)]
        places = set()
        for k, here in enumerate(numbers):
            behind = [*operands[k + 1 :], below] if below else operands[k + 1 :]
            within = [n for other in behind for n in self.made_while_reading(other)[:1]]
            others = [
                n for j, n in enumerate(numbers)
                if n is not None and j != k and (alone[j] and not alone[k] or alone[j] == alone[k] and j < k)
            ]  # fmt: skip
            if here is not None and any(here < n for n in (*within, *others)):
                places.add(k)
        last = max((numbers[k] or 0 for k in places), default=-1)
        return {k for k, here in enumerate(numbers) if here is not None and here <= last}

    def _part_of(self, operand: Operand) -> Node | None:
        return self.parts.get(operand.node or "")

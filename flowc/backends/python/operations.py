"""Operations that printers make of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flowc.program.elements import Elements, Value
from flowc.program.ops import Count, Step
from flowc.program.ops.operation import Machine, NumberWriter


class CountOf(Count):
    """A count of something that has a name, instead of what was counted: `size` elements a token."""

    size: int

    name: ClassVar[str] = "count_of"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.asarray({"token": self.size, "batch": m.batch, "all": self.size * m.batch}[self.of])

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        if self.of == "token":
            return (float(self.size),)
        return (w.tokens if self.of == "batch" else w.multiply(float(self.size), w.tokens),)

"""Operations, reductions and losses as the formulas that their records give them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flowc.program import function_steps
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Apply, Copy


def opened(
    steps: Sequence[Step], first: int = 0, autograd: bool = False, chosen: Callable[[Step], bool] | None = None
) -> list[Step]:  # fmt: skip
    """Operations, reductions and losses, or what is chosen instead, written out by their formulas."""
    result: list[Step] = []
    number = first
    is_written_out = chosen or stands_in_the_line
    for step in steps:
        if not is_written_out(step):
            result.append(step)
            continue
        parts, value = function_steps.opened(step, autograd)
        moved: dict[Arg, Symbol] = {}
        if parts and isinstance(step.op, Apply) and step.op.record.kind == "vector":
            parts = (replace(parts[0], comment=step.op.function), *parts[1:])
        for part in parts:
            symbol = part.symbol._replace(number=number)
            number += 1
            moved[part.symbol] = symbol
            result.append(replace(part, symbol=symbol, args=tuple(moved.get(a, a) for a in part.args), span=step.span))
        if value in moved and result[-1].symbol == moved[value]:
            result[-1] = replace(result[-1], symbol=step.symbol, comment=step.comment)
        else:
            result.append(replace(step, op=Copy(), args=(moved.get(value, value),)))
    return result


def stands_in_the_line(step: Step) -> bool:
    """Whether the formula of an application stands in the line itself: operations, reductions, losses."""
    return isinstance(step.op, Apply) and step.op.record.kind in ("operation", "reduction", "loss")

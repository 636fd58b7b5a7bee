"""Which values stand inside the formula that uses them, and which have a variable of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from flowc.backends.loops.arrays import ARRAYS
from flowc.backends.loops.stages import adds_tokens
from flowc.program import ops
from flowc.program.dependencies import is_part
from flowc.program.ir import Step, Symbol
from flowc.program.ops.fused import CountOf
from flowc.program.passes.inline import inlined
from flowc.program.values import type_of

VIEWS = (ops.Select, ops.Lift, ops.Drop, ops.Reshape, ops.Spread, ops.Copy)
LOOPING = (ops.Contract, ops.Reduce, ops.Prod, ops.Others, ops.Largest, ops.Greatest)
READ_OFTEN = (ops.Largest, ops.Greatest, ops.FirstLargest, ops.Others)
LIGHT = (*VIEWS, ops.Count, CountOf, ops.ZerosLike)


def written_inside(groups: Sequence[Sequence[Step]], results: Iterable[Symbol]) -> set[Symbol]:
    """Parts of formulas that are computed no more often inside of these than before them. `groups` are done at other times;
    what one hands to another has a variable."""
    steps = list(dict.fromkeys(s for group in groups for s in group))
    users: dict[Symbol, list[Step]] = {}
    for step in steps:
        for arg in step.args:
            if isinstance(arg, Symbol):
                users.setdefault(arg, []).append(step)
    made_in = [{s.symbol for s in group} for group in groups]
    light = {s.symbol for s in steps if isinstance(s.op, LIGHT) and is_part(s.symbol)}
    chosen = inlined(steps, results) | light
    chosen -= set(results)
    return {s.symbol for s in steps if s.symbol in chosen and _may_stand_inside(s, users.get(s.symbol, []), made_in)}


def _may_stand_inside(step: Step, users: Sequence[Step], made_in: Sequence[set[Symbol]]) -> bool:
    symbol = step.symbol
    if type(step.op) in ARRAYS or adds_tokens(step):
        return False
    if isinstance(step.op, LIGHT):
        return True
    if any(user.symbol in group and symbol not in group for group in made_in for user in users):
        return False
    return all(_reads_once(user, symbol, isinstance(step.op, LOOPING)) for user in users)


def _reads_once(user: Step, symbol: Symbol, loops: bool) -> bool:
    """Whether a step needs each element of its argument once."""
    shape = symbol.type.shape
    if isinstance(user.op, READ_OFTEN):
        return False
    if isinstance(user.op, ops.Contract):
        size = prod(user.op.spec.sizes([type_of(a).shape for a in user.args]).values())
        return size == prod(shape) and not loops
    if isinstance(user.op, ops.Reduce | ops.Prod):
        return not loops
    if isinstance(user.op, VIEWS):
        return prod(user.symbol.type.shape) <= prod(shape)
    return user.symbol.type.shape == shape or prod(shape) == prod(user.symbol.type.shape)

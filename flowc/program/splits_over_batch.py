"""Whether a loss is a sum or a mean over the tokens, so that a batch may be taken in parts."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.program.differentiate import active
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Add, Copy, Divide, Multiply, Reduce
from flowc.program.ops.operation import How


def over_tokens(program: Program) -> How | None:
    """How the losses of parts make the loss of the whole; None where they do not.

    "sum": they add up. "mean": so do they, each times its share of the tokens; what hangs on no token, as a penalty on
    weights, is then the same in every part.
    """
    if program.loss is None:
        return None
    steps = {s.symbol: s for s in program.steps}
    tokens = active(program.steps, {*program.inputs, *program.targets})
    parts = _split_parts(program.loss, steps, tokens)
    if parts not in ({"sum"}, {"mean"}, {"mean", "alone"}):
        return None
    return "mean" if "mean" in parts else "sum"


def _split_parts(arg: Arg, steps: dict[Symbol, Step], tokens: set[Symbol]) -> set[str] | None:
    """What is added up: "sum" or "mean" over the batch, or "alone" for what no token enters; None: something else."""
    if not isinstance(arg, Symbol) or arg not in tokens:
        return {"alone"}
    step = steps.get(arg)
    if step is None:
        return None
    if isinstance(step.op, Reduce) and step.op.batch:
        return {step.op.how}
    if isinstance(step.op, (Copy, Add)):
        return _union_of([_split_parts(a, steps, tokens) for a in step.args])
    if isinstance(step.op, Multiply) and sum(a in tokens for a in step.args) == 1:
        return _split_parts(next(a for a in step.args if a in tokens), steps, tokens)
    if isinstance(step.op, Divide) and step.args[1] not in tokens:
        return _split_parts(step.args[0], steps, tokens)
    return None


def _union_of(parts: Sequence[set[str] | None]) -> set[str] | None:
    sets = [p for p in parts if p is not None]
    return set().union(*sets) if len(sets) == len(parts) else None

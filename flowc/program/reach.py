"""Which weights autograd can reach from the loss: those with a path that no comparison cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from flowc.maths.functions import lookup
from flowc.program.function_steps import expand
from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.ops import Apply, Compare, Constant, Count, FirstLargest, Indicator, Where, ZerosLike

CUT = (Compare, Indicator, FirstLargest, Count, ZerosLike, Constant)


def cuts_path(step: Step) -> bool:
    """Whether autograd takes the value for a constant."""
    return isinstance(step.op, CUT) or isinstance(step.op, Apply) and _is_dead(step.op.function)


def reaches(program: Program, weights: Iterable[Symbol], cuts: Callable[[Step], bool] = cuts_path) -> set[Symbol]:
    """The weights among these that the loss has a path to."""
    assert program.loss is not None
    felt = _reached_values(program.steps, program.loss, cuts)
    return {w for w in weights if w in felt}


def _reached_values(steps: Sequence[Step], result: Arg, cuts: Callable[[Step], bool]) -> set[Arg]:
    """What a result has a path to, itself included."""
    felt = {result}
    for step in reversed(steps):
        if step.symbol not in felt or cuts(step):
            continue
        felt.update(step.args[1:] if isinstance(step.op, Where) else step.args)
    return felt


@cache
def _is_dead(name: str) -> bool:
    """A function made of comparisons alone, as `step`."""
    function = lookup(name)
    assert function is not None, name
    if not function.is_activation:
        return False
    xi = Symbol("activation", "xi", Type(True, (2,)))
    steps, result = expand(function, (xi,), autograd=True)
    return xi not in _reached_values(steps, result, cuts_path)

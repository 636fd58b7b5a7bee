"""Which weights autograd can reach from the loss: those with a path that no comparison cuts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from flowc.maths.functions import lookup
from flowc.program.formula import expand
from flowc.program.ir import Arg, Program, Step, Symbol, Type

CUT = frozenset(["compare", "indicator", "first_largest", "count", "zeros_like", "literal"])


def reaches(program: Program, weights: Iterable[Symbol]) -> set[Symbol]:
    """The weights among these that the loss has a path to."""
    assert program.loss is not None
    felt = _felt(program.steps, program.loss)
    return {w for w in weights if w in felt}


def _felt(steps: Sequence[Step], result: Arg) -> set[Arg]:
    """What a result has a path to, itself included."""
    felt = {result}
    for step in reversed(steps):
        if step.symbol not in felt or step.op in CUT or (step.op == "apply" and _is_dead(step.data.function)):
            continue
        felt.update(step.args[1:] if step.op == "where" else step.args)
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
    return xi not in _felt(steps, result)

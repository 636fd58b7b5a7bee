"""Roots in the step of a method: a library whose root is of arrays alone has those of numbers as powers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowc.backends.code import tree as t
from flowc.backends.code.scope import names


def roots_of_arrays(step: Sequence[t.Statement]) -> list[t.Statement]:
    """The lines of a step, in which `sqrt` is called with arrays: the weight, its gradient, and what is made of them.

    What is kept is the number 0 before the first step, and what is made of settings is always a number.
    """
    arrays = {"w", "g"}
    rewritten: list[t.Statement] = []
    for line in step:
        assert isinstance(line, t.Assign)
        rewritten.append(_with_powers(line, arrays))
        if names(line.value) & arrays:
            arrays |= names(*line.targets)
    return rewritten


def _with_powers(code: Any, arrays: set[str]) -> Any:
    match code:
        case t.Call(_, (argument,)) if not names(argument) & arrays:
            return t.Power(_with_powers(argument, arrays), t.Number("0.5"))
        case t.Node():
            return type(code)(*[_with_powers(part, arrays) for part in code.field_values])
        case tuple():
            return tuple(_with_powers(part, arrays) for part in code)
    return code

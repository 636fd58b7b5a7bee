"""What a step does to a weight: the lines of the method's record, written into the loop or as a function of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowc.backends.code.layout import WIDTH
from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Call, Row
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.sheet import definition
from flowc.backends.python.text import number
from flowc.backends.python.training.plan import Plan
from flowc.backends.python.training.script import Script


def words_of(plan: Plan) -> set[str]:
    return set(re.findall(r"[a-z_0-9]+", " ".join(plan.lines)))


def method_section(script: Script, library: str, in_place: bool) -> dict[str, str]:
    """The method as a function of one weight; none where a step is one line. `in_place`: it changes the weight."""
    plan = script.plan
    if plan.inline or script.options.optimizer:
        return {}
    lines = [_line(line, library, in_place) for line in plan.lines]
    results = list(plan.record.state) if in_place else ["w", *plan.record.state]
    text = [f"    {line}" for line in lines]
    text += [f"    return {', '.join(results)}"] if results else []
    return {method_name(script): definition(method_name(script), _arguments(plan), _doc(plan, in_place), text)}


def method_name(script: Script) -> str:
    return script.local(script.plan.record.name)


def _doc(plan: Plan, in_place: bool) -> str:
    kept = " and ".join(plan.record.state)
    what = "changes w in place" if in_place else "w after it"
    more = f", {'gives' if in_place else 'and'} {kept} for the next" if kept else ""
    return f"One step of {plan.called}: {what}{more}."


def _arguments(plan: Plan) -> list[Expression]:
    """What changes from step to step, and what stays: each on one line, if lines are short."""
    used = words_of(plan) - {"rate"}
    changing = ["w", "g", *plan.record.state, *(["t"] if "t" in used else []), *(["rate"] if plan.scheduled else [])]
    staying = [] if plan.scheduled else [f"rate={number(plan.values['rate'])}"]
    staying += [f"{s.name}={number(plan.values[s.name])}" for s in plan.record.settings if s.name in used]
    return [Row(tuple(map(e.atom, some))) for some in (changing, staying) if some]


def _line(line: str, library: str, in_place: bool) -> str:
    line = line.replace("sqrt(", f"{library}.sqrt(")
    if not in_place or not line.startswith("w = "):
        return line
    return line.replace("w = w - ", "w -= ") if line.startswith("w = w - ") else f"w.copy_({line.removeprefix('w = ')})"


def assigned(names: Sequence[str], call: Expression, indent: str) -> list[str]:
    """`a, b = f(...)`; where even the names are too long for a line, they stand on one of their own."""
    prefix = f"{indent}{', '.join(names)} = " if names else indent
    assert isinstance(call, Call)
    opening = f"{e.flat(call.function)}("
    if len(prefix) + len(opening) <= WIDTH:
        return laid_out(call, prefix)
    alone = laid_out(e.bracketed("(", [e.atom(n) for n in names], ")"), indent, f" = {opening}")
    return [*alone[:-1], *laid_out(call, f"{indent}) = ")]


def called(script: Script, w: str, g: str, kept: Sequence[str]) -> Expression:
    """The call that makes a step of one weight."""
    arguments = [w, g, *kept, *([f"{script.local('t')} + 1"] if "t" in words_of(script.plan) else [])]
    return e.call(method_name(script), *arguments, *([script.local("rate")] if script.plan.scheduled else []))

"""What a step does to a weight: the lines of the method's record, written into the loop or as a function of its own."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign, assign_all
from flowc.backends.code.fill import fill_in
from flowc.backends.code.scope import names
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.training.plan import Plan
from flowc.backends.python.training.roots import roots_of_arrays
from flowc.backends.python.training.script import Script

W = t.Name("w")


def method_section(script: Script, library: Library, in_place: bool) -> dict[str, t.Statement]:
    """The method as a function of one weight; none where a step is one line. `in_place`: it changes the weight."""
    plan = script.plan
    if plan.is_inline or script.options.optimizer:
        return {}
    step = plan.step_statements if library.roots_of_numbers else roots_of_arrays(plan.step_statements)
    body = [line for code in step for line in fill_in(code, {"sqrt": library.sqrt()})]
    state = [t.Name(name) for name in plan.record.state]
    results = state if in_place else [W, *state]
    body = [change_in_place(code, library) if in_place else code for code in body]
    body += [t.Return(results[0] if len(results) == 1 else t.Tuple(tuple(results)))] if results else []
    name = method_name(script)
    return {name: t.Function(name, _method_arguments(plan), _describe_method(plan, in_place), tuple(body))}


def method_name(script: Script) -> str:
    return script.local_name(script.plan.record.name)


def _describe_method(plan: Plan, in_place: bool) -> str:
    state = " and ".join(plan.record.state)
    change = "changes w in place" if in_place else "w after it"
    rest = f", {'gives' if in_place else 'and'} {state} for the next" if state else ""
    return f"One step of {plan.method_words}: {change}{rest}."


def _method_arguments(plan: Plan) -> tuple[t.Expression, ...]:
    """What changes from step to step, and what stays: each on one line, if lines are short."""
    used = names(*plan.step_statements) - {"rate"}
    changing = ["w", "g", *plan.record.state, *(["t"] if "t" in used else []), *(["rate"] if plan.has_schedules else [])]
    staying = [] if plan.has_schedules else ["rate"]
    staying += [s.name for s in plan.record.settings if s.name in used]
    defaults = [t.Named(name, e.number(plan.values[name])) for name in staying]
    return tuple(t.Row(tuple(row)) for row in ([t.Name(name) for name in changing], defaults) if row)


def change_in_place(code: t.Statement, library: Library) -> t.Statement:
    """`w = w - change` as `w -= change`, any other value put into it."""
    match code:
        case t.Assign((t.Name("w"),), t.Sum(((1, t.Name("w")), (sign, first), *rest))):
            change = e.total([(1, first), *((sign * other, term) for other, term in rest)])
            return assign(W, change, "+" if sign > 0 else "-")
        case t.Assign((t.Name("w"),), value):
            return library.overwrite_array(W, value)
    return code


def method_call(
    script: Script, w: t.Expression, g: t.Expression, state: Sequence[t.Expression], targets: Sequence[t.Expression]
) -> t.Statement:
    """The statement that makes a step of one weight. `state`: what the method keeps of it."""
    steps = [e.total([(1, e.atom(script.local_name("t"))), (1, t.Number("1"))])] if "t" in names(*script.plan.step_statements) else []
    rate = [e.atom(script.local_name("rate"))] if script.plan.has_schedules else []
    return assign_all(targets, e.call(method_name(script), w, g, *state, *steps, *rate))

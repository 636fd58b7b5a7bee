"""Which tokens a step takes, as the script says it: the same rule and the same draws as `flowc train`."""

from __future__ import annotations

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.python import expression as e
from flowc.backends.python.templates import BATCHES
from flowc.backends.python.text import number
from flowc.backends.python.training.script import Script


def batches_section(script: Script) -> dict[str, t.Statement]:
    """The generator of batches, none where a step takes all tokens."""
    if not script.batched:
        return {}
    order = "Replaced" if script.plan.replaces else "Shuffled" if script.plan.shuffles else "InOrder"
    return {"batches": BATCHES.definition(f"{order}.batches")}


def count_steps(script: Script) -> list[t.Statement]:
    """Before the loop: how many tokens a step takes, and how many steps there are, where only the data tell."""
    plan = script.plan
    if not script.batched:
        return []
    code: list[t.Statement] = []
    if plan.batch_size is not None and plan.tokens is None:
        code.append(assign(script.local_name("size"), e.call("min", str(plan.batch_size), script.tokens)))
    if plan.steps is None:
        epochs, steps = number(plan.values["epochs"]), script.local_name("steps")
        batches = e.quotient(e.product([e.atom(epochs), script.tokens]), _batch_size(script))
        code.append(t.Noted(assign(steps, e.call("ceil", batches)), f"{epochs} epochs"))
    return code


def steps_of(script: Script) -> t.Expression:
    """How many there are."""
    plan = script.plan
    return e.atom(number(plan.steps) if plan.steps is not None else script.local_name("steps"))


def loop_over_steps(script: Script, seed: str, body: tuple[t.Statement, ...]) -> t.For:
    """`for t in range(2000):`, or with the tokens of each step."""
    step, steps = t.Name(script.local_name("t")), e.call("range", steps_of(script))
    if not script.batched:
        return t.For(step, steps, body)
    batches = e.call("batches", script.tokens, _batch_size(script), *([seed] if script.plan.shuffles else []))
    return t.For(t.Tuple((step, t.Name(script.local_name("batch")))), e.call("zip", steps, batches), body)


def _batch_size(script: Script) -> t.Expression:
    """How many tokens a batch has: never more than there are."""
    plan = script.plan
    if plan.batch_size is None:
        return script.tokens
    return e.atom(str(plan.batch_size) if plan.tokens is not None else script.local_name("size"))


def take_batch(script: Script) -> list[t.Statement]:
    """The tokens of a batch, under the names that the diagram has."""
    if not script.batched:
        return []
    batch = t.Name(script.local_name("batch"))
    return [script.take_data(lambda array: e.index(array, batch))]

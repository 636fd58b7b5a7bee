"""Which tokens a step takes, as the script says it: the same rule and the same draws as `flowc train`."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.text import number
from flowc.backends.python.training.script import Script

SHUFFLED = '''\
def batches(tokens, size, seed):
    """The tokens of each step, a batch; each epoch is shuffled anew."""
    stream = random.Random(f"{seed}/order")
    order, waiting = list(range(tokens)), []
    while True:
        if len(waiting) < size:
            for last in range(tokens - 1, 0, -1):  # by Fisher and Yates
                chosen = int(stream.random() * (last + 1))
                order[last], order[chosen] = order[chosen], order[last]
            waiting += order
        yield waiting[:size]
        del waiting[:size]'''

IN_ORDER = '''\
def batches(tokens, size):
    """The tokens of each step, a batch, in the order of the data."""
    waiting = []
    while True:
        if len(waiting) < size:
            waiting += range(tokens)
        yield waiting[:size]
        del waiting[:size]'''

REPLACED = '''\
def batches(tokens, size, seed):
    """The tokens of each step, drawn among all."""
    stream = random.Random(f"{seed}/order")
    while True:
        yield [int(stream.random() * tokens) for _ in range(size)]'''


def batches_section(script: Script) -> dict[str, str]:
    """The generator of batches, none where a step takes all tokens."""
    plan = script.plan
    if not script.batched:
        return {}
    return {"batches": REPLACED if plan.replaces else IN_ORDER if plan.in_order else SHUFFLED}


def counts(script: Script) -> list[str]:
    """The lines before the loop that say how many tokens a step takes, and how many steps there are, where only the
    data tell."""
    plan = script.plan
    if not script.batched:
        return []
    lines = []
    if plan.size is not None and plan.tokens is None:
        lines.append(f"    {script.local('size')} = min({plan.size}, {script.tokens})")
    if plan.steps is None:
        epochs, steps = number(plan.values["epochs"]), script.local("steps")
        lines.append(f"    {steps} = ceil({epochs} * {script.tokens} / {_size(script)})  # {epochs} epochs")
    return lines


def loop_head(script: Script, t: str, seed: str) -> list[str]:
    """`for t in range(2000):`, or with the tokens of each step."""
    plan = script.plan
    steps = number(plan.steps) if plan.steps is not None else script.local("steps")
    if not script.batched:
        return [f"    for {t} in range({steps}):"]
    call = e.call("batches", script.tokens, _size(script), *([seed] if plan.shuffles else []))
    pairs = e.call("zip", f"range({steps})", call)
    return laid_out(pairs, f"    for {t}, {script.local('batch')} in ", ":")


def _size(script: Script) -> str:
    """How many tokens a batch has: never more than there are."""
    plan = script.plan
    if plan.size is None:
        return script.tokens
    return str(plan.size) if plan.tokens is not None else script.local("size")


def batch_lines(script: Script) -> list[str]:
    """The tokens of a batch, under the names that the diagram has."""
    if not script.batched:
        return []
    names = [script.names[s] for s in script.whole]
    taken = [f"{name}[{script.local('batch')}]" for name in script.whole.values()]
    together = f"        {', '.join(names)} = {', '.join(taken)}"
    if len(together) <= 79:
        return [together, ""]
    return [*(line for pair in zip(names, taken) for line in statement_lines(" = ".join(pair), "        ")), ""]

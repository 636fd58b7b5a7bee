"""The function `train`: what is alike in every library's."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.layout import WIDTH
from flowc.backends.code.python import laid_out
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Import
from flowc.backends.code.words import remark
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Line, statement_lines
from flowc.backends.python.sections import divided, loss_words
from flowc.backends.python.sheet import body, definition, imports
from flowc.backends.python.terminal import has_letters
from flowc.backends.python.text import number
from flowc.backends.python.training.facts import uses_pi
from flowc.backends.python.training.order import batch_lines, counts, loop_head
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution, standard_imports
from flowc.graph.network import File, Formulas, Weight

DEEPER = "        "


# --------------------------------------------------------------------------------------------------------------- around


def draws(script: Script) -> bool:
    """Whether anything is drawn by the seed."""
    weights = any(distribution(script.weight_of(s)) for s in script.learnt)
    return weights or bool(script.drawn) or script.batched and script.plan.shuffles


def seed_of(script: Script) -> str:
    return script.local("seed")


def definition_of(script: Script, lines: Sequence[str], seeded: bool = True) -> str:
    """`train(seed)`; it has a seed only where something is drawn by it."""
    plan = script.plan
    arguments = [f"{seed_of(script)}={plan.seed}"] if seeded and draws(script) else []
    if plan.steps is None:
        doc = f"{number(plan.values['epochs'])} epochs of {plan.called}."
    else:
        doc = f"{number(plan.steps)} step{'s' if plan.steps != 1 else ''} of {plan.called}."
    return definition("train", arguments, doc, lines)


def dictionary(script: Script, values: Sequence[str]) -> list[str]:
    """The learnt weights by name."""
    entries = [e.entry(script.names[s], e.atom(value)) for s, value in zip(script.learnt, values)]
    return laid_out(e.bracketed("{", entries, "}"), "    return ")


def imports_section(script: Script, drawn: Sequence[Weight], library: str, more: Sequence[Import] = ()) -> str:
    """The standard library's modules in use, then the library."""
    plan = script.plan
    found = [*standard_imports(list(drawn), script.root), *more, *script.imports]
    found += [Import("random")] if script.batched and plan.shuffles else []
    if isinstance(script.data, File):
        found += [Import("pathlib", ("Path",))]
        found += [] if script.data.path.lower().endswith(".npz") else [Import("csv")]
    words = {*names(plan.rate("1", "t", "steps"))}
    found += [Import("math", (name,)) for name in ("cos", "pi") if name in words]
    found += [Import("math", ("pi",))] if isinstance(script.data, Formulas) and uses_pi(script.data) else []
    found += [Import("math", ("ceil",))] if script.batched and plan.steps is None else []
    return imports(found, library, system=has_letters(script.network))


# ----------------------------------------------------------------------------------------------------------------- loop


def opening(script: Script, seed: str, optimizer: Sequence[str] = ()) -> list[str]:
    """The rate, where the loop itself says it, or what makes the optimiser; how many steps; and the loop's head."""
    plan = script.plan
    remarks = [] if plan.said else remark("the diagram does not say how to learn: gradient descent with its defaults")
    says = not optimizer and plan.inline and not plan.scheduled
    rate = [f"    {script.local('rate')} = {number(plan.values['rate'])}"] if says else []
    head = loop_head(script, script.local("t"), seed)
    return [*remarks, *rate, *counts(script), *optimizer, *head, *batch_lines(script)]


def rate_lines(script: Script) -> list[str]:
    """The rate of this step, where it changes."""
    plan = script.plan
    if not plan.scheduled:
        return []
    steps = number(plan.steps) if plan.steps is not None else script.local("steps")
    rate = plan.rate(number(plan.values["rate"]), script.local("t"), steps)
    return laid_out(rate, f"{DEEPER}{script.local('rate')} = ")


def told(script: Script, loss: str) -> list[str]:
    """Now and then the number of the step, and the loss."""
    t, every = script.local("t"), script.plan.every
    show = f"print({t}, {loss})"
    if every == 1:
        return statement_lines(show, DEEPER)
    return [f"{DEEPER}if {t} % {every} == {every - 1}:", *statement_lines(show, f"{DEEPER}    ")]


def there_and_back(script: Script, lines: Sequence[Line], shown: str) -> list[str]:
    """Forward, loss, and backward where it is written out. `shown`: the loss as a number, its name for {}."""
    assert script.program.loss is not None
    forward, loss, backward = divided(lines, script)
    words = loss_words(script.network)
    text = [f"{DEEPER}# forward", *body(forward, indent=DEEPER), ""] if forward else []
    text += [*remark(f"loss{': ' + words if words else ''}", DEEPER), *body(loss, indent=DEEPER)]
    text += [*told(script, shown.format(script.names[script.program.loss])), ""]
    if backward:
        words = "backward: the same lines, read from the last to the first"
        text += [f"{DEEPER}# {words}", *body(backward, indent=DEEPER), ""]
    return text


# ---------------------------------------------------------------------------------------------------- what methods keep


def kept_names(script: Script, weight: str) -> list[str]:
    """`m_W`, `v_W`: what the method keeps of a weight."""
    return [script.local(f"{state}_{weight}") for state in script.plan.record.state]


def kept_lines(script: Script, weights: Sequence[str]) -> list[str]:
    """Nothing is kept at first."""
    kept = [kept_names(script, w) for w in weights] if script.plan.record.state else []
    lines = [line for names in kept for line in _zeros(names)]
    return [*lines, *([""] if kept else [])]


def _zeros(names: Sequence[str]) -> list[str]:
    """`m_W = v_W = 0.0`; a line each where the names are long."""
    together = f"    {' = '.join(names)} = 0.0"
    return [together] if len(together) <= WIDTH else [f"    {name} = 0.0" for name in names]

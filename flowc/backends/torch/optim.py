"""The optimisers of torch.optim that are the language's methods, and the lines that use one."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Refused
from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Lambda
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.text import decimal, number
from flowc.backends.python.training.loop import DEEPER
from flowc.backends.python.training.script import Script

CLASSES = {
    "gd": "SGD", "sgd": "SGD", "momentum": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop",
}  # fmt: skip


def made(script: Script, parameters: Expression) -> list[str]:
    """The optimiser of these parameters and, where the rate changes, what changes it. Raises Refused."""
    plan, optimizer, t = script.plan, script.local("optimizer"), script.local("t")
    if plan.record.name not in CLASSES:
        known = ", ".join(f"`{name}`" for name in CLASSES)
        raise Refused(f"`--optimizer` makes the steps of {known}, not of `{plan.record.name}`; without it they are written out")
    call = e.call(f"torch.optim.{CLASSES[plan.record.name]}", parameters, **_settings(script))
    lines = laid_out(call, f"    {optimizer} = ")
    if plan.scheduled:
        steps = number(plan.steps) if plan.steps is not None else script.local("steps")
        schedule = e.call("torch.optim.lr_scheduler.LambdaLR", optimizer, Lambda((t,), plan.rate("1", t, steps)))
        lines += laid_out(schedule, f"    {script.local('scheduler')} = ")
    return lines


def _settings(script: Script) -> dict[str, str]:
    """Keywords for the settings that are not torch's own defaults."""
    values = {name: number(value) for name, value in script.plan.values.items()}
    found = {"lr": values["rate"]}
    if "beta1" in values:
        if (values["beta1"], values["beta2"]) != ("0.9", "0.999"):
            betas = (decimal(script.plan.values[name]) for name in ("beta1", "beta2"))
            found["betas"] = f"({', '.join(betas)})"  # torch takes no ints
    elif "beta2" in values and values["beta2"] != "0.99":
        found["alpha"] = values["beta2"]
    ours = {"eps": "1e-08", "momentum": "0", "weight_decay": "0.01" if script.plan.record.pulls else "0"}
    return found | {name: values[name] for name, usual in ours.items() if values.get(name, usual) != usual}


def step(script: Script, loss: str, zeros: Sequence[str] = ()) -> list[str]:
    """Backward and one step, inside the loop. `zeros`: the lines that give a gradient to whatever has none."""
    optimizer = script.local("optimizer")
    lines = [
        f"{DEEPER}# backward, by autograd",
        f"{DEEPER}{optimizer}.zero_grad()  # else the new gradients are added to the old",
        f"{DEEPER}{loss}.backward()",
        *zeros,
        "",
        f"{DEEPER}# one step downhill",
        f"{DEEPER}{optimizer}.step()",
    ]
    return [*lines, f"{DEEPER}{script.local('scheduler')}.step()"] if script.plan.scheduled else lines

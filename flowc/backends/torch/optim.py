"""The optimisers of torch.optim that are the language's methods, and what uses one."""

from __future__ import annotations

from flowc.backends.backend import Refused
from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign
from flowc.backends.code.quote_statements import statement
from flowc.backends.python import expression as e
from flowc.backends.python.text import decimal, number
from flowc.backends.python.training.order import steps_of
from flowc.backends.python.training.script import Script

CLASSES = {
    "gd": "SGD", "sgd": "SGD", "momentum": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop",
}  # fmt: skip


def make_optimizer(script: Script, parameters: t.Expression) -> Group:
    """The optimiser of these parameters and, where the rate changes, what changes it. Raises Refused."""
    plan, optimizer, step = script.plan, script.local_name("optimizer"), script.local_name("t")
    if plan.record.name not in CLASSES:
        names = ", ".join(f"`{name}`" for name in CLASSES)
        raise Refused(f"`--optimizer` makes the steps of {names}, not of `{plan.record.name}`; without it they are written out")
    creation = assign(optimizer, e.call(f"torch.optim.{CLASSES[plan.record.name]}", parameters, **_optimizer_settings(script)))
    if not plan.has_schedules:
        return [creation]
    factor = t.Lambda((step,), plan.rate_of(1, e.atom(step), steps_of(script)))
    schedule = e.call("torch.optim.lr_scheduler.LambdaLR", optimizer, factor)
    return [creation, assign(script.local_name("scheduler"), schedule)]


def _optimizer_settings(script: Script) -> dict[str, str]:
    """Keywords for the settings that are not torch's own defaults."""
    values = {name: number(value) for name, value in script.plan.values.items()}
    settings = {"lr": values["rate"]}
    if "beta1" in values:
        if (values["beta1"], values["beta2"]) != ("0.9", "0.999"):
            betas = (decimal(script.plan.values[name]) for name in ("beta1", "beta2"))
            settings["betas"] = f"({', '.join(betas)})"  # torch takes no ints
    elif "beta2" in values and values["beta2"] != "0.99":
        settings["alpha"] = values["beta2"]
    ours = {"eps": "1e-08", "momentum": "0", "weight_decay": "0.01" if script.plan.record.pulls else "0"}
    return settings | {name: values[name] for name, usual in ours.items() if values.get(name, usual) != usual}


def optimizer_step(script: Script) -> Group:
    """One step of the optimiser, after the gradients."""
    movers = ["optimizer", *(["scheduler"] if script.plan.has_schedules else [])]
    return [t.Comment("one step downhill"), *(t.Do(e.call(f"{script.local_name(name)}.step")) for name in movers)]


def zero_gradient(param: str) -> t.Statement:
    """What the loss does not feel has a gradient all the same."""
    return statement(f"if {param}.grad is None:  # the loss does not feel it\n    {param}.grad = torch.zeros_like({param})")

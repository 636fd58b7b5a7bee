"""How to learn, from the command line: `--method adam --rate 0.01` in place of what the diagram says."""

from __future__ import annotations

import argparse
from math import isfinite

from flowc.doors.guard import Trouble
from flowc.graph.network import Training
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser, Setting
from flowc.source import NOWHERE

SHARED = {setting.name for setting in OPTIMISERS["gd"].settings} | {"batch", "order", "replace"}


def configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to learn, in place of the diagram's `train`")
    group.add_argument("--method", metavar="NAME", help=", ".join(OPTIMISERS))
    for setting in _settings():
        group.add_argument(f"--{setting.name.replace('_', '-')}", metavar=_shown(setting), help=_help(setting))


def _settings() -> list[Setting]:
    """Of all methods, each name once."""
    found: dict[str, Setting] = {}
    for record in OPTIMISERS.values():
        for setting in record.settings:
            found.setdefault(setting.name, setting)
    return [s for s in found.values() if s.name != "seed"]  # the seed is an option of its own


def _shown(setting: Setting) -> str:
    return "|".join(setting.words) or "NUMBER"


def _help(setting: Setting) -> str:
    return setting.summary.replace("%", "%%")


def training(said: Training | None, chosen: argparse.Namespace, seed: int | None) -> Training:
    """What the diagram says, changed by what is chosen. A new method keeps how long and on which tokens it learns, and
    the schedules, but not the rate. Raises Trouble."""
    record = _method(chosen.method or (said.method if said else DEFAULT))
    settings = dict(said.settings) if said else {}
    if said and record.name != said.method:
        settings = {n: v for n, v in settings.items() if n in SHARED - {"rate"} and record.setting(n)}
    given = {s.name: v for s in _settings() if (v := getattr(chosen, s.name)) is not None}
    if "steps" in given and "epochs" in given:
        raise Trouble("`--steps` and `--epochs` say the same in two ways; give one")
    for name, other in (("steps", "epochs"), ("epochs", "steps")):
        if name in given:
            settings.pop(other, None)
    settings |= {name: _value(record, name, text) for name, text in given.items()}
    if seed is not None:
        settings["seed"] = float(seed)
    return Training(record.name, tuple(settings.items()), said.span if said else NOWHERE)


def _method(name: str) -> Optimiser:
    if name not in OPTIMISERS:
        from flowc.doors.commands import suggestion

        raise Trouble(f"there is no method `{name}`; {suggestion(name, OPTIMISERS, 'methods')}")
    return OPTIMISERS[name]


def _value(record: Optimiser, name: str, text: str) -> float:
    setting = record.setting(name)
    if setting is None:
        raise Trouble(f"`{record.name}` has no setting `{name}`; it has {', '.join(s.name for s in record.settings)}")
    if text in setting.words:
        return float(setting.words.index(text))
    value = _number(name, text)
    if wrong := setting.complaint(value, text):
        raise Trouble(wrong)
    return value


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in text:
        raise Trouble(f"`--{name}` takes a number, not `{text}`")
    return value

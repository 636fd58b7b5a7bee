"""How to learn: what the diagram's `train` says, changed by what the command line, or Python, asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowc.diagnostics.shorten import in_brief
from flowc.diagnostics.suggest import closest
from flowc.graph.network import Training
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser, Setting
from flowc.source import NOWHERE

KEPT = {s.name for s in OPTIMISERS["gd"].settings if s.name != "rate"} | {"batch", "order", "replace"}
LENGTHS = {"steps", "epochs"}


def change_training(said: Training | None, method: str | None, given: Mapping[str, Any]) -> Training:
    """`given`: settings by name, as numbers or as words. Another method keeps how long and on which tokens it learns,
    and the schedules, but not the rate. Raises ValueError."""
    record = _find_method(method if method is not None else said.method if said else DEFAULT)
    if given.keys() >= LENGTHS:
        raise ValueError("`steps` and `epochs` say the same in two ways; give one")
    dropped = LENGTHS if LENGTHS & given.keys() else set()
    settings = {name: value for name, value in _shared_settings(said, record).items() if name not in dropped}
    settings |= {name: _setting_value(record, name, value) for name, value in given.items()}
    return Training(record.name, tuple(settings.items()), said.span if said else NOWHERE)


def _find_method(name: str) -> Optimiser:
    """Raises ValueError."""
    if name not in OPTIMISERS:
        near = closest(in_brief(name), OPTIMISERS)
        way_out = f"did you mean `{near}`?" if near else f"methods: {', '.join(OPTIMISERS)}"
        raise ValueError(f"there is no method `{in_brief(name)}`; {way_out}")
    return OPTIMISERS[name]


def _shared_settings(said: Training | None, record: Optimiser) -> dict[str, float]:
    """The settings of the diagram that the method goes on with."""
    if said is None or said.method == record.name:
        return dict(said.settings) if said else {}
    return {name: value for name, value in said.settings if name in KEPT and record.setting(name)}


def _setting_value(record: Optimiser, name: str, given: Any) -> float:
    """Raises ValueError."""
    setting = record.setting(name)
    if setting is None:
        there = ", ".join(s.name for s in record.settings)
        raise ValueError(f"`{record.name}` has no setting `{in_brief(name)}`; it has {there}")
    if isinstance(given, str) and given in setting.words:
        return float(setting.words.index(given))
    value = _setting_number(setting, given)
    if wrong := setting.complaint(value, in_brief(given)):
        raise ValueError(wrong)
    return value


def _setting_number(setting: Setting, given: Any) -> float:
    """Raises ValueError."""
    try:
        if not (isinstance(given, str) and "_" in given):  # Python reads `1_000`
            return float(given)
    except (ValueError, TypeError):
        pass
    except OverflowError:
        return float("inf")
    what = " or ".join(f"`{word}`" for word in setting.words) or "a number"
    raise ValueError(f"`{setting.name}` is {what}, not `{in_brief(given)}`")

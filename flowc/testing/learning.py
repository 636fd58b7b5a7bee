"""`train` statements by chance: every method, and every setting within its bounds, from the records."""

from __future__ import annotations

from flowc.maths.optimisers import OPTIMISERS, Optimiser, Setting
from flowc.testing.sketch import Sketch

SMALL = {
    "rate": ("1e-3", "0.01", "1e-4"),
    "weight_decay": ("0.01", "0"),
    "eps": ("1e-8", "1e-4"),
    "decay": ("0.1", "0"),
}


def add_train(sketch: Sketch) -> None:
    """`train adam(rate=0.01, steps=5, batch=2)`, or the method alone."""
    method = sketch.pick.one(list(OPTIMISERS.values()))
    sketch.body.append(f"train {method.name}{_draw_settings(sketch, method)}")


def _draw_settings(sketch: Sketch, method: Optimiser) -> str:
    if sketch.pick.chance(0.1):
        return ""
    length = sketch.pick.one(("steps", "epochs"))
    drawn = {length: str(sketch.pick.count(1, 6)), "rate": sketch.pick.one(SMALL["rate"])}
    for setting in method.settings:
        if setting.name not in (*drawn, "steps", "epochs") and sketch.pick.chance(0.25):
            drawn[setting.name] = _draw_value(sketch, setting)
    if "every" in drawn:
        drawn.setdefault("gamma", "0.5")
    return f"({', '.join(f'{name}={value}' for name, value in drawn.items())})"


def _draw_value(sketch: Sketch, setting: Setting) -> str:
    if setting.words:
        return sketch.pick.one(setting.words)
    if setting.is_whole:
        return str(sketch.pick.count(int(setting.low), int(min(setting.high, setting.low + 4))))
    if setting.name in SMALL:
        return sketch.pick.one(SMALL[setting.name])
    fitting = [text for text in ("0.5", "0.9", "1.5") if not setting.complaint(float(text), text)]
    return sketch.pick.one(fitting or [f"{setting.low if setting.default is None else setting.default:g}"])

"""Colours: Okabe and Ito's, which people who see red and green as one can tell apart, as tints under dark letters."""

from __future__ import annotations

from collections.abc import Mapping

# Okabe and Ito 2008, Color Universal Design
GREEN, BLUE, VERMILION, YELLOW, PURPLE = "#009e73", "#0072b2", "#d55e00", "#f0e442", "#cc79a7"
ROLES = {"input": GREEN, "hidden": BLUE, "output": VERMILION, "target": GREEN, "loss": PURPLE, "frame": BLUE}

Theme = Mapping[str, str]  # what is drawn -> its colour, #rrggbb


def mix(a: str, b: str, share: float) -> str:
    """So much of a, the rest of b."""
    parts = (round(share * int(a[k : k + 2], 16) + (1 - share) * int(b[k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _make_theme(page: str, ink: str, fill: float, line: float, plus: str, minus: str, plain: str, shared: str, slope: str) -> Theme:
    theme = {"page": page, "text": ink, "muted": mix(ink, page, 0.72), "arrow": plain, "plus": plus, "minus": minus, "shared": shared, "gradient": slope, "blank": page}
    for role, hue in ROLES.items():
        tint = fill / 2 if role in ("frame", "target") else fill
        theme |= {role: mix(hue, page, tint), f"{role}-line": mix(hue, ink, line)}
    theme["blank-line"] = theme["muted"]
    return theme | {"dots": mix(ink, page, 0.6), "active": YELLOW if page == "#ffffff" else mix(YELLOW, page, 0.35), "active-line": ink}


LIGHT = _make_theme("#ffffff", "#1a1a1a", 0.2, 0.7, "#0b6aa8", "#b85a00", "#4d4d4d", "#9a4076", "#a3195b")
DARK = _make_theme("#14171c", "#eef0f2", 0.3, 0.6, "#6db9ee", "#f5a34b", "#b4bac2", "#e3a3c8", "#f291bd")
PRINT = {
    name: "#ffffff" if name in ("page", "blank", *ROLES) else "#e6e6e6" if name == "active" else "#000000" for name in LIGHT
} | {"frame": "#ffffff", "muted": "#333333"}

THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK, "print": PRINT}

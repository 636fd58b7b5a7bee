"""The look of every plot: thin axes, the letters of the diagrams, colours that everyone can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

from flowc.drawing.themes import BLUE, GREEN, PURPLE, THEMES, VERMILION, YELLOW, mix
from flowc.records import Record

ORANGE, SKY = "#e69f00", "#56b4e9"  # the rest of Okabe and Ito's
HUES = (SKY, ORANGE, GREEN, YELLOW, BLUE, VERMILION, PURPLE)
STRENGTHS = {
    "light": (0.42, 0.2, 0.7),
    "dark": (0.3, 0.15, 0.42),
}  # of three rounds: twenty-one classes have their colours
GREYS = (0.0, 0.1, 0.2, 0.3)
DASHES = ("solid", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1.5)))
MARKERS = "os^DvPX<>*"
FONTS = ("STIXGeneral", "DejaVu Sans")  # both come with matplotlib
SIZE = 16.0  # of letters, in pt: on a figure 8 inches wide, they are read from the last row


class Look(Record):
    """Colours, #rrggbb. `line`, `path`: of a curve, and of what happens on it; `low`, `high`: of the two sides of a border."""

    theme: str
    page: str
    ink: str
    muted: str
    line: str
    path: str
    low: str
    high: str

    def fill(self, k: int) -> str:
        """Of the k-th class, light enough for letters."""
        if self.theme == "print":
            return mix(self.ink, self.page, GREYS[k % len(GREYS)])
        rounds = STRENGTHS[self.theme]
        return mix(HUES[k % len(HUES)], self.page, rounds[k // len(HUES) % len(rounds)])

    def strong(self, k: int) -> str:
        """Of the marks of the k-th class."""
        return self.page if self.theme == "print" else mix(HUES[k % len(HUES)], self.ink, 0.75)

    def shade(self, share: float) -> str:
        """Of a curve among curves: from faint, 0, to full, 1."""
        return mix(self.line, self.page, 0.45 + 0.55 * share)


def look(theme: str) -> Look:
    """Of a theme: light, dark or print."""
    colours = THEMES[theme]
    page, ink = colours["page"], colours["text"]
    if theme == "print":
        return Look(theme, page, ink, colours["muted"], ink, ink, page, mix(ink, page, 0.2))
    bright = 1.0 if theme == "light" else 0.7
    line, path = mix(BLUE if theme == "light" else SKY, ink, bright), mix(VERMILION, ink, bright)
    return Look(theme, page, ink, colours["muted"], line, path, mix(ORANGE, page, 0.28), mix(BLUE, page, 0.32))


@contextmanager
def lettered(theme: str) -> Iterator[Look]:
    """While a plot is built, drawn or written: what matplotlib sets for every part of it, whatever the user's own settings."""
    theme_look = look(theme)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_matplotlib_settings(theme_look))
        yield theme_look


def _matplotlib_settings(found: Look) -> dict[Any, Any]:
    return {
        "font.family": list(FONTS), "mathtext.fontset": "stix", "font.size": SIZE, "axes.titlesize": SIZE + 2,
        "axes.labelsize": SIZE + 2, "legend.fontsize": SIZE - 1, "xtick.labelsize": SIZE - 2, "ytick.labelsize": SIZE - 2,
        "figure.facecolor": found.page, "axes.facecolor": found.page, "text.color": found.ink,
        "axes.edgecolor": found.muted, "axes.labelcolor": found.ink, "axes.titlecolor": found.ink,
        "xtick.color": found.muted, "ytick.color": found.muted, "xtick.labelcolor": found.ink, "ytick.labelcolor": found.ink,
        "axes.linewidth": 0.8, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
        "svg.hashsalt": "flowc", "svg.fonttype": "path", "pdf.fonttype": 42,
        "lines.linewidth": 2.0, "lines.solid_capstyle": "round", "axes.xmargin": 0.0,
    }  # fmt: skip

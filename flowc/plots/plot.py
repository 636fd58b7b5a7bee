"""A plot: a figure that has a title, and words for those who do not see it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from flowc.drawing.label import Label
from flowc.plots.letters import foreign, spelled
from flowc.plots.look import lettered

SHORT = 4  # signs of a name
PAD = 0.1  # inches around the axes and what belongs to them


class Plot(Figure):
    """`title` is of the file; `theme` its look; `alt` one sentence; `foreign`: signs that no font has, and for which boxes stand."""

    def __init__(self, title: str, size: tuple[float, float], theme: str):
        super().__init__(figsize=size, layout=ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD))
        FigureCanvasAgg(self)
        self.title = title
        self.theme = theme
        self.alt = title
        self.foreign = ""

    def draw(self, renderer: RendererBase) -> None:
        """Ticks are made no sooner than now."""
        with lettered(self.theme):
            super().draw(renderer)

    def write(self, artist: Text, label: Label) -> Text:
        """Puts a label where matplotlib would put a text of its own."""
        text, mathematics = spelled(label)
        artist.set_parse_math(mathematics)
        artist.set_text(text)
        self.foreign += "".join(sign for sign in foreign(label) if sign not in self.foreign)
        return artist

    def name_axes(self, axes: Axes, x: Label | None, y: Label | None) -> None:
        """A short name of the vertical axis is upright."""
        if x is not None:
            self.write(axes.xaxis.label, x)
        if y is not None:
            self.write(axes.yaxis.label, y)
            if len(y.text) <= SHORT:
                axes.yaxis.label.set(rotation=0, ha="right", va="center")

    def explain(self, handles: Sequence[Any], labels: Sequence[Label], title: str = "") -> None:
        """A legend to the right of the axes."""
        legend = self.legend(
            [*handles], [" "] * len(labels), loc="outside right upper", title=title or None, alignment="left"
        )
        legend.get_title().set_parse_math(False)
        for artist, label in zip(legend.get_texts(), labels, strict=True):
            self.write(artist, label)

    def _repr_png_(self) -> bytes:
        """A notebook shows it, whether or not pyplot is loaded."""
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=100)
        return file.getvalue()

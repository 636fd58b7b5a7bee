"""The loss along the steps, drawn by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble
from flowc.learning.record import Entry
from flowc.plots.formats import FORMATS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDINGS = tuple(f".{form}" for form in FORMATS)
INK, HELD = "#1f4e79", "#c0504d"


def check(path: str) -> None:
    """Before any work: the format is known, matplotlib is there. Raises Trouble."""
    from importlib.util import find_spec

    if not path.lower().endswith(ENDINGS):
        raise Trouble(f"`--plot {path}` ends with no format; {', '.join(ENDINGS)} are known")
    if find_spec("matplotlib") is None:
        raise Trouble("`--plot` draws with matplotlib: `pip install flowc[train]`")


def drawn(entries: Sequence[Entry], title: str, path: str) -> bytes:
    """The picture as a file of the path's format; the same bytes every time."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    form = path.lower().rpartition(".")[2]
    with matplotlib.rc_context({"svg.hashsalt": "flowc", "svg.fonttype": "path"}):
        figure = Figure(figsize=(6, 4), layout="constrained")
        FigureCanvasAgg(figure)
        _draw_losses(figure.add_subplot(), entries, title)
        file = io.BytesIO()
        dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)
        figure.savefig(file, format=form, dpi=150, metadata=dates)
    return file.getvalue()


def _draw_losses(axes: Axes, entries: Sequence[Entry], title: str) -> None:
    axes.plot([e.step for e in entries], [e.loss for e in entries], color=INK, linewidth=1.2, label="loss")
    held = [(e.step, e.held_out) for e in entries if e.held_out is not None]
    if held:
        axes.plot(*zip(*held), color=HELD, linewidth=1.5, label="held out")
        axes.legend(frameon=False)
    if entries and min(e.loss for e in entries) > 0:
        axes.set_yscale("log")
    axes.set(xlabel="step", ylabel="loss")
    axes.set_title(title, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)

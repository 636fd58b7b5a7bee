"""Draws the plots of `plot.md`:  python docs/make_plots.py"""

from pathlib import Path

import flowc
from flowc.plots.ink import as_bytes

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"

PLOTS = {  # file -> example, and what is plotted of it
    "plot-activations.svg": ("activations", ("activations", "step", "relu", "tanh"), {}),
    "plot-fit.svg": ("sine", ("fit",), {}),
    "plot-regions.svg": ("xor", ("regions", "h1", "h2", "f"), {}),
    "plot-soft.svg": ("xor_learnt", ("regions", "h1", "h2", "f"), {"steps": 5000, "soft": True}),
    "plot-loss.svg": ("worked_example", ("loss", "w5", "w6"), {"steps": 500}),
}


def plot(name):
    example, words, options = PLOTS[name]
    return flowc.load(EXAMPLES / f"{example}.flow").plot(*words, **options)


if __name__ == "__main__":
    for name in PLOTS:
        (HERE / name).write_bytes(as_bytes(plot(name), "svg"))

"""The formats of plots, which are matplotlib's."""

FORMATS = ("svg", "png", "pdf")

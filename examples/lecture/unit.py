"""The lecture, section by section."""

from . import classes, cubic, descent, functions, tape, torch_layers, two_layers

TITLE = "Networks of layers, from the step to the gradient"
SECTIONS = tuple(part.SECTION for part in (two_layers, functions, classes, descent, cubic, tape, torch_layers))

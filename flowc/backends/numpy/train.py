"""numpy that learns: the slide's loop, straight lines from the data to the learnt weights."""

from __future__ import annotations

from flowc.backends.backend import Options
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.sheet import spelling_context
from flowc.backends.python.training.loop import Loop
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import fixed_weights
from flowc.graph.network import Network
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing


def train_file(network: Network, program: Program, options: Options) -> str:
    """Raises Refused."""
    script = Script(network, program, options, Printing())
    spelling = spelling_context(script, NumpySpelling(options.dtype or "float64"))
    library = NumpyLibrary(spelling.dtype)
    loop = Loop(script, spelling, library)
    train = loop.train_function()
    fixed = fixed_weights(script, library, script.drawn_distributions, library.shape_draws())
    return loop.print_script(train, {**fixed, **helpers_in_order(spelling)})

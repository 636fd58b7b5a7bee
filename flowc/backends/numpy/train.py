"""numpy that learns: the slide's loop, straight lines from the data to the learnt weights."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Options
from flowc.backends.code.python import laid_out
from flowc.backends.numpy.backend import constants, helper_texts
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python.fit import unshared
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Printer, statement_lines
from flowc.backends.python.sheet import spelling_context
from flowc.backends.python.terminal import main_section
from flowc.backends.python.training import loop, step
from flowc.backends.python.training.data import data_lines
from flowc.backends.python.training.formulas import for_data
from flowc.backends.python.training.order import batches_section
from flowc.backends.python.training.result import result_lines, right
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution, start, streams
from flowc.graph.network import Network
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing


def train_file(network: Network, program: Program, options: Options) -> str:
    """Raises Refused."""
    script = Script(network, program, options, Printing())
    spelling = spelling_context(script, NumpySpelling(options.dtype or "float64"))
    kind = f"np.{spelling.dtype}" if spelling.single else ""
    main = _train(script, spelling, kind)
    drawn = [w for w in network.weights if distribution(w)] + script.drawn
    sections = script.sections
    sections[":header"] = script.header()
    sections[":imports"] = loop.imports_section(script, drawn, "import numpy as np")
    sections[":constants"] = constants(script, [w for w in script.fixed if not distribution(w)], kind)
    sections |= streams(drawn, f"np.array(numbers{', ' + kind if kind else ''}).reshape(shape)")
    sections[":drawn"] = constants(script, [w for w in script.fixed if distribution(w)], kind)
    sections |= dict(in_order(spelling, helper_texts(spelling)))
    sections |= script.readers
    sections |= batches_section(script)
    sections |= step.method_section(script, "np", in_place=False)
    sections["train"] = main
    sections[":main"] = main_section(network, "    train()")
    return script.text()


def _train(script: Script, spelling: NumpySpelling, kind: str) -> str:
    library, seed = NumpyLibrary(spelling.dtype), loop.seed_of(script)
    names = [script.names[s] for s in script.learnt]
    lines = [*data_lines(script, library, for_data(spelling), seed), "    # where the weights start"]
    for symbol, name in zip(script.learnt, names):
        lines += laid_out(start(script.weight_of(symbol), "np", kind, script.root, seed), f"    {name} = ")
    lines += ["", *loop.kept_lines(script, names), *loop.opening(script, seed)]
    wanted = [script.program.loss, *(script.program.gradients[s] for s in script.learnt)]
    steps = script.steps_of([s for s in wanted if s])
    printed = Printer(script.names, spelling).lines(steps, script.hidden)
    if script.plan.inline:  # weights change in place
        printed = unshared(printed, script.program.steps, script.learnt, library)
    lines += loop.there_and_back(script, printed, "{}")
    lines += [f"{loop.DEEPER}# one step downhill", *loop.rate_lines(script), *_down(script, names), ""]
    lines += [*result_lines(script, lambda s: script.names[s]), *right(script, spelling, "axis")]
    return loop.definition_of(script, lines + loop.dictionary(script, names))


def _down(script: Script, names: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for symbol, name in zip(script.learnt, names):
        gradient = script.names[script.program.gradients[symbol]]
        if script.plan.inline:
            lines += statement_lines(f"{name} -= {script.local('rate')} * {gradient}", loop.DEEPER)
        else:
            kept = loop.kept_names(script, name)
            lines += step.assigned([name, *kept], step.called(script, name, gradient, kept), loop.DEEPER)
    return lines

"""numpy that learns by a tape: the lecture's loop, with the class that goes back in it."""

from __future__ import annotations

from itertools import chain

from flowc.backends.backend import Options
from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign, headed
from flowc.backends.code.quote import read
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.tape import saving_function
from flowc.backends.numpy.tape_file import TAPE_NAMES, tape_sections
from flowc.backends.numpy.tape_spelling import TapeSpelling, is_cut
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.sheet import spelling_context
from flowc.backends.python.training.data import make_data
from flowc.backends.python.training.loop import Loop
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import fixed_weights
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.passes.passes import Printing


class TapeScript(Script):
    functions = TAPE_NAMES
    cuts = staticmethod(is_cut)


def train_file(network: Network, program: Program, options: Options) -> str:
    """Raises Refused."""
    script = TapeScript(network, program, options, Printing(explicit=False))
    spelling = spelling_context(script, TapeSpelling(options.dtype or "float64", tensors={*script.learnt}))
    library = NumpyLibrary(spelling.dtype)
    loop = TapeLoop(script, spelling, library)
    train = loop.train_function()
    helpers = helpers_in_order(spelling, saving_function)
    tape = tape_sections(script, spelling, [train], chain(*helpers.values()))
    fixed = fixed_weights(script, library, script.drawn_distributions, library.shape_draws())
    return loop.print_script(train, {**fixed, **tape, **helpers})


class TapeLoop(Loop):
    """Weights are tensors while they learn, and arrays again at the end."""

    explicit = False
    starts_said = "where the weights start: tensors, which answer for their gradients"

    def make_data(self) -> Group:
        """No gradient is asked of data: the functions are numpy's own."""
        plain = NumpySpelling(self.spelling.dtype, batch=self.spelling.batch, like=self.spelling.like, helpers=self.spelling.helpers)
        return make_data(self.script, self.library, plain, self.seed)

    def start_of(self, symbol: Symbol) -> t.Statement:
        start = super().start_of(symbol)
        assert isinstance(start, t.Assign)
        return assign(start.targets[0], e.call("Tensor", start.value))

    def printable_number(self, value: t.Expression) -> t.Expression:
        return _value_of(value) if value == self.loss else value

    def step_down(self) -> list[Group]:
        backward = [t.Comment("backward, by the tape"), t.Do(e.method(self.loss, "backward"))]
        forgotten = [assign(t.Attribute(w, "grad"), t.Constant("None")) for w in self.weights]
        zeroed = headed("else the next gradients would be added to these", forgotten)
        return [backward, [*self.rate_now(), *self._change_weights()], zeroed]

    def _change_weights(self) -> Group:
        """What is one line is the lecture's; a method of its own takes the values."""
        felt = self.script.felt_weights
        slopes = {s: t.Attribute(w, "grad") if s in felt else e.call("gradient_of", w) for s, w in zip(self.script.learnt, self.weights)}
        if self.plan.is_inline:
            unseen = t.With(((read("no_grad()"), None),), tuple(self.change_weights(slopes)))
            return [t.Comment("one step downhill, which the tape need not see"), unseen]
        changes = []
        for symbol, w in zip(self.script.learnt, self.weights):
            state = self.state_of(w)
            changes.append(self.change_weight(_value_of(w), slopes[symbol], state, [_value_of(w), *state]))
        return headed("one step downhill, of values alone", changes)

    def after_loop(self) -> list[Group]:
        values = t.Together(tuple([assign(w, _value_of(w)) for w in self.weights]))
        return [[t.Comment("what was learnt, as arrays"), values], *super().after_loop()]


def _value_of(tensor: t.Expression) -> t.Expression:
    return t.Attribute(tensor, "value")

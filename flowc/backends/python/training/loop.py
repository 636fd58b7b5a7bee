"""The function `train`: data, where weights start, then in every step forward, loss, backward and down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign, paragraphs
from flowc.backends.python import expression as e
from flowc.backends.python.fit import copy_shared
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line, Printer
from flowc.backends.python.sections import there_and_back
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.terminal import main_section
from flowc.backends.python.text import number
from flowc.backends.python.training.data import make_data
from flowc.backends.python.training.order import batches_section, count_steps, loop_over_steps, steps_of, take_batch
from flowc.backends.python.training.result import count_right, show_weights
from flowc.backends.python.training.script import Script
from flowc.backends.python.training.step import method_call, method_section
from flowc.backends.python.weights import distribution_of, start_array
from flowc.program.ir import Symbol

UNSAID = "the diagram does not say how to learn: gradient descent with its defaults"


class Loop:
    """Where weights are arrays with names, and gradients are formulas. What is otherwise where gradients find themselves
    is overridden."""

    in_place = False  # a method changes the weight that it is given
    explicit = True  # the lines of the gradients are written out, and not found on the way back
    seeded = True
    starts_said = "where the weights start"

    def __init__(self, script: Script, spelling: Spelling, library: Library):
        self.script, self.spelling, self.library = script, spelling, library
        self.plan = script.plan
        self.seed = script.local_name("seed")
        self.weights = [e.atom(script.names[s]) for s in script.learnt]

    def train_function(self) -> t.Function:
        """`train(seed)`; it has a seed only where something is drawn by it."""
        plan, script = self.plan, self.script
        before, start = self.before_loop(), self.start_loop()
        step = paragraphs(take_batch(script), *self.there_and_back(), *self.step_down())
        loop = loop_over_steps(script, self.seed, step)
        body = paragraphs(*before, [*start, loop], *self.after_loop())
        arguments = [t.Named(self.seed, t.Number(str(plan.seed)))] if self.seeded and draws_by_seed(script) else []
        count = f"{number(plan.steps)} step{'s' if plan.steps != 1 else ''}" if plan.steps is not None else f"{number(plan.values['epochs'])} epochs"
        return t.Function("train", tuple(arguments), f"{count} of {plan.method_words}.", body)

    def print_script(self, train: t.Statement, sections: Mapping[str, Group]) -> str:
        """The file around the function `train`: these `sections`, then what else it calls. Raises Refused."""
        script = self.script
        called = {**script.readers, **batches_section(script), **method_section(script, self.library, self.in_place), "train": train}
        main = main_section(script.network, t.Do(e.call("train")))
        script.sections |= {**sections, **{name: [code] for name, code in called.items()}, ":main": main}
        return script.text()

    # -------------------------------------------------------- before the loop

    def before_loop(self) -> list[Group]:
        return [self.make_data(), [t.Comment(self.starts_said), *map(self.start_of, self.script.learnt)], self.state_at_first()]

    def make_data(self) -> Group:
        return make_data(self.script, self.library, self.spelling, self.seed)

    def start_of(self, symbol: Symbol) -> t.Statement:
        value = start_array(self.script.weight_of(symbol), self.library, self.script.root, self.seed)
        return assign(self.script.names[symbol], value)

    def state_at_first(self) -> Group:
        """Nothing is kept at first: `m_W = v_W = 0.0`."""
        if self.script.options.optimizer:
            return ()
        states = [tuple(self.state_of(w)) for w in self.weights]
        return [t.Assign(targets, t.Number("0.0")) for targets in states if targets]

    def state_of(self, weight: t.Expression) -> list[t.Expression]:
        """`m_W`, `v_W`: what the method keeps of a weight."""
        return [e.atom(self.script.local_name(f"{state}_{e.flat(weight)}")) for state in self.plan.record.state]

    def start_loop(self) -> list[t.Statement]:
        """The rate, where the loop itself says it, and how many steps there are."""
        code: list[t.Statement] = [] if self.plan.chosen else [t.Comment(UNSAID)]
        if self.plan.is_inline and not self.plan.has_schedules and not self.script.options.optimizer:
            code.append(assign(self.rate, e.number(self.plan.values["rate"])))
        return [*code, *count_steps(self.script)]

    # --------------------------------------------------------------- the loop

    @property
    def rate(self) -> t.Expression:
        return e.atom(self.script.local_name("rate"))

    @property
    def loss(self) -> t.Expression:
        assert self.script.program.loss is not None
        return e.atom(self.script.names[self.script.program.loss])

    @cached_property
    def lines(self) -> list[Line]:
        """The loss and the gradients; a gradient that may be a weight's own memory is a copy, where weights change in place."""
        lines = self.lines_to(self.symbols)
        if not self.explicit or not self.plan.is_inline and not self.in_place:
            return lines
        return copy_shared(lines, self.script.program.steps, self.script.learnt, self.library)

    @cached_property
    def symbols(self) -> list[Symbol]:
        """What the loop computes."""
        program = self.script.program
        gradients = [program.gradients[s] for s in self.script.learnt] if self.explicit else []
        return [s for s in (program.loss, *gradients) if s]

    def lines_to(self, symbols: list[Symbol]) -> list[Line]:
        return Printer(self.script.names, self.spelling).lines(self.script.steps_of(symbols), self.script.hidden)

    def there_and_back(self) -> list[Group]:
        return there_and_back(self.script, self.lines, use=[self.tell_loss()])

    def tell_loss(self) -> t.Statement:
        """Now and then the number of the step, and the loss."""
        step, every = self.script.local_name("t"), self.plan.steps_between_lines
        show = t.Do(e.call("print", step, self.printable_number(self.loss)))
        if every == 1:
            return show
        place = e.product([e.atom(step), e.atom(str(every))], "%")
        return t.If(e.compare(place, "==", e.atom(str(every - 1))), (show,))

    def step_down(self) -> list[Group]:
        gradients = {s: e.atom(self.script.names[self.script.program.gradients[s]]) for s in self.script.learnt}
        return [[t.Comment("one step downhill"), *self.rate_now(), *self.change_weights(gradients)]]

    def rate_now(self) -> list[t.Statement]:
        """The rate of this step, where it changes."""
        if not self.plan.has_schedules:
            return []
        step = e.atom(self.script.local_name("t"))
        return [assign(self.rate, self.plan.rate_of(self.plan.values["rate"], step, steps_of(self.script)))]

    def change_weights(self, gradients: dict[Symbol, t.Expression]) -> list[t.Statement]:
        weights = [(e.atom(self.script.names[s]), gradient) for s, gradient in gradients.items()]
        states = [self.state_of(w) for w, _ in weights]
        return [self.change_weight(w, d, state, state if self.in_place else [w, *state]) for (w, d), state in zip(weights, states)]

    def change_weight(
        self, w: t.Expression, gradient: t.Expression, state: Sequence[t.Expression], targets: Sequence[t.Expression]
    ) -> t.Statement:  # fmt: skip
        """A step of one weight; its `targets` are what the method gives."""
        if self.plan.is_inline:
            return assign(w, e.product([self.rate, gradient]), "-")
        return method_call(self.script, w, gradient, state, targets)

    # --------------------------------------------------------- after the loop

    def after_loop(self) -> list[Group]:
        """What is printed at the end, and what `train` gives."""
        *groups, last = [group for group in (self.show_weights(), self.count_right()) if group]
        return [*groups, [*last, t.Return(self.learnt_values())]]

    def show_weights(self) -> Group:
        return show_weights(self.script, dict(zip(self.script.learnt, self.weights)), self.printable_number, self.printable_array)

    def count_right(self) -> Group:
        return count_right(self.script, self.spelling, self.library.axis)

    def learnt_values(self) -> t.Expression:
        """The learnt weights by name."""
        entries = zip(self.script.learnt, self.weights)
        return t.Dict(tuple(e.entry(self.script.names[s], self.printable_array(w)) for s, w in entries))

    def printable_number(self, value: t.Expression) -> t.Expression:
        """A value of one element, as it is printed."""
        return value

    def printable_array(self, value: t.Expression) -> t.Expression:
        """A value that may have many."""
        return value


def draws_by_seed(script: Script) -> bool:
    """Whether anything is drawn by the seed."""
    weights = any(distribution_of(script.weight_of(s)) for s in script.learnt)
    return weights or bool(script.series_drawn) or script.batched and script.plan.shuffles

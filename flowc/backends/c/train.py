"""A file of C that learns: the diagram's data, the method, the loop over the steps, what is printed at the end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

from flowc.backends.backend import Options, Refused
from flowc.backends.c.file import constants, header, includes, initial_weights, weights_struct
from flowc.backends.c.functions import forward, gradients, part_of_token, returns
from flowc.backends.c.helpers import helper_functions, quoted_template
from flowc.backends.c.method import in_c, method_function, method_numbers
from flowc.backends.c.order import next_token, order_functions
from flowc.backends.c.sheet import CSheet
from flowc.backends.c.weights import MOST
from flowc.backends.code.build import assign, headed, paragraphs
from flowc.backends.code.c import block
from flowc.backends.code.scope import names
from flowc.backends.code.tree import (
    Attribute,
    Compare,
    Do,
    Expression,
    If,
    Index,
    Name,
    Number,
    Product,
    Return,
    Statement,
    Text,
)  # fmt: skip
from flowc.backends.code.typed import Address, Cast, Count, Declare, Parameter, TypedFunction
from flowc.backends.loops.loops import ZERO, At, braces, element, flattened
from flowc.backends.python import expression as e
from flowc.backends.python.text import sentence
from flowc.backends.python.training.plan import Plan, plan_of
from flowc.backends.python.training.result import find_classes
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol

SMALL = 100  # numbers of all weights, which are printed
UNSAID = "The diagram does not say how to learn: gradient descent with its defaults."


def c_train_file(network: Network, program: Program, options: Options) -> str:
    """`options.data`: every input and target. Raises Refused."""
    if program.loss is None or not any(w.learnt for w in network.weights):
        raise Refused("nothing is learnt here: a diagram that learns has weights with `~`, and a loss")
    if options.data is None:
        raise Refused("this diagram has no data to learn from, which a C file includes; add `data`")
    return TrainFile(network, program, options).text()


class TrainFile:
    def __init__(self, network: Network, program: Program, options: Options):
        sheet = self.sheet = CSheet(network, program, options)
        assert options.data is not None
        self.data = {s: options.data[s.owner] for s in sheet.samples}
        self.tokens = len(next(iter(self.data.values()))) if self.data else 1
        self.plan: Plan = plan_of(network, self.tokens)
        fresh = sheet.names.fresh
        self.all = {s: fresh(f"all_{sheet.names[s]}") for s in sheet.samples}
        self.states = [fresh(name) for name in self.plan.record.state]
        self.step, self.token, self.right = sheet.token, fresh("token"), fresh("right")

    def text(self) -> str:
        sheet = self.sheet
        functions = {"forward": forward(sheet)} if self.classes else {}
        functions["gradients"] = gradients(sheet)
        sections: dict[str, Sequence[Statement]] = {
            ":constants": constants(sheet, names(*functions.values())),
            ":weights": [weights_struct(sheet)],
            "initial_weights": initial_weights(sheet),
            ":data": self.data_arrays(),
            **{name: [function] for name, function in functions.items()},
            ":order": order_functions(self.plan, self.tokens, sheet.words) if self.data else [],
            ":classes": [quoted_template("same_class", sheet.words)] if self.classes and self.classes[0].many else [],
            self.plan.record.name: [] if self.plan.is_inline else [self.method],
            "train": [self.train()],
            "main": [self.main()],
        }
        if part := sheet.chosen_part(sections):
            return "\n".join(block(part)) + "\n"
        texts = ["\n".join(block(section)) for section in sections.values() if section]
        helpers = helper_functions(sheet.words).rstrip("\n")
        included = ["math", "stddef", *(["stdint"] if self.plan.shuffles else []), "stdio"]
        notes = [] if self.plan.chosen else [UNSAID]
        return "\n\n".join(filter(None, [header(sheet, notes), includes(sheet, included), helpers, *texts])) + "\n"

    @property
    def method(self) -> TypedFunction:
        return method_function(self.plan.record, self.plan.values, self.sheet.words)

    # ---------------------------------------------------------------------------------------------------------- data

    def data_arrays(self) -> list[Statement]:
        count = sum(a.size for a in self.data.values())
        if count > MOST:
            raise Refused(f"the data are {count} numbers; a C file includes at most {MOST}")
        kind, words = f"static const {self.sheet.kind}", self.sheet.words
        arrays = [Declare(kind, self.all[s], (a.size,), braces(flattened(a.ravel().tolist()), (a.size,), words)) for s, a in self.data.items()]
        return [*headed(f"the data: {self.tokens} token{'s' if self.tokens != 1 else ''}", arrays)] if arrays else []

    @property
    def batch(self) -> int:
        """Tokens of a step."""
        return self.plan.batch_size or self.tokens

    # ---------------------------------------------------------------------------------------------------------- loop

    def train(self) -> TypedFunction:
        sheet, plan = self.sheet, self.plan
        struct = [Declare("static struct weights", name) for name in (sheet.d, *self.states)]
        zeros = [assign(name, Name("(struct weights){0}")) for name in self.states]
        rate = [] if plan.has_schedules else [Declare(f"const {sheet.kind}", sheet.rate, (), sheet.words.number(plan.values["rate"]))]
        batches = self._batch_arrays()
        loop = Count(self.step, ZERO, Number(str(self.count)), tuple(paragraphs(*self._one_step())))
        words = f"{self.count} step{'s' if self.count != 1 else ''} of {plan.method_words}"
        body = paragraphs([*struct, *batches, *rate], [*zeros, loop])
        return TypedFunction("void", "train", (Parameter("struct weights *", sheet.w),), sentence(words), tuple(body))

    @property
    def count(self) -> int:
        assert self.plan.steps is not None  # there are data, which say how many tokens an epoch has
        return self.plan.steps

    def _batch_arrays(self) -> list[Statement]:
        if not self.plan.in_batches:
            return []
        return [Declare(f"static {self.sheet.kind}", self.sheet.names[s], (self.batch * prod(s.type.shape),)) for s in self.data]

    def _one_step(self) -> list[list[Statement]]:
        sheet, plan = self.sheet, self.plan
        assert sheet.program.loss is not None
        loss, step = sheet.names[sheet.program.loss], Name(self.step)
        arrays = [Name(sheet.names[s] if plan.in_batches else self.all[s]) for s in self.data]
        call = e.call("gradients", Number(str(self.batch)), *arrays, Name(sheet.w), Address(Name(sheet.d)))
        show = Do(e.call("printf", Text("%lu %.17g\n"), Cast("unsigned long", step), Cast("double", Name(loss)) if sheet.kind == "float" else Name(loss)))
        every = plan.steps_between_lines
        place = Product((("", step), ("%", Number(str(every)))))
        told: Statement = show if every == 1 else If(e.compare(place, "==", Number(str(every - 1))), (show,))
        return [self._taken_batch(), [Declare(sheet.kind, loss, (), call), told], [*headed("one step downhill", [*self._rate_now(), *self._downhill()])]]

    def _taken_batch(self) -> list[Statement]:
        if not self.plan.in_batches or not self.data:
            return []
        sheet = self.sheet
        k, token = Name(sheet.k), Name(self.token)
        lines: list[Statement] = [Declare("size", self.token, (), e.call(next_token(self.plan)))]
        for s in self.data:
            size, letter = prod(s.type.shape), Name(sheet.locals.letters[0])
            places = [e.total([(1, e.product([Number(str(size)), row]) if size > 1 else row), *([(1, letter)] if size > 1 else [])]) for row in (k, token)]
            line = assign(Index(Name(sheet.names[s]), (places[0],)), Index(Name(self.all[s]), (places[1],)))
            lines.append(Count(letter.name, ZERO, Number(str(size)), (line,)) if size > 1 else line)
        return [Count(sheet.k, ZERO, Number(str(self.batch)), tuple(lines))]

    def _rate_now(self) -> list[Statement]:
        """The rate of this step, where it changes."""
        if not self.plan.has_schedules:
            return []
        words, step = self.sheet.words, Cast(self.sheet.kind, Name(self.step))
        rate = self.plan.rate_of(self.plan.values["rate"], step, Number(str(self.count)))
        return [Declare(f"const {self.sheet.kind}", self.sheet.rate, (), in_c(rate, words))]

    def _downhill(self) -> list[Statement]:
        sheet = self.sheet
        nest = sheet.nest({})
        lines: list[Statement] = []
        for s in sheet.learnt:
            lines += nest.looped(s.type.shape, partial(self._changed_number, sheet.names[s]))
        return lines

    def _changed_number(self, name: str, at: At) -> Statement:
        """The step of one number of a weight."""
        sheet, plan = self.sheet, self.plan
        number, slope = element(Attribute(Name(sheet.w), name), at), element(Name(f"{sheet.d}.{name}"), at)
        if plan.is_inline:
            return assign(number, e.product([Name(sheet.rate), slope]), "-")
        states = [Address(element(Name(f"{state}.{name}"), at)) for state in self.states]
        values: dict[str, Expression] = {"rate": Name(sheet.rate), "t": Cast(sheet.kind, e.total([(1, Name(self.step)), (1, Number("1"))]))}
        numbers = [values[name] for name in method_numbers(plan.record, plan.values)]
        return Do(e.call(plan.record.name, Address(number), slope, *states, *numbers))

    # ----------------------------------------------------------------------------------------------------------- end

    def main(self) -> TypedFunction:
        w = self.sheet.w
        body: list[list[Statement]] = [
            [Declare("static struct weights", w), Do(e.call("initial_weights", Address(Name(w)))), Do(e.call("train", Address(Name(w))))],
            self._shown_weights(),
            self._counted_right(),
            [Return(ZERO)],
        ]
        return TypedFunction("int", "main", (), "", tuple(paragraphs(*body)))

    def _shown_weights(self) -> list[Statement]:
        sheet = self.sheet
        if sum(prod(s.type.shape) for s in sheet.learnt) > SMALL:
            return []
        nest = sheet.nest({})
        lines: list[Statement] = []
        for s in sheet.learnt:
            name = sheet.names[s]

            def show(at: At, name: str = name) -> Statement:
                places = [a for a in at if a != ZERO]
                text = f"{name}{''.join('[%lu]' for _ in places)} = %.4g\n"
                number = element(Name(f"{sheet.w}.{name}"), at)
                value = Cast("double", number) if sheet.kind == "float" else number
                return Do(e.call("printf", Text(text), *(Cast("unsigned long", place) for place in places), value))

            lines += nest.looped(s.type.shape, show)
        return lines

    @property
    def classes(self) -> Any:
        """The first output that puts tokens into classes, and the target that knows them."""
        there = find_classes(self.sheet.network, self.sheet.program)
        return there if there and there[1] in self.sheet.program.outputs else None

    def _counted_right(self) -> list[Statement]:
        """All the data, once more: how many tokens are put into their class."""
        if not self.classes:
            return []
        sheet = self.sheet
        classes, output, target = self.classes
        token, result = Name(sheet.token), returns(sheet)
        arguments: list[Expression] = [part_of_token(self.all[s], s, token) for s in sheet.program.inputs]
        arguments.append(Address(Name(sheet.w)))
        outputs = [] if result else [Declare(sheet.kind, sheet.names[s], s.type.shape and (prod(s.type.shape),)) for s in sheet.outputs]
        names_of = [Name(sheet.names[s]) if s.type.shape else Address(Name(sheet.names[s])) for s in sheet.outputs]
        call = e.call("forward", *arguments, *([] if result else names_of))
        lines: list[Statement] = [*outputs, Declare(sheet.kind, sheet.names[output], (), call) if result else Do(call)]
        lines += self._compared(classes, output, target)
        loop = Count(sheet.token, ZERO, Number(str(self.tokens)), tuple(lines))
        name = classes.output.name.replace("%", "%%")
        words = Do(e.call("printf", Text(f"{name} right: %d of {self.tokens}\n"), Name(self.right)))
        return [Declare("int", self.right, (), ZERO), loop, words]

    def _compared(self, classes: Any, output: Symbol, target: Symbol) -> list[Statement]:
        """Whether the output's class is the target's, for one token."""
        sheet = self.sheet
        if not classes.many:
            middle = sheet.words.number(classes.middle)
            sides = [e.compare(x, ">=", middle) for x in (Name(sheet.names[output]), Index(Name(self.all[target]), (Name(sheet.token),)))]
            return [assign(self.right, Compare((("", sides[0]), ("==", sides[1]))), "+")]
        size = prod(target.type.shape)
        first = e.product([Number(str(size)), Name(sheet.token)])
        call = e.call("same_class", Number(str(size)), Name(sheet.names[output]), e.total([(1, Name(self.all[target])), (1, first)]))
        return [assign(self.right, call, "+")]

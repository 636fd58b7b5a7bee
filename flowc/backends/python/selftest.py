"""The self-test of a generated file: its gradients against finite differences, at drawn numbers."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.build import assign
from flowc.backends.code.fill import fill
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import List, Slice, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.naming import renamed
from flowc.backends.python.sheet import Described, Sheet
from flowc.backends.python.templates import LEARNING
from flowc.maths.function import Form
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Shape, Symbol
from flowc.records import Record

# What the template calls, of arrays.
OF_ARRAYS = {
    "initial_weights": "lambda: initial_weights()",
    "raised": "lambda w, v: w + eps * v",
    "lowered": "lambda w, v: w - eps * v",
    "along": "lambda d, v: (d * v).sum()",
}


class SelfTest(Record):
    """A library's words for it. `generator` starts the random numbers. `samples` are so many numbers of each form: SIZES is how
    many, SHAPE the same as a tuple, COUNT the number of classes, OTHERS all of these but one; without `arrays` they are single
    numbers, for lists to repeat. `words`: what the template calls, where that is not as in `OF_ARRAYS`. `directed`: weights are
    moved along drawn directions.
    """

    generator: str
    samples: Mapping[Form, str]
    words: Mapping[str, str]
    arrays: bool = True
    directed: bool = True

    def sample(self, form: Form, shape: Shape) -> e.Expression:
        """Five tokens' values."""
        *sizes, count = (5, *shape) if form == "class" else (5, *shape, 0)
        holes = {"SHAPE": e.shape(sizes), "SIZES": e.extent(e.shape(sizes))}
        holes |= {"COUNT": e.atom(str(count)), "OTHERS": e.atom(str(count - 1))}
        sample = fill(read(self.samples[form]), holes)
        for n in reversed(() if self.arrays else sizes):
            sample = e.repeated(sample, "_", e.call("range", str(n)))
        return sample


def gradient_test(sheet: Sheet, test: SelfTest) -> Statement:
    """Central differences along a drawn direction of each weight."""
    return LEARNING.definition(
        "selftest",
        **renamed("name", "w", "v", "up", "down", "slope", "found", "L", "d", taken=sheet.samples),
        **{name: read(text) for name, text in {**OF_ARRAYS, **test.words}.items()},
        SAMPLES=drawn_samples(sheet, test), samples=e.arguments_of(*sheet.samples), DIRECTED=test.directed,
    )  # fmt: skip


def drawn_samples(sheet: Sheet, test: SelfTest) -> tuple[Statement, ...]:
    """Five tokens of every input and target, of the kind that the loss wants."""
    code: list[Statement] = [statement(test.generator)]
    of_loss = compared_by_losses(sheet)
    for symbol in (*sheet.program.inputs, *sheet.program.targets):
        places: dict[tuple[str, str], list[int]] = {}
        for place, name in enumerate(_columns_of(sheet.program, symbol)):
            places.setdefault(of_loss.get(name, ("", "")), []).append(place)
        first = next(iter(places)) if len(places) == 1 else ("", "")
        shape = symbol.type.shape
        code.append(assign(sheet.names[symbol], test.sample(form_of(*first, shape), shape)))
        for kind, some in places.items() if len(places) > 1 else ():
            form = form_of(*kind, (len(some),))
            if form != "number":
                columns = e.index(e.atom(sheet.names[symbol]), Slice(None, None), List(e.numbers(some)))
                code.append(assign(columns, test.sample(form, (len(some),))))
    return tuple(code)


def _columns_of(program: Program, symbol: Symbol) -> tuple[str, ...]:
    """The scalars of the diagram that a mesh has packed into one array; else the name alone."""
    packed = program.targets[:1] if "target" in program.columns else ()
    return program.columns["target"] if symbol in packed else (symbol.owner,)


def form_of(loss: str, activation: str, shape: tuple[int, ...]) -> Form:
    """What a target is that this loss compares with a node of this activation."""
    record = lookup(loss)
    form = record.form(activation, bool(shape)) if record else "number"
    return "sign" if activation == "sign" else form


def compared_by_losses(sheet: Described) -> dict[str, tuple[str, str]]:
    """For what a loss function compares: its name, and the function of the node that is compared."""
    functions = {n.name: n.function for n in sheet.network.nodes}
    names: dict[str, tuple[str, str]] = {}
    for node in sheet.network.nodes:
        function = lookup(node.function)
        if function and function.kind == "loss":
            for operand in node.operands[1:]:
                names.setdefault(operand.node or "", (function.name, functions.get(node.operands[0].node or "", "")))
    return names

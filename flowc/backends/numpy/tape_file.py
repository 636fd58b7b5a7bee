"""A file of numpy whose gradients a tape finds: `forward` and `loss` on tensors, and the class of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from flowc.backends.backend import Options, Refused
from flowc.backends.code import scope
from flowc.backends.code import tree as t
from flowc.backends.code.build import Group
from flowc.backends.code.fill import Tree
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.tape import UsedMethods, saving_function
from flowc.backends.numpy.tape_spelling import TapeSpelling, is_cut, is_flat
from flowc.backends.numpy.templates import HELPERS, TAPE
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.imports import NUMPY, STANDARD
from flowc.backends.python.mesh import has_mesh
from flowc.backends.python.naming import renamed
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import forward_function, learn_function, loss_function
from flowc.backends.python.selftest import drawn_samples, gradient_test
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.python.weights import (
    distribution_of,
    drawn_weights,
    fixed_weights,
    print_initial_weights,
    starts_of_learnt,
)
from flowc.graph.network import Network
from flowc.maths.functions import FUNCTIONS
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing
from flowc.program.reach import reaches

# Functions of the templates that a file may call, in the order in which they stand there.
CALLED = (
    "tape", "save", "array_of", "no_grad", "product", "einsum", "where", "stack", "repeat", "place", "expm1", "log1p",
    "others", "gradient_of",
)  # fmt: skip
TAPE_NAMES = (*(name for name in TAPE.nodes if "." not in name), *FUNCTIONS)  # of functions


class TapeSheet(Sheet):
    reserved = TAPE_NAMES
    importable = (STANDARD, NUMPY)


def check_tape(program: Program, chosen: Options) -> None:
    """Raises Refused for what has no tape."""
    way_out = "leave `--gradient tape` away, and they are written out"
    if chosen.style != "nodes":
        raise Refused(f"style `{chosen.style}` has no tape for its gradients, style `nodes` has; {way_out}")
    if has_mesh(program):
        raise Refused(f"a mesh of single nodes has no tape for its gradients; {way_out}")


def tape_file(network: Network, program: Program, chosen: Options, printing: Printing) -> str:
    """The whole file, or the part that is asked for."""
    sheet = TapeSheet(network, program, chosen, printing)
    spelling = spelling_context(sheet, TapeSpelling(chosen.dtype or "float64", tensors={*sheet.learnt}))
    library, drawn = NumpyLibrary(spelling.dtype), drawn_weights(network)
    functions = _print_functions(sheet, spelling)
    helpers = helpers_in_order(spelling, saving_function)
    shown = {"mistakes": _print_mistakes(sheet, library)} if reaches(sheet.program, sheet.learnt, is_cut) else {}
    sheet.sections |= {
        **fixed_weights(sheet, library, map(distribution_of, drawn), library.shape_draws()),
        **print_initial_weights(sheet, t.Return(starts_of_learnt(sheet, library))),
        **tape_sections(sheet, spelling, [*functions.values()], [*shown.values(), *chain(*helpers.values())]),
        **helpers,
        **{name: [code] for name, code in functions.items()},
        "learn": [learn_function(sheet)],
        **ending(sheet, library, forward_call(sheet), gradient_test(sheet, library.test), **shown),
    }
    return sheet.text()


def _print_functions(sheet: Sheet, spelling: TapeSpelling) -> dict[str, t.Function]:
    printer, weights = Printer(sheet.names, spelling), sheet.arguments(sheet.learnt)
    call, arguments = e.call("forward", *sheet.inputs, *weights), e.arguments_of(*sheet.samples, *weights)
    return {
        "forward": forward_function(sheet, printer),
        "loss": loss_function(sheet, printer, call, arguments),
        "gradients": _gradients_by_tape(sheet),
    }


def _gradients_by_tape(sheet: Sheet) -> t.Function:
    felt = reaches(sheet.program, sheet.learnt, is_cut)
    return TAPE.variant(
        "gradients_by_tape", "gradients", FELT=bool(felt),
        GRADIENT=t.Lambda(("w",), t.Attribute(t.Name("w"), "grad") if len(felt) == len(sheet.learnt) else e.call("gradient_of", "w")),
        samples=e.arguments_of(*sheet.samples), **renamed("L", "d", "name", "w", "tensors", taken=sheet.samples),
    )  # fmt: skip


def _print_mistakes(sheet: Sheet, library: NumpyLibrary) -> t.Statement:
    """Of the first weight that the loss feels its first number."""
    felt = reaches(sheet.program, sheet.learnt, is_cut)
    weight = next(w for w in sheet.learnt if w in felt)
    number = t.Index(t.Name("d"), e.numbers([0] * len(weight.type.shape))) if weight.type.shape else t.Name("d")
    return TAPE.definition(
        "mistakes", SAMPLES=drawn_samples(sheet, library.test), samples=e.arguments_of(*sheet.samples),
        NAME=t.Text(sheet.names[weight]), RATE=e.number(sheet.rate),
        FIRST=t.Lambda(("d",), number), **renamed("name", "w", "down", "weights", taken=sheet.samples),
    )  # fmt: skip


def tape_sections(sheet: Sheet, spelling: TapeSpelling, functions: Sequence[t.Function], others: Iterable[t.Statement]) -> dict[str, Group]:
    """The class, and what the file calls of its functions: of these the weights are tensors."""
    used = UsedMethods(sheet.arguments(sheet.learnt), [name for name, f in spelling.helpers.items() if f and is_flat(f)])
    for function in functions:
        used.add_lines(function.body)
    numbers = not any(s.type.shape for s in (*sheet.program.inputs, *sheet.program.weights, *(step.symbol for step in sheet.steps)))
    holes: dict[str, Tree] = {"NUMBERS": numbers, **{need: need in spelling.needs for need in ("EXPONENTS", "VECTORS")}}
    for method in ("sum", "mean"):
        along = method in used.along_axes
        holes[f"{method.upper()}_AXES"] = along
        holes[f"OF_{method.upper()}"] = e.arguments_of(axis="None", keepdims="False") if along else ()
    tensor = TAPE.chosen("Tensor", [name for name in TAPE.methods("Tensor") if name in used.names], **holes)
    called = _find_called(tensor, *functions, *others)
    return {":tape": called.pop("tape"), "Tensor": [tensor], **called}


def _find_called(*code: t.Statement) -> dict[str, Group]:
    """The functions of the templates that are called, and those that these call."""
    templates = {name: templates for templates in (HELPERS, TAPE) for name in templates.nodes if name in CALLED}
    names = scope.names(*code)
    called: dict[str, Group] = {}
    waiting = [name for name in CALLED if name in names]
    for name in waiting:
        called[name] = [templates[name].definition(name)]
        waiting += [other for other in CALLED if other in scope.names(*called[name]) and other not in waiting]
    return {name: called[name] for name in CALLED if name in called}

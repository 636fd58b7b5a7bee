"""The self-test of a generated file: its gradients against finite differences, at drawn numbers."""

from __future__ import annotations

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Lambda, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.naming import renamed
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.templates import LEARNING
from flowc.maths.function import Form
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Symbol


def gradient_test(sheet: Sheet, library: Library) -> Statement:
    """Central differences along a drawn direction of each weight."""
    return LEARNING.definition(
        "selftest",
        **renamed("name", "w", "v", "up", "down", "slope", "found", "L", "d", taken=sheet.samples),
        SAMPLES=(library.generator, *drawn_samples(sheet, library)),
        samples=e.arguments_of(*sheet.samples),
        perturbed=Lambda(("w",), library.perturbed("w")),
        initial_weights=Lambda((), library.initial_weights()),
        direction=Lambda(("w",), library.direction("w")),
    )


def drawn_samples(sheet: Sheet, library: Library) -> list[Statement]:
    code: list[Statement] = []
    of_loss = compared(sheet)
    for symbol in (*sheet.program.inputs, *sheet.program.targets):
        places: dict[tuple[str, str], list[int]] = {}
        for place, name in enumerate(_columns(sheet.program, symbol)):
            places.setdefault(of_loss.get(name, ("", "")), []).append(place)
        first = next(iter(places)) if len(places) == 1 else ("", "")
        code.append(assign(sheet.names[symbol], _sample(library, symbol.type.shape, *first)))
        for kind, some in places.items() if len(places) > 1 else ():
            sample = _sample(library, (len(some),), *kind)
            if sample != _sample(library, (len(some),), "", ""):
                code.append(assign(e.suffix(e.atom(sheet.names[symbol]), f"[:, {some}]"), sample))
    return code


def _columns(program: Program, symbol: Symbol) -> tuple[str, ...]:
    """The scalars of the diagram that a mesh has packed into one array; else the name alone."""
    packed = program.targets[:1] if "target" in program.columns else ()
    return program.columns["target"] if symbol in packed else (symbol.owner,)


def _sample(library: Library, shape: tuple[int, ...], loss: str, activation: str) -> e.Expression:
    """Five tokens' values, of the kind that the loss wants of a target."""
    sizes = (5, *shape)
    match form_of(loss, activation, shape):
        case "class":
            return library.random_classes(shape[-1], sizes[:-1])
        case "sign":
            return e.total([(1, e.product([e.atom("2"), library.random_bits(sizes)])), (-1, e.atom("1"))])
        case "bit":
            return library.random_bits(sizes)
    return library.random_normal(sizes)


def form_of(loss: str, activation: str, shape: tuple[int, ...]) -> Form:
    """What a target is that this loss compares with a node of this activation."""
    record = lookup(loss)
    form = record.form(activation, bool(shape)) if record else "number"
    return "sign" if activation == "sign" else form


def compared(sheet: Sheet) -> dict[str, tuple[str, str]]:
    """For what a loss function compares: its name, and the function of the node that is compared."""
    functions = {n.name: n.function for n in sheet.network.nodes}
    names: dict[str, tuple[str, str]] = {}
    for node in sheet.network.nodes:
        function = lookup(node.function)
        if function and function.kind == "loss":
            for operand in node.operands[1:]:
                names.setdefault(operand.node or "", (function.name, functions.get(node.operands[0].node or "", "")))
    return names

"""The self-test of a generated file: its gradients against finite differences, at drawn numbers."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.code.python_statements import lines as statement_text
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.naming import local
from flowc.backends.python.sheet import Sheet, definition
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Symbol


def gradient_test(sheet: Sheet, library: Library) -> str:
    """Central differences along a drawn direction of each weight."""
    samples = sheet.samples
    names = ("name", "w", "v", "up", "down", "slope", "found", "L", "d")
    name, w, v, up, down, slope, found, L, d = (local(n, samples) for n in names)
    lines = [*statement_text(library.generator, "    "), *drawn_samples(sheet, library)]
    lines += [
        "    weights = {",
        f"        {name}: {e.flat(library.perturbed(w))}",
        f"        for {name}, {w} in {e.flat(library.initial_weights())}.items()",
        "    }",
        *laid_out(e.call("gradients", *samples, "**weights"), f"    {L}, {d} = "),
        f"    for {name}, {w} in weights.items():",
        f"        {v} = {e.flat(library.direction(w))}",
    ]
    for side, sign in ((up, "+"), (down, "-")):
        moved = f"{{**weights, {name}: {w} {sign} eps * {v}}}"
        lines += laid_out(e.call("gradients", *samples, f"**{moved}"), f"        {side}, _ = ")
    lines += [
        f"        {slope} = ({up} - {down}) / (2 * eps)",
        f"        {found} = ({d}[{name}] * {v}).sum()",
        f"        if not abs({found} - {slope}) <= 1e-4 * abs({slope}) + 1e-7 * (1 + abs({L})):",
        f'            sys.exit(f"the gradient of {{{name}}} is {{{found}}}, not {{{slope}}}")',
        '    print("ok")',
    ]
    return definition("selftest", ["eps=1e-6"], "The gradients against finite differences, at drawn numbers.", lines)


def drawn_samples(sheet: Sheet, library: Library, targets: bool = True) -> list[str]:
    lines = []
    of_loss = compared(sheet)
    for symbol in (*sheet.program.inputs, *(sheet.program.targets if targets else ())):
        places: dict[tuple[str, str], list[int]] = {}
        for place, name in enumerate(_columns(sheet.program, symbol)):
            places.setdefault(of_loss.get(name, ("", "")), []).append(place)
        first = next(iter(places)) if len(places) == 1 else ("", "")
        lines += laid_out(_sample(library, symbol.type.shape, *first), f"    {sheet.names[symbol]} = ")
        for kind, some in places.items() if len(places) > 1 else ():
            sample = _sample(library, (len(some),), *kind)
            if sample != _sample(library, (len(some),), "", ""):
                lines += laid_out(sample, f"    {sheet.names[symbol]}[:, {some}] = ")
    return lines


def _columns(program: Program, symbol: Symbol) -> tuple[str, ...]:
    """The scalars of the diagram that a mesh has packed into one array; else the name alone."""
    packed = program.targets[:1] if "target" in program.columns else ()
    return program.columns["target"] if symbol in packed else (symbol.owner,)


def _sample(library: Library, shape: tuple[int, ...], loss: str, activation: str) -> e.Expression:
    """Five tokens' values, of the kind that the loss wants of a target."""
    sizes = (5, *shape)
    if loss in ("cross_entropy", "perceptron") and activation in ("softmax", "argmax") and shape:
        return library.random_classes(shape[-1], sizes[:-1])
    if loss == "hinge" or activation == "sign":
        return e.total([(1, e.product([e.atom("2"), library.random_bits(sizes)])), (-1, e.atom("1"))])
    if loss in ("cross_entropy", "binary_cross_entropy", "perceptron"):
        return library.random_bits(sizes)
    return library.random_normal(sizes)


def compared(sheet: Sheet) -> dict[str, tuple[str, str]]:
    """For what a loss function compares: its name, and the function of the node that is compared."""
    functions = {n.name: n.function for n in sheet.network.nodes}
    found: dict[str, tuple[str, str]] = {}
    for node in sheet.network.nodes:
        function = lookup(node.function)
        if function and function.kind == "loss":
            for operand in node.operands[1:]:
                found.setdefault(operand.node or "", (function.name, functions.get(node.operands[0].node or "", "")))
    return found

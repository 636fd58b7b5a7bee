"""torch as plain functions, the twins of numpy's; the gradients by autograd or written out."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.fit import fit_section
from flowc.backends.python.helpers import in_order
from flowc.backends.python.mesh import is_beside
from flowc.backends.python.naming import local
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import divided, forward_section, gradients_section, learn_section, loss_words
from flowc.backends.python.selftest import gradient_test
from flowc.backends.python.shapes import checked
from flowc.backends.python.sheet import Sheet, assigned, body, definition, returned, spelling_context
from flowc.backends.torch.fast import fast_explicit, learn_in_place
from flowc.backends.torch.fast_spelling import BACKWARD
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.mesh import in_parts, mesh_sections
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import HELPERS, Fixed, import_section, initial_weights, stream_helpers
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step, Symbol


def file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    fixed, library = Fixed(sheet), TorchLibrary(spelling.dtype)
    bodies = {"forward": _forward(sheet, spelling, fixed)}
    fast = sheet.options.style == "fast"
    if sheet.learns and sheet.explicit:
        bodies["gradients"] = (fast_explicit if fast else _explicit)(sheet, spelling, fixed)
    elif sheet.learns:
        bodies["loss"] = loss_section(sheet, spelling, fixed)
        bodies["gradients"] = autograd_section(sheet)
    if sheet.learns:
        bodies["learn"] = learn_in_place(sheet, spelling, fixed) if fast else learn_section(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_section(sheet, spelling, library, fixed.opening)
    bodies = checked(sheet, bodies) if spelling.meshes else bodies
    meshes = mesh_sections(sheet, spelling, sheet.planned.steps) if spelling.meshes else {}
    table = meshes.pop(":mesh tables", "")
    sections = sheet.sections
    sections[":header"] = sheet.header()
    sections[":imports"] = import_section(sheet, sheet.learns, bool(meshes), bool(table) and is_beside(sheet.planned.steps))
    sections[":constants"] = fixed.section()
    sections |= stream_helpers(sheet)
    sections[":mesh tables"] = table
    if sheet.weights:
        sections["initial_weights"] = initial_weights(sheet)
    sections |= dict(in_order(spelling, HELPERS | BACKWARD))
    sections |= meshes
    sections |= bodies
    sections |= ending(sheet, library, forward_call(sheet), gradient_test(sheet, library) if sheet.learns else None)
    return sheet


def _forward(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> str:
    steps = sheet.steps_of(sheet.program.outputs)
    own = spelling_context(sheet, spelling, [*sheet.program.inputs, *sheet.learnt])
    opening = [*in_parts(sheet), *fixed.opening(steps, own.like)]
    return forward_section(sheet, Printer(sheet.names, own), opening)


def _explicit(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> str:
    program = sheet.program
    assert program.loss is not None
    steps = sheet.steps_of([program.loss, *(program.gradients[s] for s in sheet.learnt)])
    return gradients_section(sheet, Printer(sheet.names, spelling), fixed.opening(steps, spelling.like))


def loss_section(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> str:
    """`loss(inputs, targets, weights)`: by way of `forward` where the outputs are all that it needs."""
    program = sheet.program
    assert program.loss is not None
    given = [*program.inputs, *program.targets, *program.weights]
    printer = Printer(sheet.names, spelling)
    from_outputs = sheet.steps_of([program.loss], [*given, *program.outputs])
    if only_outputs(sheet, from_outputs):
        steps = from_outputs
        call = e.call("forward", *sheet.inputs, *sheet.arguments(sheet.learnt))
        text = assigned(sheet.outputs, call)
        text += body(printer.lines_of(sheet.of_function_with("loss", [program.loss], program.outputs)))
    else:
        steps = sheet.steps_of([program.loss])
        forward, own, _ = divided(printer.lines_of(sheet.of_function("loss")), sheet)
        text = [*body(forward), *body(own)]
    text = [*fixed.opening(steps, spelling.like), *text, *returned([sheet.names[program.loss]])]
    words = loss_words(sheet.network)
    arguments = sheet.samples + sheet.arguments(sheet.learnt)
    return definition("loss", arguments, f"{words or 'The loss of a batch'}.", text)


def only_outputs(sheet: Sheet, steps: Sequence[Step]) -> bool:
    """No step is one that `forward` makes too, so the loss starts from the outputs."""
    program = sheet.program
    inner = {s.symbol for s in sheet.steps_of(program.outputs)}
    return bool(program.outputs) and not any(s.symbol in inner for s in steps) and _uses(program.outputs, steps)


def _uses(outputs: tuple[Symbol, ...], steps: Sequence[Step]) -> bool:
    return any(a in outputs for s in steps for a in s.args)


def autograd_section(sheet: Sheet) -> str:
    """`gradients(inputs, targets, **weights)` by autograd; a weight that the loss cannot feel gets zeros."""
    samples = sheet.samples
    L, d, name, w = (local(n, samples) for n in ("L", "d", "name", "w"))
    copy = f"{name}: {w}.detach().requires_grad_() for {name}, {w} in weights.items()"
    text = [
        "    weights = {",
        f"        {copy}",
        "    }",
        *laid_out(e.call("loss", *samples, "**weights"), f"    {L} = "),
    ]
    felt = reaches(sheet.program, sheet.learnt)
    if not felt:
        text.append("    # the loss does not feel any weight")
        text.append(f"    return {L}, {{{name}: torch.zeros_like({w}) for {name}, {w} in weights.items()}}")
    else:
        named = {} if len(felt) == len(sheet.learnt) else {"allow_unused": "True", "materialize_grads": "True"}
        text += laid_out(e.call("torch.autograd.grad", L, "list(weights.values())", **named), f"    {d} = ")
        text.append(f"    return {L}.detach(), dict(zip(weights, {d}, strict=True))")
    doc = "The loss, and its derivative for every weight, by autograd."
    return definition("gradients", [*samples, "**weights"], doc, text)

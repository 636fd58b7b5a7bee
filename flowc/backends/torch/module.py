"""torch as an `nn.Module`: weights are its parameters, fixed arrays its buffers, gradients those of autograd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code.build import Group, assign
from flowc.backends.code.names import in_unicode
from flowc.backends.code.tree import Class, Comment, Dict, Do, Function, Name, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.printer import Comments, Printer, assignments
from flowc.backends.python.sections import loss_function
from flowc.backends.python.sheet import Sheet, capital, output_words, returned, spelling_context
from flowc.backends.python.text import titled
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.shared import Fixed, initial_weights, model_test, stream_helpers
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import MODULE
from flowc.program.ir import Symbol
from flowc.program.reach import reaches

# What a module has already, or has for itself here.
MODULE_NAMES = frozenset(
    [
        "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
        "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
        "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "loss", "modules", "mtia", "named_buffers",
        "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook",
        "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
        "register_full_backward_pre_hook", "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook", "register_module", "register_parameter",
        "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_", "set_extra_state",
        "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "xpu",
        "zero_grad",
    ]
)  # fmt: skip


def module_file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    name = class_name(sheet)
    learns = sheet.learns and bool(reaches(sheet.program, sheet.learnt))
    sheet.sections |= class_sections(sheet, spelling, name)
    if learns:
        sheet.sections["learn"] = [_print_learn(sheet)]
    library = TorchLibrary(spelling.dtype)
    model, loss = e.call(name, dtype="torch.float64"), e.call("model.loss", *sheet.samples)
    test = model_test(sheet, library, "model", model, loss, [name]) if learns else None
    sheet.sections |= ending(sheet, library, e.call(f"{name}()", *sheet.inputs), test)
    return sheet


def class_sections(sheet: Sheet, spelling: TorchSpelling, name: str) -> dict[str, Group]:
    """What the class needs, and the class."""
    fixed = Fixed(sheet)
    attributes = attributes_of(sheet, fixed)
    methods: dict[str, Statement] = {
        "__init__": _print_init(sheet, fixed, attributes), "forward": _print_forward(sheet, spelling, attributes)
    }  # fmt: skip
    if sheet.program.loss:
        printer = _printer_of_method(sheet, spelling, attributes, [*sheet.program.inputs, *sheet.program.targets])
        methods["loss"] = loss_function(sheet, printer, e.call("self", *sheet.inputs), e.arguments_of("self", *sheet.samples))
    called = {attributes[s]: s.owner for s in sheet.learnt if attributes[s] != s.owner}
    fixes = any(symbol in attributes for symbol in sheet.constants.values())
    loads, saves = "_load_from_state_dict", "_save_to_state_dict"
    if called or fixes:
        methods[loads] = MODULE.definition(f"Module.{loads}", CALLED=bool(called), FIXED=fixes)
    if called:
        methods[saves] = MODULE.definition(f"Module.{saves}")
    sheet.parts = {method: [code] for method, code in methods.items()}
    body = (*_print_names(called), *methods.values())
    return {
        ":constants": fixed.module_constants(),
        **stream_helpers(sheet),
        **initial_weights(sheet),
        **helpers_in_order(spelling),
        name: [Class(name, (e.atom("torch.nn.Module"),), titled(sheet.network), body)],
    }


def _print_names(called: Mapping[str, str]) -> list[Statement]:
    """The weights that are called otherwise in the diagram."""
    names = Dict(tuple(e.entry(name, Text(theirs)) for name, theirs in called.items()))
    words = "What the diagram calls these weights, and so does a state."
    return [Comment(words), assign("NAMES", names)] if called else []


def class_name(sheet: Sheet) -> str:
    """The flow's name in CamelCase; `Diagram` before a name that starts with a digit."""
    words = [w for w in in_unicode(sheet.network.name).split("_") if w]
    name = in_unicode("".join(capital(w) for w in words)) or "Diagram"
    return sheet.names.fresh(name if name.isidentifier() else f"Diagram{name}")


def attributes_of(sheet: Sheet, fixed: Fixed) -> dict[Symbol, str]:
    """Weight -> attribute of the module, injective; fixed numbers stay numbers of the file."""
    names: set[str] = set(MODULE_NAMES)
    attributes: dict[Symbol, str] = {}
    for symbol in (*sheet.program.weights, *sheet.literals.values()):
        if symbol in fixed.numbers:
            continue
        name = sheet.names[symbol]
        name = f"w{name}" if name.startswith("_") else name
        attributes[symbol] = local(name, names)
        names.add(attributes[symbol])
    return attributes


def _printer_of_method(sheet: Sheet, spelling: TorchSpelling, attributes: dict[Symbol, str], given: Sequence[Symbol]) -> Printer:
    """For a method of these arguments: weights are attributes."""
    atoms = {symbol: f"self.{name}" for symbol, name in attributes.items()}
    context = spelling_context(sheet, spelling, given)
    if not given and atoms:
        context.like = next(iter(atoms.values()))
    return Printer(sheet.names, context, atoms)


def _print_init(sheet: Sheet, fixed: Fixed, attributes: dict[Symbol, str]) -> Function:
    code: list[Statement] = [Do(e.atom("super().__init__()"))]
    if sheet.learnt:
        code.append(assign("weights", e.call("initial_weights", "seed", "dtype", "device")))
    for symbol in sheet.learnt:
        parameter = e.call("torch.nn.Parameter", e.index(Name("weights"), Text(sheet.names[symbol])))
        code.append(assign(f"self.{attributes[symbol]}", parameter))
    for symbol in sheet.constants.values():
        if symbol in attributes:
            tensor = fixed.make_tensor(symbol, "torch.tensor", "torch.full", ("device", "dtype"), dtype="dtype", device="device")
            code.append(Do(e.call("self.register_buffer", Text(attributes[symbol]), tensor, persistent="False")))
    arguments = e.arguments_of("self", seed="0", dtype=f"torch.{sheet.options.dtype}", device="None")
    return Function("__init__", arguments, "", tuple(code))


def _print_forward(sheet: Sheet, spelling: TorchSpelling, attributes: dict[Symbol, str]) -> Function:
    steps = sheet.steps_of(sheet.program.outputs)
    lines = _printer_of_method(sheet, spelling, attributes, sheet.program.inputs).lines(steps, sheet.hidden)
    body = (*assignments(lines, Comments(sheet.network.source)), returned(sheet.outputs))
    doc = f"{capital(output_words(sheet.outputs))} of every token."
    return Function("forward", e.arguments_of("self", *sheet.inputs), doc, body)


def _print_learn(sheet: Sheet) -> Statement:
    """`learn(model, optimizer, inputs, targets)`."""
    unfelt = len(reaches(sheet.program, sheet.learnt)) < len(sheet.learnt)
    names = renamed("model", "optimizer", "param", "L", taken=sheet.samples)
    return MODULE.variant("learn_model", "learn", samples=e.arguments_of(*sheet.samples), UNFELT=unfelt, **names)

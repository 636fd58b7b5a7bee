"""torch as an `nn.Module`: weights are its parameters, fixed arrays its buffers, gradients those of autograd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code.names import in_unicode
from flowc.backends.code.python import laid_out
from flowc.backends.code.python_statements import lines
from flowc.backends.code.words import docstring
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending
from flowc.backends.python.helpers import in_order
from flowc.backends.python.naming import local
from flowc.backends.python.printer import Comments, Line, Printer, statement_lines
from flowc.backends.python.sections import divided, loss_words
from flowc.backends.python.sheet import (
    Sheet,
    assigned,
    body,
    capital,
    definition,
    output_words,
    returned,
    spelling_context,
)
from flowc.backends.python.spelling import rows
from flowc.backends.python.text import decimal, quoted, titled
from flowc.backends.python.weights import distribution, start
from flowc.backends.torch.functions import only_outputs
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.optim import zero_gradients
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import (
    HELPERS,
    Fixed,
    import_section,
    initial_weights,
    module_test,
    stream_helpers,
)
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Symbol

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


# A state is the learnt weights by the names of the diagram; one with the fixed arrays, too, is taken without them.
LOAD = '''\
    def _load_from_state_dict(self, state, prefix, *more):'''
CALLED = '''\
        """In a state weights are called as in the diagram."""
        names = {prefix + theirs: name for name, theirs in self.NAMES.items()}
        for key, w in [(k, state.pop(k)) for k in names if k in state]:
            state[prefix + names[key]] = w'''
FIXED = '''\
        """What is fixed is as this file has it, whatever the state has."""
        for name, _ in self.named_buffers():
            if state.pop(prefix + name, None) is not None:
                warnings.warn(
                    f"`{name}` is fixed and not loaded", stacklevel=2
                )'''
LOADED = '''\
        super()._load_from_state_dict(state, prefix, *more)'''
SAVED = '''\
    def _save_to_state_dict(self, state, prefix, keep_vars):
        """In a state weights are called as in the diagram."""
        super()._save_to_state_dict(state, prefix, keep_vars)
        names = {prefix + name: theirs for name, theirs in self.NAMES.items()}
        for key, w in [(k, state.pop(k)) for k in names if k in state]:
            state[prefix + names[key]] = w'''


def file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    name = class_name(sheet)
    learns = sheet.learns and bool(reaches(sheet.program, sheet.learnt))
    sections = sheet.sections
    sections[":header"] = sheet.header()
    sections[":imports"] = import_section(sheet, tested=learns, warns=True)
    sections |= class_sections(sheet, spelling, name)
    if learns:
        sections["learn"] = learn_section(sheet)
    test = ("model", f"{name}(dtype=torch.float64)", "{model}.loss({samples})", [name])
    library = TorchLibrary(spelling.dtype)
    outputs = e.call(f"{name}()", *sheet.inputs)
    sections |= ending(sheet, library, outputs, module_test(sheet, library, *test) if learns else None)
    return sheet


def class_sections(sheet: Sheet, spelling: TorchSpelling, name: str) -> dict[str, str]:
    """What the class needs, and the class."""
    fixed = Fixed(sheet)
    attributes = attributes_of(sheet, fixed)
    methods = {"__init__": _init(sheet, fixed, attributes), "forward": _forward(sheet, spelling, attributes)}
    if sheet.program.loss:
        methods["loss"] = _loss(sheet, spelling, attributes)
    called = {attributes[s]: s.owner for s in sheet.learnt if attributes[s] != s.owner}
    fixes = any(symbol in attributes for symbol in sheet.constants.values())
    if called or fixes:
        methods["_load_from_state_dict"] = "\n".join([LOAD, *[CALLED] * bool(called), *[FIXED] * fixes, LOADED])
    if called:
        methods["_save_to_state_dict"] = SAVED
    sheet.parts = methods
    sections = {":constants": fixed.section(), **stream_helpers(sheet)}
    if sheet.weights:
        sections["initial_weights"] = initial_weights(sheet)
    sections |= dict(in_order(spelling, HELPERS))
    doc = docstring(titled(sheet.network), "    ")
    sections[name] = "\n".join([f"class {name}(torch.nn.Module):", *doc, "", *_names(called), "\n\n".join(methods.values())])
    return sections


def _names(called: Mapping[str, str]) -> list[str]:
    """The weights that are called otherwise in the diagram."""
    entries = [e.entry(name, e.atom(quoted(theirs))) for name, theirs in called.items()]
    lines = laid_out(e.bracketed("{", entries, "}"), "    NAMES = ")
    return ["    # What the diagram calls these weights, and so does a state.", *lines, ""] if entries else []


def class_name(sheet: Sheet) -> str:
    """The flow's name in CamelCase; `Diagram` before a name that starts with a digit."""
    words = [w for w in in_unicode(sheet.network.name).split("_") if w]
    name = in_unicode("".join(capital(w) for w in words)) or "Diagram"
    return sheet.names.fresh(name if name.isidentifier() else f"Diagram{name}")


def attributes_of(sheet: Sheet, fixed: Fixed) -> dict[Symbol, str]:
    """Weight -> attribute of the module, injective; fixed numbers stay numbers of the file."""
    taken: set[str] = set(MODULE_NAMES)
    attributes: dict[Symbol, str] = {}
    for symbol in (*sheet.program.weights, *sheet.literals.values()):
        if symbol in fixed.numbers:
            continue
        wanted = sheet.names[symbol]
        wanted = f"w{wanted}" if wanted.startswith("_") else wanted
        attributes[symbol] = local(wanted, taken)
        taken.add(attributes[symbol])
    return attributes


def _printer(sheet: Sheet, spelling: TorchSpelling, attributes: dict[Symbol, str], given: Sequence[Symbol]) -> Printer:
    """For a method of these arguments: weights are attributes."""
    atoms = {symbol: f"self.{name}" for symbol, name in attributes.items()}
    own = spelling_context(sheet, spelling, given)
    if not given and atoms:
        own.like = next(iter(atoms.values()))
    return Printer(sheet.names, own, atoms)


def _init(sheet: Sheet, fixed: Fixed, attributes: dict[Symbol, str]) -> str:
    lines = ["        super().__init__()"]
    if sheet.learnt:
        lines.append("        weights = initial_weights(seed, dtype, device)")
    for symbol in sheet.learnt:
        text = f"self.{attributes[symbol]} = torch.nn.Parameter(weights[{quoted(sheet.names[symbol])}])"
        lines += statement_lines(text, "        ")
    for symbol in sheet.constants.values():
        if symbol in attributes:
            tensor = _buffer(sheet, fixed, symbol)
            call = e.call("self.register_buffer", quoted(attributes[symbol]), tensor, persistent="False")
            lines += laid_out(call, "        ")
    arguments = ["self", "seed=0", f"dtype=torch.{sheet.options.dtype}", "device=None"]
    return "\n".join([f"    def __init__({', '.join(arguments)}):", *lines])


def _buffer(sheet: Sheet, fixed: Fixed, symbol: Symbol) -> e.Expression:
    weight = sheet.weight_of(symbol)
    kind = [e.atom("dtype=dtype"), e.atom("device=device")]
    if distribution(weight):
        return e.method(start(weight, "torch", "", sheet.root, seed="0"), "to", "device", "dtype")
    if isinstance(weight.start, tuple):
        numbers = e.atom(fixed.list_names[symbol]) if fixed.listed(symbol) else rows(weight.start)
        return e.bracketed("torch.tensor(", [numbers, *kind], ")")
    value = e.atom(decimal(weight.start))  # type: ignore[arg-type]
    if not weight.shape:
        return e.bracketed("torch.tensor(", [value, *kind], ")")
    sizes = f"({', '.join(map(str, weight.shape))}{',' * (len(weight.shape) == 1)})"
    return e.bracketed("torch.full(", [e.atom(sizes), value, *kind], ")")


def _forward(sheet: Sheet, spelling: TorchSpelling, attributes: dict[Symbol, str]) -> str:
    steps = sheet.steps_of(sheet.program.outputs)
    lines = _printer(sheet, spelling, attributes, sheet.program.inputs).lines(steps, sheet.hidden)
    text = [*_body(lines, Comments(sheet.network.source)), *returned(sheet.outputs, "        ")]
    doc = f"{capital(output_words(sheet.outputs))} of every token."
    return definition("forward", ["self", *sheet.inputs], doc, text, "    ")


def _loss(sheet: Sheet, spelling: TorchSpelling, attributes: dict[Symbol, str]) -> str:
    program = sheet.program
    assert program.loss is not None
    printer = _printer(sheet, spelling, attributes, [*sheet.program.inputs, *sheet.program.targets])
    given = [*program.inputs, *program.targets, *program.weights]
    steps = sheet.steps_of([program.loss], [*given, *program.outputs])
    if only_outputs(sheet, steps):
        text = assigned(sheet.outputs, e.call("self", *sheet.inputs), "        ")
        text += _body(printer.lines(steps, sheet.hidden))
    else:
        forward, own, _ = divided(printer.lines(sheet.steps_of([program.loss]), sheet.hidden), sheet)
        text = [*_body(forward), *_body(own)]
    words = loss_words(sheet.network) or "The loss of a batch"
    text += returned([sheet.names[program.loss]], "        ")
    return definition("loss", ["self", *sheet.samples], f"{words}.", text, "    ")


def _body(lines: Sequence[Line], comments: Comments | None = None) -> list[str]:
    return body(lines, comments, "        ")


def learn_section(sheet: Sheet) -> str:
    """`learn(model, optimizer, inputs, targets)`."""
    samples = sheet.samples
    model, optimizer, param, L = (local(n, samples) for n in ("model", "optimizer", "param", "L"))
    all_felt = len(reaches(sheet.program, sheet.learnt)) == len(sheet.learnt)
    text = [
        f"    {optimizer}.zero_grad()  # else the new gradient is added to the old",
        *laid_out(e.call(f"{model}.loss", *samples), f"    {L} = "),
        f"    {L}.backward()",
        *([] if all_felt else lines(zero_gradients(model, param), "    ")),
        f"    {optimizer}.step()",
        f"    return {L}.detach()",
    ]
    doc = "One step downhill; the loss is that before the step."
    return definition("learn", [model, optimizer, *samples], doc, text)

"""What every form of torch source shares: helpers, fixed weights, where weights start, the trial's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.backends.code.build import assign
from flowc.backends.code.python import laid_out
from flowc.backends.code.python_statements import block
from flowc.backends.code.python_statements import lines as statement_text
from flowc.backends.code.tree import Import, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.beside import IMPORTS
from flowc.backends.python.library import Library
from flowc.backends.python.mesh import tables
from flowc.backends.python.naming import local
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.selftest import drawn_samples
from flowc.backends.python.sheet import Sheet, definition, imports
from flowc.backends.python.spelling import rows
from flowc.backends.python.terminal import has_letters
from flowc.backends.python.text import decimal, quoted
from flowc.backends.python.weights import distribution, drawn_by, standard_imports, start, streams, summary
from flowc.backends.torch.spelling import ARITHMETIC
from flowc.graph.network import Weight
from flowc.program.ir import Step, Symbol
from flowc.program.mesh.mesh import Pack

PLACED = '''\
def placed(x, shape, index):
    """Zeros of this shape, with x at this index."""
    zeros = x.new_zeros(shape)
    zeros[index] = x
    return zeros'''

OTHERS = '''\
def others(x):
    """For every element the product of all the others."""
    ones = torch.ones_like(x[..., :1])
    before = torch.cat([ones, x[..., :-1]], dim=-1).cumprod(dim=-1)
    after = torch.cat([ones, x.flip(-1)[..., :-1]], dim=-1).cumprod(dim=-1)
    return before * after.flip(-1)'''

ARRAY = "torch.tensor(numbers, dtype=torch.float64).reshape(shape)"  # of drawn numbers
HELPERS = {"placed": PLACED, "others": OTHERS}


class Fixed:
    """Fixed weights: numbers of the module where arithmetic is all that is done with them, else tensors made in
    the function, of the values' type and on their device."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        constants = set(sheet.constants.values())
        tensors: set[Symbol] = set()
        for step in sheet.program.steps:
            used = [a for a in step.args if a in constants]
            if used and not _plain(step, constants):
                tensors.update(used)
        self.list_names = {s: sheet.names.fresh(f"{sheet.names[s].upper()}_NUMBERS") for s in sheet.constants.values()}
        self.numbers = [s for s in constants if self._number(s) is not None and s not in tensors]

    def _number(self, symbol: Symbol) -> float | None:
        start = self.sheet.weight_of(symbol).start
        return float(start) if isinstance(start, (int, float)) and not symbol.type.shape else None

    def section(self, some: Iterable[Symbol] | None = None) -> str:
        """The module's constants: numbers, and long arrays as lists."""
        lines: list[str] = []
        for symbol in self.sheet.constants.values() if some is None else some:
            name = self.sheet.names[symbol]
            if symbol in self.numbers:
                lines.append(f"{name} = {decimal(self._number(symbol))}")  # type: ignore[arg-type]
            elif self.listed(symbol):
                lines += laid_out(rows(self.sheet.weight_of(symbol).start), f"{self.list_names[symbol]} = ")
        return "\n".join(lines)

    def opening(self, steps: Iterable[Step], like: str, some: Iterable[Symbol] | None = None) -> list[str]:
        """The tensors that these steps use, as the first lines of a function."""
        return block(self.tensors(steps, like, some), "    ")

    def tensors(self, steps: Iterable[Step], like: str, some: Iterable[Symbol] | None = None) -> list[Statement]:
        """The same as statements."""
        used = {a for s in steps for a in s.args if isinstance(a, Symbol)}
        symbols = [s for s in (self.sheet.constants.values() if some is None else some) if s in used and s not in self.numbers]
        return [assign(self.sheet.names[s], self._tensor(s, like)) for s in symbols]

    def _tensor(self, symbol: Symbol, like: str) -> e.Expression:
        weight = self.sheet.weight_of(symbol)
        if self.listed(symbol):
            return e.atom(f"{like}.new_tensor({self.list_names[symbol]})")
        if distribution(weight):
            return e.method(start(weight, "torch", "", self.sheet.root, seed="0"), "to", like)
        if isinstance(weight.start, tuple):
            return e.bracketed(f"{like}.new_tensor(", [rows(weight.start)], ")")
        if not weight.shape:
            return e.atom(f"{like}.new_tensor({decimal(weight.start)})")  # type: ignore[arg-type]
        shape = f"({', '.join(map(str, weight.shape))}{',' * (len(weight.shape) == 1)})"
        return e.atom(f"{like}.new_full({shape}, {decimal(weight.start)})")  # type: ignore[arg-type]

    def listed(self, symbol: Symbol) -> bool:
        """An array too long for a line stands at the top of the file."""
        start = self.sheet.weight_of(symbol).start
        return isinstance(start, tuple) and len(e.flat(rows(start))) > 50


def _plain(step: Step, constants: set[Symbol]) -> bool:
    """Arithmetic with a tensor."""
    return isinstance(step.op, ARITHMETIC) and any(isinstance(a, Symbol) and a not in constants for a in step.args)


def drawn(weights: Sequence[Weight]) -> list[Weight]:
    return [d for w in weights for d in drawn_by(w)]


def stream_helpers(sheet: Sheet) -> dict[str, str]:
    return streams(drawn(sheet.network.weights), ARRAY)


def import_section(
    sheet: Sheet, tested: bool, meshes: bool = False, beside: bool = False, warns: bool = False, copies: bool = False
) -> str:
    standard = standard_imports(drawn(sheet.network.weights), sheet.root)
    standard += [Import("functools", ("cache",))] * meshes + IMPORTS * beside
    standard += [Import("warnings")] * warns + [Import("copy", ("deepcopy",))] * copies
    library = "import torch\nfrom safetensors.torch import load_file" if beside else "import torch"
    return imports(standard, library, tested or has_letters(sheet.network))


def initial_weights(sheet: Sheet) -> str:
    """The dictionary of the learnt weights' starts."""
    entries = []
    for symbol in sheet.learnt:
        entries.append(e.entry(sheet.names[symbol], _start(sheet, sheet.weight_of(symbol))))
    body = laid_out(e.bracketed("{", entries, "}"), "    weights = ")
    body += [
        "    return {",
        "        name: torch.as_tensor(w, dtype=dtype, device=device)",
        "        for name, w in weights.items()",
        "    }",
    ]
    arguments = ["seed=0", f"dtype=torch.{sheet.options.dtype}", "device=None"]
    return definition("initial_weights", arguments, summary(sheet.weights), body)


def _start(sheet: Sheet, weight: Weight) -> e.Expression:
    """Numbers in the source, or a copy of those beside it."""
    beside = isinstance(weight.start, Pack) and not weight.start.drawn and tables(sheet.planned.steps).beside
    if beside:
        return e.atom(f"TABLE[{quoted(weight.name)}].clone()")
    return start(weight, "torch", "dtype=torch.float64", sheet.root)


def module_test(sheet: Sheet, library: Library, model: str, made: str, loss_call: str, called: Sequence[str]) -> str:
    """Central differences along a drawn direction of each parameter of a model of the test's own, a variable `model`.
    `made` is its expression; it and the loss call what is `called`."""
    taken = [*sheet.samples, *called]
    names = (model, "name", "w", "v", "up", "down", "slope", "found", "L")
    model, key, w, v, up, down, slope, found, L = (local(n, taken) for n in names)
    loss = loss_call.format(model=model, samples=", ".join(sheet.samples), inputs=", ".join(sheet.inputs))
    lines = [*statement_text(library.generator, "    "), *drawn_samples(sheet, library)]
    lines += [
        *statement_lines(f"{model} = {made}"),
        f"    for {w} in {model}.parameters():",
        f"        {w}.data += 0.1 * torch.randn_like({w})",
        *statement_lines(f"{L} = {loss}"),
        f"    {L}.backward()",
        f"    for {key}, {w} in {model}.named_parameters():",
        f"        {v} = torch.randn_like({w})",
        f"        {w}.data += eps * {v}",
        *statement_lines(f"{up} = {loss}", "        "),
        f"        {w}.data -= 2 * eps * {v}",
        *statement_lines(f"{down} = {loss}", "        "),
        f"        {w}.data += eps * {v}",
        f"        {slope} = (({up} - {down}) / (2 * eps)).item()",
        f"        {found} = 0.0 if {w}.grad is None else ({w}.grad * {v}).sum().item()",
        f"        if not abs({found} - {slope}) <= 1e-4 * abs({slope}) + 1e-7 * (1 + abs({L})):",
        f'            sys.exit(f"the gradient of {{{key}}} is {{{found}}}, not {{{slope}}}")',
        '    print("ok")',
    ]
    return definition("selftest", ["eps=1e-6"], "The gradients against finite differences, at drawn numbers.", lines)

"""What every form of torch source shares: helpers, fixed weights, where weights start, the trial's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.backends.code.build import Group, assign
from flowc.backends.code.quote import read
from flowc.backends.code.tree import Dict, Expression, Function, Lambda, Name, Return, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.imports import STANDARD, TORCH
from flowc.backends.python.library import Library
from flowc.backends.python.mesh import is_beside
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.selftest import drawn_samples
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import rows
from flowc.backends.python.text import decimal, quoted
from flowc.backends.python.weights import distribution, draw, drawn_by, start, streams, summary
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.spelling import ARITHMETIC
from flowc.backends.torch.templates import MODULE
from flowc.graph.network import Weight
from flowc.program.ir import Step, Symbol
from flowc.program.mesh.mesh import Pack

ARRAY = read("torch.tensor(numbers, dtype=torch.float64).reshape(shape)")  # of drawn numbers
WEIGHTS = read("{name: torch.as_tensor(w, dtype=dtype, device=device) for name, w in weights.items()}")


class TorchSheet(Sheet):
    importable = (STANDARD, TORCH)


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

    def constants(self, some: Iterable[Symbol] | None = None) -> list[Statement]:
        """The module's constants: numbers, and long arrays as lists."""
        code: list[Statement] = []
        for symbol in self.sheet.constants.values() if some is None else some:
            if symbol in self.numbers:
                code.append(assign(self.sheet.names[symbol], e.atom(decimal(self._number(symbol)))))  # type: ignore[arg-type]
            elif self.listed(symbol):
                code.append(assign(self.list_names[symbol], rows(self.sheet.weight_of(symbol).start)))
        return code

    def tensors(self, steps: Iterable[Step], like: str, some: Iterable[Symbol] | None = None) -> list[Statement]:
        """Those that these steps use, as the first lines of a function."""
        used = {a for s in steps for a in s.args if isinstance(a, Symbol)}
        symbols = self.sheet.constants.values() if some is None else some
        tensors = [s for s in symbols if s in used and s not in self.numbers]
        return [assign(self.sheet.names[s], self._tensor(s, like)) for s in tensors]

    def _tensor(self, symbol: Symbol, like: str) -> Expression:
        weight = self.sheet.weight_of(symbol)
        if self.listed(symbol):
            return e.call(f"{like}.new_tensor", self.list_names[symbol])
        if distribution(weight):
            return e.method(draw(weight, self.sheet.root, seed="0"), "to", like)
        if isinstance(weight.start, tuple):
            return e.call(f"{like}.new_tensor", rows(weight.start))
        number = decimal(weight.start)  # type: ignore[arg-type]
        if not weight.shape:
            return e.call(f"{like}.new_tensor", number)
        return e.call(f"{like}.new_full", e.shape(weight.shape), number)

    def listed(self, symbol: Symbol) -> bool:
        """An array too long for a line stands at the top of the file."""
        start = self.sheet.weight_of(symbol).start
        return isinstance(start, tuple) and len(e.flat(rows(start))) > 50


def _plain(step: Step, constants: set[Symbol]) -> bool:
    """Arithmetic with a tensor."""
    return isinstance(step.op, ARITHMETIC) and any(isinstance(a, Symbol) and a not in constants for a in step.args)


def stream_helpers(sheet: Sheet) -> dict[str, Group]:
    return streams([distribution(d) for w in sheet.network.weights for d in drawn_by(w)], ARRAY)


def initial_weights(sheet: Sheet) -> Function:
    """The dictionary of the learnt weights' starts."""
    entries = [e.entry(sheet.names[s], _start(sheet, sheet.weight_of(s))) for s in sheet.learnt]
    body = (assign("weights", Dict(tuple(entries))), Return(WEIGHTS))
    arguments = e.arguments_of(seed="0", dtype=f"torch.{sheet.options.dtype}", device="None")
    return Function("initial_weights", arguments, summary(sheet.weights), body)


def _start(sheet: Sheet, weight: Weight) -> Expression:
    """Numbers in the source, or a copy of those beside it."""
    if isinstance(weight.start, Pack) and not weight.start.drawn and is_beside(sheet.planned.steps):
        return e.atom(f"TABLE[{quoted(weight.name)}].clone()")
    return start(weight, TorchLibrary("float64"), sheet.root)


def model_test(
    sheet: Sheet, library: Library, variable: str, model: Expression, loss: Expression, called: Sequence[str]
) -> Statement:
    """Central differences along a drawn direction of each parameter of a `model` of the test's own, a `variable`; `loss`: that
    of `model`. Both call what is `called`."""
    names = [*sheet.samples, *called]
    replaced = {"model": Name(local(variable, names))}
    return MODULE.variant(
        "selftest_of_model", "selftest", **renamed("name", "w", "v", "up", "down", "slope", "found", "L", taken=names), **replaced,
        SAMPLES=drawn_samples(sheet, library.test), MODEL=model, loss=Lambda(("model",), loss),
    )  # fmt: skip

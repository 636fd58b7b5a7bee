"""What every form of torch source shares: helpers, fixed weights, where weights start, the trial's words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from flowc.backends.code.build import Group, assign
from flowc.backends.code.quote import read
from flowc.backends.code.tree import Expression, Lambda, Name, Return, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.imports import STANDARD, TORCH
from flowc.backends.python.library import Library
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.selftest import drawn_samples
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import nested_numbers
from flowc.backends.python.weights import (
    distribution_of,
    draw_weight,
    drawn_weights,
    print_initial_weights,
    starts_of_learnt,
    stream_functions,
)
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.spelling import ARITHMETIC
from flowc.backends.torch.templates import MODULE
from flowc.program.ir import Step, Symbol

ARRAY = read("torch.tensor(numbers, dtype=torch.float64).reshape(shape)")  # of drawn numbers
WEIGHTS = read("{name: torch.as_tensor(w, dtype=dtype, device=device) for name, w in weights.items()}")


class TorchSheet(Sheet):
    importable = (STANDARD, TORCH)


class Fixed:
    """Fixed weights: numbers of the module where arithmetic is all that is done with them, else tensors made in
    the function, of the values' type and on their device."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        symbols = dict.fromkeys(sheet.constants.values())
        tensors = {a for step in sheet.program.steps if not _is_arithmetic(step, symbols) for a in step.args}
        plain = {s for s in symbols if isinstance(sheet.weight_of(s).start, int | float) and not s.type.shape}
        self.list_names = {s: sheet.names.fresh(f"{sheet.names[s].upper()}_NUMBERS") for s in symbols}
        self.numbers = plain - tensors

    def module_constants(self, some: Iterable[Symbol] | None = None) -> list[Statement]:
        """The module's constants: numbers, and long arrays as lists."""
        symbols = self.sheet.constants.values() if some is None else some
        names = {s: self.sheet.names[s] if s in self.numbers else self.list_names[s] for s in symbols}
        stated = [s for s in names if s in self.numbers or self.is_listed(s)]
        return [assign(names[s], nested_numbers(self.sheet.weight_of(s).start)) for s in stated]

    def make_tensors(self, steps: Iterable[Step], like: str, some: Iterable[Symbol] | None = None) -> list[Statement]:
        """Those that these steps use, as the first lines of a function."""
        used = {a for s in steps for a in s.args if isinstance(a, Symbol)}
        symbols = self.sheet.constants.values() if some is None else some
        tensors = [s for s in symbols if s in used and s not in self.numbers]
        calls = f"{like}.new_tensor", f"{like}.new_full", (like,)
        return [assign(self.sheet.names[s], self.make_tensor(s, *calls)) for s in tensors]

    def make_tensor(self, symbol: Symbol, tensor: str, full: str, place: Sequence[str], **kind: str) -> Expression:
        """A fixed array by the calls that make a tensor of numbers, and one that is full of a number; `place` is where a drawn one
        is taken, and `kind` that of the others."""
        weight = self.sheet.weight_of(symbol)
        if distribution_of(weight):
            return e.method(draw_weight(weight, self.sheet.root, seed="0"), "to", *place)
        numbers = e.atom(self.list_names[symbol]) if self.is_listed(symbol) else nested_numbers(weight.start)
        sizes = [e.shape(weight.shape)] if weight.shape and not isinstance(weight.start, tuple) else []
        return e.call(full if sizes else tensor, *sizes, numbers, **kind)

    def is_listed(self, symbol: Symbol) -> bool:
        """An array too long for a line stands at the top of the file."""
        start = self.sheet.weight_of(symbol).start
        return isinstance(start, tuple) and len(e.flat(nested_numbers(start))) > 50


def _is_arithmetic(step: Step, constants: Container[Symbol]) -> bool:
    """Arithmetic with a tensor."""
    return isinstance(step.op, ARITHMETIC) and any(isinstance(a, Symbol) and a not in constants for a in step.args)


def stream_helpers(sheet: Sheet) -> dict[str, Group]:
    return stream_functions(map(distribution_of, drawn_weights(sheet.network)), ARRAY)


def initial_weights(sheet: Sheet) -> dict[str, Group]:
    """The function that gives the dictionary of the learnt weights' starts, where there are any."""
    starts = assign("weights", starts_of_learnt(sheet, TorchLibrary("float64")))
    return print_initial_weights(sheet, starts, Return(WEIGHTS), dtype=f"torch.{sheet.options.dtype}", device="None")


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

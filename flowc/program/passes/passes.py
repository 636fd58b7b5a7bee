"""What happens to a program before it is spelled: for each way of printing one list of passes, in order.

A pass is a pure function of a program; none of them changes what it computes, and tests hold each to that. Printers only
spell what comes out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial

from flowc.program.ir import Program, Step
from flowc.program.passes import inline, literals, results
from flowc.program.passes.conditions import with_indicators
from flowc.program.passes.counts import with_counts
from flowc.program.passes.formulas import opened
from flowc.program.passes.numbers import with_numbers
from flowc.program.phases import Rewriting, each_phase
from flowc.program.verify import verify
from flowc.records import Record


class Pass(Record):
    name: str
    function: Callable[[Program], Program]


class Printing(Record):
    """A way of printing, as far as passes ask. `scalar`: single numbers instead of arrays, in `forward` of one token if
    `one_token`. `explicit`: gradients are written out. `loops`: there is a function `fit`. `fast`: nothing is computed
    twice, and the library has calls for the results of the passes that `asked` names."""

    scalar: bool = False
    one_token: bool = False
    explicit: bool = True
    loops: bool = False
    fast: bool = False
    asked: tuple[str, ...] = ()


class Passes(Record):
    """`of_file` are for all of a file; `functions`: what comes after them for one function of the file alone. Those of
    `anew` begin again, at the program before `of_file`: other values are differentiated there."""

    of_file: tuple[Pass, ...]
    functions: dict[str, tuple[Pass, ...]]
    anew: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Of all stages, in order: `counts`, and `forward/affine` of a function."""
        of_functions = [f"{function}/{p.name}" for function, some in self.functions.items() for p in some]
        return [*(p.name for p in self.of_file), *of_functions]

    def after(self, name: str, program: Program) -> Program:
        """The program after the pass of that name. Raises KeyError where there is none."""
        function, _, pass_name = name.rpartition("/")
        if not function:
            return run(_passes_until(self.of_file, pass_name), program)
        some = _passes_until(self.functions[function], pass_name)
        program_of_file = run(self.of_file, program)
        return run(some, literals.named_as(program, program_of_file) if function in self.anew else program_of_file)


def _passes_until(passes: tuple[Pass, ...], name: str) -> tuple[Pass, ...]:
    """Those up to the one of that name. Raises KeyError."""
    places = [i for i, p in enumerate(passes) if p.name == name]
    if not places:
        raise KeyError(name)
    return passes[: places[0] + 1]


def run(passes: Iterable[Pass], program: Program) -> Program:
    """The program after all of these, verified after each where flowc is watched."""
    typed: dict[int, Step] = {}
    for p in passes:
        program = p.function(program)
        if watched():
            verify(program, typed)
    return program


def watched() -> bool:
    """In tests, and with FLOWC_DEBUG=1: for a diagram of 10,000 arrows that takes a third longer than to compile without."""
    return os.environ.get("FLOWC_DEBUG", "") not in ("", "0")


def passes_of(printing: Printing) -> Passes:
    """The passes of a way of printing."""
    return _of_numbers(printing) if printing.scalar else _of_arrays(printing)


# -------------------------------------------------------------------------------------------------------------- the lists


def _pass_over_steps(name: str, rewriting: Rewriting) -> Pass:
    """A pass over the steps of each phase."""
    return Pass(name, partial(each_phase, rewriting=rewriting))


NUMBERS, INDICATORS = _pass_over_steps("numbers", with_numbers), _pass_over_steps("indicators", with_indicators)
LITERALS, LINES, CALLS = Pass("literals", literals.in_file), Pass("lines", inline.with_lines), Pass("calls", inline.with_calls)
FORWARD, LOSS, GRADIENTS = Pass("needed", results.forward), Pass("needed", results.loss), Pass("needed", results.gradients)
SLOPES = Pass("needed", results.slopes)
COUNTS = Pass("counts", with_counts)


def _of_arrays(printing: Printing) -> Passes:
    formulas = partial(opened, autograd=not printing.explicit)
    autograd = () if printing.explicit else (Pass("autograd", results.without_gradients),)
    names = Pass("names", literals.with_names)
    for_file = (_pass_over_steps("formulas", formulas), NUMBERS, INDICATORS, COUNTS, *autograd, names, LITERALS, LINES)
    fast = printing.fast
    fusing = _fusing_passes(printing) if fast else ()
    calls = (CALLS,) if fast else ()
    sharing = _sharing_passes(printing) if fast else ()
    functions = {"forward": (FORWARD, *calls, *fusing)}
    if printing.explicit:
        functions["gradients"] = (GRADIENTS, *sharing, *((LINES, CALLS) if fast else ()), *fusing)
    else:
        functions["loss"] = (LOSS, *fusing)
    if printing.loops:
        tidy = (_pass_over_steps("formulas", opened), NUMBERS, INDICATORS, COUNTS, LITERALS, SLOPES)
        first, hoist = _passes_of_fit()
        functions["fit"] = (first, *tidy, *sharing, hoist, LINES, *calls, *fusing)
    return Passes(for_file, functions, anew=("fit",))


# What most files have no use for is imported when a list has it.


def _passes_of_fit() -> tuple[Pass, Pass]:
    from flowc.program.passes.descent import descent
    from flowc.program.passes.hoist import hoisted

    return Pass("descent", descent), Pass("hoist", hoisted)


def _sharing_passes(printing: Printing) -> tuple[Pass, ...]:
    from flowc.program.passes.common_subexpressions import shared, with_signs_of_relu

    exponentials: tuple[Pass, ...] = ()
    if "exponentials" in printing.asked:
        from flowc.program.passes.exponentials import with_exponentials

        exponentials = (Pass("exponentials", with_exponentials),)
    return (*exponentials, _pass_over_steps("signs", with_signs_of_relu), Pass("shared", shared))


def _fusing_passes(printing: Printing) -> tuple[Pass, ...]:
    passes: list[Pass] = []
    if "products" in printing.asked:
        from flowc.program.passes.products import with_products

        passes.append(_pass_over_steps("products", with_products))
    if "affine" in printing.asked:
        from flowc.program.passes.affine import with_affine

        passes.append(_pass_over_steps("affine", with_affine))
    if "backward" in printing.asked:
        from flowc.program.passes.backward import with_backward

        passes.append(_pass_over_steps("backward", with_backward))
    return tuple(passes)


def _of_numbers(printing: Printing) -> Passes:
    from flowc.program.passes.copies import without_copies
    from flowc.program.passes.scales import scaled
    from flowc.program.passes.tokens import round_by_round, token_by_token
    from flowc.program.scalars import scalarised

    copies = _pass_over_steps("copies", without_copies)
    tokens = Pass("tokens", token_by_token)
    functions = {
        "forward": (FORWARD, *(() if printing.one_token else (tokens,))),
        "gradients": (GRADIENTS, tokens),
        "fit": (SLOPES, _pass_over_steps("scales", scaled), Pass("rounds", round_by_round), Pass("felt", results.felt)),
    }
    return Passes((Pass("scalars", scalarised), NUMBERS, copies, INDICATORS), functions)

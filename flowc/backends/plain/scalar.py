"""A diagram as plain Python on single floats: the fastest there is where lines times tokens are few."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from flowc.backends.backend import Options
from flowc.backends.code.python import laid_out
from flowc.backends.code.python_statements import import_lines
from flowc.backends.code.tree import Import
from flowc.backends.plain.scalar_ending import ending
from flowc.backends.plain.scalar_fit import fit_section
from flowc.backends.plain.scalar_functions import forward_section, gradients_section, learn_section, values_section
from flowc.backends.plain.scalar_helpers import HELPERS
from flowc.backends.plain.scalar_sheet import ScalarSheet
from flowc.backends.plain.scalar_spelling import ScalarSpelling
from flowc.backends.plain.scalar_text import assigned_to, entries, nested, target
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import in_order
from flowc.backends.python.sheet import definition, join
from flowc.backends.python.spelling import rows
from flowc.backends.python.terminal import has_letters
from flowc.backends.python.text import decimal
from flowc.backends.python.weights import distribution, standard_imports, start, streams, summary
from flowc.graph.network import Draw, Network, Weight
from flowc.program.ir import Program, Shape, Symbol
from flowc.program.passes.passes import Printing

FEW = 8  # numbers that are written one by one
TEXTS = {name: helper.text for name, helper in HELPERS.items()}


def scalar_file(network: Network, program: Program, options: Options, printing: Printing) -> str:
    """The whole file, or the part that is asked for. Raises Refused."""
    sheet = ScalarSheet(network, program, options, printing)
    spelling = ScalarSpelling("float64")
    bodies = {"forward": forward_section(sheet, spelling)}
    if sheet.learns:
        bodies["gradients"] = gradients_section(sheet, spelling)
        bodies |= {name: TEXTS[name] for name in ("moved",) if sheet.lists}
        bodies["learn"] = learn_section(sheet)
        bodies["fit"] = fit_section(sheet, spelling)
    drawn = [w for w in network.weights if distribution(w)]
    arrays = any(w.shape for w in drawn)
    helpers = dict(in_order(spelling, TEXTS))
    sections = sheet.sections
    sections[":header"] = sheet.header()
    sections[":imports"] = imports(sheet, drawn, spelling.maths)
    sections[":constants"] = constants(sheet, [w for w in sheet.fixed if not distribution(w)])
    sections |= {"nested": TEXTS["nested"]} if arrays else {}
    sections |= streams(drawn, "nested(numbers, shape)" if arrays else "numbers[0]")
    sections[":drawn"] = constants(sheet, [w for w in sheet.fixed if distribution(w)])
    if sheet.weights:
        sections["initial_weights"] = initial_weights(sheet)
    sections |= {**helpers, **bodies, **ending(sheet)}
    return sheet.text()


def scalar_values(
    network: Network, program: Program, wanted: Mapping[str, Symbol], options: Options, printing: Printing
) -> str:  # fmt: skip
    """The module of the API."""
    sheet = ScalarSheet(network, program, options, printing)
    spelling = ScalarSpelling("float64")
    function = values_section(sheet, spelling, wanted)
    helpers = dict(in_order(spelling, TEXTS))
    maths = "\n".join(import_lines([Import("math", tuple(spelling.maths))] if spelling.maths else []))
    return join({"imports": maths, **helpers, "values": function})


def imports(sheet: ScalarSheet, drawn: list[Weight], maths: set[str]) -> str:
    """The standard library alone."""
    found = [*standard_imports(drawn, "sqrt"), *(Import("math", (name,)) for name in maths)]
    found += [Import("random")] if sheet.learns else []
    found += [Import("sys")] if sheet.learns or has_letters(sheet.network) else []
    return "\n".join(import_lines(found))


def constants(sheet: ScalarSheet, weights: list[Weight]) -> str:
    """Fixed weights, each element by its name."""
    lines: list[str] = []
    for weight in weights:
        symbol, value = sheet.constants[weight.name], begin(weight, "0")
        names, whole = target(sheet, symbol), sheet.names[symbol]
        if len(e.flat(names)) + len(e.flat(value)) < 75 or not symbol.type.shape:
            lines += assigned_to([names], "", f" = {e.flat(value)}")
        else:
            lines += [*laid_out(value, f"{whole} = "), *assigned_to([names], "", f" = {whole}")]
    return "\n".join(lines)


def initial_weights(sheet: ScalarSheet) -> str:
    starts = entries(sheet, [(s, begin(sheet.weight_of(s), "seed")) for s in sheet.learnt])
    body = laid_out(starts, "    return ")
    return definition("initial_weights", ["seed=0"], summary(sheet.weights), body)


def begin(weight: Weight, seed: str) -> e.Expression:
    """The number or list that a weight starts from."""
    if isinstance(weight.start, Draw):
        return start(weight, "", "", "sqrt", seed)
    return rows(weight.start) if isinstance(weight.start, tuple) else _full(weight.start, weight.shape)


def _full(number: float, shape: Shape) -> e.Expression:
    """The same number everywhere; where there are many, in few words."""
    if prod(shape) <= FEW:
        return nested([e.atom(decimal(number))] * prod(shape), shape)
    whole = e.product([e.atom(f"[{decimal(number)}]"), e.atom(str(shape[-1]))])
    for n in reversed(shape[:-1]):
        whole = e.repeated(whole, "_", e.atom(f"range({n})"))
    return whole

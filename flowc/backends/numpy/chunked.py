"""Many tokens in chunks, so that what a chunk makes stays in the processor's cache."""

from __future__ import annotations

from math import log2, prod

from flowc.backends.code.python import laid_out
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.naming import local
from flowc.backends.python.sheet import Sheet, capital, definition, output_words, returned, several
from flowc.program.ir import Symbol
from flowc.program.splits_over_batch import over_tokens

NUMBERS = 1 << 17  # of a chunk, in all its nodes: half a megabyte in float32
MOST, LEAST = 1 << 14, 1 << 8  # tokens


def name_of(function: str, sheet: Sheet) -> str:
    """What a function of all tokens at once is called: `few_forward` where another calls it for each chunk."""
    chunks = sheet.program.lowering == "chunked" and sheet.program.inputs and sheet.program.outputs
    parts = function == "forward" or over_tokens(sheet.program) is not None
    return f"few_{function}" if chunks and parts else function


def chunked(sheet: Sheet, spelling: NumpySpelling, bodies: dict[str, str]) -> dict[str, str]:
    """The functions, by name, with those that call the ones of few tokens."""
    if "few_forward" not in bodies:
        return bodies
    found = {
        ":chunk": f"CHUNK = {_tokens(sheet)}  # tokens at a time, so that what they make stays in the cache",
        "few_forward": bodies["few_forward"],
        "forward": _forward(sheet, spelling),
    }
    how = over_tokens(sheet.program)
    if "few_gradients" in bodies and how is not None:
        found |= {"few_gradients": bodies["few_gradients"], "gradients": _gradients(sheet, how)}
    return {**found, **{name: text for name, text in bodies.items() if name not in found}}


def _tokens(sheet: Sheet) -> int:
    """A power of two."""
    values = {*sheet.program.inputs, *sheet.program.activations.values(), *sheet.program.excitations.values()}
    width = sum(prod(s.type.shape) for s in values)
    return int(min(MOST, max(LEAST, 2 ** int(log2(NUMBERS / width)))))


def _forward(sheet: Sheet, spelling: NumpySpelling) -> str:
    first = sheet.inputs[0]
    weights = sheet.arguments(sheet.learnt)
    taken = [*sheet.inputs, *weights, *sheet.outputs]
    i, part = local("i", taken), local("part", taken)
    lines: list[str] = []
    for symbol, name in zip(sheet.program.outputs, sheet.outputs, strict=True):
        lines += laid_out(_empty(symbol, first, spelling), f"    {name} = ")
    call = e.call("few_forward", *(f"{name}[{part}]" for name in sheet.inputs), *weights)
    lines += [
        *_chunks(first, i, part),
        *_put([f"{name}[{part}]" for name in sheet.outputs], call, local("found", taken)),
    ]
    doc = f"{capital(output_words(sheet.outputs))} of every token, CHUNK of them at a time."
    return definition("forward", [*sheet.inputs, *weights], doc, [*lines, *returned(sheet.outputs)])


def _put(targets: list[str], call: e.Expression, found: str) -> list[str]:
    """The values of a chunk in their places."""
    row = ", ".join(targets)
    if len(targets) == 1 or len(row) + len(e.flat(call)) < 65:
        return laid_out(call, f"        {row} = ")
    return [*laid_out(call, f"        {found} = "), *several(targets, "        ", "        ", f" = {found}")]


def _chunks(first: str, i: str, part: str) -> list[str]:
    return [f"    for {i} in range(0, len({first}), CHUNK):", f"        {part} = slice({i}, {i} + CHUNK)"]


def _empty(symbol: Symbol, first: str, spelling: NumpySpelling) -> e.Expression:
    sizes = ", ".join([f"len({first})", *map(str, symbol.type.shape)])
    shape = f"({sizes})" if symbol.type.shape else sizes
    return e.call("np.empty", shape, *([f"np.{spelling.dtype}"] if spelling.single else []))


def _gradients(sheet: Sheet, how: str) -> str:
    """Sums over the chunks; of a mean each counts by its share of the tokens."""
    samples, first = sheet.samples, sheet.inputs[0]
    words = ("i", "part", "share", "L", "d", "found", "slopes", "name")
    i, part, share, L, d, found, slopes, name = (local(n, samples) for n in words)
    call = e.call("few_gradients", *(f"{s}[{part}]" for s in samples), "**weights")
    times = f"{share} * " if how == "mean" else ""
    lines = [f"    {L}, {d} = 0, dict.fromkeys(weights, 0)", *_chunks(first, i, part)]
    counts = e.quotient(e.call("len", f"{first}[{part}]"), e.call("len", first))
    lines += laid_out(counts, f"        {share} = ") if times else []
    lines += laid_out(call, f"        {found}, {slopes} = ")
    lines += [
        f"        {L} = {L} + {times}{found}",
        f"        for {name} in weights:",
        f"            {d}[{name}] = {d}[{name}] + {times}{slopes}[{name}]",
        f"    return {L}, {d}",
    ]
    doc = "The loss, and its derivative for every weight, in chunks of tokens."
    return definition("gradients", [*samples, "**weights"], doc, lines)

"""Many tokens in chunks, so that what a chunk makes stays in the processor's cache."""

from __future__ import annotations

from math import log2, prod

from flowc.backends.code.build import assign
from flowc.backends.code.fill import Tree
from flowc.backends.code.tree import Expression, For, Function, Name, Noted, Number, Statement, Tuple
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.templates import LEARNING
from flowc.backends.python import expression as e
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.sheet import Sheet, capital, output_words, returned
from flowc.program.ir import Symbol
from flowc.program.splits_over_batch import over_tokens

NUMBERS = 1 << 17  # of a chunk, in all its nodes: half a megabyte in float32
MOST, LEAST = 1 << 14, 1 << 8  # tokens


def name_of(function: str, sheet: Sheet) -> str:
    """What a function of all tokens at once is called: `few_forward` where another calls it for each chunk."""
    chunks = sheet.program.lowering == "chunked" and sheet.program.inputs and sheet.program.outputs
    parts = function == "forward" or over_tokens(sheet.program) is not None
    return f"few_{function}" if chunks and parts else function


def with_chunks(sheet: Sheet, spelling: NumpySpelling, bodies: dict[str, Statement]) -> dict[str, Statement]:
    """The functions, by name, with those that call the ones of few tokens."""
    if "few_forward" not in bodies:
        return bodies
    chunk = assign("CHUNK", Number(str(_size_of_chunk(sheet))))
    code: dict[str, Statement] = {
        ":chunk": Noted(chunk, "tokens at a time, so that what they make stays in the cache"),
        "few_forward": bodies["few_forward"],
        "forward": _print_forward(sheet, spelling),
    }
    how = over_tokens(sheet.program)
    if "few_gradients" in bodies and how is not None:
        code |= {"few_gradients": bodies["few_gradients"], "gradients": _print_gradients(sheet, how)}
    return {**code, **{name: function for name, function in bodies.items() if name not in code}}


def _size_of_chunk(sheet: Sheet) -> int:
    """A power of two."""
    values = {*sheet.program.inputs, *sheet.program.activations.values(), *sheet.program.excitations.values()}
    width = sum(prod(s.type.shape) for s in values)
    return int(min(MOST, max(LEAST, 2 ** int(log2(NUMBERS / width)))))


def _print_forward(sheet: Sheet, spelling: NumpySpelling) -> Function:
    first = sheet.inputs[0]
    weights = sheet.arguments(sheet.learnt)
    names = [*sheet.inputs, *weights, *sheet.outputs]
    i, part = local("i", names), local("part", names)
    call = e.call("few_forward", *(f"{name}[{part}]" for name in sheet.inputs), *weights)
    loop = [assign(part, e.call("slice", i, f"{i} + CHUNK")), *_put_chunk(sheet.outputs, part, call, local("found", names))]
    body = (
        *(assign(sheet.names[s], _empty_output(s, first, spelling)) for s in sheet.program.outputs),
        For(Name(i), e.call("range", "0", f"len({first})", "CHUNK"), tuple(loop)),
        returned(sheet.outputs),
    )
    doc = f"{capital(output_words(sheet.outputs))} of every token, CHUNK of them at a time."
    return Function("forward", e.arguments_of(*sheet.inputs, *weights), doc, body)


def _put_chunk(outputs: list[str], part: str, call: Expression, values: str) -> list[Statement]:
    """The values of a chunk in their places."""
    targets = e.row([f"{name}[{part}]" for name in outputs])
    if len(outputs) == 1 or len(e.flat(targets)) - 2 + len(e.flat(call)) < 65:
        return [assign(targets, call)]
    return [assign(values, call), assign(targets, Name(values))]


def _empty_output(symbol: Symbol, first: str, spelling: NumpySpelling) -> Expression:
    shape = Tuple((e.call("len", first), *e.numbers(symbol.type.shape)))
    return e.call("np.empty", e.extent(shape), *spelling.kind_arguments)


def _print_gradients(sheet: Sheet, how: str) -> Function:
    """Sums over the chunks; of a mean each counts by its share of the tokens."""
    samples, first = sheet.samples, sheet.inputs[0]
    variables = ("i", "part", "share", "L", "d", "found", "slopes", "name")
    parts = e.arguments_of(*(f"{s}[{local('part', samples)}]" for s in samples))
    holes: dict[str, Tree] = {"x": Name(first), "samples": e.arguments_of(*samples), "parts": parts, "MEAN": how == "mean"}
    return LEARNING.variant("gradients_in_chunks", "gradients", **renamed(*variables, taken=samples), **holes)

"""The shapes that a file with a mesh asks for: an array of another one would be read as other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flowc.backends.code.names import SIGN
from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.text import quoted
from flowc.program.ir import Symbol

CHECK = '''\
def check_shapes(**arrays):
    """Raises ValueError for an array of another shape than the mesh reads."""
    for name, array in arrays.items():
        found, needed = {shape}, SHAPES[name]
        fits = needed in (found, ("n", *found[1:]))
        if len(found) != len(needed) or not fits:
            needed = str(needed).replace("'", "")
            raise ValueError(f"{name} has the shape {found}, needs {needed}")'''

_DOCSTRING = re.compile(r'\A.*?:\n {4}""".*?"""\n', re.DOTALL)


def sections(sheet: Sheet, shape: str) -> dict[str, str]:
    """The table of shapes, and the function that checks them; `shape` is how the library has that of `array`."""
    program = sheet.program
    items = [e.entry(sheet.names[s], _shape(s)) for s in (*program.inputs, *program.targets, *sheet.learnt)]
    table = laid_out(e.bracketed("{", items, "}"), "SHAPES = ")
    return {":shapes": "\n".join(table), "check_shapes": CHECK.replace("{shape}", shape)}


def _shape(symbol: Symbol) -> e.Expression:
    sizes = [quoted("n")] * symbol.type.batched + [str(n) for n in symbol.type.shape]
    return e.atom(f"({', '.join(sizes)}{',' * (len(sizes) == 1)})")


def checked(sheet: Sheet, bodies: Mapping[str, str]) -> dict[str, str]:
    """The functions with a check of what they are given, but for those that leave that to another."""
    called = "gradients(", "loss("
    samples = [f"{name}={name}" for name in sheet.samples]
    inputs = [f"{name}={name}" for name in sheet.inputs]
    weights = [f"{name}={name}" for name in sheet.arguments(sheet.learnt)]
    given = {
        "forward": [*inputs, *weights], "loss": [*samples, *weights], "gradients": [*samples, *weights],
        "learn": [*samples, "**weights"], "fit": [*samples, "**weights"],
    }  # fmt: skip
    return {
        name: _opened(text, given[name]) if name in given and not _calls(text, called) else text
        for name, text in bodies.items()
    }


def _calls(text: str, names: Iterable[str]) -> bool:
    body = text.partition(":\n")[2]
    return any(re.search(rf"(?<!{SIGN}){re.escape(name)}", body) for name in names)


def _opened(text: str, arguments: list[str]) -> str:
    call = "\n".join(laid_out(e.call("check_shapes", *arguments), "    "))
    return _DOCSTRING.sub(lambda found: f"{found[0]}{call}\n", text, count=1)

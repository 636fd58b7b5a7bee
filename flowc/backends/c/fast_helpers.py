"""The functions that a fast file calls: those of its templates with what they call, of meshes, and of records."""

from __future__ import annotations

import re
import textwrap
from functools import cache

from flowc.backends.c.constants import constants_of
from flowc.backends.c.helpers import function_of_record, template, template_names
from flowc.backends.c.mesh import STRUCTS, Meshes
from flowc.backends.c.words import CWords
from flowc.backends.code.layout import WIDTH
from flowc.backends.loops.helpers import helpers_in_order
from flowc.maths.function import Function

STRUCT = "struct mesh"
# What is not copied into where it is called: gcc would warn of rows that an array there has not, and that nobody reads.
APART = """\
#ifdef __GNUC__
#define APART __attribute__((noinline))
#else
#define APART
#endif
"""


def fast_helper_functions(words: CWords, meshes: Meshes) -> str:
    def text_of(name: str, record: Function | None) -> str:
        if name == STRUCT:
            return STRUCTS
        if name in ("apply_function", "apply_slope"):
            return meshes.value_function() if name == "apply_function" else meshes.slope_function()
        if name in template_names("fast"):
            text = _in_width(template(name, words, "fast", **constants_of(words.kind)))
            words.helpers |= dict.fromkeys(called for called in _calls_in(text) if called != name)
            return text
        if record and name not in template_names():
            return function_of_record(record, words, "static inline")
        return template(name, words)

    texts = "".join(text + "\n" for text in helpers_in_order(words, text_of))
    return f"{APART}\n{texts}" if "APART " in texts else texts


def _in_width(text: str) -> str:
    """Lines that numbers have made too long are continued on the next ones."""
    return "".join("\n".join(_continued(line)) + "\n" for line in text.splitlines())


def _continued(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.strip(), WIDTH, initial_indent=indent, subsequent_indent=indent + "    ", break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


@cache
def _calls_of_file() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join((*template_names('fast'), 'apply_function', 'apply_slope'))})\(|\b({STRUCT})\b")


def _calls_in(text: str) -> list[str]:
    return [function or struct for function, struct in _calls_of_file().findall(text)]

"""A file of JavaScript: the header, weights, helpers, the diagram's functions, its table, the self-test, what node runs."""

from __future__ import annotations

from flowc.backends.backend import Options
from flowc.backends.code.javascript import block, safe_comment
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Statement
from flowc.backends.javascript.ending import ending, main_lines
from flowc.backends.javascript.functions import functions
from flowc.backends.javascript.helpers import helper_functions
from flowc.backends.javascript.sheet import JavaScriptSheet
from flowc.backends.javascript.weights import constants, initial_weights, weights_type
from flowc.backends.python.header import header_lines
from flowc.graph.network import Network
from flowc.program.ir import Program

BELOW = "// " + " what is called above ".center(76, "-")


def javascript_file(network: Network, program: Program, options: Options) -> str:
    """Raises Refused."""
    sheet = JavaScriptSheet(network, program, options)
    printed = functions(sheet)
    start: dict[str, list[Statement]] = {":constants": constants(sheet, names(*printed.values()))}
    if sheet.learnt:
        start |= {":Weights": [weights_type(sheet)], "initial_weights": [initial_weights(sheet)]}
    sections = {**start, **{name: [function] for name, function in printed.items()}, **ending(sheet)}
    if part := sheet.chosen_part(sections):
        return "\n".join(block(part)) + "\n"
    texts = {name: "\n".join(block(section)) for name, section in sections.items() if section}
    first = [texts.pop(name) for name in start if name in texts]
    of_records, of_templates = helper_functions(sheet.words)
    below = [BELOW, *of_templates] if of_templates else []
    main = main_lines(sheet, sections)
    parts = [_header(sheet), *first, *of_records, *texts.values(), *below, *(["\n".join(main)] if main else [])]
    return "\n\n".join(parts) + "\n"


def _header(sheet: JavaScriptSheet) -> str:
    lines = header_lines(sheet.network, sheet.program, sheet.names, sheet.options, sheet.element_names(), "JavaScript")
    return "\n".join(["/*", *map(safe_comment, lines), "*/"])

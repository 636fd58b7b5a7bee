"""`flowc functions`"""

from __future__ import annotations

import argparse

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put
from flowc.maths.function import Function

SECTIONS = (
    ("Activations of each element", ("elementwise",)),
    ("Activations of a vector, over its last index", ("vector",)),
    ("Operations of nodes, or over a vector's elements", ("reduction", "operation")),
    ("Losses of one token", ("loss",)),
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="show one function or initialiser")


def run(chosen: argparse.Namespace) -> int:
    put(_print_table() if chosen.name is None else _print_one(chosen.name))
    return FINE


def usage(function: Function) -> str:
    """How a diagram writes it, as `leaky_relu(xi, slope=0.01)`."""
    written = [a for a in function.arguments if not (function.of_excitation and a == "xi")]
    parameters = [name if default is None else f"{name}={default:g}" for name, default in function.parameters]
    return f"{function.name}({', '.join([*written, *(['...'] if function.many else []), *parameters])})"


def _print_table() -> str:
    from flowc.maths.functions import FUNCTIONS
    from flowc.maths.initialisers import INITIALISERS

    sections = [
        (title, [(usage(f), f.summary) for f in FUNCTIONS.values() if f.kind in kinds]) for title, kinds in SECTIONS
    ]
    starts = [(f"{i.name}({', '.join(i.parameters)})", f"{i.distribution}; {i.source}") for i in INITIALISERS.values()]
    sections.append(("How weights start, after `~`", starts))
    width = max(len(call) for _, rows in sections for call, _ in rows)
    parts = [
        f"{title}\n" + "".join(f"  {call:<{width}}  {words}\n" for call, words in rows) for title, rows in sections
    ]
    return "\n".join(parts)


def _print_one(name: str) -> str:
    from flowc.diagnostics.suggest import closest
    from flowc.maths.functions import FUNCTIONS, lookup
    from flowc.maths.initialisers import INITIALISERS

    function = lookup(name)
    if function is not None:
        return _print_function(function)
    if name in INITIALISERS:
        i = INITIALISERS[name]
        rows = [("distribution", i.distribution), ("its numbers", ", ".join(i.spelled)), ("source", i.source)]
        return _print_page(f"~ {i.name}({', '.join(i.parameters)})", rows)
    names = [*(n for f in FUNCTIONS.values() for n in (f.name, *f.aliases)), *INITIALISERS]
    nearest = closest(name, names)
    way_out = f"did you mean `{nearest}`?" if nearest else "`flowc functions` lists all"
    raise Trouble(f"there is no function `{name}`; {way_out}")


def _print_function(function: Function) -> str:
    rows = [
        ("", function.summary),
        ("also written", ", ".join(function.aliases)),
        ("value", function.rule.value),
        ("gradient", "; ".join(f"of {a}: {p}" for a, p in zip(function.arguments, function.rule.pullback) if p)),
        ("of a vector", function.elements.value if function.elements else ""),
        ("at kinks", function.kink),
        ("LaTeX", function.latex),
        ("source", function.source),
    ]
    return _print_page(usage(function), rows)


def _print_page(title: str, rows: list[tuple[str, str]]) -> str:
    """A title and its rows; empty ones are left out, lines of one row stand under each other."""
    lines = [title]
    for name, words in rows:
        first, *others = words.split("\n")
        if words:
            lines += [f"  {name:<13} {first}" if name else f"  {first}", *(f"{'':<16}{line}" for line in others)]
    return "\n".join(lines) + "\n"

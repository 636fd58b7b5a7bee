"""The command line: which verbs there are. A verb's module, and what it needs, is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import FINE, USAGE, Trouble, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection
    from types import ModuleType
    from typing import NoReturn

VERBS = {
    "compile": "print a diagram as numpy, torch or C source",
    "run": "compute a diagram's outputs",
    "trace": "show every number of one token, put into its formula, forward and backward",
    "equations": "print a diagram's equations, forward and backward",
    "test": "try diagrams on their tables",
    "verify": "hold every backend to what a diagram means, on its data and on random numbers",
    "train": "learn a diagram's weights from data",
    "draw": "draw a diagram, its values or its gradients",
    "plot": "plot activations, fitted curves, decision regions, or the loss along weights",
    "check": "report the problems of diagrams",
    "fmt": "write diagrams in their one canonical form",
    "explain": "show what a code of a message means, with a wrong and a right example",
    "functions": "list the functions of the language",
    "backends": "list what `compile` can print",
    "docs": "print the lines to paste for diagrams in Sphinx, MkDocs, pandoc, ...",
    "myst-plugin": "print a plugin that draws the diagrams of a project of mystmd",
    "pandoc-filter": "print the path of a Lua filter that draws the diagrams of a document in pandoc and Quarto",
}

EXITS = """\
Exit status: 0 fine, 1 the diagram has problems, or a test or `verify` fails,
2 usage or input and output, 70 a fault of flowc's own, 130 interrupted."""


def run(arguments: list[str]) -> int:
    """The exit status of `flowc ARGUMENTS`. Raises Trouble, FlowError."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return _show_help(arguments)
    verb, *rest = arguments
    if verb in ("-V", "--version"):
        raise Trouble("--version stands alone")
    if verb not in VERBS:
        raise Trouble(_say_unknown(verb))
    module = module_of(verb)
    parser = _parser_of(verb)
    module.configure(parser)
    try:
        chosen = parser.parse_intermixed_args(rest)
    except SystemExit as end:  # argparse has printed its help
        return int(end.code or 0)
    from flowc.doors.cli.declared_files import declare, declaring
    from flowc.doors.cli.files import check_place

    with declaring():
        for output in declare(parser, chosen):
            check_place(output)
        status: int = module.run(chosen)
        return status


def module_of(verb: str) -> ModuleType:
    """What a verb does; `pandoc-filter` is in `pandoc_filter`."""
    return import_module(f"flowc.doors.cli.verbs.{verb.replace('-', '_')}")


def _say_unknown(verb: str) -> str:
    if verb.startswith("-"):
        return f"`{verb}` is no option of flowc; options follow a command: `flowc compile FILE {verb}`"
    if verb.endswith(".flow"):
        return f"what shall be done with it? `flowc compile {verb}`, or `flowc check {verb}`"
    return f"there is no command `{verb}`; {suggestion(verb, VERBS, 'commands')}"


def suggestion(word: str, names: Collection[str], what: str) -> str:
    """`did you mean X?`, or all there is."""
    from flowc.diagnostics.suggest import closest

    nearest = closest(word, names)
    return f"did you mean `{nearest}`?" if nearest else f"{what}: {', '.join(names)}"


def _show_help(arguments: list[str]) -> int:
    lines = ["usage: flowc COMMAND ...", "", "Compiles flow diagrams of neural networks to numpy, torch, C and JavaScript source.", ""]
    lines += [f"  {verb:<13} {summary}" for verb, summary in VERBS.items()]
    lines += ["", "`flowc COMMAND --help` shows a command's options, `flowc --version` the version.", EXITS]
    from flowc.doors.cli.files import put

    if arguments:
        put("\n".join(lines) + "\n")
        return FINE
    say("\n".join(lines))
    return USAGE


def _parser_of(verb: str) -> argparse.ArgumentParser:
    import argparse

    class Parser(argparse.ArgumentParser):
        """Mistakes in a command line are told like every other trouble."""

        def error(self, message: str) -> NoReturn:
            raise Trouble(f"{message}; `flowc {verb} --help` shows the options")

    return Parser(
        prog=f"flowc {verb}",
        description=VERBS[verb][:1].upper() + VERBS[verb][1:] + ".",
        epilog=EXITS,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

"""`flowc check`"""

from __future__ import annotations

import argparse
import sys

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.doors.cli.errors import FINE, PROBLEMS, USAGE, Trouble, say
from flowc.doors.cli.files import name_of, put, read
from flowc.doors.cli.path_types import INPUT
from flowc.doors.cli.settings import setting, settings
from flowc.source import Source

FORMATS = ("text", "json", "sarif")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=INPUT, help="a diagram; `-` is standard input")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how problems are written; text by default")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def run(chosen: argparse.Namespace) -> int:
    sizes = settings(chosen.set)
    checked: list[tuple[Source, tuple[Diagnostic, ...]]] = []
    unread = False
    for path in chosen.files:
        try:
            checked.append(_diagnostics_of(path, sizes))
        except Trouble as trouble:
            say(f"flowc: {trouble}")
            unread = True
    put(_print_report(chosen.format, checked))
    if chosen.format == "text":
        _say_summary(checked)
    wrong = any(d.severity == "error" for _, diagnostics in checked for d in diagnostics)
    return USAGE if unread else PROBLEMS if wrong else FINE


def _diagnostics_of(path: str, given: dict[str, int]) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Everything that is to be said about one diagram. Raises Trouble."""
    from flowc.doors.cli.diagram_files import beside
    from flowc.pipeline import understand
    from flowc.syntax.text import decode

    data = read(path)
    try:
        source = decode(data, name_of(path))
        return source, understand(source, given, beside(path)).warnings
    except FlowError as error:
        return error.source, error.diagnostics


def _print_report(form: str, found: list[tuple[Source, tuple[Diagnostic, ...]]]) -> str:
    if form == "text":
        from flowc.diagnostics.render import as_text
        from flowc.doors.cli.terminal import coloured

        texts = [as_text(source, diagnostics, coloured(sys.stdout)) for source, diagnostics in found]
        return "".join(text + "\n" for text in texts if text)
    from flowc.diagnostics.reports import as_json, as_sarif

    return (as_json(found) if form == "json" else as_sarif(found)) + "\n"


def _say_summary(found: list[tuple[Source, tuple[Diagnostic, ...]]]) -> None:
    """How many there are, on standard error, where there are any."""
    severities = [d.severity for _, diagnostics in found for d in diagnostics]
    errors, warnings = severities.count("error"), severities.count("warning")
    counts = [_count_of(n, what) for n, what in ((errors, "error"), (warnings, "warning")) if n]
    if counts:
        files = sum(1 for _, diagnostics in found if diagnostics)
        say(f"{' and '.join(counts)} in {_count_of(files, 'file')}")


def _count_of(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"

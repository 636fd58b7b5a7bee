"""`flowc fmt`"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial

from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, reported, say, visible
from flowc.doors.cli.files import name_of, put, read, write_whole
from flowc.doors.cli.path_types import INPUT


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=INPUT, help="a diagram; `-` is standard input to standard output"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not in canonical form")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change, exit 1 if anything")


def run(chosen: argparse.Namespace) -> int:
    return max([reported(partial(_format_file, path, chosen)) for path in chosen.files])


def _format_file(path: str, chosen: argparse.Namespace) -> int:
    """The exit status that one file would have alone. Raises Trouble, FlowError."""
    from flowc.syntax.format import format_source
    from flowc.syntax.text import decode

    data = read(path)
    source = decode(data, name_of(path))
    text = format_source(source, _name_of_alias)
    same = data == text.encode()
    if chosen.diff and not same:
        put(_diff_of(data, text, name_of(path)))
    if chosen.check and not same:
        say(f"{name_of(path)} is not in canonical form")
    if chosen.diff or chosen.check:
        return FINE if same else PROBLEMS
    if path == "-":
        put(text)
    elif not same:
        if not os.path.isfile(path):
            raise Trouble(f"`{path}` is no ordinary file and cannot be rewritten; `-` prints instead")
        write_whole(path, text, formatted=True)
    return FINE


def _name_of_alias(name: str) -> str:
    """A function's own name for an alias of it."""
    from flowc.maths.functions import lookup

    function = lookup(name)
    return function.name if function else name


def _diff_of(data: bytes, text: str, name: str) -> str:
    """A unified diff. Line ends and a byte order mark count as differences too."""
    import difflib

    from flowc.doors.cli.terminal import coloured

    before = data.decode("utf-8").split("\n")
    after = text.split("\n")
    lines = difflib.unified_diff(before, after, name, f"{name} (canonical)", lineterm="")
    shown = [visible(line) for line in lines]
    if coloured(sys.stdout):
        shades = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
        shown = [f"{shades[line[0]]}{line}\x1b[0m" if line[:1] in shades else line for line in shown]
    return "".join(line + "\n" for line in shown)

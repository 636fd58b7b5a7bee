"""`flowc myst-plugin`: a plugin of mystmd, and what that calls."""

from __future__ import annotations

import argparse
import json

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put, read
from flowc.doors.documents.mystmd import PROGRAM, make_nodes, print_specification


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--answer", action="store_true", help="what the plugin calls: the directives that there are, as JSON")
    what = "and with this the nodes of the directive that is on standard input"
    parser.add_argument("--directive", metavar="NAME", help=what)


def run(chosen: argparse.Namespace) -> int:
    if not chosen.answer:
        put(PROGRAM)
    elif chosen.directive is None:
        put(print_specification())
    else:
        try:
            put(json.dumps(make_nodes(json.loads(read("-")))))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Trouble("standard input is no directive of mystmd; this option is for flowc's plugin") from None
    return FINE

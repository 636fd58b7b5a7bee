"""`flowc pandoc-filter`: where the Lua filter is; and what that filter calls."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, show, visible
from flowc.doors.cli.files import put, read


def configure(parser: argparse.ArgumentParser) -> None:
    what = "what the filter calls: pandoc's JSON of blocks on standard input, as that for this writer on standard output"
    parser.add_argument("--blocks", metavar="FORMAT", help=what)


def run(chosen: argparse.Namespace) -> int:
    from flowc.doors import documents

    if chosen.blocks is None:
        put(f"{Path(documents.__file__).with_name('flow.lua')}\n")
        return FINE
    from flowc.doors.documents.pandoc import BadHead, replace_blocks

    try:
        document, results = replace_blocks(json.loads(read("-")), chosen.blocks)
    except BadHead as error:
        raise Trouble(str(error)) from None
    except (ValueError, KeyError, TypeError, IndexError):
        raise Trouble("standard input is no document of pandoc; this option is for flowc's filter") from None
    for result in results:
        for problem in (*result.problems, *result.warnings):
            show(visible(problem.text))
    if any(result.problems for result in results):
        return PROBLEMS
    put(json.dumps(document))
    return FINE

"""`flowc explain`"""

from __future__ import annotations

import argparse

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help="as in `error[CODE]`; without one, all are listed")


def run(chosen: argparse.Namespace) -> int:
    from flowc.diagnostics.codes import CODES
    from flowc.diagnostics.explain import explained, listed

    if chosen.code is None:
        put(listed(CODES.values()))
        return FINE
    name = chosen.code.strip().lower().rpartition("[")[2].removesuffix("]")
    if name not in CODES:
        from flowc.diagnostics.suggest import closest

        nearest = closest(name, CODES)
        way_out = f"did you mean `{nearest}`?" if nearest else "`flowc explain` lists all"
        raise Trouble(f"there is no code `{chosen.code}`; {way_out}")
    put(explained(CODES[name]))
    return FINE

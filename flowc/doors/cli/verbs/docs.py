"""`flowc docs`"""

from __future__ import annotations

import argparse

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put
from flowc.doors.documents.places import GUIDES


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="PLACE", nargs="?", help=f"{', '.join(GUIDES)}; without one they are listed")


def run(chosen: argparse.Namespace) -> int:
    if chosen.place is None:
        put("".join(f"{name:<12} {guide.title}\n" for name, guide in GUIDES.items()))
        return FINE
    if chosen.place not in GUIDES:
        from flowc.doors.cli.commands import suggestion

        raise Trouble(f"there is no place `{chosen.place}`; {suggestion(chosen.place, GUIDES, 'places')}")
    put(GUIDES[chosen.place].text())
    return FINE

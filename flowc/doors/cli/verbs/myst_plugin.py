"""`flowc myst-plugin`"""

from __future__ import annotations

import argparse

from flowc.doors.cli.errors import FINE
from flowc.doors.cli.files import put


def configure(parser: argparse.ArgumentParser) -> None:
    pass


def run(chosen: argparse.Namespace) -> int:
    from flowc.doors.documents.mystmd import PROGRAM

    put(PROGRAM)
    return FINE

"""The options that several commands share, and the types of numbers on a command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from flowc.doors.cli.path_types import INPUT
from flowc.doors.cli.settings import setting

DIGITS = 15  # of a whole number on the command line


def add_shared_options(
    parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json"), training: bool = False
) -> None:  # fmt: skip
    """`training`: the verb learns from data, else it takes values, too."""
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    if not training:
        parser.add_argument(
            "values", metavar="NAME=VALUE", nargs="*", default=[], help="inputs and targets: `x1=0`, `x=1,2`, `y=cat`"
        )
    add_options(parser, formats)


def add_options(parser: argparse.ArgumentParser, formats: Sequence[str], backend: str | None = "numpy") -> None:
    """Those that say of what, how it is computed and how shown. `backend` None: all that are installed."""
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument("--row", metavar="N", type=row_number, help="one row of the data alone; rows count from 1")
    parser.add_argument(
        "--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    which = f"numpy, torch or c; {backend or 'all that are installed'} by default"
    parser.add_argument("--backend", metavar="NAME", default=backend, help=which)
    parser.add_argument("--dtype", metavar="DTYPE", default="float64", help="float64 by default, or another")
    parser.add_argument("--device", metavar="DEVICE", help="of torch, as `cuda`")
    parser.add_argument("--seed", metavar="N", type=whole_number, help="of the weights' draws and the order of tokens")
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"{formats[0]} by default")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def row_number(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        raise argparse.ArgumentTypeError(f"`{text}` is no row; they count from 1, as `--row 2`")
    return positive_number(text)


def positive_number(text: str) -> int:
    """A number that counts from 1. Raises argparse.ArgumentTypeError."""
    number = whole_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 on")
    return number


def whole_number(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 0 on")
    if len(text) > DIGITS:
        raise argparse.ArgumentTypeError(f"`{text}` has more than {DIGITS} digits")
    return int(text)

"""The options of a picture on a command line: that of `flowc draw`, and that of the magic."""

from __future__ import annotations

import argparse
from typing import Any

from flowc.doors.picture_options import PICTURE_OPTIONS, PictureOption


def add_picture_option(parser: argparse.ArgumentParser, option: PictureOption) -> None:
    """None where it is not given."""
    flag = f"--{option.name.replace('_', '-')}"
    if option.choices:
        parser.add_argument(flag, choices=option.choices, help=option.help)
    elif option.flag:
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=option.help)
    else:
        parser.add_argument(flag, metavar=option.metavar, type=_reader(option), help=option.help)


def options_of(chosen: argparse.Namespace) -> dict[str, Any]:
    """Those that are given."""
    return {name: value for name in PICTURE_OPTIONS if (value := getattr(chosen, name, None)) is not None}


def _reader(option: PictureOption) -> Any:
    def read(word: str) -> Any:
        try:
            return option.parse(word)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read

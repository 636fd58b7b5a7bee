"""How to learn, from the command line: `--method adam --rate 0.01` in place of what the diagram says."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from flowc.doors.cli.errors import Trouble
from flowc.graph.network import Training
from flowc.maths.optimisers import OPTIMISERS, Setting


def configure(parser: argparse.ArgumentParser, apart: Sequence[str] = ()) -> None:
    """`apart`: settings that the verb has options of its own for."""
    group = parser.add_argument_group("how to learn, in place of the diagram's `train`")
    group.add_argument("--method", metavar="NAME", help=", ".join(OPTIMISERS))
    for setting in _all_settings():
        if setting.name in apart:
            continue
        group.add_argument(f"--{setting.name.replace('_', '-')}", metavar=_metavar_of(setting), help=_help_of(setting))


def _all_settings() -> list[Setting]:
    """Of all methods, each name once."""
    by_name: dict[str, Setting] = {}
    for record in OPTIMISERS.values():
        for setting in record.settings:
            by_name.setdefault(setting.name, setting)
    return [s for s in by_name.values() if s.name != "seed"]  # the seed is an option of its own


def given(chosen: argparse.Namespace) -> list[str]:
    """Which of these are chosen, as `weight_decay`."""
    return [name for name in ("method", *(s.name for s in _all_settings())) if getattr(chosen, name, None) is not None]


def _metavar_of(setting: Setting) -> str:
    return "|".join(setting.words) or "NUMBER"


def _help_of(setting: Setting) -> str:
    return setting.summary.replace("%", "%%")


def training(said: Training | None, chosen: argparse.Namespace, apart: Sequence[str] = ()) -> Training:
    """What the diagram says, changed by what is chosen, but for what is `apart`. Raises Trouble."""
    from flowc.learning.choice import change_training

    names = [name for name in (*(setting.name for setting in _all_settings()), "seed") if name not in apart]
    options = {name: value for name in names if (value := getattr(chosen, name)) is not None}
    try:
        return change_training(said, chosen.method, options)
    except ValueError as error:
        raise Trouble(str(error)) from None

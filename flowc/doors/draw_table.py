"""`flowc.toml` beside a diagram: its table `[draw]` says once how the pictures of a folder are drawn."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flowc.doors.picture_options import check_options
from flowc.nets.opened import Opened
from flowc.system import ordinary, reason

FILE, TABLE = "flowc.toml", "draw"
LARGEST = 2**20  # bytes
OF_ONE_PICTURE = ("alt", "name", "id_prefix", "blank")  # no table says them of all


def path_of_table(diagram: Opened) -> str:
    return os.path.join(diagram.folder, FILE)


def with_table(diagram: Opened, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, and those of the table that they do not say. Raises ValueError, with the file."""
    path = path_of_table(diagram)
    try:
        table = _read_table(ordinary(path, LARGEST))
    except FileNotFoundError:
        return dict(options)
    except OSError as error:
        raise ValueError(reason(error)) from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return {**table, **options}


def _read_table(content: bytes) -> dict[str, Any]:
    """Raises ValueError."""
    import tomllib

    tables = tomllib.loads(content.decode("utf-8"))
    for name in tables:
        if name != TABLE:
            raise ValueError(f"there is no table `[{name}]`; `[{TABLE}]` says how diagrams are drawn")
    table = tables.get(TABLE, {})
    if not isinstance(table, dict):
        raise ValueError(  # noqa: TRY004
            f"`{TABLE}` is a table, `[{TABLE}]`, and below it options, as `theme = 'dark'`"
        )
    for name in OF_ONE_PICTURE:
        if name in table:
            raise ValueError(f"`{name}` is of one picture; say it where that is drawn")
    return check_options(table)

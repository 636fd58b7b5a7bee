"""`pytest lectures/`: every row of a table of a `.flow` file is a test. `flow = off` in pytest's settings ends it.

Every pytest of an environment imports this file: all else is imported when there is a diagram.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flowc.nets.tables import Failure, Tables

OTHERS = (".js.flow", ".jsx.flow", ".mjs.flow", ".cjs.flow")  # declarations of types, of another Flow
ROWS = 1000  # of data that are one test each; of more, as a file may have, all are one


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("flow", "whether the tables of .flow files are tests (on by default)", type="bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".flow" or file_path.name.endswith(OTHERS) or not parent.config.getini("flow"):
        return None
    return FlowFile.from_parent(parent, path=file_path)


class FlowFile(pytest.File):
    """A diagram. It is read when it is collected, and computed when the first of its rows is run."""

    def collect(self) -> Iterator[pytest.Item]:
        if isinstance(self.tried, str) or not self.tried.examples:
            yield FlowItem.from_parent(self, name="diagram")
            return
        for place, examples in enumerate(self.tried.examples):
            if len(examples.rows) > ROWS:
                yield FlowItem.from_parent(self, name=examples.data.name, place=place)
                continue
            for row, name in enumerate(examples.rows, 1):
                yield FlowItem.from_parent(self, name=name, place=place, row=row)

    @cached_property
    def tried(self) -> Tables | str:
        """What the diagram is tried on, or what is wrong with it."""
        return _tables_of(self.path)

    def failures(self, place: int) -> dict[int, Failure]:
        """Of one `data`, by row."""
        if place not in self._failures:
            assert not isinstance(self.tried, str)
            self._failures[place] = {f.row: f for f in self.tried.failures_of(place)}
        return self._failures[place]

    @cached_property
    def _failures(self) -> dict[int, dict[int, Failure]]:
        return {}


class Failed(Exception):
    """A row, or a diagram, that fails: in words."""


class FlowItem(pytest.Item):
    """A row; without `row`, all rows of a `data`; without `place`, a diagram that has none, or is wrong."""

    def __init__(self, *, place: int | None = None, row: int | None = None, **more: Any):
        super().__init__(**more)
        self.place, self.row = place, row

    def runtest(self) -> None:
        assert isinstance(self.parent, FlowFile)
        if isinstance(self.parent.tried, str):
            raise Failed(self.parent.tried)
        if self.place is None:
            pytest.skip(f"not tested: {self.parent.tried.why_not}")
        failures = self.parent.failures(self.place)
        failed = [*failures.values()] if self.row is None else [*filter(None, [failures.get(self.row)])]
        if failed:
            raise Failed(
                "\n".join([*map(str, failed[:10]), *([f"… and {len(failed) - 10} more"] if len(failed) > 10 else [])])
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The words alone: a traceback says nothing of a diagram."""
        return str(excinfo.value) if isinstance(excinfo.value, Failed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.name}: {self.name}"


def _tables_of(path: Path) -> Tables | str:
    from flowc.diagnostics.error import FlowError
    from flowc.diagnostics.render import as_text
    from flowc.doors.api import load
    from flowc.nets.tables import Tables

    try:
        return Tables(load(_short_path(path)))
    except FlowError as error:
        return as_text(error.source, error.diagnostics)
    except (ValueError, OSError) as error:
        return str(error)


def _short_path(path: Path) -> str:
    """As messages call it: from the working folder, where there is such a way."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)

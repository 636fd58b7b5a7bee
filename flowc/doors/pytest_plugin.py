"""`pytest lectures/`: every row of the table of every `.flow` file is a test. `flow = off` in pytest's settings ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flowc.doors.testing_tables import Failure, Tables


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("flow", "whether the tables of .flow files are tests", type="bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".flow" and parent.config.getini("flow"):
        return FlowFile.from_parent(parent, path=file_path)
    return None


class FlowFile(pytest.File):
    """A diagram. It is read, and its tables computed, when the first of its rows is."""

    def collect(self) -> Iterator[pytest.Item]:
        tried = self.tried()
        if isinstance(tried, str) or not tried.tables:
            yield FlowItem.from_parent(self, name="diagram", row=0)
            return
        for row in range(1, tried.rows + 1):
            yield FlowItem.from_parent(self, name=f"row {row}", row=row)

    def tried(self) -> Tables | str:
        """The tables, or what is wrong with the diagram."""
        if not hasattr(self, "_tried"):
            self._tried = _tables(self.path)
        return self._tried

    def failures(self) -> dict[int, Failure]:
        """By row."""
        if not hasattr(self, "_failures"):
            tried = self.tried()
            assert not isinstance(tried, str)
            self._failures = {f.row: f for f in tried.failures()}
        return self._failures


class Failed(Exception):
    """A row, or a diagram, that fails: in words."""


class FlowItem(pytest.Item):
    def __init__(self, *, row: int, **more: Any):
        super().__init__(**more)
        self.row = row

    def runtest(self) -> None:
        assert isinstance(self.parent, FlowFile)
        tried = self.parent.tried()
        if isinstance(tried, str):
            raise Failed(tried)
        if not self.row:
            pytest.skip("not tested: no table has a column for an output")
        if failure := self.parent.failures().get(self.row):
            raise Failed(f"row {self.row}, {failure.given}: {'; '.join(failure.wrong)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The words alone: a traceback says nothing of a diagram."""
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.name}: {self.name}"


def _tables(path: Path) -> Tables | str:
    from flowc.diagnostics.diagnostic import FlowError
    from flowc.diagnostics.render import as_text
    from flowc.doors.api import load
    from flowc.doors.testing_tables import Tables

    try:
        return Tables(load(path))
    except FlowError as error:
        return as_text(error.source, error.diagnostics)
    except (ValueError, OSError) as error:
        return str(error)

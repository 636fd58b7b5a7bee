"""What is written down of learning: a row for each step, as CSV or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable

from flowc.records import Record

COLUMNS = ("step", "loss", "rate", "held_out")


class Entry(Record):
    """The loss of a step's tokens before it, its rate, and after it the loss of the held-out data, if it was looked at."""

    step: int  # from 1
    loss: float
    rate: float
    held_out: float | None = None

    @property
    def cells(self) -> tuple[int | float | None, ...]:
        return self.step, self.loss, self.rate, self.held_out


class Form(Record):
    """How rows are written: the line above them, the line of an entry, and the step that a line is of."""

    head: str
    row: Callable[[Entry], str]
    step: Callable[[str], int]

    def first_rows(self, text: str, steps: int) -> str:
        """What a log of an earlier run has of its first steps. Raises ValueError where it is none, or lacks some."""
        if not text.startswith(self.head):
            raise ValueError
        rows = [row for row in text[len(self.head) :].splitlines(keepends=True) if row.endswith("\n")]
        if len(rows) < steps or any(self.step(row) != k for k, row in enumerate(rows[: max(steps, 1)], 1)):
            raise ValueError
        return self.head + "".join(rows[:steps])


def _csv_row(entry: Entry) -> str:
    """Numbers with all of their digits."""
    return ",".join("" if cell is None else repr(cell) for cell in entry.cells) + "\n"


def _json_row(entry: Entry) -> str:
    return json.dumps({name: c for name, c in zip(COLUMNS, entry.cells, strict=True) if c is not None}) + "\n"


def _json_step(row: str) -> int:
    """Raises ValueError."""
    entry = json.loads(row)
    return entry.get("step", 0) if isinstance(entry, dict) else 0


FORMS = {
    ".csv": Form(",".join(COLUMNS) + "\n", _csv_row, lambda row: int(row.partition(",")[0])),
    ".jsonl": Form("", _json_row, _json_step),
}

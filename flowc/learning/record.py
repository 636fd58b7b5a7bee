"""What is written down of learning: a row for each step, as CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("step", "loss", "rate", "held_out")


@dataclass(frozen=True, slots=True)
class Entry:
    """The loss of a step's tokens before it, its rate, and after it the loss of the held-out data, if it was looked at."""

    step: int  # from 1
    loss: float
    rate: float
    held_out: float | None = None

    @property
    def cells(self) -> tuple[int | float | None, ...]:
        return self.step, self.loss, self.rate, self.held_out


def as_csv(entries: Sequence[Entry]) -> str:
    """Numbers with all of their digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if cell is None else repr(cell) for cell in entry.cells] for entry in entries)
    return text.getvalue()


def as_json_lines(entries: Sequence[Entry]) -> str:
    rows = ({name: c for name, c in zip(COLUMNS, e.cells, strict=True) if c is not None} for e in entries)
    return "".join(json.dumps(row) + "\n" for row in rows)

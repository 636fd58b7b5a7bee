"""What the end of a file says in languages without arrays: verdicts on the diagram's table, and where nothing can be tested."""

from __future__ import annotations

ROUNDING = 0.5e-6  # where a table gives whole numbers
VERDICT = "numbers that are not what the table expects:"
NOTHING_TO_TEST = "nothing to test: no gradients, and no expected numbers"

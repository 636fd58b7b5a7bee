"""Where the blocks of a document stand in its files: by their lines, where the place does not say it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from flowc.doors.documents.embed import Place

FENCE = re.compile(r"(?:(?:[-*+]|\d+[.)])\s+)*(?:```|~~~)")  # it may begin an item of a list


class Lines:
    """The lines of a document's files, in which blocks are looked for, one after the other."""

    def __init__(self, files: Sequence[str], name: str):
        """`name`: what messages call a document that is in none of them."""
        self.document = files[0] if files else name
        self.lines: list[tuple[str, int, str]] = []
        for file in files:
            try:
                with open(file, encoding="utf-8") as lines:
                    self.lines += [(file, number, _strip_quote(line)) for number, line in enumerate(lines, 1)]
            except (OSError, UnicodeDecodeError):
                pass
        self.start = self.number = 0

    def place_of_next(self, text: str, fence: str = "flow") -> Place:
        """The place of the next block, which holds this text; of one without a text that of its fence, which names a `file`."""
        self.number += 1
        lines = [_strip_quote(line) for line in text.strip("\n").split("\n")]
        folder = os.path.dirname(self.document) or os.curdir
        for at in range(self.start, len(self.lines)):
            file, number, line = self.lines[at]
            if not (FENCE.match(line) and fence in line):
                continue
            body = at + 1
            if text.strip():
                while body < len(self.lines) and [line for _, _, line in self.lines[body : body + len(lines)]] != lines:
                    body += 1 if self._goes_on(body) else len(self.lines)
            if body <= len(self.lines):
                self.start = body
                return Place(file, number, number + body - at, os.path.dirname(file) or os.curdir)
        return Place(f"{self.document}, flow block {self.number}", 1, 1, folder)

    def _goes_on(self, at: int) -> bool:
        """Whether a diagram may begin below a line: it is blank, or says an option."""
        line = self.lines[at][2]
        return not line or line.startswith(("#|", ":"))


def _strip_quote(line: str) -> str:
    """A line without what is before it where it is quoted or in a list."""
    return line.lstrip(" \t>").rstrip()

"""One entry of the catalogue of codes."""

from __future__ import annotations

from flowc.records import Record


class Code(Record):
    """What `flowc explain` prints: `wrong` is a minimal text that gives this code, `right` its repair.

    `wrong` is bytes where no text can show the problem (bad UTF-8). The files are those that the texts name: (name, text).
    `settings` are the sizes that are set for both texts: (name, size).
    """

    name: str
    summary: str
    wrong: str | bytes
    right: str
    wrong_files: tuple[tuple[str, str], ...] = ()
    right_files: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, int], ...] = ()

"""The comments that go along into generated code."""

from __future__ import annotations

from bisect import bisect_right

from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.comments import owners


class Comments:
    """A tree's comments by the statements that they belong to."""

    def __init__(self, tree: t.Tree, source: Source) -> None:
        self._owners = owners(source, tree)
        self._starts = [s.span.start for s in tree.statements] if tree.comments else []

    def after(self, span: Span) -> str | None:
        """The comment behind the statement that holds the span, on its last line; without `#`."""
        if not self._starts or span.end <= span.start:
            return None
        at = bisect_right(self._starts, span.start) - 1
        comment = self._owners.statements[at].trailing if at >= 0 else None
        return _plain_text(comment.text) if comment else None

    def header(self) -> tuple[str, ...]:
        """The first block of lines of comment, which describes the file."""
        return tuple(_plain_text(comment.text) for comment in self._owners.header)


def _plain_text(text: str) -> str:
    return text.removeprefix("#").strip()

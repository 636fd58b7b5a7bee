"""The comments that go along into generated code."""

from __future__ import annotations

from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.comments import owners


class Comments:
    """A tree's comments by the line that they end."""

    def __init__(self, tree: t.Tree, source: Source) -> None:
        self._tree = tree
        self._source = source
        self._trailing = {source.position(c.span.start)[0]: _plain(c.text) for c in tree.comments if not c.own_line}

    def after(self, span: Span) -> str | None:
        """The comment behind a statement, on its last line; without `#`."""
        if not self._trailing or span.end <= span.start:
            return None
        return self._trailing.get(self._source.position(span.end - 1)[0])

    def header(self) -> tuple[str, ...]:
        """The first block of lines of comment, which describes the file."""
        return tuple(_plain(comment.text) for comment in owners(self._source, self._tree).header)


def _plain(text: str) -> str:
    return text.removeprefix("#").strip()

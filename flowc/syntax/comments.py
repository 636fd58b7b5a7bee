"""To whom each comment belongs."""

from __future__ import annotations

from bisect import bisect_right

from flowc.records import Record
from flowc.source import Source
from flowc.syntax.tree import Comment, Tree


class Owned(Record):
    """The comments of one statement: on lines of their own before it, within it, and after it on its last line."""

    before: tuple[Comment, ...] = ()
    inside: tuple[Comment, ...] = ()
    trailing: Comment | None = None


class Owners(Record):
    """`statements` is parallel to the tree's; `header` opens the file, `end` closes it."""

    header: tuple[Comment, ...]
    statements: tuple[Owned, ...]
    end: tuple[Comment, ...]


def owners(source: Source, tree: Tree) -> Owners:
    """Who owns each comment of the tree.

    A comment on a statement's last line is the statement's, a line of its own is the next statement's, and the first
    block of such lines, if no statement stands before it, describes the file.
    """
    header = _header_comments(source, tree)
    starts = [s.span.start for s in tree.statements]
    before: list[list[Comment]] = [[] for _ in range(len(starts) + 1)]
    inside: list[list[Comment]] = [[] for _ in starts]
    trailing: list[Comment | None] = [None] * len(starts)
    for comment in tree.comments[len(header) :]:
        at = bisect_right(starts, comment.span.start) - 1
        if at >= 0 and comment.span.start < tree.statements[at].span.end:
            inside[at].append(comment)
        elif at >= 0 and not comment.own_line and trailing[at] is None:
            trailing[at] = comment
        else:
            before[at + 1].append(comment)
    owned = (Owned(tuple(b), tuple(i), t) for b, i, t in zip(before, inside, trailing))
    return Owners(header, tuple(owned), tuple(before[-1]))


def _header_comments(source: Source, tree: Tree) -> tuple[Comment, ...]:
    """The first lines of the file that are comments, up to a blank line or a statement."""
    first = tree.statements[0].span.start if tree.statements else len(source.text)
    block: list[Comment] = []
    for comment in tree.comments:
        apart = block and source.text.count("\n", block[-1].span.end, comment.span.start) > 1
        if apart or comment.span.start > first or not comment.own_line:
            break
        block.append(comment)
    return tuple(block)

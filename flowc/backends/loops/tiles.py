"""From what is done for one token to what is done for a tile of tokens: the loop over them goes inward, to the lines.

A value that one line makes and the next ones take stays a number of that loop; what is handed to another loop becomes a row,
with a number for each token of the tile. Loops over elements stay around: their bounds are the same for all tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.scope import names
from flowc.backends.code.tree import (
    Assign,
    Attribute,
    Blank,
    Call,
    Comment,
    Conditional,
    Do,
    Expression,
    If,
    Index,
    Name,
    Node,
    Product,
    Statement,
    Sum,
)
from flowc.backends.code.typed import Braces, Count, Declare
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.nest import LARGE
from flowc.backends.python import expression as e
from flowc.records import Record


class AtOnce(Statement):
    """What is done for all tokens of a tile by one statement, which names rows as they are."""

    statement: Statement


class Grow(Statement):
    """What is added (or taken, `-`) for each token to a place that all share."""

    target: Expression
    value: Expression
    operator: str


class RowCall(Statement):
    """A function that takes rows, in place."""

    function: str
    row: Expression


class Words(Record):
    """What a tile is called: `lane` is the token in it, `count` how many there are, `most` in the first tile; `size` is what
    its greatest width is called; `zero` is the number. `row_functions`: those of numbers that have one for rows."""

    lane: str
    count: Expression
    most: Expression
    size: str
    width: int
    kind: str
    zero: Expression
    row_functions: Mapping[str, str]
    fresh: Callable[[str], str]
    helper: Callable[..., Expression]


class Tiled(Record):
    """`before` and `after` all tiles; `body`: what is done in one."""

    before: tuple[Statement, ...]
    body: tuple[Statement, ...]
    after: tuple[Statement, ...]


def in_tiles(statements: Sequence[Statement], words: Words, rows: Iterable[str] = ()) -> Tiled:
    """`rows`: names of arrays around that have a number for each token in the last place."""
    tiles = _Tiles(words)
    body = tiles.block(statements, {name: True for name in rows}, top=True)
    return Tiled(tuple(tiles.before), tuple(body), tuple(tiles.after))


class _Tiles:
    def __init__(self, words: Words):
        self.words = words
        self.before: list[Statement] = []
        self.after: list[Statement] = []

    # ------------------------------------------------------------------------------------------------------------ blocks

    def block(self, statements: Sequence[Statement], outer: Mapping[str, bool], top: bool = False) -> list[Statement]:
        """The statements in loops over tokens; `outer` are the names around, and whether they are rows."""
        groups = _groups([part for s in statements for part in self._prepared(s)], top)
        scope = dict(outer)
        used = [names(*group) for group in groups]
        for k, group in enumerate(groups):
            for code in group:
                if isinstance(code, Declare) and not code.kind.startswith("static"):
                    others = used[:k] + used[k + 1 :]
                    scope[code.name] = bool(code.sizes) or any(code.name in other for other in others)
        return [code for group in groups for code in self._group(group, scope)]

    def _prepared(self, code: Statement) -> list[Statement]:
        """A function of rows is a statement of its own, before the line that it stands in; a case without an `else` is a
        choice."""
        match code:
            case Declare(kind, name, sizes, None) if kind == f"static {self.words.kind}":
                return [Declare(self.words.kind, name, sizes)]  # whether its row is large is asked anew
            case If(condition, (Assign((target,), value, ""),), ()):
                return [assign(target, Conditional(condition, value, target))]
            case Declare() | Assign() | Grow() | Do():
                calls: list[Statement] = []
                line = self._without_row_calls(code, calls)
                return [*calls, line]
        return [code]

    def _without_row_calls(self, code: Any, calls: list[Statement]) -> Any:
        """The same with rows in the place of functions of rows, which are called before."""
        match code:
            case Call(Name(name), (x,)) if name in self.words.row_functions:
                row = self.words.fresh(name)
                calls += [Declare(self.words.kind, row, (), self._without_row_calls(x, calls))]
                calls += [RowCall(self.words.row_functions[name], Name(row))]
                return Name(row)
            case tuple():
                return tuple([self._without_row_calls(part, calls) for part in code])
            case Node():
                return type(code)(*[self._without_row_calls(value, calls) for value in code.field_values])
        return code

    def _group(self, group: Sequence[Statement], scope: Mapping[str, bool]) -> list[Statement]:
        match group:
            case [Count(variable, first, last, body)]:
                return [Count(variable, first, last, tuple(self.block(body, scope)))]
            case [AtOnce(statement)]:
                return [statement]
            case [RowCall(function, target)]:
                row = _row_of(self._lane(target, scope), self.words.lane)
                assert row is not None, target
                return [Do(self.words.helper(function, self.words.count, row, row))]
            case [Grow()]:
                return self._grown(group[0], scope)
        return self._loop(group, scope)

    def _loop(self, group: Sequence[Statement], scope: Mapping[str, bool]) -> list[Statement]:
        """Lines that follow one another, in one loop over the tokens."""
        declared: list[Statement] = []
        body: list[Statement] = []
        for code in group:
            match code:
                case Declare(kind, name, sizes, value) if kind.startswith("static"):
                    declared.append(code)
                case Declare(kind, name, sizes, value) if scope[name]:
                    declared.append(self._row(kind, name, sizes))
                    if value is not None:
                        body.append(assign(Index(Name(name), (Name(self.words.lane),)), self._lane(value, scope)))
                case Grow(target, value, operator):
                    body.append(assign(self._sum_of_lanes(target), self._lane(value, scope), operator))
                case _:
                    body.append(self._lane(code, scope))
        lines = [k for k, code in enumerate(body) if not isinstance(code, Comment | Blank)]
        if not lines:
            return [*declared, *body]
        first, last = lines[0], lines[-1] + 1
        loop = Count(self.words.lane, ZERO, self.words.count, tuple(body[first:last]))
        return [*body[:first], *declared, loop, *body[last:]]

    def _row(self, kind: str, name: str, sizes: Sequence[int]) -> Declare:
        """A variable with a number for each token; one that is large has one place of its own."""
        large = prod(sizes) * self.words.width > LARGE
        return Declare(f"static {kind}" if large else kind, name, tuple(sizes), None, self.words.size)

    # -------------------------------------------------------------------------------------------------------------- sums

    def _sum_of_lanes(self, target: Expression) -> Expression:
        """The place of one token of the tile, in a row whose numbers are added when all tiles are done."""
        w = self.words
        name = w.fresh(f"{_last_name(target)}_lanes")
        place = Index(Name(name), (Name(w.lane),))
        self.before.append(Declare(w.kind, name, (), Braces((w.zero,)), w.size))
        self.after.append(assign(target, w.helper("total", w.most, Name(name)), "+"))
        return place

    def _grown(self, code: Grow, scope: Mapping[str, bool]) -> list[Statement]:
        """The sum over the tokens of this tile, added to its place."""
        w = self.words
        value = self._lane(code.value, scope)
        match value:
            case Product((("", x), ("*", y))):
                rows = _row_of(x, w.lane), _row_of(y, w.lane)
                if rows[0] is not None and rows[1] is not None:
                    return [assign(code.target, w.helper("dot", w.count, *rows), code.operator)]
        row = _row_of(value, w.lane)
        if row is not None:
            return [assign(code.target, w.helper("total", w.count, row), code.operator)]
        name = w.fresh("terms")
        terms = Count(w.lane, ZERO, w.count, (assign(Index(Name(name), (Name(w.lane),)), value),))
        return [Declare(w.kind, name, (), None, w.size), terms, assign(code.target, w.helper("total", w.count, Name(name)), code.operator)]

    # ------------------------------------------------------------------------------------------------------- expressions

    def _lane(self, code: Any, scope: Mapping[str, bool]) -> Any:
        """The same of one token of the tile: rows at its place."""
        match code:
            case Index(Name(name), places) if scope.get(name):
                return Index(Name(name), (*self._lane(places, scope), Name(self.words.lane)))
            case Name(name) if scope.get(name):
                return Index(code, (Name(self.words.lane),))
            case Call(function, arguments):
                return Call(function, self._lane(arguments, scope))
            case tuple():
                return tuple([self._lane(part, scope) for part in code])
            case Node():
                return type(code)(*[self._lane(value, scope) for value in code.field_values])
        return code


def _last_name(x: Expression) -> str:
    match x:
        case Attribute(_, name) | Name(name):
            return name
        case Index(value):
            return _last_name(value)
    return "sum"


def _groups(statements: Sequence[Statement], top: bool) -> list[list[Statement]]:
    """Runs of lines that may share a loop; what has none stands alone. A sum of the outermost lines grows in theirs."""
    groups: list[list[Statement]] = []
    open_run = False
    for code in statements:
        alone = isinstance(code, Count | AtOnce | RowCall) or isinstance(code, Grow) and not top
        if alone or not open_run:
            groups.append([])
        groups[-1].append(code)
        open_run = not alone
    return groups


def _row_of(x: Expression, lane: str) -> Expression | None:
    """The row of which x is the number of one token, if it is one."""
    match x:
        case Index(array, (*places, Name(name))) if name == lane:
            return Index(array, tuple(places)) if places else array
        case Index(array, (Sum(((1, first), (1, Name(name)))),)) if name == lane:
            return e.total([(1, array), (1, first)])
    return None

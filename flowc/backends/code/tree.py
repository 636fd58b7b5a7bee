"""A typed tree of target code: what is computed, never how it is spelled. Brackets are the printer's to set."""

from __future__ import annotations

from typing import ClassVar

from flowc.records import Record

# How tightly an expression binds, by its outermost operator.
CONDITIONAL, COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY = range(-1, 6)


class Node(Record):
    """Part of a tree: its fields hold trees, tuples of them, and words."""


class Expression(Node):
    """Anything that has a value."""

    level: ClassVar[int] = PRIMARY

    @property
    def is_name(self) -> bool:
        return False


class Name(Expression):
    name: str

    @property
    def is_name(self) -> bool:
        return True


class Number(Expression):
    """A decimal literal, whole where it has no point: `2`, `0.5`, `-1e-06`."""

    digits: str

    @property
    def level(self) -> int:  # type: ignore[override]
        return SIGN if self.digits[0] == "-" else PRIMARY


class Constant(Expression):
    """A word of the language: `True`, `None`, `...`."""

    word: str


class Text(Expression):
    value: str


class Format(Expression):
    """A text with the values of expressions in it. `parts`: texts, and expressions with their formats."""

    parts: tuple[str | tuple[Expression, str], ...]


class Pieces(Expression):
    """One text in pieces, `Text` or `Format`, between which a line may end."""

    pieces: tuple[Text | Format, ...]


class Attribute(Expression):
    value: Expression
    name: str


class Call(Expression):
    """Arguments in order; `Named` and `Starred` among them."""

    function: Expression
    arguments: tuple[Expression, ...]


class Index(Expression):
    value: Expression
    places: tuple[Expression, ...]


class Slice(Expression):
    """`first:last:step`, from `first` to before `last`."""

    first: Expression | None
    last: Expression | None
    step: Expression | None = None
    level: ClassVar[int] = COMPARE


class Named(Expression):
    """An argument by its name."""

    name: str
    value: Expression


class Starred(Expression):
    """The elements of a list, or with two stars the entries of a dictionary, where single ones stand."""

    value: Expression
    stars: str = "*"


class Negative(Expression):
    operand: Expression
    level: ClassVar[int] = SIGN


class Not(Expression):
    operand: Expression
    level: ClassVar[int] = COMPARE


class Sum(Expression):
    """Terms with their signs, added from the left; the first has the sign 1."""

    terms: tuple[tuple[int, Expression], ...]
    level: ClassVar[int] = SUM


class Product(Expression):
    """Factors, each with the operator before it (`*`, `/`, `@`, `//`, `%`), from the left; before the first is none."""

    factors: tuple[tuple[str, Expression], ...]
    level: ClassVar[int] = PRODUCT


class Power(Expression):
    base: Expression
    exponent: Expression
    level: ClassVar[int] = POWER


class Compare(Expression):
    """`a < b < c`, `a and b`, `a or b`: operands, each with the operator before it; before the first is none."""

    operands: tuple[tuple[str, Expression], ...]
    level: ClassVar[int] = COMPARE


class Conditional(Expression):
    condition: Expression
    value: Expression
    otherwise: Expression
    level: ClassVar[int] = CONDITIONAL


class Tuple(Expression):
    items: tuple[Expression, ...]


class Row(Expression):
    """Arguments that belong together: they stay on one line."""

    items: tuple[Expression, ...]


class List(Expression):
    items: tuple[Expression, ...]


class Entry(Expression):
    """A key and its value, in a dictionary."""

    key: Expression
    value: Expression


class Dict(Expression):
    """Entries; where there are none of these but items, it is a set. `tall`: each has a line of its own."""

    items: tuple[Expression, ...]
    tall: bool = False


class Loop(Node):
    """`for target in values`, of a comprehension."""

    target: Expression
    values: Expression
    conditions: tuple[Expression, ...] = ()


class Comprehension(Expression):
    """`item for ... in ...`: the one item of a list, of a dictionary, or of a call's arguments."""

    item: Expression
    loops: tuple[Loop, ...]
    level: ClassVar[int] = COMPARE


class Lambda(Expression):
    arguments: tuple[str, ...]
    value: Expression
    level: ClassVar[int] = COMPARE


class Statement(Node):
    """Anything that is done."""


class Assign(Statement):
    """`a = b = value`; several targets of a number may be assigned one after the other. `operator`: that of `a += value`."""

    targets: tuple[Expression, ...]
    value: Expression
    operator: str = ""


class Together(Statement):
    """Assignments of which none changes what another takes: on one line where there is room."""

    assignments: tuple[Assign, ...]


class Return(Statement):
    value: Expression | None = None


class Do(Statement):
    """A value is computed for what that does."""

    value: Expression


class Import(Statement):
    """A module, under another name if it has an alias, or names of it."""

    module: str
    names: tuple[str, ...] = ()
    alias: str = ""


class Assert(Statement):
    condition: Expression


class Raise(Statement):
    value: Expression


class Yield(Statement):
    value: Expression


class Jump(Statement):
    """`pass`, `continue`, `break`."""

    word: str


class Function(Statement):
    """`arguments`: names, in the order of the call; `Named` with their defaults, `Starred`, and `Row` among them."""

    name: str
    arguments: tuple[Expression, ...]
    doc: str
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...] = ()


class Class(Statement):
    name: str
    bases: tuple[Expression, ...]
    doc: str
    body: tuple[Statement, ...]


class For(Statement):
    target: Expression
    values: Expression
    body: tuple[Statement, ...]


class While(Statement):
    condition: Expression
    body: tuple[Statement, ...]


class If(Statement):
    """`otherwise`: what is done where the condition does not hold; another `If` alone is an `elif`."""

    condition: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


class With(Statement):
    """`items`: what is entered, each with the name it gets, if any."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: tuple[Statement, ...]


class Try(Statement):
    """`handlers`: for each kind of exception what is done instead."""

    body: tuple[Statement, ...]
    handlers: tuple[tuple[Expression, tuple[Statement, ...]], ...]


class Comment(Statement):
    """A remark on lines of its own."""

    words: str


class Noted(Statement):
    """A statement with a comment: behind it, or behind its head, where there is room; else above."""

    statement: Statement
    words: str


class Blank(Statement):
    """An empty line."""


class Quoted(Statement):
    """Code as it stands in a file of this language: its lines without their indentation, and the names that it uses. `defines`:
    the function or class that it is, if it is one."""

    lines: tuple[str, ...]
    uses: frozenset[str] = frozenset()
    defines: str = ""

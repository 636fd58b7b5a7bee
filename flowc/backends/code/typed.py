"""What languages with types, and with loops that count, have besides: declarations, loops, functions with parameters."""

from __future__ import annotations

from flowc.backends.code.tree import Assign, Expression, Statement


class Declare(Statement):
    """`kind name[size]... = value;` `row`: what the last size is called, where it has a name."""

    kind: str
    name: str
    sizes: tuple[int, ...] = ()
    value: Expression | None = None
    row: str = ""


class Braces(Expression):
    """The elements of an array, where it is declared."""

    items: tuple[Expression, ...]


class Fields(Expression):
    """The same of a struct: assignments to its fields, each on a line of its own."""

    fields_set: tuple[Assign, ...]


class Cast(Expression):
    kind: str
    value: Expression


class Address(Expression):
    """`&value`"""

    value: Expression


class Pointed(Expression):
    """What a pointer points at: `*value`."""

    value: Expression


class Count(Statement):
    """For each whole number from `first` to before `last`, or each so many."""

    variable: str
    first: Expression
    last: Expression
    body: tuple[Statement, ...]
    stride: Expression | None = None


class Parameter(Expression):
    """Of a function. `kind` as it stands before the name, `sizes` behind it."""

    kind: str
    name: str
    sizes: tuple[int, ...] = ()


class TypedFunction(Statement):
    """`kind`: of what it returns, with `static` before it if nobody else may call it."""

    kind: str
    name: str
    parameters: tuple[Expression, ...]
    doc: str
    body: tuple[Statement, ...]


class Struct(Statement):
    name: str
    doc: str
    fields: tuple[Declare, ...]

"""A typed tree of target code: what is computed, never how it is spelled. Brackets are the printer's to set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

# How tightly an expression binds, by its outermost operator.
CONDITIONAL, COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY = range(-1, 6)


class Expression:
    """Anything that has a value."""

    __slots__ = ()
    level: ClassVar[int] = PRIMARY

    @property
    def is_name(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Name(Expression):
    name: str

    @property
    def is_name(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A decimal literal, whole where it has no point: `2`, `0.5`, `-1e-06`."""

    digits: str

    @property
    def level(self) -> int:  # type: ignore[override]
        return SIGN if self.digits[0] == "-" else PRIMARY


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A word of the language: `True`, `None`, `...`."""

    word: str


@dataclass(frozen=True, slots=True)
class Text(Expression):
    value: str


@dataclass(frozen=True, slots=True)
class Format(Expression):
    """A text with the values of expressions in it. `parts`: texts, and expressions with their formats."""

    parts: tuple[str | tuple[Expression, str], ...]


@dataclass(frozen=True, slots=True)
class Attribute(Expression):
    value: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """Arguments in order; `Named` and `Starred` among them."""

    function: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Index(Expression):
    value: Expression
    places: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Slice(Expression):
    """`first:last:step`, from `first` to before `last`."""

    first: Expression | None
    last: Expression | None
    step: Expression | None = None
    level: ClassVar[int] = COMPARE


@dataclass(frozen=True, slots=True)
class Named(Expression):
    """An argument by its name."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Starred(Expression):
    """The elements of a list, or with two stars the entries of a dictionary, where single ones stand."""

    value: Expression
    stars: str = "*"


@dataclass(frozen=True, slots=True)
class Negative(Expression):
    operand: Expression
    level: ClassVar[int] = SIGN


@dataclass(frozen=True, slots=True)
class Not(Expression):
    operand: Expression
    level: ClassVar[int] = COMPARE


@dataclass(frozen=True, slots=True)
class Sum(Expression):
    """Terms with their signs, added from the left; the first has the sign 1."""

    terms: tuple[tuple[int, Expression], ...]
    level: ClassVar[int] = SUM


@dataclass(frozen=True, slots=True)
class Product(Expression):
    """Factors, each with the operator before it (`*`, `/`, `@`, `//`, `%`), from the left; before the first is none."""

    factors: tuple[tuple[str, Expression], ...]
    level: ClassVar[int] = PRODUCT


@dataclass(frozen=True, slots=True)
class Power(Expression):
    base: Expression
    exponent: Expression
    level: ClassVar[int] = POWER


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """`a < b < c`, `a and b`, `a or b`: operands, each with the operator before it; before the first is none."""

    operands: tuple[tuple[str, Expression], ...]
    level: ClassVar[int] = COMPARE


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    condition: Expression
    value: Expression
    otherwise: Expression
    level: ClassVar[int] = CONDITIONAL


@dataclass(frozen=True, slots=True)
class Tuple(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Row(Expression):
    """Arguments that belong together: they stay on one line."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class List(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Entry(Expression):
    """A key and its value, in a dictionary."""

    key: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Dict(Expression):
    """Entries; where there are none of these but items, it is a set."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`for target in values`, of a comprehension."""

    target: Expression
    values: Expression
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Comprehension(Expression):
    """`item for ... in ...`: the one item of a list, of a dictionary, or of a call's arguments."""

    item: Expression
    loops: tuple[Loop, ...]
    level: ClassVar[int] = COMPARE


@dataclass(frozen=True, slots=True)
class Lambda(Expression):
    arguments: tuple[str, ...]
    value: Expression
    level: ClassVar[int] = COMPARE


class Statement:
    """Anything that is done."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Assign(Statement):
    """`a = b = value`; `operator`: that of `a += value`."""

    targets: tuple[Expression, ...]
    value: Expression
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Return(Statement):
    value: Expression


@dataclass(frozen=True, slots=True)
class Do(Statement):
    """A value is computed for what that does."""

    value: Expression


@dataclass(frozen=True, slots=True, order=True)
class Import(Statement):
    """A module, or names of it."""

    module: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assert(Statement):
    condition: Expression

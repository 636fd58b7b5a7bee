"""Which alternatives of the grammar there are, and by which of them a text was read: for tests that count."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from lark import Lark, Token

from flowc.source import Source
from flowc.syntax.build_expressions import Children
from flowc.syntax.machine import grammar, options


def alternatives() -> tuple[str, ...]:
    """All of them, as `header: FLOW NAME STRING`; helpers of the grammar (`_sep`) are left out."""
    return tuple(rule for rule in dict.fromkeys(map(_spell_alternative, _make_reader().rules)) if rule[0] != "_")


def read_by(source: Source) -> set[str]:
    """The alternatives by which a valid source was read."""
    reader = _make_reader()
    reader.met.clear()
    reader.parse(source.text)
    return {rule for rule in reader.met if rule[0] != "_"}


class _Noting(Lark):
    """A parser that builds nothing, and notes each alternative it reduces by."""

    def __init__(self) -> None:
        super().__init__(grammar(), **options())
        self.met: set[str] = set()
        callbacks: dict[Any, Callable[[Children], Token]] = self.parser.parser.parser.callbacks
        for rule in callbacks:
            callbacks[rule] = self._note_rule(_spell_alternative(rule))

    def _note_rule(self, rule: str) -> Callable[[Children], Token]:
        def reduced(children: Children) -> Token:
            self.met.add(rule)
            return Token("VALUE", "")

        return reduced


@cache
def _make_reader() -> _Noting:
    return _Noting()


def _spell_alternative(rule: Any) -> str:
    """`header: FLOW NAME STRING`, with the name that an alternative has."""
    name = f"{rule.origin.name} {rule.alias}" if rule.alias else rule.origin.name
    return f"{name}: {' '.join(symbol.name for symbol in rule.expansion)}"

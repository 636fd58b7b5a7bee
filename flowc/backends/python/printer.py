"""Steps to lines of Python: names, what is written inside what, comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.spelling import Spelling
from flowc.maths.ascii import plain
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Add, Deltas, Multiply
from flowc.program.phases import ALL, steps_in
from flowc.records import Record
from flowc.source import Source, Span

TERMS = 200  # of one sum in one statement; Python itself fails at 3000


class Line(Record):
    """`name = expression`, and the step it comes from."""

    name: str
    expression: Expression
    step: Step

    @property
    def assignment(self) -> t.Assign:
        return assign(e.atom(self.name), self.expression)


class Names(Protocol):
    """What symbols are called."""

    def __getitem__(self, symbol: Symbol, /) -> str: ...


class Printer:
    """Prints steps in one function. `atoms` overrides how given symbols are spelled (`self.W`)."""

    def __init__(self, names: Names, spelling: Spelling, atoms: Mapping[Symbol, str] | None = None):
        self.names = names
        self.spelling = spelling
        self.texts: dict[Symbol, Expression] = {s: e.atom(t) for s, t in (atoms or {}).items()}

    def value(self, arg: Arg) -> Expression:
        """A number, the name of a value, or the formula of a part."""
        if not isinstance(arg, Symbol):
            return self.spelling.number(arg)
        text = self.texts.get(arg)
        return text if text is not None else e.atom(self.names[arg])

    def lines(self, steps: Sequence[Step], hidden: Iterable[Arg]) -> list[Line]:
        """A line for every step that is not `hidden` inside another."""
        inside = set(hidden)
        lines: list[Line] = []
        self.spelling.learning = any(isinstance(step.op, Deltas) for step in steps)
        for step in steps:
            args = [self.value(a) for a in step.args]
            if isinstance(step.op, (Add, Multiply)) and len(args) > TERMS:
                lines += self._split_sum(step, args)
                continue
            text = self.spelling.spell_step(step, args)
            if step.symbol in inside:
                self.texts[step.symbol] = text
            else:
                lines.append(Line(self.names[step.symbol], text, step))
        return lines

    def lines_of(self, program: Program, phase: str = ALL) -> list[Line]:
        """The lines of a program that passes have made, or of one phase of it."""
        return self.lines(steps_in(program, phase), program.notes.inside)

    def _split_sum(self, step: Step, args: list[Expression]) -> list[Line]:
        """A sum in several statements, in the same order."""
        name = self.names[step.symbol]
        variable = e.atom(name)
        lines = []
        for start in range(0, len(args), TERMS):
            some, terms = args[start : start + TERMS], step.args[start : start + TERMS]
            op = Add(step.op.signs[start : start + TERMS]) if isinstance(step.op, Add) else step.op
            if start:
                some, terms = [variable, *some], (step.symbol, *terms)
                op = Add((1, *op.signs)) if isinstance(op, Add) else op
            part = replace(step, op=op, args=terms, comment=step.comment if not start else None)
            lines.append(Line(name, self.spelling.spell_step(part, some), part))
        return lines


class Comments:
    """What stands behind a line: the author's words first, then the place in the `.flow` file, each once."""

    def __init__(self, source: Source):
        self.source = source
        self.file = plain(source.file_name)
        self._said: set[tuple[str, int]] = set()
        self._placed: set[str] = set()

    def of(self, lines: Sequence[Line]) -> list[str]:
        """For every line its comment, or ""."""
        last: dict[tuple[str | None, Span], int] = {}
        for i, line in enumerate(lines):
            if line.step.comment:
                last[line.step.comment, line.step.span] = i
        return [
            self._comment_on(line.step, last.get((line.step.comment, line.step.span)) == i) for i, line in enumerate(lines)
        ]

    def _comment_on(self, step: Step, words: bool) -> str:
        parts = []
        if words and step.comment and plain(step.comment):
            parts.append(plain(step.comment))
        owner = step.symbol.owner
        if owner and owner not in self._placed and step.span.end:
            self._placed.add(owner)
            parts.append(self.place(step.span))
        return f"{parts[0]} ({parts[1]})" if len(parts) == 2 else "".join(parts)

    def place(self, span: Span) -> str:
        return f"{self.file}:{self.source.position(span.start)[0]}"


def assignments(lines: Sequence[Line], comments: Comments | None = None) -> list[t.Statement]:
    """The lines as statements, with comments if they are wanted."""
    remarks = comments.of(lines) if comments else [""] * len(lines)
    return [t.Noted(line.assignment, words) if words else line.assignment for line, words in zip(lines, remarks, strict=True)]


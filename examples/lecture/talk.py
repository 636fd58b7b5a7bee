"""A talk: slides, and what stands on them. Words are ours; all else is made by flowc from a diagram."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flowc

HERE = Path(__file__).parent


def diagram(name: str) -> flowc.Flow:
    """A diagram of this lecture, or of the examples beside it."""
    own = HERE / f"{name}.flow"
    return flowc.load(own if own.exists() else HERE.parent / f"{name}.flow")


@dataclass(frozen=True)
class Words:
    """Paragraphs, and lines that begin with `- `, which are a list. Between dollars is mathematics, between backticks code."""

    text: str


@dataclass(frozen=True)
class Picture:
    """A diagram as `flowc draw` draws it. `steps`: of learning, that its weights have had."""

    flow: str
    options: dict[str, Any] = field(default_factory=dict)
    steps: int = 0

    def draw(self, format: str) -> str:
        opened = diagram(self.flow)
        learnt = {"weights": opened.train(steps=self.steps).weights} if self.steps else {}
        text: str = flowc.render(opened, format, **learnt, **self.options)
        return text


@dataclass(frozen=True)
class Equations:
    """A part of the equations of a diagram, as `flowc equations` prints them."""

    flow: str
    part: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Code:
    """A part of what `flowc compile` prints: a function, or a class, of that its head and these methods, if any are named."""

    flow: str
    part: str
    options: dict[str, Any] = field(default_factory=dict)
    methods: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        text = diagram(self.flow).compile(**self.options).part_of_source(self.part)
        return _methods_of(text, self.methods) if self.methods else text


def _methods_of(text: str, names: tuple[str, ...]) -> str:
    """The head of a class and some of its methods."""
    (code,) = ast.parse(text).body
    assert isinstance(code, ast.ClassDef)
    lines = text.splitlines()
    methods = [part for part in code.body if isinstance(part, ast.FunctionDef)]
    parts = [lines[: methods[0].lineno - 1], *(lines[m.lineno - 1 : m.end_lineno] for m in methods if m.name in names)]
    return "\n\n".join("\n".join(part).rstrip() for part in parts) + "\n"


@dataclass(frozen=True)
class Source:
    """The text of a diagram."""

    flow: str

    @property
    def text(self) -> str:
        return diagram(self.flow).network.source.text


@dataclass(frozen=True)
class Curves:
    """A plot, as `flowc plot` draws it."""

    flow: str
    kind: str
    names: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


Block = Words | Picture | Equations | Code | Source | Curves


@dataclass(frozen=True)
class Slide:
    """`beside`: what stands in a second column, and which share of the width it has."""

    title: str
    blocks: tuple[Block, ...]
    beside: tuple[Block, ...] = ()
    share: float = 0.5


@dataclass(frozen=True)
class Section:
    title: str
    slides: tuple[Slide, ...]

"""Texts that are almost right never end in anything but a network or diagnostics with places in the text."""

import random
import re
from pathlib import Path

import pytest

from flowc.diagnostics.error import FlowError
from flowc.graph.build import build
from flowc.source import Source
from flowc.syntax.parser import parse

BAD = Path(__file__).parent.parent / "bad" / "graph"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(BAD.glob("*.flow"))]
TOKENS = re.compile(r"\s+|\w+|\.\.|->|.")


def kind(token: str) -> int:
    return (
        0
        if token.isspace()
        else 1
        if token[0].isdigit()
        else 2
        if token[0].isalpha()
        else 3
        if token in "+-*/@^"
        else 4
    )


def mutated(choose: random.Random) -> str:
    tokens = TOKENS.findall(choose.choice(TEXTS))
    for _ in range(choose.randint(1, 3)):
        place = choose.randrange(len(tokens))
        pool = tokens if choose.random() < 0.7 else TOKENS.findall(choose.choice(TEXTS))
        tokens[place] = choose.choice([t for t in pool if kind(t) == kind(tokens[place])] or ["x"])
    return "".join(tokens)


@pytest.mark.parametrize("seed", range(8))
def test_no_other_exception(seed: int) -> None:
    choose = random.Random(seed)
    for _ in range(100):
        source = Source("test.flow", mutated(choose))
        try:
            tree = parse(source)
        except FlowError:
            continue
        try:
            build(tree, source)
        except FlowError as error:
            assert all(0 <= p.span.start <= p.span.end <= len(source.text) for p in error.diagnostics)

"""The strategies draw the whole language: every alternative of the grammar, every form of the tree, every record."""

from __future__ import annotations

from typing import Any

import pytest

import flowc
from flowc.diagnostics.error import FlowError
from flowc.testing.census import Census
from flowc.testing.choices import Random
from flowc.testing.make import make

BUDGET = 1000

# What no valid diagram holds, with a text that does.
REFUSED = {
    ("grammar", "start: "): "",
    ("grammar", "start: _sep"): ";",
    ("grammar", "arrows: ends __arrows_plus_5"): "input x\noutput f\nx -> f\n",
    ("tree", "Arrows without carried"): "input x\noutput f\nx -> f\n",
}


def test_everything_is_drawn() -> None:
    census = Census()
    for seed in range(BUDGET):
        small: dict[str, Any] = {"most_nodes": 1, "most_inputs": 1, "loss": False} if seed % 3 == 0 else {}
        diagram = make(Random(seed), without=(), rarity=5, scalars=seed % 7 == 0, exact=seed % 5 == 0, **small)
        census.add(diagram.text, diagram.load().network)
        if seed % 20 == 0 and {*census.never()} == {*REFUSED}:
            break
    assert [key for key in census.never() if key not in REFUSED] == []


@pytest.mark.parametrize("text", sorted(set(REFUSED.values())))
def test_what_is_not_drawn_is_no_diagram(text: str) -> None:
    with pytest.raises(FlowError):
        flowc.loads(text)

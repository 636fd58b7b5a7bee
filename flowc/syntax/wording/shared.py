"""What the rules look at: parts of the line around a mistake.

A rule is a function from a mistake to (code, message, hint), or to None where it has nothing to say.
"""

from __future__ import annotations

from flowc.syntax.wording.mistake import Mistake

Said = tuple[str, str, str] | None


DECLARING = ("INPUT", "TARGET", "NODE", "OUTPUT")


def example(keyword: str) -> str:
    return {
        "flow": 'as `flow xor "The exclusive or"`', "index": "as `index D = 4`", "input": "as `input x1, x2`",
        "target": "as `target y`", "node": "as `node h[3] : tanh`", "nodes": 'as `nodes "nodes.csv"`',
        "edges": 'as `edges "edges.csv"`', "output": "as `output f : step`",
        "weight": "as `weight w = 0.5`", "loss": "as `loss mse(f, y)`", "data": 'as `data "iris.csv"`',
        "train": "as `train gd(rate=0.1, steps=100)`",
    }[keyword]  # fmt: skip


def shown(m: Mistake) -> str:
    return m.word if m.word not in ("(", "[") else m.word + "…"


def rest_of_line(m: Mistake, token: int) -> str:
    """The line from one of its tokens on."""
    start = m.line.start + (m.tokens[token].start_pos or 0)
    return m.source.text[start : m.line.end].partition("#")[0].strip()


def rest(m: Mistake) -> str:
    """What follows the offending text up to a comment."""
    return m.source.text[m.span.end : m.line.end].partition("#")[0].strip() or "…"

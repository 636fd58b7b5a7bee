"""The words that begin a statement: a record each, from which grammar, messages, colours and property tests follow.

A keyword is soft: it is one as the first word of a statement alone, and not before "->", ",", "=" or "[".
"""

from __future__ import annotations

from typing import Literal

from flowc.records import Record


class Keyword(Record):
    """`example`: a statement, as messages show it. `synonyms`: what people write in its place. `follows`: what stands behind
    it, for those who colour it: a name of the diagram, declared nodes with activations, a method, data in braces, or anything.
    """

    word: str
    example: str
    synonyms: tuple[str, ...] = ()
    follows: Literal["anything", "name", "nodes", "method", "data"] = "anything"


KEYWORDS: dict[str, Keyword] = {
    k.word: k
    for k in (
        Keyword("flow", 'flow xor "The exclusive or"', ("network", "graph", "model", "digraph"), "name"),
        Keyword("index", "index D = 4", ("size", "range")),
        Keyword("input", "input x1, x2", ("inputs",), "nodes"),
        Keyword("target", "target y", ("label", "labels", "targets"), "nodes"),
        Keyword("node", "node h[3] : tanh", ("hidden", "neuron", "unit", "layer"), "nodes"),
        Keyword("nodes", 'nodes "nodes.csv"', ("nodelist",)),
        Keyword("output", "output f : step", ("outputs",), "nodes"),
        Keyword("weight", "weight w = 0.5", ("param", "parameter", "parameters", "bias", "weights", "const")),
        Keyword("edges", 'edges "edges.csv"', ("edge", "edgelist")),
        Keyword("loss", "loss mse(f, y)", ("cost", "minimize", "objective")),
        Keyword("data", 'data "iris.csv"', ("dataset", "table"), "data"),
        Keyword("train", "train gd(rate=0.1, steps=100)", ("optimizer", "fit", "learn"), "method"),
    )
}
SYNONYMS = {synonym: keyword.word for keyword in KEYWORDS.values() for synonym in keyword.synonyms}


def terminals() -> str:
    """What the words are in the grammar: a terminal each, which may be a statement's first name too."""
    lines = [f'{word.upper()}: "{word}"' for word in KEYWORDS]
    return "\n".join([*lines, f"%extend first: {' | '.join(word.upper() for word in KEYWORDS)}", ""])

"""How well a net does: which share of the tokens it puts into the right class, and which classes it takes for which."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowc.graph.class_outputs import Classes, classified
from flowc.graph.network import Network
from flowc.records import Record

Array = np.ndarray


class Score(Record, eq=False):
    """`confusion[i, j]` counts the tokens of class i that the output puts into class j."""

    output: str
    target: str
    classes: tuple[str, ...]
    confusion: Array

    @property
    def right(self) -> int:
        return int(np.trace(self.confusion))

    @property
    def tokens(self) -> int:
        return int(self.confusion.sum())


def score_outputs(network: Network, values: Mapping[str, Array]) -> list[Score]:
    """One for each output that puts tokens into classes. `values`: of outputs and targets by name."""
    return [
        Score(c.output.name, c.target.name, c.names, _confusion_matrix(c, values[c.output.name], values[c.target.name]))
        for c in classified(network)
        if c.output.name in values and c.target.name in values
    ]


def _confusion_matrix(classes: Classes, found: Array, wanted: Array) -> Array:
    rows, columns = _class_places(classes, wanted), _class_places(classes, found)
    count = len(classes.names)
    return np.bincount(rows * count + columns, minlength=count**2).reshape(count, count)


def _class_places(classes: Classes, array: Array) -> Array:
    """The class of each token; of several elements that are largest it is the first."""
    return array.argmax(axis=1) if classes.many else (array >= classes.middle).astype(int)

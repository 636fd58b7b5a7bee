"""Many steps of learning at once, in C that flowc has printed: `flowc.backends.c.descent` says what stands in it.

Such a text has a function `descend`, and says in `signature`, as JSON, what it takes: {"data": names, "weights": [[name, shape],
...], "notes": how many numbers the method keeps of each weight}.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from flowc.execution.native import address, compiled, lock_of

Array = np.ndarray
After = tuple[dict[str, Array], dict[str, tuple[Array, ...]]]  # the weights, and what the method keeps of each


class NativeDescent:
    """`data`: inputs and targets by name, (n, *shape), which are copied where they are no doubles, row by row."""

    def __init__(self, source: str, data: Mapping[str, Array]):
        library = compiled(source)
        signature = json.loads(ctypes.string_at(library.signature))
        self._data = [np.ascontiguousarray(data[name], np.float64) for name in signature["data"]]
        self._shapes = {name: tuple(shape) for name, shape in signature["weights"]}
        self._notes: int = signature["notes"]
        self.count = sum(map(prod, self._shapes.values()))
        self._function = library.descend
        self._function.restype = ctypes.c_size_t
        self._function.argtypes = (*(ctypes.c_size_t,) * 3, *(ctypes.c_void_p,) * 2, ctypes.c_size_t, *(ctypes.c_void_p,) * 3)
        self._lock = lock_of(library)

    def take(
        self, weights: Mapping[str, Any], memory: Mapping[str, tuple[Any, ...]], step: int,
        batches: Sequence[Sequence[int]], rates: Sequence[float],
    ) -> tuple[list[float], list[After]]:  # fmt: skip
        """The steps of these batches, all of one size, from number `step` on (from 0): the loss of each, and what is there after
        it; fewer where a loss is not finite, which is then the last, and has nothing after it."""
        steps, size = len(batches), len(batches[0])
        rows, notes = np.empty((steps + 1, self.count)), np.empty((steps + 1, self.count, self._notes))
        rows[0] = np.concatenate([np.ravel(weights[name]) for name in self._shapes])
        for place in range(self._notes):
            notes[0, :, place] = np.concatenate([np.ravel(memory[name][place]) for name in self._shapes])
        together = all(isinstance(batch, range) for batch in batches)  # all tokens, in every step
        data = self._data if together else [array[np.concatenate(batches)] for array in self._data]
        factors, losses = np.array(rates, np.float64), np.empty(steps)
        addresses = (ctypes.c_void_p * len(data))(*map(address, data))
        with self._lock:
            count = self._function(
                steps, size, 0 if together else size, addresses, address(factors), step + 1, *map(address, (rows, notes, losses))
            )
        return losses[: min(count + 1, steps)].tolist(), self._by_step(rows[1 : count + 1], notes[1 : count + 1])

    def _by_step(self, rows: Array, notes: Array) -> list[After]:
        """What is there after each step, as parts of the arrays of all."""
        steps = len(rows)
        columns, memories, first = {}, {}, 0
        for name, shape in self._shapes.items():
            part = slice(first, first + prod(shape))
            columns[name] = rows[:, part].reshape(steps, *shape)
            memories[name] = [notes[:, part, place].reshape(steps, *shape) for place in range(self._notes)]
            first = part.stop
        if not self._notes:
            nothing: dict[str, tuple[Array, ...]] = dict.fromkeys(self._shapes, ())
            return [({name: column[k] for name, column in columns.items()}, nothing) for k in range(steps)]
        return [
            (
                {name: column[k] for name, column in columns.items()},
                {name: tuple(part[k] for part in parts) for name, parts in memories.items()},
            )
            for k in range(steps)
        ]

"""Where learning stands, as bytes: a safetensors file that holds weights, what the method keeps, the best so far.

The order of tokens needs no place in it: it follows from the seed and the number of the step. `facts` say what the
checkpoint belongs to; one of another diagram, of other data or of another method is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowc.learning.loop import State
from flowc.learning.stopping import Best

Array = np.ndarray
FORMAT = "flowc checkpoint 1"
KEY = "flowc"
WAYS_OUT = {
    "diagram": "it is of another diagram, or of this one before it was changed",
    "method": "it was written while learning by another method, or with other settings",
    "data": "it was written while learning from other data",
    "dtype": "it was written while learning in another precision",
}


class BadCheckpoint(Exception):
    """The message is a sentence about the file, without its name."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    state: State
    best: Best | None
    facts: Mapping[str, str]


def written(checkpoint: Checkpoint, back: Callable[[Any], Array]) -> bytes:
    """`back` makes numpy arrays of the library's."""
    from safetensors.numpy import save

    tensors = _tensors("", checkpoint.state, back)
    said: dict[str, Any] = {"format": FORMAT, "step": checkpoint.state.step, **checkpoint.facts}
    if checkpoint.best:
        tensors |= _tensors("best ", checkpoint.best.state, back)
        best = {"loss": checkpoint.best.loss, "step": checkpoint.best.state.step, "waited": checkpoint.best.waited}
        said["best"] = best
    return save(tensors, {KEY: json.dumps(said)})  # of several keys the order would change from run to run


def _tensors(prefix: str, state: State, back: Callable[[Any], Array]) -> dict[str, Array]:
    tensors = {f"{prefix}weight {name}": back(w) for name, w in state.weights.items()}
    tensors |= {f"{prefix}{k} {name}": back(a) for name, kept in state.kept.items() for k, a in enumerate(kept)}
    return {name: np.ascontiguousarray(a).reshape(a.shape) for name, a in tensors.items()}


def read(data: bytes, begin: State, facts: Mapping[str, str], own: Callable[[Array], Any]) -> Checkpoint:
    """The checkpoint, which is one of such facts, with the arrays that `begin` has. Raises BadCheckpoint."""
    tensors, said = _parsed(data)
    for fact, value in facts.items():
        if said.get(fact) != value:
            raise BadCheckpoint(WAYS_OUT[fact])
    try:
        state = _state("", int(said["step"]), begin, tensors, own)
        best = None
        if "best" in said:
            found = said["best"]
            kept = _state("best ", int(found["step"]), begin, tensors, own)
            best = Best(float(found["loss"]), kept, int(found["waited"]))
    except (KeyError, ValueError, TypeError, OverflowError):
        raise BadCheckpoint("it is damaged") from None
    return Checkpoint(state, best, facts)


def _parsed(data: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        size = int.from_bytes(data[:8], "little")
        metadata = json.loads(data[8 : 8 + size]).get("__metadata__", {})
        said = json.loads(metadata.get(KEY, "{}"))
    except (SafetensorError, KeyError, ValueError, AttributeError, RecursionError):  # KeyError: a type not of numpy's
        raise BadCheckpoint("it is no checkpoint") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BadCheckpoint("it is no checkpoint of flowc; `--weights` reads learnt weights")
    return tensors, said


def _state(prefix: str, step: int, begin: State, tensors: Mapping[str, Array], own: Callable[[Array], Any]) -> State:
    """Raises KeyError, ValueError."""
    if step < 0:
        raise ValueError
    weights = {name: own(_like(w, tensors[f"{prefix}weight {name}"])) for name, w in begin.weights.items()}
    kept = {
        name: tuple(own(_like(a, tensors[f"{prefix}{k} {name}"])) for k, a in enumerate(arrays))
        for name, arrays in begin.kept.items()
    }
    return State(step, weights, kept)


def _like(expected: Any, found: Array) -> Array:
    if tuple(expected.shape) != found.shape:
        raise ValueError
    return found

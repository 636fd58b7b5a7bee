"""Where learning stands, as bytes: a safetensors file that holds weights, what the method keeps, the best so far.

The order of tokens needs no place in it: it follows from the seed and the number of the step. `facts` say what the
checkpoint belongs to; one of another diagram, of other data or of another method is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowc.learning import tensors
from flowc.learning.loop import State
from flowc.learning.stopping import Best

Array = np.ndarray
FORMAT = "flowc checkpoint 1"
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
    arrays = _arrays("", checkpoint.state, back)
    said: dict[str, Any] = {"format": FORMAT, "step": checkpoint.state.step, **checkpoint.facts}
    if checkpoint.best:
        arrays |= _arrays("best ", checkpoint.best.state, back)
        best = {"loss": checkpoint.best.loss, "step": checkpoint.best.state.step, "waited": checkpoint.best.waited}
        said["best"] = best
    return tensors.written(arrays, said)


def lasting(state: State, back: Callable[[Any], Array]) -> bool:
    """Whether learning can go on from a state: its numbers are finite."""
    return all(np.isfinite(a).all() for a in _arrays("", state, back).values())


def _arrays(prefix: str, state: State, back: Callable[[Any], Array]) -> dict[str, Array]:
    found = {f"{prefix}weight {name}": back(w) for name, w in state.weights.items()}
    return found | {f"{prefix}{k} {name}": back(a) for name, kept in state.kept.items() for k, a in enumerate(kept)}


def read(data: bytes, begin: State, facts: Mapping[str, str], own: Callable[[Array], Any]) -> Checkpoint:
    """The checkpoint, which is one of such facts, with the arrays that `begin` has. Raises BadCheckpoint."""
    arrays, said = _parsed(data)
    for fact, value in facts.items():
        if said.get(fact) != value:
            raise BadCheckpoint(WAYS_OUT[fact])
    try:
        state = _state("", int(said["step"]), begin, arrays, own)
        best = None
        if "best" in said:
            found = said["best"]
            kept = _state("best ", int(found["step"]), begin, arrays, own)
            best = Best(float(found["loss"]), kept, int(found["waited"]))
    except (KeyError, ValueError, TypeError, OverflowError):
        raise BadCheckpoint("it is damaged") from None
    return Checkpoint(state, best, facts)


def _parsed(data: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays, said = load(data), tensors.said(data)
    except (SafetensorError, KeyError, ValueError):  # KeyError: a type not of numpy's
        raise BadCheckpoint("it is no checkpoint") from None
    if said.get("format") != FORMAT:
        raise BadCheckpoint("it is no checkpoint of flowc; `--weights` reads learnt weights")
    return arrays, said


def _state(prefix: str, step: int, begin: State, arrays: Mapping[str, Array], own: Callable[[Array], Any]) -> State:
    """Raises KeyError, ValueError, BadCheckpoint."""
    if step < 0:
        raise ValueError

    def taken(key: str, expected: Any) -> Any:
        if tuple(expected.shape) != arrays[key].shape:
            raise ValueError
        return own(_numbers(key, arrays[key]))

    weights = {name: taken(f"{prefix}weight {name}", w) for name, w in begin.weights.items()}
    kept = {
        name: tuple(taken(f"{prefix}{k} {name}", a) for k, a in enumerate(those)) for name, those in begin.kept.items()
    }
    return State(step, weights, kept)


def _numbers(key: str, array: Array) -> Array:
    """Raises BadCheckpoint for an array from which learning cannot go on."""
    if array.dtype.kind != "f":
        raise BadCheckpoint(f"it is damaged: its `{key}` holds {array.dtype}, not floating-point numbers")
    if not np.isfinite(array).all():
        raise BadCheckpoint(f"its `{key}` holds numbers that are not finite")
    return array

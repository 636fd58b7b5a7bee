"""Where learning stands, as bytes: a safetensors file that holds weights, what the method keeps, the best so far.

The order of tokens needs no place in it: it follows from the seed and the number of the step. `facts` say what the
checkpoint belongs to; one of another diagram, of other data or of another method is refused. Their "details", by fact texts
by name, are for the message that says what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from flowc.data.column_table import shown
from flowc.learning import tensors
from flowc.learning.loop import State
from flowc.learning.stopping import Best
from flowc.records import Record

Array = np.ndarray
FORMAT = "flowc checkpoint 1"
MOST_STEPS = 2**53
MOST_TOLD = 4  # differences in a message
WAYS_OUT = {
    "diagram": "it is of another diagram, or of this one before it was changed",
    "method": "it was written while learning by another method, or with other settings",
    "data": "it was written while learning from other data",
    "dtype": "it was written while learning in another precision",
}


class BadCheckpoint(Exception):
    """The message is a sentence about the file, without its name."""


class Checkpoint(Record):
    state: State
    best: Best | None
    facts: Mapping[str, Any]


def checkpoint_bytes(checkpoint: Checkpoint, back: Callable[[Any], Array]) -> bytes:
    """`back` makes numpy arrays of the library's."""
    arrays = _state_arrays("", checkpoint.state, back)
    metadata: dict[str, Any] = {"format": FORMAT, "step": checkpoint.state.step, **checkpoint.facts}
    if checkpoint.best:
        arrays |= _state_arrays("best ", checkpoint.best.state, back)
        best = {"loss": checkpoint.best.loss, "step": checkpoint.best.state.step, "waited": checkpoint.best.waited}
        metadata["best"] = best
    return tensors.tensor_bytes(arrays, metadata)


def can_go_on(state: State, back: Callable[[Any], Array]) -> bool:
    """Whether learning can go on from a state: its numbers are finite."""
    return all(np.isfinite(a).all() for a in _state_arrays("", state, back).values())


def _state_arrays(prefix: str, state: State, back: Callable[[Any], Array]) -> dict[str, Array]:
    arrays = {f"{prefix}weight {name}": back(w) for name, w in state.weights.items()}
    return arrays | {f"{prefix}{k} {name}": back(a) for name, memory in state.memory.items() for k, a in enumerate(memory)}


def of_checkpoint(data: bytes) -> bool:
    """Whether the bytes are of a checkpoint, of whatever diagram."""
    try:
        return tensors.read_metadata(data).get("format") == FORMAT
    except ValueError:
        return False


def steps_in(data: bytes) -> int:
    """How many steps the run of a checkpoint has made; 0 where it does not say. Raises ValueError where it is none."""
    steps = tensors.read_metadata(data).get("step")
    return steps if type(steps) is int and 0 <= steps <= MOST_STEPS else 0


def read_checkpoint(data: bytes, begin: State, facts: Mapping[str, Any], own: Callable[[Array], Any]) -> Checkpoint:
    """The checkpoint, which is one of such facts, with the arrays that `begin` has. Raises BadCheckpoint."""
    arrays, metadata = _parse_checkpoint(data)
    for fact, why in WAYS_OUT.items():
        if metadata.get(fact) != facts.get(fact) and fact in facts:
            raise BadCheckpoint(f"{why}{fact_differences(_details_of(metadata, fact), _details_of(facts, fact))}")
    best = metadata.get("best")
    expected = _state_arrays("", begin, lambda a: a)
    expected |= _state_arrays("best ", begin, lambda a: a) if best is not None else {}
    if set(arrays) != set(expected):
        odd = min(set(arrays) ^ set(expected))
        raise BadCheckpoint(f"it is damaged: {shown(odd)} {'belongs to nothing' if odd in arrays else 'is missing'}")
    for key, array in arrays.items():
        _check_numbers(key, array, tuple(expected[key].shape))
    state = _restore_state("", _step_count(metadata, "step"), begin, arrays, own)
    if best is None:
        return Checkpoint(state, None, facts)
    if not isinstance(best, dict) or type(best.get("loss")) is not float:
        raise BadCheckpoint("it is damaged: the best of it has no loss")
    best_state = _restore_state("best ", _step_count(best, "step"), begin, arrays, own)
    return Checkpoint(state, Best(best["loss"], best_state, _step_count(best, "waited")), facts)


def _details_of(facts: Mapping[str, Any], fact: str) -> Any:
    details = facts.get("details")
    return details.get(fact) if isinstance(details, Mapping) else None


def fact_differences(there: Any, here: Any) -> str:
    """`: `rate` is `0.1` there and `0.2` here`; "" where either is no texts by name, or they are the same."""
    if not all(isinstance(texts, Mapping) and all(isinstance(t, str) for t in texts.values()) for texts in (there, here)):
        return ""
    names = [name for name in dict.fromkeys([*here, *there]) if there.get(name) != here.get(name)]
    told = [f"{shown(name)} is {_tell_fact(there, name)} there and {_tell_fact(here, name)} here" for name in names[:MOST_TOLD]]
    return f": {', '.join(told)}{', …' if len(names) > MOST_TOLD else ''}" if told else ""


def _tell_fact(texts: Mapping[str, str], name: str) -> str:
    return shown(texts[name]) if name in texts else "not given"


def _parse_checkpoint(data: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors.read_headers(data)
        arrays, metadata = load(data), tensors.read_metadata(data)
    except (SafetensorError, KeyError, ValueError, OverflowError):  # KeyError: a type not of numpy's
        raise BadCheckpoint("it is no checkpoint") from None
    if metadata.get("format") != FORMAT:
        raise BadCheckpoint("it is no checkpoint of flowc; `--weights` reads learnt weights")
    return arrays, metadata


def _step_count(said: Mapping[str, Any], name: str) -> int:
    """Raises BadCheckpoint where it is no number of steps."""
    steps = said.get(name)
    if type(steps) is not int or not 0 <= steps <= MOST_STEPS:
        raise BadCheckpoint(f"it is damaged: its `{name}` is {shown(str(steps))}, no number of steps")
    return steps


def _restore_state(prefix: str, step: int, begin: State, arrays: Mapping[str, Array], own: Callable[[Array], Any]) -> State:
    weights = {name: own(arrays[f"{prefix}weight {name}"]) for name in begin.weights}
    memory = {n: tuple(own(arrays[f"{prefix}{k} {n}"]) for k in range(len(those))) for n, those in begin.memory.items()}
    return State(step, weights, memory)


def _check_numbers(key: str, array: Array, shape: tuple[int, ...]) -> None:
    """Raises BadCheckpoint for an array from which learning cannot go on."""
    if array.shape != shape:
        raise BadCheckpoint(f"it is damaged: its {shown(key)} has the shape {array.shape}, needs {shape}")
    if array.dtype.kind != "f":
        raise BadCheckpoint(f"it is damaged: its {shown(key)} holds {array.dtype}, not floating-point numbers")
    if not np.isfinite(array).all():
        raise BadCheckpoint(f"its {shown(key)} holds numbers that are not finite")

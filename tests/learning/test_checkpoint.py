"""Checkpoints: what was written comes back to the bit, what does not belong is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import load, save

from flowc.learning.checkpoint import FORMAT, BadCheckpoint, Checkpoint, checkpoint_bytes, read_checkpoint
from flowc.learning.loop import State
from flowc.learning.stopping import best_after
from flowc.learning.tensors import KEY, read_metadata

FACTS = {"diagram": "d", "method": "m", "data": "x", "dtype": "float64"}
W = {"W": np.array([[0.1, 1e-300], [np.pi, -0.0]]), "b": np.array(3.0)}
STATE = State(7, W, {"W": (2 * W["W"], W["W"] ** 2), "b": (np.array(1.0), np.array(2.0))})
ZERO = State(0, {n: 0 * w for n, w in W.items()}, {n: (0 * w, 0 * w) for n, w in W.items()})


def same(a: State, b: State) -> bool:
    arrays = [(s.weights[n], *s.memory[n]) for s in (a, b) for n in W]
    equal = all(
        x.tobytes() == y.tobytes()
        for p, q in zip(arrays[:2], arrays[2:], strict=True)
        for x, y in zip(p, q, strict=True)
    )
    return equal and a.step == b.step


def test_it_comes_back() -> None:
    best = best_after(best_after(None, 0.5, ZERO), 0.7, STATE)
    assert best.waited == 1 and best_after(best, 0.1, STATE).state is STATE
    assert best_after(best, float("nan"), STATE).waited == 2
    first = best_after(None, float("nan"), ZERO)
    assert best_after(first, float("nan"), STATE).waited == 1 and best_after(first, 9.0, STATE).loss == 9.0
    data = checkpoint_bytes(Checkpoint(STATE, best, FACTS), np.asarray)
    assert data == checkpoint_bytes(Checkpoint(STATE, best, FACTS), np.asarray)
    found = read_checkpoint(data, ZERO, FACTS, np.asarray)
    assert same(found.state, STATE) and found.best is not None
    assert same(found.best.state, ZERO) and (found.best.loss, found.best.waited) == (0.5, 1)
    assert read_checkpoint(checkpoint_bytes(Checkpoint(STATE, None, FACTS), np.asarray), ZERO, FACTS, np.asarray).best is None


@pytest.mark.parametrize("fact", FACTS)
def test_another_ones_is_refused(fact: str) -> None:
    data = checkpoint_bytes(Checkpoint(STATE, None, {**FACTS, fact: "other"}), np.asarray)
    with pytest.raises(BadCheckpoint, match="another|other"):
        read_checkpoint(data, ZERO, FACTS, np.asarray)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff" * 100, b"\x02\0\0\0\0\0\0\0{}", b"\x02\0\0\0\0\0\0\0[]", bytes(7)]
)
def test_what_is_no_checkpoint(data: bytes) -> None:
    with pytest.raises(BadCheckpoint, match="no checkpoint"):
        read_checkpoint(data, ZERO, FACTS, np.asarray)


def test_damaged() -> None:
    other = State(7, {**W, "b": np.zeros(2)}, STATE.memory)
    for state in (other, State(7, {"b": W["b"]}, {"b": STATE.memory["b"]})):
        with pytest.raises(BadCheckpoint, match="damaged"):
            read_checkpoint(checkpoint_bytes(Checkpoint(state, None, FACTS), np.asarray), ZERO, FACTS, np.asarray)
    whole = checkpoint_bytes(Checkpoint(STATE, None, FACTS), np.asarray)
    for cut in range(0, len(whole) - 1, 13):
        with pytest.raises(BadCheckpoint):
            read_checkpoint(whole[:cut], ZERO, FACTS, np.asarray)


NO_STEPS = ("Infinity", "-Infinity", "NaN", "-3", "1e300", "7.0", "true", "null", '"7"', "[7]", "{}", "9" * 17, "9" * 400)


@pytest.mark.parametrize("step", NO_STEPS)
def test_a_step_that_is_no_number_of_steps(step: str) -> None:
    arrays = load(checkpoint_bytes(Checkpoint(STATE, best_after(None, 0.5, STATE), FACTS), np.asarray))
    text = json.dumps({**FACTS, "format": FORMAT, "step": 7, "best": {"loss": 0.5, "step": 7, "waited": 8}})
    assert read_checkpoint(save(arrays, {KEY: text}), ZERO, FACTS, np.asarray).best is not None
    for name, number in (("step", 7), ("waited", 8)):
        with pytest.raises(BadCheckpoint, match=f"it is damaged: its `{name}` is .*, no number of steps"):
            changed = text.replace(f'"{name}": {number}', f'"{name}": {step}')
            read_checkpoint(save(arrays, {KEY: changed}), ZERO, FACTS, np.asarray)


@pytest.mark.parametrize("best", ["3", "[]", "{}", '{"loss": "1", "step": 1, "waited": 0}', '{"loss": 1, "step": 1, "waited": 0}'])
def test_a_best_that_is_none(best: str) -> None:
    arrays = load(checkpoint_bytes(Checkpoint(STATE, best_after(None, 0.5, STATE), FACTS), np.asarray))
    text = json.dumps({**FACTS, "format": FORMAT, "step": 7})[:-1] + f', "best": {best}}}'
    with pytest.raises(BadCheckpoint, match="damaged"):
        read_checkpoint(save(arrays, {KEY: text}), ZERO, FACTS, np.asarray)


@pytest.mark.parametrize("said", ["[" * 10**5, "7", "[]", "null", "nonsense", '{"format": 1}', "{}"])
def test_what_says_nothing_of_a_checkpoint(said: str) -> None:
    with pytest.raises(BadCheckpoint, match="no checkpoint"):
        arrays = load(checkpoint_bytes(Checkpoint(STATE, None, FACTS), np.asarray))
        read_checkpoint(save(arrays, {KEY: said}), ZERO, {}, np.asarray)


def test_arrays_that_are_not_its_own() -> None:
    data = checkpoint_bytes(Checkpoint(STATE, None, FACTS), np.asarray)
    arrays, about = load(data), {KEY: json.dumps(read_metadata(data))}
    for odd, words in (
        ({**arrays, "more": np.zeros(1)}, "damaged: `more` belongs to nothing"),
        ({name: a for name, a in arrays.items() if name != "1 b"}, "damaged: `1 b` is missing"),
        ({**arrays, "weight b": np.zeros(2)}, r"damaged: its `weight b` has the shape \(2,\), needs \(\)"),
    ):
        with pytest.raises(BadCheckpoint, match=words):
            read_checkpoint(save(odd, about), ZERO, FACTS, np.asarray)


@pytest.mark.parametrize("key", ["weight W", "1 b", "best weight b", "best 0 W"])
@pytest.mark.parametrize(("value", "message"), [
    (np.nan, "its `KEY` holds numbers that are not finite"),
    (-np.inf, "its `KEY` holds numbers that are not finite"),
    (1, "it is damaged: its `KEY` holds int64, not floating-point numbers"),
])  # fmt: skip
def test_numbers_from_which_learning_cannot_go_on(key: str, value: float, message: str) -> None:
    data = checkpoint_bytes(Checkpoint(STATE, best_after(None, 0.5, STATE), FACTS), np.asarray)
    arrays = load(data)
    arrays[key] = np.full(arrays[key].shape, value)
    with pytest.raises(BadCheckpoint) as error:
        read_checkpoint(save(arrays, {KEY: json.dumps(read_metadata(data))}), ZERO, FACTS, np.asarray)
    assert str(error.value) == message.replace("KEY", key)


def test_of_a_type_that_numpy_has_not() -> None:
    header = b'{"W":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
    with pytest.raises(BadCheckpoint, match="no checkpoint"):
        read_checkpoint(len(header).to_bytes(8, "little") + header + bytes(2), ZERO, {}, np.asarray)


@pytest.mark.parametrize(("there", "message"), [
    ({"rate": "1", "seed": "0"}, "settings: `rate` is `1` there and `2` here, `batch` is not given there and `3` here, `seed` is `0` there and not given here"),
    ({"rate": "2", "batch": "3"}, "settings"), ({"rate": 1}, "settings"), ([], "settings"), (None, "settings"),
    ({"rate": "9" * 5000, "batch": "3"}, f"settings: `rate` is `{'9' * 40}…` there and `2` here"),
    ({f"a{k}": "\x1b" for k in range(9)}, "settings: `rate` is not given there and `2` here, `batch` is not given there and `3` here, `a0` is `␛` there and not given here, `a1` is `␛` there and not given here, …"),
])  # fmt: skip
def test_what_differs_is_said(there, message: str) -> None:
    """As far as the file says it: it may be anyone's."""
    data = checkpoint_bytes(Checkpoint(STATE, None, {**FACTS, "method": "other", "details": {"method": there}}), np.asarray)
    with pytest.raises(BadCheckpoint) as error:
        read_checkpoint(data, ZERO, {**FACTS, "details": {"method": {"rate": "2", "batch": "3"}}}, np.asarray)
    assert str(error.value).endswith(f"with other {message}")

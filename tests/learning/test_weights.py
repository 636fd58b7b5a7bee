"""Weights in files: what was written comes back, what is not a weight of the diagram is refused before it is read."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save
from safetensors.torch import save as torch_save

import flowc
from flowc.learning.weights import BadWeights, read_weights, write_weights

TEXT = "flow net\ninput x[3]\noutput f[2], g[2]\nweight k[2,2] = 0.1\nx -> f : W ~\n1 -> f : b ~\nf -> g : k\n"
NET = flowc.loads(TEXT).network
W = {"W": np.arange(6.0).reshape(2, 3) / 7, "b": np.array([1e-300, -0.0])}
K = np.full((2, 2), 0.1)


def test_they_come_back() -> None:
    data = write_weights(W, {"diagram": "net"})
    assert data == write_weights({"b": W["b"], "W": np.asfortranarray(W["W"])}, {"diagram": "net"})
    found = read_weights(NET, data)
    assert list(found) == ["W", "b"] and all(found[n].tobytes() == w.tobytes() for n, w in W.items())


def test_the_bytes_do_not_depend_on_the_order_of_hashes() -> None:
    facts = {key: "x" for key in "abcdefgh"}
    assert write_weights(W, facts) == write_weights(W, dict(reversed(facts.items())))
    header = json.loads(write_weights(W, {"diagram": "net"})[8:].partition(b"}}")[0] + b"}}")
    assert json.loads(header["__metadata__"]["flowc"]) == {"diagram": "net"}


def test_any_reader_reads_them() -> None:
    scalar = {"w": np.array(0.5), "turned": np.arange(6.0).reshape(2, 3).T}
    found = load(write_weights(scalar, {}))
    assert found["w"].shape == () and found["turned"].tolist() == scalar["turned"].tolist()


@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_other_precisions(kind: torch.dtype) -> None:
    tensors = {name: torch.tensor(w).to(kind) for name, w in W.items()}
    found = read_weights(NET, torch_save(tensors))
    assert all(np.array_equal(found[n], t.double().numpy()) for n, t in tensors.items())
    assert all(array.dtype == np.float64 for array in found.values())


@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_a_fixed_weight_may_be_there_with_its_own_value(kind: torch.dtype) -> None:
    tensors = {name: torch.tensor(w).to(kind) for name, w in {**W, "k": K}.items()}
    assert list(read_weights(NET, torch_save(tensors))) == ["W", "b"]
    tensors["k"][0, 1] *= 1.02
    with pytest.raises(BadWeights, match=r"the diagram fixes the weight `k` \(`=`\) at another value"):
        read_weights(NET, torch_save(tensors))


def file(header: object, numbers: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def entry(kind: object = "F64", shape: object = (2, 3), first: int = 0, end: int = 48) -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": [first, end]}


B = entry(shape=[2], first=48, end=64)
NO, DAMAGED = "it is no safetensors file: ", "it is damaged"
PLACE = f"{NO}its header does not say type, shape and place of `W`"
CUT, NO_JSON, METADATA = f"{NO}it is cut off", f"{NO}its header is no JSON", f"{NO}its metadata are no texts by name"
FINITE = "holds numbers that are not finite"
BAD = [
    (b"", CUT),
    (b"W = 3", f"{NO}its header is larger than 100 MB"),
    (b"\x02\0\0\0\0\0\0\0[]", f"{NO}its header is no object of JSON"),
    (b"\xff" * 8, f"{NO}its header is larger than 100 MB"),
    (b"\x80\x04\x95\x05\0\0\0\0" * 3, CUT),  # a pickle
    (b"PK\x03\x04" + bytes(60), CUT),  # an npz file
    (file(b"{" * 100_000), NO_JSON),
    (file(b'{"W": 1' + b"0" * 5000 + b"}"), NO_JSON),
    (file({"W": 3}), PLACE),
    (file({"W": {"dtype": "F64"}}), PLACE),
    (file({"W": entry(shape=5)}), PLACE),
    (file({"W": entry(shape=None)}), PLACE),
    (file({"W": entry(shape=[True, 3])}), PLACE),
    (file({"W": entry(shape=[-2, 3])}), PLACE),
    (file({"W": {**entry(), "more": 1}}), PLACE),
    (file(b"\xff{}"), f"{NO}its header is not UTF-8"),
    (file({"__metadata__": None, "W": entry()}), METADATA),
    (file({"__metadata__": ["a"], "W": entry()}), METADATA),
    (file({"__metadata__": {"flowc": 1}, "W": entry()}), METADATA),
    (file(b'{"__metadata__": {"a": "1", "a": "2"}}'), f"{NO}`a` is twice in its header"),
    (file({"W": entry(end=40), "b": {**B, "data_offsets": [32, 48]}}, bytes(48)), DAMAGED),  # they overlap,
    (file({}), "the weight `W` (2, 3) is missing; in the file there are none"),
    (save({**W, "w": np.zeros(2)}), "net has no weight `w`; did you mean `W`?"),
    (save({"W_": W["W"], "b": W["b"]}), "net has no weight `W_`; did you mean `W`?"),
    (save({"V": W["W"], "b": W["b"]}), "net has no weight `V`; there is `W`"),
    (save({**W, "momentum": W["b"]}), "net has no weight `momentum`; there are `W`, `b`"),
    (save({**W, "\x1b[31m": W["b"]}), "net has no weight `␛[31m`; there are `W`, `b`"),
    (file({"n" * 100_000: entry()}), f"net has no weight `{'n' * 40}…`; there are `W`, `b`"),
    (save({"W": W["W"]}), "the weight `b` (2,) is missing; in the file there is `W`"),
    (save({**W, "W": np.ascontiguousarray(W["W"].T)}),
     "the weight `W` has the shape (3, 2), needs (2, 3) (W[target, source]: rows are targets)"),
    (save({**W, "b": np.zeros((1, 2))}), "the weight `b` has the shape (1, 2), needs (2,)"),
    (save({**W, "b": np.zeros(())}), "the weight `b` has the shape (), needs (2,)"),
    (save({**W, "k": np.array(2.0)}), "the weight `k` has the shape (), needs (2, 2)"),
    (save({**W, "k": 2 * K}), "the diagram fixes the weight `k` (`=`) at another value; `~` makes it learnt"),
    (save({**W, "b": np.zeros(2, np.int64)}), "the weight `b` is of type `I64`; weights are F64, F32, F16, BF16"),
    (save({**W, "b": np.zeros(2, bool)}), "the weight `b` is of type `BOOL`; weights are F64, F32, F16, BF16"),
    (file({"W": entry(["F64"]), "b": B}), PLACE),
    (file({"W": entry("F8_E4M3"), "b": B}), "the weight `W` is of type `F8_E4M3`; weights are F64, F32, F16, BF16"),
    (save({**W, "b": np.array([np.nan, 1])}), f"the weight `b` {FINITE}"),
    (save({**W, "W": np.full((2, 3), -np.inf, np.float32)}), f"the weight `W` {FINITE}"),
    (file({"W": entry(shape=[10**9, 10**9]), "b": B}), "the weight `W` has the shape (1000000000, 1000000000), needs (2, 3)"),
    (file({"W": entry(shape=[10**9] * 9, end=8), "b": B}),
     "the weight `W` has the shape (1000000000, 1000000000, 1000000000, 100…, needs (2, 3)"),
    (file({"W": entry(shape=[2.0, 3.0]), "b": B}, bytes(64)), PLACE),
    (file({"W": entry(end=10**15), "b": B}, bytes(64)), DAMAGED),
    (file({"W": entry(), "b": entry(shape=[2], first=0, end=16)}, bytes(64)), DAMAGED),
    (file({"W": entry(first=-48, end=0), "b": B}, bytes(64)), DAMAGED),
    (file({"W": entry("F32"), "b": B}, bytes(64)), DAMAGED),
    (write_weights(W, {})[:-1], DAMAGED),
    (write_weights(W, {}) + b"\0", DAMAGED),
    (file(b'{"W":' + json.dumps(entry()).encode() + b',"W":' + json.dumps(entry(shape=[2, 3], end=40)).encode()
          + b',"b":' + json.dumps(B).encode() + b"}", bytes(64)), f"{NO}`W` is twice in its header"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), BAD, ids=range(len(BAD)))
def test_what_is_no_weight(data: bytes, message: str) -> None:
    with pytest.raises(BadWeights) as raised:
        read_weights(NET, data)
    assert str(raised.value) == message


def test_a_damaged_file_is_told_as_one() -> None:
    """Bytes changed, cut or doubled anywhere: it is read, or refused, and nothing else happens."""
    rng, whole = random.Random(0), write_weights(W, {"diagram": "net"})
    read = 0
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(data))
            match rng.randrange(3):
                case 0:
                    data[at] = rng.randrange(256)
                case 1:
                    del data[at : at + rng.randint(1, 9)]
                case 2:
                    data[at:at] = data[at : at + 9]
        try:
            found = read_weights(NET, bytes(data))
        except BadWeights:
            continue
        read += 1
        assert {name: array.shape for name, array in found.items()} == {"W": (2, 3), "b": (2,)}
        assert all(np.isfinite(array).all() for array in found.values())
    assert read > 100  # a changed number is a number


def test_a_diagram_that_learns_nothing_takes_an_empty_file() -> None:
    xor = flowc.loads("input x\noutput f\nf = 2*x\n").network
    assert read_weights(xor, write_weights({}, {})) == {}

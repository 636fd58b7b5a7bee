"""Weights in files: what was written comes back, what is not a weight of the diagram is refused before it is read."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from safetensors.torch import save as torch_save

import flowc
from flowc.learning.weights import BadWeights, read_weights, write_weights

NET = flowc.loads("input x[3]\noutput f[2], g[2]\nweight k[2,2] = 2\nx -> f : W ~\n1 -> f : b ~\nf -> g : k\n").network
W = {"W": np.arange(6.0).reshape(2, 3) / 7, "b": np.array([1e-300, -0.0])}


def test_they_come_back() -> None:
    data = write_weights(W, {"diagram": "net"})
    assert data == write_weights({"b": W["b"], "W": np.asfortranarray(W["W"])}, {"diagram": "net"})
    found = read_weights(NET, data)
    assert list(found) == ["W", "b"] and all(found[n].tobytes() == w.tobytes() for n, w in W.items())


@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_other_precisions(kind: torch.dtype) -> None:
    tensors = {name: torch.tensor(w).to(kind) for name, w in W.items()}
    found = read_weights(NET, torch_save(tensors))
    assert all(np.array_equal(found[n], t.double().numpy()) for n, t in tensors.items())


BAD = [
    (b"", "it is no safetensors file"),
    (b"W = 3", "it is no safetensors file"),
    (b"\x02\0\0\0\0\0\0\0[]", "it is no safetensors file"),
    (b"\xff" * 8, "it is no safetensors file"),
    (b"\x80\x04\x95\x05\0\0\0\0" * 3, "it is no safetensors file"),
    (save({**W, "w": np.zeros(2)}), "flow has no weight `w`; did you mean `W`"),
    (save({"W": W["W"]}), "the weight `b` is missing"),
    (save({}), "the weight `W` is missing"),
    (save({**W, "k": np.array(2.0)}), "the weight `k` is fixed by the diagram"),
    (save({**W, "W": np.ascontiguousarray(W["W"].T)}), r"has the shape \(3, 2\), needs \(2, 3\) \(W\[target, source\]"),
    (save({**W, "b": np.zeros((1, 2))}), r"the weight `b` has the shape \(1, 2\), needs \(2,\)"),
    (save({**W, "b": np.zeros(2, np.int64)}), "the weight `b` is of type I64; weights are F64, F32, F16, BF16"),
    (save({**W, "b": np.array([np.nan, 1])}), "the weight `b` holds numbers that are not finite"),
    (write_weights(W, {})[:-1], "it is damaged"),
    (write_weights(W, {}) + b"\0", "it is damaged"),
]


@pytest.mark.parametrize(("data", "message"), BAD, ids=range(len(BAD)))
def test_what_is_no_weight(data: bytes, message: str) -> None:
    with pytest.raises(BadWeights, match=message.replace("flow has", ".* has")):
        read_weights(NET, data)


def test_a_header_cannot_ask_for_room() -> None:
    header = json.dumps({"W": {"dtype": "F64", "shape": [10**9, 10**9], "data_offsets": [0, 8]}}).encode()
    with pytest.raises(BadWeights, match="has the shape"):
        read_weights(NET, len(header).to_bytes(8, "little") + header + bytes(8))
    header = json.dumps(
        {n: {"dtype": "F64", "shape": list(w.shape), "data_offsets": [0, 10**15]} for n, w in W.items()}
    )
    with pytest.raises(BadWeights, match="damaged"):
        read_weights(NET, len(header).to_bytes(8, "little") + header.encode() + bytes(8))

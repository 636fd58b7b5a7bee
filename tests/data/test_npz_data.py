"""npz files: an array for each node or column; no pickle, nothing unpacked before its header is known to fit."""

from __future__ import annotations

import io
import pickle
import random
import struct
import zipfile

import numpy as np
import pytest

from flowc.data.dataset import BadData, Dataset
from flowc.data.read_data import from_file
from tests.data.tables import network


def packed(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def stored(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def read(data: bytes, targets: bool = False) -> Dataset:
    return from_file(network(), "a.npz", data, targets)


X, Z = np.array([[1, 2], [4, 5]], np.float32), np.array([3, 6])


@pytest.mark.parametrize("y", [np.array(["cat", "dog"]), np.array([b"cat", b"dog"]), np.eye(2), np.eye(2, dtype=bool)])
def test_arrays_of_nodes(y: np.ndarray) -> None:
    found = read(packed(x=X, z=Z, y=y, other=np.zeros((7, 7)), names=np.array([None, "a"])), targets=True)
    assert found.arrays["x"].tolist() == X.tolist() and found.arrays["z"].tolist() == [3, 6]
    assert found.arrays["y"].tolist() == [[1, 0], [0, 1]]
    assert {array.dtype for array in found.arrays.values()} == {np.dtype(float)} and found.tokens == 2


def test_arrays_of_columns() -> None:
    arrays = {"x[1]": X[:, 0], "x2": X[:, 1], "z": Z, "cat": [1, 0], "y[dog]": [0, 1], "p": X}
    found = read(packed(**arrays), targets=True)
    assert found.arrays["x"].tolist() == X.tolist() and found.arrays["y"].tolist() == [[1, 0], [0, 1]]
    assert found.expected["p"].tolist() == X.tolist()


def npy(descr: str, shape: str, body: bytes = b"") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + body


def archive(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


ONE = npy("'<f8'", "(1, 2)", b"\0" * 16)
BAD = {
    "needs (n, 2)": (packed(x=np.zeros((2, 3)), z=Z), "a.npz, array `x`: it has the shape (2, 3), needs (n, 2)"),
    "needs (n,)": (packed(x=X, z=np.zeros((2, 1))), "a.npz, array `z`: it has the shape (2, 1), needs (n,)"),
    "one number": (packed(x=X, z=np.float64(1)), "a.npz, array `z`: it has the shape (), needs (n,)"),
    "a column": (packed(x1=X, z=Z), "a.npz, array `x1`: it has the shape (2, 2), needs (n,)"),
    "lengths": (packed(x=X, z=np.zeros(3)), "a.npz: the arrays have different numbers of tokens: `x` has 2, `z` has 3"),
    "objects": (packed(x=X, z=np.array([None, 1])), "a.npz, array `z`: it holds Python objects, not numbers"),
    "complex": (packed(x=X, z=np.array([1j, 2])), "a.npz, array `z`: it holds `complex128`, not numbers"),
    "dates": (packed(x=X, z=np.zeros(2, "M8[s]")), "a.npz, array `z`: it holds `datetime64[s]`, not numbers"),
    "records": (packed(x=X, z=np.zeros(2, "f8,f8")),
        "a.npz, array `z`: it holds `[('f0', '<f8'), ('f1', '<f8')]`, not numbers"),
    "nan": (packed(x=X, z=[1, np.nan]), "a.npz, token 2, array `z`: `nan` is no number that a diagram can compute with"),
    "words": (packed(x=X, z=["1", "b"]), "a.npz, token 2, array `z`: `b` is not a number"),
    "classes": (packed(x=X, z=Z, y=["cat", "cow"]),
        "a.npz, token 2, array `y`: `cow` is no class of `y`: it runs over cat, dog"),
    "numbers": (packed(x=X, z=Z, y=[0, 1]),
        "a.npz, token 1, array `y`: `0` is no class of `y`: it runs over cat, dog\n"
        + "a.npz, token 2, array `y`: `1` is no class of `y`: it runs over cat, dog"),
    "no rows": (packed(x=np.zeros((0, 2)), z=np.zeros(0)), "a.npz: the arrays are empty"),
    "no node": (packed(q=X, r=Z), "a.npz: no array is for a node of the diagram; there are `q`, `r`"),
    "very many": (packed(**{f"q{k}": Z for k in range(3000)}), "a.npz: no array is for a node of the diagram; there are "
        + ", ".join(f"`q{k}`" for k in range(10)) + ", … and 2990 more"),
    "node and column": (packed(**{"x": X, "x[2]": Z, "z": Z}), "a.npz: there are two arrays for `x[2]`"),
    "a negative length": (archive(("x.npy", npy("'<f8'", "(-1, 2)"))), "a.npz: it is damaged"),
    "a truth for a length": (archive(("x.npy", npy("'<f8'", "(True, 2)"))), "a.npz: it is damaged"),
    "a long header": (archive(("x.npy", b"\x93NUMPY\2\0" + struct.pack("<I", 10**9) + bytes(2**20))), "a.npz: it is damaged"),
    "another byte": (stored(x=X, z=Z).replace(Z.tobytes(), (Z + 1).tobytes()), "a.npz: it is damaged"),
    "no array": (packed(), "a.npz: no array is for a node of the diagram; there are none"),
    "missing": (packed(x=X), "a.npz: the input `z` has no array"),
    "misspelt": (packed(x=X, Z=Z), "a.npz: the input `z` has no array; is it the array `Z`?"),
    "twice": (archive(("x.npy", ONE), ("q.npy", ONE)).replace(b"q.npy", b"x.npy"), "a.npz: there are two arrays `x`"),
    "cut off": (archive(("x.npy", npy("'<f8'", "(10000000, 2)"))), "a.npz, array `x`: it is cut off"),
    "long words": (archive(("x.npy", npy("'<U90000000'", "(1, 2)"))), "a.npz, array `x`: it is cut off"),
    "overflow": (archive(("x.npy", npy("'<f8'", f"(1, {10**30})"))),
        f"a.npz, array `x`: it has the shape (1, {10**30}), needs (n, 2)"),
    "a bomb": (archive(("x.npy", npy("'<f8'", "(100000000, 2)"))), "a.npz, array `x`: it is cut off"),
    "code": (archive(("x.npy", npy("__import__('os')", "(1, 2)"))), "a.npz: it is damaged"),
    "brackets": (archive(("x.npy", npy("(" * 3000, "(1, 2)"))), "a.npz: it is damaged"),
    "a pickle in it": (archive(("x.npy", pickle.dumps([1, 2]))), "a.npz: it is damaged"),
    "no numpy": (archive(("x.txt", b"1 2")), "a.npz: no array is for a node of the diagram; there are none"),
    "empty": (b"", "a.npz: it is no npz file"),
    "a beginning": (b"PK\3\4", "a.npz: it is no npz file"),
    "text": (b"x1,x2\n1,2\n", "a.npz: it is no npz file"),
    "a pickle": (pickle.dumps({"x": X}), "a.npz: it is no npz file"),
    "one array": (ONE, "a.npz: it is no npz file"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said(data: bytes, message: str) -> None:
    with pytest.raises(BadData) as raised:
        read(data)
    assert str(raised.value) == message


def test_a_bomb_is_not_unpacked(monkeypatch) -> None:
    monkeypatch.setattr("flowc.data.npz_data.LARGEST", 2**20)
    monkeypatch.setattr("flowc.data.npz_data._read_array", None)
    with pytest.raises(BadData, match="a.npz: its arrays are larger than 1 MiB"):
        read(packed(x=np.zeros((100_000, 2)), z=np.zeros(100_000)))


@pytest.mark.filterwarnings("ignore:Reading `.npy`")  # a damaged header may look like one of Python 2
def test_damaged_files_are_read_or_refused() -> None:
    whole = packed(x=np.arange(20.0).reshape(10, 2), z=np.arange(10), y=np.array(["cat", "dog"] * 5))
    draw = random.Random(0)
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(draw.choice((1, 1, 3))):
            place = draw.randrange(len(data))
            data[place : place + draw.choice((1, 1, 9))] = draw.randbytes(draw.choice((1, 1, 4)))
        try:
            found = read(bytes(data), targets=True)
        except BadData:
            continue
        assert found.arrays["x"].tolist() == np.arange(20.0).reshape(10, 2).tolist()  # it has a sum of its bytes

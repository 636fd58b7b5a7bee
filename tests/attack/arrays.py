"""Mutations of files of arrays: npz, and safetensors of weights and of checkpoints."""

import io
import json
import warnings
import zipfile
from random import Random
from typing import Any

import numpy as np

from tests.attack.texts import NAMES, raw

EXTREMES = [np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-308, 5e-324, 0.0, -0.0, 1e150, 65536.5, -1.0]
DTYPES = ["F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F8_E4M3", "C64", "X", "", None, 3]
KINDS = ["f8", "f4", "f2", "i8", "u1", "?", "c16", "U3", "S3", ">f8", "M8[D]", "O", "V8", "g"]
SAID: list[Any] = [
    0, -1, 1.5, 1e300, 2**53 + 1, 10**30, True, None, "", "x" * 5000, [], {}, [1], {"a": 1}, "1", "nan", float("inf"), "gd", "\0", "\u202e",
]  # fmt: skip


def npz(draw: Random, data: bytes, other: bytes) -> bytes:
    """An archive of arrays: one changed, renamed, taken away or doubled, or the archive itself damaged."""
    if draw.random() < 0.3:
        return raw(draw, data, other)
    with np.load(io.BytesIO(data)) as file:
        arrays = {name: file[name] for name in file.files}
    name = draw.choice([*arrays])
    match draw.randrange(6):
        case 0 | 1 | 2:
            arrays[name] = _changed(draw, arrays[name])
        case 3:
            arrays[draw.choice(NAMES).replace("/", "_")[:60]] = arrays.pop(name)
        case 4:
            del arrays[name]
        case _:
            return _with_member(draw, data)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _with_member(draw: Random, data: bytes) -> bytes:
    """Another file in the archive: a name that leads elsewhere, a head that lies, nothing but zeros."""
    buffer = io.BytesIO(data)
    head = f"{{'descr': '{draw.choice(KINDS)}', 'fortran_order': {draw.choice((False, True, 3))}, 'shape': {draw.choice(('(3,)', '(10**9,)', '(-1,)', '(1000000000000,)', '(' * 200, '()', '(3, 0)'))}, }}\n"
    content = draw.choice((b"", b"\x93NUMPY", b"\x93NUMPY\x01\0" + len(head).to_bytes(2, "little") + head.encode(), b"\0" * 10**6))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "a", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        archive.writestr(draw.choice(("y.npy", "w.npy", "../y.npy", "/etc/y.npy", "y", "a/b.npy", "\u03be.npy", "a" * 5000 + ".npy")), content)
    return buffer.getvalue()


def _changed(draw: Random, array: np.ndarray) -> np.ndarray:
    """Other numbers, another shape or another kind of numbers."""
    match draw.randrange(5):
        case 0 | 1 if array.dtype.kind == "f" and array.size:
            array = array.copy()
            array.flat[draw.randrange(array.size)] = draw.choice(EXTREMES)
        case 2:
            array = array.reshape(draw.choice(((-1,), (1, *array.shape), (*array.shape, 1))))
        case 3:
            array = array[draw.choice((slice(0), slice(1), slice(None, None, -1), slice(-1)))] if array.ndim else array[None]
        case _:
            try:
                with np.errstate(all="ignore"):
                    array = array.astype(draw.choice(KINDS))
            except (TypeError, ValueError, OverflowError):
                array = np.array([{}] * 3, object)
    return array


def safetensors(draw: Random, data: bytes, other: bytes) -> bytes:
    """A file of weights or a checkpoint: head or numbers changed, or the file damaged."""
    if draw.random() < 0.25:
        return raw(draw, data, other)
    size = int.from_bytes(data[:8], "little")
    head, numbers = json.loads(data[8 : 8 + size]), bytearray(data[8 + size :])
    for _ in range(draw.choice((1, 1, 2))):
        match draw.randrange(4):
            case 0 if len(numbers) >= 8:
                at = 8 * draw.randrange(len(numbers) // 8)
                numbers[at : at + 8] = np.float64(draw.choice(EXTREMES)).tobytes()
            case 1 if head.get("__metadata__"):
                _say(draw, head["__metadata__"])
            case _:
                _tensor(draw, head)
    text = json.dumps(head).encode("utf-8", "surrogatepass")
    length = draw.choice((len(text),) * 12 + (len(text) + 1, 2**63, 2**40, 0))
    return length.to_bytes(8, "little") + text + bytes(numbers)


def _tensor(draw: Random, head: dict[str, Any]) -> None:
    names = [name for name in head if name != "__metadata__"]
    if not names:
        return
    name = draw.choice(names)
    match draw.randrange(6):
        case 0:
            head[name] = {**head[name], "dtype": draw.choice(DTYPES)}
        case 1:
            shape = head[name].get("shape") or [1]
            head[name] = {**head[name], "shape": draw.choice((shape[::-1], [*shape, 1], [-1], [2**62, 4], [0], [], None, "1", [1.0]))}
        case 2:
            head[name] = {**head[name], "data_offsets": draw.choice(([0, 8], [8, 0], [0, 2**62], [-8, 0], [0], None))}
        case 3:
            head[draw.choice(NAMES)] = head.pop(name)
        case 4:
            del head[name]
        case _:
            head["__metadata__"] = draw.choice(({}, None, {"flowc": 1}, {"format": "pt"}, {"a": "b" * 5000}, []))


def _say(draw: Random, said: Any) -> None:
    """Changes something that the metadata say; what lies in a text of JSON, too."""
    key = draw.choice([*said]) if isinstance(said, dict) and said else None
    if key is None:
        return
    try:
        inner = json.loads(said[key])
    except (TypeError, ValueError):
        inner = None
    if isinstance(inner, dict) and inner and draw.random() < 0.8:
        field = draw.choice([*inner])
        if isinstance(inner[field], dict) and inner[field] and draw.random() < 0.5:
            inner[field][draw.choice([*inner[field]])] = draw.choice(SAID)
        else:
            inner[field] = draw.choice(SAID)
        said[key] = json.dumps(inner)
    else:
        said[key] = draw.choice((json.dumps(draw.choice(SAID)), "[" * 5000, "{", "", "1e999", draw.choice(SAID)))

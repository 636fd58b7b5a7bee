"""Arrays by name as the bytes of a safetensors file, with a JSON object beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from flowc.data.column_table import LONGEST_SHOWN, shown
from flowc.records import Record

Array = np.ndarray
METADATA = "__metadata__"
LARGEST_HEADER = 10**8  # bytes, as of the format
KEY = "flowc"  # of the metadata: of several keys the order would change from run to run


class Header(Record):
    """What a file says of one array."""

    kind: str
    shape: tuple[int, ...]

    @property
    def shape_text(self) -> str:
        text = str(self.shape)
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def tensor_bytes(arrays: Mapping[str, Array], said: Mapping[str, Any]) -> bytes:
    """The same bytes every time."""
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(a).reshape(np.shape(a)) for name, a in arrays.items()}
    return save(contiguous, {KEY: json.dumps(dict(said), sort_keys=True)})


def read_headers(data: bytes) -> dict[str, Header]:
    """Kind and shape of each array, from the header alone: the arrays may not be there. Raises ValueError, a sentence."""
    return {name: _read_entry(name, entry) for name, entry in _read_header(data).items() if name != METADATA}


def read_metadata(data: bytes) -> dict[str, Any]:
    """The object beside the arrays, empty where there is none. Raises ValueError, a sentence."""
    metadata = _read_json(_read_header(data).get(METADATA, {}).get(KEY, "{}"), "its metadata are")
    return metadata if isinstance(metadata, dict) else {}


def _read_header(data: bytes) -> dict[str, Any]:
    """What stands before the arrays: the entry of each by its name, and the metadata, texts by name. Raises ValueError."""
    size = int.from_bytes(data[:8], "little")
    if size > LARGEST_HEADER:
        raise ValueError(f"its header is larger than {LARGEST_HEADER // 10**6} MB")
    if len(data) < 8 + size or not size:
        raise ValueError("it is cut off")
    try:
        text = data[8 : 8 + size].decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("its header is not UTF-8") from None
    header = _read_json(text, "its header is")
    match header:
        case dict() if _are_texts(header.get(METADATA, {})):
            return header
        case dict():
            raise ValueError("its metadata are no texts by name")
    raise ValueError("its header is no object of JSON")


def _are_texts(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(text, str) for text in found.values())


def _read_entry(name: str, entry: Any) -> Header:
    """Raises ValueError."""
    match entry:
        case {"dtype": str(kind), "shape": [*shape], "data_offsets": [_, _], **rest} if not rest:
            if all(type(size) is int and size >= 0 for size in shape):
                return Header(kind, tuple(shape))
    raise ValueError(f"its header does not say type, shape and place of {shown(name)}")


class _Twice(Exception):
    """A name that stands twice in an object."""


def _read_json(text: str, what: str) -> Any:
    """Raises ValueError, also where a name stands twice in one object."""
    try:
        return json.loads(text, object_pairs_hook=_unique_entries)
    except _Twice as twice:
        raise ValueError(f"{shown(twice.args[0])} is twice in its header") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{what} no JSON") from None


def _unique_entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises _Twice."""
    entries: dict[str, Any] = {}
    for name, value in pairs:
        if name in entries:
            raise _Twice(name)
        entries[name] = value
    return entries

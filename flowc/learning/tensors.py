"""Arrays by name as the bytes of a safetensors file, with a JSON object beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowc.learning.sheet import LONGEST_SHOWN

Array = np.ndarray
KEY = "flowc"  # of the metadata: of several keys the order would change from run to run


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of one array."""

    kind: str
    shape: tuple[int, ...]

    @property
    def spelled(self) -> str:
        text = str(self.shape)
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def written(arrays: Mapping[str, Array], said: Mapping[str, Any]) -> bytes:
    """The same bytes every time."""
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(a).reshape(np.shape(a)) for name, a in arrays.items()}
    return save(whole, {KEY: json.dumps(dict(said), sort_keys=True)})


def headers(data: bytes) -> dict[str, Header]:
    """Kind and shape of each array, from the header alone: the arrays may not be there. Raises ValueError."""
    try:
        found = {name: e for name, e in _header(data).items() if name != "__metadata__"}
        return {name: Header(str(e["dtype"]), tuple(e["shape"])) for name, e in found.items()}
    except (TypeError, KeyError):
        raise ValueError from None


def said(data: bytes) -> dict[str, Any]:
    """The object beside the arrays, empty where there is none. Raises ValueError."""
    try:
        found = json.loads(_header(data).get("__metadata__", {}).get(KEY, "{}"))
    except (TypeError, AttributeError, RecursionError):
        raise ValueError from None
    return found if isinstance(found, dict) else {}


def _header(data: bytes) -> dict[str, Any]:
    """Raises ValueError."""
    size = int.from_bytes(data[:8], "little")
    try:
        match json.loads(data[8 : 8 + size]):
            case dict() as found:
                return found
    except RecursionError:
        pass
    raise ValueError

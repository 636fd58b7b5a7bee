"""Data from an npz file of numpy: an array for each node by its name, or for each column. Nothing in it is executed."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from math import prod

import numpy as np
from numpy.lib import format as npy

from flowc.graph.cells import element_of
from flowc.graph.network import Network, Node
from flowc.learning.binding import Sheet, bound
from flowc.learning.dataset import Array, BadData, Dataset

LARGEST = 2**31  # bytes, unpacked


def of_npz(network: Network, name: str, data: bytes, targets: bool) -> Dataset:
    """A node's array is (n, *shape); a vector's may be (n,) of classes. Raises BadData."""
    arrays = _arrays(name, data)
    nodes = {n.name: n for n in network.nodes if n.role in ("input", "target", "output")}
    lengths = {key: len(a) for key, a in arrays.items() if a.ndim and (key in nodes or a.ndim == 1)}
    count = _count(name, arrays, lengths)
    heads: list[str] = []
    columns: list[Array | list[str]] = []
    for key, array in arrays.items():
        node = nodes.get(key)
        if node is None or array.shape == (count,):
            if array.shape == (count,):
                heads.append(key)
                columns.append(_column(array))
            continue
        if array.shape != (count, *node.shape):
            raise BadData(f"{name}, array `{key}`: it has the shape {array.shape}, needs {_shape(node)}")
        for place in np.ndindex(node.shape):
            heads.append(element_of(node, place) if place else node.name)
            columns.append(_column(array[(slice(None), *place)]))
    return bound(network, Sheet(name, tuple(heads), tuple(columns), None, count), targets)


def _count(name: str, arrays: dict[str, Array], lengths: dict[str, int]) -> int:
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"`{key}` has {n}" for key, n in lengths.items())
        raise BadData(f"{name}: the arrays have different numbers of tokens: {said}")
    if not lengths:
        raise BadData(f"{name}: no array is for a node of the diagram; there are {', '.join(arrays) or 'none'}")
    count = next(iter(lengths.values()))
    if count == 0:
        raise BadData(f"{name}: the arrays are empty")
    return count


def _shape(node: Node) -> str:
    return f"({', '.join(['n', *map(str, node.shape)])}{',' if not node.shape else ''})"


def _column(array: Array) -> Array | list[str]:
    return [str(cell) for cell in array.tolist()] if array.dtype.kind in "US" else array.astype(float)


def _arrays(name: str, data: bytes) -> dict[str, Array]:
    """All arrays of numbers or words. Raises BadData."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise BadData(f"{name}: it is larger than {LARGEST // 2**20} MiB")
            arrays = {e.filename.removesuffix(".npy"): _array(name, archive, e) for e in entries}
    except zipfile.BadZipFile:
        raise BadData(f"{name}: it is no npz file") from None
    except (ValueError, OSError, EOFError, RuntimeError, LookupError, zlib.error):
        raise BadData(f"{name}: it is damaged") from None
    return arrays


def _array(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    """One array, whose header is read before there is room made for it. Raises BadData, and what a damaged file may."""
    key = entry.filename.removesuffix(".npy")
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        shape, _, kind = (npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0)(file)
    if kind.hasobject:
        raise BadData(f"{name}, array `{key}`: it holds Python objects, not numbers")
    if kind.kind not in "fiubUS":
        raise BadData(f"{name}, array `{key}`: it holds `{kind}`, not numbers")
    if prod(shape) * kind.itemsize > entry.file_size:
        raise ValueError
    with archive.open(entry) as file:
        return npy.read_array(file, allow_pickle=False)

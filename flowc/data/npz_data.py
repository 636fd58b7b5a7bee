"""Data from an npz file of numpy: an array for each node by its name, or for each column. Nothing in it is executed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import prod
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from flowc.data.bind_columns import bind_sheet
from flowc.data.column_table import Sheet, listed, shown
from flowc.data.dataset import Array, BadData, Dataset
from flowc.data.name_columns import nodes_read
from flowc.graph.column_names import called, columned_nodes, element_of, meaning
from flowc.graph.network import Network, Node
from flowc.records import Record

LARGEST = 2**30  # bytes of all arrays that are read, unpacked
LARGEST_HEADER = 2**14  # bytes before an array; numpy reads no longer ones


class Header(Record):
    """What the file says of an array, before there is room made for it."""

    shape: tuple[int, ...]
    kind: np.dtype
    entry: ZipInfo


def headers_of(name: str, data: bytes) -> dict[str, Header]:
    """The headers of an npz file's arrays. Raises BadData."""
    with _open_archive(name, data) as archive:
        return _read_headers(name, archive)


def of_npz(network: Network, name: str, data: bytes, targets: bool, outputs: bool) -> Dataset:
    """A node's array is (n, *shape); a vector's may be (n,) of classes. Arrays for no node, and without `outputs` those
    for outputs, are not read. Raises BadData."""
    with _open_archive(name, data) as archive:
        headers = _read_headers(name, archive)
        read_headers = _headers_of_nodes(network, headers, outputs)
        count = _count_tokens(name, read_headers, headers)
        nodes = {n.name: n for n in columned_nodes(network)}
        for key, header in read_headers.items():
            _check_header(name, key, header, called(nodes, key), count)
        if sum(_size_of(header) for header in read_headers.values()) > LARGEST:
            raise BadData(f"{name}: its arrays are larger than {LARGEST // 2**20} MiB")
        table = [c for key, h in read_headers.items() for c in _columns_of(key, called(nodes, key), _read_array(archive, h))]
    columns = dict(table)
    if len(columns) < len(table):
        twice = next(key for key, count in Counter(key for key, _ in table).items() if count > 1)
        raise BadData(f"{name}: there are two arrays for {shown(twice)}")
    others = {key: np.zeros(0) for key in headers if key not in read_headers}  # of no node, but names to be told
    columns = {**columns, **others}
    return bind_sheet(network, Sheet(name, tuple(columns), tuple(columns.values()), None, count, "array"), targets, outputs)


@contextmanager
def _open_archive(name: str, data: bytes) -> Iterator[ZipFile]:
    """Raises BadData, also for what goes wrong while it is read."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError):
        raise BadData(f"{name}: it is no npz file") from None
    try:
        with archive:
            yield archive
    except BadData:
        raise
    except Exception:  # noqa: BLE001 of damaged bytes zipfile, its unpackers and numpy raise a dozen kinds
        raise BadData(f"{name}: it is damaged") from None


def _read_headers(name: str, archive: ZipFile) -> dict[str, Header]:
    headers: dict[str, Header] = {}
    for entry in archive.infolist():
        if not entry.filename.endswith(".npy"):
            continue
        key = entry.filename.removesuffix(".npy")
        if key in headers:
            raise BadData(f"{name}: there are two arrays {shown(key)}")
        with archive.open(entry) as file:
            shape, kind = _parse_header(file.read(LARGEST_HEADER))
        headers[key] = Header(shape, kind, entry)
    return headers


def _parse_header(start: bytes) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of an array, from the first bytes of it. Raises ValueError."""
    file = BytesIO(start)
    read = npy.read_array_header_1_0 if npy.read_magic(file) == (1, 0) else npy.read_array_header_2_0
    shape, _, kind = read(file)
    if not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError
    return shape, kind


def _headers_of_nodes(network: Network, headers: dict[str, Header], outputs: bool) -> dict[str, Header]:
    nodes, read = {n.name: n for n in columned_nodes(network)}, nodes_read(network, outputs)
    means = meaning([*nodes.values()])
    nodes_of = {key: [n] if (n := called(nodes, key)) else [r.node for r in means(key)] for key in headers}
    return {key: headers[key] for key, names in nodes_of.items() if any(n in read for n in names)}


def _count_tokens(name: str, wanted: dict[str, Header], headers: dict[str, Header]) -> int:
    """The number of tokens. Raises BadData."""
    if not wanted:
        raise BadData(f"{name}: no array is for a node of the diagram; there are {listed(headers)}")
    lengths = {key: header.shape[0] for key, header in wanted.items() if header.shape}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{shown(key)} has {n}" for key, n in lengths.items())
        raise BadData(f"{name}: the arrays have different numbers of tokens: {counts}")
    count = next(iter(lengths.values()), 1)
    if count == 0:
        raise BadData(f"{name}: the arrays are empty")
    return count


def _check_header(name: str, key: str, header: Header, node: Node | None, count: int) -> None:
    """Raises BadData for an array that no node or column can be."""
    needed = (count, *node.shape) if node else (count,)
    classes = node is not None and len(node.shape) == 1 and header.shape == (count,)
    place = f"{name}, array {shown(key)}"
    if header.kind.hasobject:
        raise BadData(f"{place}: it holds Python objects, not numbers")
    if header.kind.kind not in "fiubUS":
        raise BadData(f"{place}: it holds {shown(str(header.kind))}, not numbers")
    if header.shape != needed and not classes:
        raise BadData(f"{place}: it has the shape {_spell_shape(header.shape)}, needs {_spell_shape(('n', *needed[1:]))}")
    if _size_of(header) > header.entry.file_size:
        raise BadData(f"{place}: it is cut off")


def _spell_shape(shape: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _size_of(header: Header) -> int:
    return prod(header.shape) * header.kind.itemsize


def _read_array(archive: ZipFile, header: Header) -> Array:
    """Raises ValueError, or what zipfile raises, also where the bytes are not those that were written."""
    with archive.open(header.entry) as file:
        array = npy.read_array(file, allow_pickle=False)
        if file.read(1):  # at the end the sum of all bytes is compared
            raise ValueError
    return array


def _columns_of(key: str, node: Node | None, array: Array) -> Iterator[tuple[str, Array | list[str]]]:
    """The array as columns by name: a scalar's or a class's as it is, an element of a vector each."""
    if node is None or array.ndim == 1:
        yield key, _column_of(array)
        return
    for place in np.ndindex(node.shape):
        yield element_of(node, place), _column_of(array[(slice(None), *place)])


def _column_of(array: Array) -> Array | list[str]:
    if array.dtype.kind == "S":
        return [cell.decode("utf-8", "replace") for cell in array.tolist()]
    if array.dtype.kind == "U":
        return [str(cell) for cell in array.tolist()]
    with np.errstate(over="ignore"):  # of a longdouble: what is not finite is told with its token
        return array.astype(float)

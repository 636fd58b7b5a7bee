"""C that flowc has printed, compiled once for each text and called on numpy's arrays where they stand.

Such a text has a function `values(n, arrays, numbers, by_token, without_token)` for n tokens: the addresses of arrays, single
numbers, and where the results go, all those of a token one behind the other, and those that no token has. It says in `signature`,
as JSON, what stands there: {"arrays": [[name, batched], ...], "numbers": [name, ...], "results": [[name, batched, first place,
shape], ...], "number": "float64"}.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import sys
from math import prod
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from flowc.execution.cache import cached
from flowc.execution.compiler import EXACT, FAST, LONG, QUICK, Compiler, NotCompiled, find_compiler, native_machine
from flowc.records import Record

Array = np.ndarray
_LOCKS: dict[int, Lock] = {}  # of each library: large arrays of its functions have one place
ENDING = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def compiled(source: str, fast: bool = False) -> ctypes.CDLL:
    """The library of a text. Raises NoCompiler, NotCompiled."""
    compiler, flags = find_compiler(), FAST if fast else EXACT if source.count("\n") < LONG else QUICK

    def make(path: Path) -> None:
        text = path.with_suffix(".c")
        text.write_text(source, encoding="utf-8")
        compiler.compile(text, path, flags)

    with cached(f"{_key(source, compiler, flags)}{ENDING}", make) as path:
        try:
            return ctypes.CDLL(str(path))
        except OSError as error:
            raise NotCompiled(f"what `{compiler.command[0]}` made cannot be loaded: {error}") from None


def _key(source: str, compiler: Compiler, flags: tuple[str, ...]) -> str:
    facts = [source, *compiler.command, compiler.identity, *flags, sys.platform, str(ctypes.sizeof(ctypes.c_void_p))]
    facts += [native_machine()] if "-march=native" in flags else []
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def lock_of(library: ctypes.CDLL) -> Lock:
    """One for each library."""
    return _LOCKS.setdefault(library._handle, Lock())


class Values:
    """`values(**arrays)`: the function of a text, from numpy's arrays, as they stand, to a dict of arrays."""

    def __init__(self, source: str):
        library = compiled(source)
        signature = json.loads(ctypes.string_at(library.signature))
        self._arrays: list[tuple[str, bool]] = [(name, batched) for name, batched in signature["arrays"]]
        self._numbers: list[str] = signature["numbers"]
        self._results = [Result(name, batched, first, tuple(shape)) for name, batched, first, shape in signature["results"]]
        self._widths = [max((r.first + prod(r.shape) for r in self._results if r.batched == by), default=0) for by in (True, False)]
        self._number = np.dtype(signature["number"])
        self._function = library.values
        self._function.restype = None
        self._function.argtypes = (ctypes.c_size_t, *(ctypes.c_void_p,) * 4)
        self._lock = lock_of(library)

    def __call__(self, /, **arrays: Any) -> dict[str, Array]:
        sent = [np.ascontiguousarray(arrays[name], self._number) for name, _ in self._arrays]
        tokens = next((len(a) for a, (_, batched) in zip(sent, self._arrays, strict=True) if batched), 1)
        numbers = np.array([np.asarray(arrays[name]).item() for name in self._numbers], self._number)
        by_token, without = np.empty((tokens, self._widths[0]), self._number), np.empty(self._widths[1], self._number)
        addresses = (ctypes.c_void_p * len(sent))(*map(address, sent))
        with self._lock:
            self._function(tokens, addresses, *map(address, (numbers, by_token, without)))
        return {r.name: r.part_of(by_token if r.batched else without, tokens) for r in self._results}


class Result(Record):
    """Where a result stands: from `first` on, among the values of each token or among those that no token has."""

    name: str
    batched: bool
    first: int
    shape: tuple[int, ...]

    def part_of(self, array: Array, tokens: int) -> Array:
        part = array[..., self.first : self.first + prod(self.shape)]
        return part.reshape((tokens, *self.shape) if self.batched else self.shape)


def address(array: Array) -> int:
    """Where its numbers stand."""
    place: int = array.__array_interface__["data"][0]
    return place

"""flowc's fast C files, compiled with the flags that they ask for, their functions called on numpy's arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.made import flowc, folder
from flowc.execution.native import compiled

NUMBERS = {np.dtype("float32"): ctypes.c_float, np.dtype("float64"): ctypes.c_double}
_numbers = count()


class Library:
    """`dtype`: that of all numbers."""

    def __init__(self, text: str, dtype: str):
        self.dtype = np.dtype(dtype)
        self.library = compiled(text, fast=True)

    def function(self, name: str, *arguments: Any) -> Callable[[], Any]:
        """A call of one function: arrays by their addresses, whole numbers as sizes, others as numbers."""
        number = NUMBERS[self.dtype]
        words = [
            ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else (ctypes.c_size_t if isinstance(a, int) else number)(a)
            for a in arguments
        ]
        function = getattr(self.library, name)
        function.restype = number

        def call(keeping: tuple[Any, ...] = arguments) -> Any:
            return function(*words)

        return call

    def start(self, size: int) -> np.ndarray:
        """Where the weights begin, as the numbers of their struct."""
        weights = np.empty(size, self.dtype)
        self.function("initial_weights", weights)()
        return weights


def in_c(diagram: str, dtype: str = "float32", *options: str) -> Library:
    place = folder()
    (place / "diagram.flow").write_text(diagram, encoding="utf-8")
    return in_c_of(place, dtype, *options)


def in_c_of(place: Path, dtype: str = "float32", *options: str) -> Library:
    """Of a `diagram.flow` that is there already."""
    name = f"printed_{next(_numbers)}.c"
    flowc("compile", "diagram.flow", "--backend", "c", "--style", "fast", "--dtype", dtype, *options, "-o", name, cwd=place)
    return Library((place / name).read_text(encoding="utf-8"), dtype)

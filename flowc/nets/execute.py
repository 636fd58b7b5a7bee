"""The libraries that run generated source. What goes in and comes out are numpy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from flowc.backends.backend import Backend
from flowc.execution import python as execution

Array = np.ndarray


class Library(Protocol):
    """Runs a backend's modules. `numpy_dtype` is that of results."""

    dtype: str
    numpy_dtype: np.dtype

    def execute(
        self, source: str, name: str, table: Mapping[str, Array] | None = None
    ) -> Callable[..., dict[str, Any]]:
        """The function `values` of a module; `table` are the arrays that it does not write out."""
        ...

    def call(self, values: Callable[..., dict[str, Any]], arrays: Mapping[str, Array]) -> dict[str, Array]: ...

    def check(self) -> None:
        """Raises ModuleNotFoundError, and ValueError where there is no such device."""
        ...

    def own_array(self, array: Array) -> Any:
        """An array of the library's, on its device."""
        ...

    def numpy_array(self, array: Any) -> Array: ...

    def sqrt(self, array: Any) -> Any: ...


def library_of(backend: Backend, dtype: str, device: Any) -> Library:
    """The library whose arrays a backend takes. Raises ValueError."""
    if backend.library == "torch":
        return Torch(dtype, device)
    if device is not None:
        raise ValueError(f"the {backend.name} backend has no devices; leave `device` away")
    return Compiled(dtype) if backend.library == "c" else Numpy(dtype)


def execute(source: str, name: str, table: Mapping[str, Array] | None = None) -> Callable[..., dict[str, Any]]:
    """`values` of a module that a backend printed from a verified program; `table` are the arrays it calls TABLE."""
    values: Callable[..., dict[str, Any]] = execution.execute(source, f"flowc {name}", {"TABLE": table or {}})["values"]
    return values


class Numpy:
    def __init__(self, dtype: str):
        self.dtype, self.numpy_dtype = dtype, _numpy_dtype(dtype)

    def execute(
        self, source: str, name: str, table: Mapping[str, Array] | None = None
    ) -> Callable[..., dict[str, Any]]:
        return execute(source, name, _cast_table(table or {}, self.numpy_dtype))

    def call(self, values: Callable[..., dict[str, Any]], arrays: Mapping[str, Array]) -> dict[str, Array]:
        with np.errstate(all="ignore"):  # what is not finite is reported at its line
            results = values(**{name: self.own_array(array) for name, array in arrays.items()})
        return {name: self.numpy_array(value) for name, value in results.items()}

    def check(self) -> None:
        pass

    def own_array(self, array: Array) -> Array:
        return cast(array, self.numpy_dtype)

    def numpy_array(self, array: Any) -> Array:
        return np.asarray(array, self.numpy_dtype)

    def sqrt(self, array: Any) -> Any:
        return np.sqrt(array)


class Compiled(Numpy):
    """Compiles C, and calls it on numpy's arrays."""

    def execute(
        self, source: str, name: str, table: Mapping[str, Array] | None = None
    ) -> Callable[..., dict[str, Any]]:
        from flowc.execution.native import Values

        return Values(source)

    def check(self) -> None:
        from flowc.execution.compiler import find_compiler

        find_compiler()


class Torch:
    """Imports torch when something is executed."""

    def __init__(self, dtype: str, device: Any):
        self.dtype, self.device, self.numpy_dtype = dtype, device, _numpy_dtype(dtype)

    def execute(
        self, source: str, name: str, table: Mapping[str, Array] | None = None
    ) -> Callable[..., dict[str, Any]]:
        self.check()
        return execute(source, name, table)

    def check(self) -> None:
        try:
            import torch  # noqa: F401
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "the torch backend runs on torch: `pip install flowc[torch]`", name="torch"
            ) from None
        self.own_array(np.zeros(()))

    def call(self, values: Callable[..., dict[str, Any]], arrays: Mapping[str, Array]) -> dict[str, Array]:
        tensors = {name: self.own_array(array) for name, array in arrays.items()}
        return {name: self.numpy_array(value) for name, value in values(**tensors).items()}

    def own_array(self, array: Array) -> Any:
        import torch

        return torch.tensor(array, dtype=getattr(torch, self.dtype), device=self._device_place)

    def sqrt(self, array: Any) -> Any:
        """Of a tensor, or of what a method makes of its settings: a number."""
        return math.sqrt(array) if isinstance(array, int | float) else array.sqrt()

    @cached_property
    def _device_place(self) -> Any:
        """The device, from which a number has come back: there are names of devices that hold none. Raises ValueError."""
        import torch

        if self.device is None:
            return "cpu"
        try:
            device = torch.device(self.device)
        except (RuntimeError, TypeError) as error:
            raise ValueError(f"torch knows no device `{self.device}`: {str(error).splitlines()[0]}") from None
        try:
            torch.zeros((), dtype=getattr(torch, self.dtype), device=device).cpu()
        except (RuntimeError, TypeError, AssertionError, ImportError):  # each kind of device has its own
            raise ValueError(
                f"there is no device `{self.device}` here that computes in {self.dtype}; leave `device` away for the CPU"
            ) from None
        return device

    def numpy_array(self, array: Any) -> Array:
        import torch

        value = torch.as_tensor(array).detach().cpu()
        wide = value.float() if value.dtype == torch.bfloat16 else value  # numpy has no bfloat16
        return cast(wide.numpy(), self.numpy_dtype)


def cast(array: Array, dtype: np.dtype) -> Array:
    """In another element type; what is too large for it is infinite there, and reported where a value comes of it."""
    with np.errstate(over="ignore"):
        return array.astype(dtype)


def _numpy_dtype(dtype: str) -> np.dtype:
    """The same in numpy, or float32, which holds what numpy has no type for."""
    return np.dtype(dtype if dtype in ("float64", "float32", "float16") else "float32")


def _cast_table(table: Mapping[str, Array], dtype: np.dtype) -> dict[str, Array]:
    """The arrays, numbers in this element type."""
    return {name: a if a.dtype.kind == "i" else cast(a, dtype) for name, a in table.items()}

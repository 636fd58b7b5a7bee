"""The Python API: `flowc.load`, `flowc.loads`, and what they give."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.graph.network import Network

if TYPE_CHECKING:
    import networkx as nx

    from flowc.doors.net import Net


def load(path: str | os.PathLike[str], settings: Mapping[str, int] | None = None) -> Flow:
    """The diagram in a file; `settings` as in `{"D": 5}` for its `index D = 4`.

    Raises FlowError, which carries every diagnostic, and OSError where the file cannot be read.
    """
    name = os.fspath(path)
    with open(name, "rb") as file:
        return _understood(file.read(), os.fsdecode(name), settings)


def loads(
    text: str | bytes, name: str | os.PathLike[str] = "diagram.flow", settings: Mapping[str, int] | None = None
) -> Flow:
    """The diagram in a text; `name` is what messages and generated code call it. Raises FlowError.

    Files that the text names are looked for in the folder of `name`.
    """
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"a diagram is a text, not {type(text).__name__}; `flowc.load` takes the path of a file")
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return _understood(data, os.fsdecode(name), settings)


def _understood(data: bytes, name: str, settings: Mapping[str, int] | None) -> Flow:
    from flowc.doors.beside import beside
    from flowc.pipeline import understand
    from flowc.syntax.text import decode

    sizes = _sizes(settings)
    found = understand(decode(data, name), sizes, beside(name))
    return Flow(found.network, found.warnings, tuple(sizes.items()))


def _sizes(settings: Mapping[str, int] | None) -> dict[str, int]:
    """The settings as whole numbers by the names of the diagram. Raises TypeError."""
    if not settings:
        return {}
    if not isinstance(settings, Mapping):
        raise TypeError(f"settings are a dict, as {{'D': 5}}, not {type(settings).__name__}")
    from flowc.doors.names import folded

    sizes = {}
    for name, size in settings.items():
        if isinstance(size, bool) or not hasattr(size, "__index__"):
            raise TypeError(f"the size `{name}` is a whole number, not {size!r}")
        sizes[folded(name)] = index(size)
    return sizes


@dataclass(frozen=True)
class Flow:
    """A valid diagram. `warnings` are the diagnostics that are no errors."""

    network: Network = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()
    settings: tuple[tuple[str, int], ...] = ()

    @property
    def graph(self) -> nx.MultiDiGraph:
        """The diagram as a graph of networkx: a copy, new each time. `flowc.graph.view` lists its attributes."""
        from flowc.graph.view import as_networkx

        return as_networkx(self.network)

    def compile(
        self, backend: str = "numpy", dtype: Any = None, device: Any = None, form: str | None = None,
        gradient: str | None = None, style: str | None = None, lower: str | None = None, batch: int | None = None,
    ) -> Net:  # fmt: skip
        """The diagram as code that can be printed (`source`) and run. None is the backend's default.

        style, lower, batch: as of `flowc compile`. dtype: "float64", "float32", ..., or numpy's or torch's own. device: of torch, as "cuda". Neither torch nor the
        device is touched before something runs. Raises ValueError for what the backend does not have or cannot do.
        """
        from flowc.doors.net import Net

        return Net(self, backend, _name(dtype), device, form, gradient, style, lower, batch)

    def __repr__(self) -> str:
        return f"<flow {self.network.name}: {len(self.network.nodes)} nodes, {len(self.network.weights)} weights>"


def _name(dtype: Any) -> str | None:
    """ "float32" of "float32", np.float32, np.dtype("float32"), torch.float32."""
    if dtype is None or isinstance(dtype, str):
        return dtype
    return getattr(dtype, "__name__", str(dtype)).removeprefix("torch.")

"""A diagram that is opened: its network, where its text stands, and the files beside it. What all else here takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import and_list
from flowc.graph.network import Network
from flowc.nets.arguments import path_of
from flowc.nets.sibling_files import files_beside, folder_of
from flowc.system import LARGEST_DIAGRAM, ordinary

if TYPE_CHECKING:
    from flowc.graph.files.access import Files
    from flowc.source import Source

MOST = 10**15  # of a size, as on the command line


@dataclass(frozen=True)
class Opened:
    """A valid diagram. `warnings` are the diagnostics that are no errors; `settings` the sizes that were set, by name."""

    network: Network = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()
    settings: tuple[tuple[str, int], ...] = ()

    @property
    def source(self) -> Source:
        return self.network.source

    @property
    def folder(self) -> str:
        """Where files that the text names are looked for."""
        return folder_of(self.source.name)

    @property
    def files(self) -> Files:
        """Opens those files."""
        return files_beside(self.source.name)

    @property
    def without_data(self) -> str:
        """What messages say where there are none, or none that fit the sizes that are set."""
        left_out = any(warning.code == "data-left-out" for warning in self.warnings)
        sizes = and_list(f"{name} = {size}" for name, size in self.settings) if left_out else ""
        return f"{self.network.name} has no data{f' that fit {sizes}' if sizes else ''}"


def open_diagram(source: Source, settings: Mapping[str, int] | None = None, files: Files | None = None) -> Opened:
    """The diagram in a text; `files` opens what it names, those in its folder by default. Raises FlowError."""
    from flowc.pipeline import understand

    sizes = dict(settings or {})
    understood = understand(source, sizes, files or files_beside(source.name))
    return Opened(understood.network, understood.warnings, tuple(sizes.items()))


def opened_file(path: str | os.PathLike[str], settings: Mapping[str, int] | None = None) -> Opened:
    """The diagram in a file. Raises FlowError, OSError, TypeError, ValueError."""
    from flowc.syntax.text import decode

    name = path_of("a diagram's file", path)
    return open_diagram(decode(ordinary(name, LARGEST_DIAGRAM), name), _check_sizes(settings))


def opened_text(
    text: str | bytes, name: str | os.PathLike[str] = "diagram.flow", settings: Mapping[str, int] | None = None
) -> Opened:
    """The diagram in a text. Raises FlowError, TypeError, ValueError."""
    from flowc.syntax.text import decode

    if not isinstance(text, (str, bytes)):
        raise TypeError(f"a diagram is a text, not {type(text).__name__}; `flowc.load` takes the path of a file")
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return open_diagram(decode(data, path_of("a diagram's name", name)), _check_sizes(settings))


def _check_sizes(settings: Mapping[str, int] | None) -> dict[str, int]:
    """The settings as whole numbers by the names of the diagram. Raises TypeError, ValueError."""
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        raise TypeError(f"settings are a dict, as {{'D': 5}}, not {type(settings).__name__}")
    from flowc.syntax.names import folded

    sizes = {}
    for name, size in settings.items():
        if isinstance(size, bool) or not hasattr(size, "__index__"):
            raise TypeError(f"the size `{name}` is a whole number, not {in_code(size)}")
        if not -MOST < index(size) < MOST:
            raise ValueError(f"the size `{name}` is too large: a whole number of {index(size).bit_length()} bits")
        sizes[folded(str(name))] = index(size)
    return sizes

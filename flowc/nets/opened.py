"""A diagram that is opened: its network, where its text stands, and the files beside it. What all else here takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.graph.network import Network
from flowc.nets.sibling_files import beside, folder_of

if TYPE_CHECKING:
    from flowc.graph.files.access import Files
    from flowc.source import Source


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
        return beside(self.source.name)


def opened(source: Source, settings: Mapping[str, int] | None = None, files: Files | None = None) -> Opened:
    """The diagram in a text; `files` opens what it names, those in its folder by default. Raises FlowError."""
    from flowc.pipeline import understand

    sizes = dict(settings or {})
    understood = understand(source, sizes, files or beside(source.name))
    return Opened(understood.network, understood.warnings, tuple(sizes.items()))


def opened_text(text: str) -> Opened:
    """The diagram in a text that is in no file. Raises FlowError."""
    from flowc.syntax.text import decode

    return opened(decode(text.encode("utf-8", "surrogatepass"), "diagram.flow"))

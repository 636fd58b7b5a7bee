"""What is raised of a text that is not a diagram."""

from __future__ import annotations

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Source


class FlowError(Exception):
    """A text that is not a diagram. Carries every diagnostic of the stage that failed."""

    def __init__(self, source: Source, diagnostics: tuple[Diagnostic, ...]):
        self.source = source
        self.diagnostics = diagnostics
        super().__init__(source, diagnostics)

    def __str__(self) -> str:
        from flowc.diagnostics.render import as_text

        return as_text(self.source, self.diagnostics)

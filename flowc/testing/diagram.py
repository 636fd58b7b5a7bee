"""A diagram that is generated: as verifying takes it, but opened as a `flowc.Flow`."""

from __future__ import annotations

from flowc.doors.api import Flow
from flowc.nets.verifying import diagram


class Diagram(diagram.Diagram):
    __doc__ = diagram.Diagram.__doc__

    def load(self) -> Flow:
        """The `flowc.Flow`. Raises FlowError. Data in files are not read: for those `write` it, and load its path."""
        opened = super().load()
        return Flow(opened.network, opened.warnings, opened.settings)

"""What a printer of Python is asked, whatever its library."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from flowc.backends.backend import PROTOCOL, Backend, Options, Printed
from flowc.backends.python.beside import numbers_beside
from flowc.backends.python.mesh import mesh_tables
from flowc.backends.python.packs import with_records
from flowc.graph.network import Network
from flowc.program.ir import Program
from flowc.program.passes.passes import Printing


class PythonBackend(Backend):
    protocol = PROTOCOL
    language = "python"
    styles = ("nodes", "layers", "fast")
    trains = runs = True

    def emit(self, network: Network, program: Program, options: Options) -> Printed:
        chosen = self.complete(options)
        return Printed(self.print_text(with_records(network, program), program, chosen), numbers_beside(program, chosen))

    @abstractmethod
    def print_text(self, network: Network, program: Program, chosen: Options) -> str:
        """The file, of options that are complete. Raises Refused."""

    def printing(self, options: Options, program: Program) -> Printing:
        chosen = self.complete(options)
        functions = chosen.form == "functions"
        return Printing(
            scalar=program.lowering == "scalar", one_token=chosen.batch in (None, 1), explicit=chosen.gradient == "explicit",
            loops=functions and chosen.style != "nodes", fast=functions and chosen.style == "fast", asked=self.fused,
        )  # fmt: skip

    def arrays(self, program: Program) -> dict[str, Any]:
        return mesh_tables(program.steps)

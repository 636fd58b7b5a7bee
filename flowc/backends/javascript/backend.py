"""The JavaScript backend: one ES module, which needs nothing."""

from __future__ import annotations

from flowc.backends.backend import PROTOCOL, Backend, Options, Printed
from flowc.backends.javascript.file import javascript_file
from flowc.graph.network import Network
from flowc.program.ir import Program


class JavaScriptBackend(Backend):
    protocol = PROTOCOL
    name = "javascript"
    summary = "JavaScript: one module, for a page and for node."
    language = "javascript"
    gradients = ("explicit",)

    def emit(self, network: Network, program: Program, options: Options) -> Printed:
        return Printed(javascript_file(network, program, self.complete(options)))

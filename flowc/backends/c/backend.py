"""The C backend: one file of C99, which needs nothing but math.h."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.backend import PROTOCOL, Backend, Options, Printed, Refused
from flowc.backends.c.file import c_file
from flowc.backends.python.packs import with_records
from flowc.graph.network import Network
from flowc.maths.optimisers import Optimiser
from flowc.program.ir import Program, Symbol


class CBackend(Backend):
    """Numbers are double, or float with `--dtype float32`."""

    protocol = PROTOCOL
    name = "c"
    summary = "C99: one file, for a compiler and a course on C."
    language = "c"
    styles = ("nodes", "fast")
    lowerings = ("auto", "dense", "sparse", "chunked")
    gradients = ("explicit",)
    dtypes = ("float64", "float32")
    trains = True
    includes_data = True
    runs = True
    library = "c"

    def emit(self, network: Network, program: Program, options: Options) -> Printed:
        chosen = self.complete(options)
        if options.train and chosen.style == "fast":
            raise Refused("`--train` prints C of style `nodes` alone; `fit` of style `fast` takes steps on arrays that it is given")
        if options.train:
            from flowc.backends.c.train import c_train_file

            return Printed(c_train_file(network, program, chosen))
        return Printed(c_file(with_records(network, program), program, chosen))

    def emit_values(self, network: Network, program: Program, symbols: Mapping[str, Symbol], options: Options) -> str:
        from flowc.backends.c.values import c_values

        return c_values(network, program, symbols, self.complete(options))

    def emit_descent(self, network: Network, program: Program, method: Optimiser, settings: Mapping[str, float]) -> str:
        from flowc.backends.c.descent import c_descent

        return c_descent(network, program, method, settings)

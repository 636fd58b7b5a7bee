"""The program as one pass leaves it: what `flowc compile --emit program --after NAME` prints."""

from __future__ import annotations

from flowc import pipeline
from flowc.backends.backend import Backend, Options, Refused
from flowc.diagnostics.suggest import closest
from flowc.doors.cli.errors import Trouble
from flowc.graph.network import Network
from flowc.program.ir import Program
from flowc.program.lowering import Lowering, too_long
from flowc.program.passes.passes import Passes, passes_of
from flowc.program.passes.tokens import Entangled
from flowc.program.scalar_writer import TooLong
from flowc.program.verify import verify

FIRST = ("lower", "differentiate")  # before any printer asks for more


def program_after(name: str, network: Network, lowering: Lowering | None, backend: Backend, options: Options) -> Program:
    """Raises Trouble for a name that no pass on this way has, Refused for what the backend cannot print."""
    program = pipeline.plan(network, lowering)
    asked = backend.printing(options, program)
    passes = passes_of(asked) if asked else Passes((), {})
    if name == "lower":
        return pipeline.forward(network, lowering, pack=True)
    if name == "differentiate":
        return program
    names = [*FIRST, *passes.names()]
    if name not in names:
        nearest = closest(name, names)
        guess = f"; did you mean `{nearest}`?" if nearest else ""
        raise Trouble(f"no pass on this way is `{name}`{guess}; there are {', '.join(names)}")
    try:
        return verify(passes.after(name, program))
    except TooLong:
        raise Refused(too_long()) from None
    except Entangled:
        raise Refused("a token here depends on all the others, which no loop over the tokens computes") from None

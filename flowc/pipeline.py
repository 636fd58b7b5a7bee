"""From text to code: every stage, in order. Pure functions; files and terminals are the doors' business.

stage          from        to             in          what fails is
decode         bytes       source         syntax/     FlowError
parse          source      tree           syntax/     FlowError
build          tree        network        graph/      FlowError
lower          network     program        program/    a fault of flowc
differentiate  program     program        program/    a fault of flowc
emit           program     files          backends/   Refused
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.records import Record
from flowc.source import Source

if TYPE_CHECKING:  # every stage is imported when it is reached
    from flowc.graph.files.access import Files
    from flowc.graph.network import Network
    from flowc.program.ir import Program, Symbol
    from flowc.program.lowering import Lowering


class Understood(Record):
    """A valid diagram, and the warnings about it."""

    network: Network
    warnings: tuple[Diagnostic, ...]


def understand(source: Source, settings: Mapping[str, int] | None = None, files: Files | None = None) -> Understood:
    """What a text means; `settings` as in `{"D": 5}` for `index D = 4`.

    `files` gives the bytes of a file by its name in a `nodes` or `edges` statement, and raises `graph.files.access.Unreadable`.
    Raises FlowError with every problem of the stage that failed, warnings about the text among them.
    """
    from flowc.graph.build import build
    from flowc.syntax.parser import parse_with_warnings, without_collector

    with without_collector():
        tree, odd = parse_with_warnings(source)
        try:
            network, warnings = build(tree, source, settings, files)
        except FlowError as error:
            raise FlowError(source, (*odd, *error.diagnostics)) from None
    return Understood(network, (*odd, *warnings))


def plan(network: Network, lowering: Lowering | None = None) -> Program:
    """What to compute, verified: forward, and the gradients of the loss for the learnt weights.

    `lowering` is what `flowc.program.lowering.choose` gives; None is that of the slide, a line for each node.
    """
    from flowc.program import verify
    from flowc.program.passes.unstack import unstacked

    program = forward(network, lowering, pack=True)
    if program.loss is None:
        return program
    weights = network.weights if program.records is None else program.records
    learnt = {w.name for w in weights if w.learnt}
    program = slopes(program, program.loss, tuple(s for s in program.weights if s.owner in learnt))
    return verify(unstacked(program)) if program.columns else program


def forward(network: Network, lowering: Lowering | None = None, pack: bool = False) -> Program:
    """The verified program without gradients. `pack`: a mesh's scalars in arrays, as a file wants them."""
    from flowc.program import lower, verify

    if lowering is not None and lowering.name == "mesh":
        from flowc.program.mesh.lower import gather
        from flowc.program.mesh.nodes import revealed

        program = gather(network, lowering.matrices, pack)
        return verify(program if pack else revealed(program, network))
    if lowering is not None and lowering.name == "layers":
        from flowc.program.lower_layers import layered

        return verify(layered(network))
    program = verify(lower(network))
    return replace(program, lowering=lowering.name) if lowering else program


def slopes(program: Program, of: Symbol, wrt: tuple[Symbol, ...]) -> Program:
    """The program with the gradients of (the sum of) `of`, verified."""
    from flowc.program import differentiate, verify
    from flowc.program.mesh.nodes import with_slopes

    if program.lowering == "layers":
        from flowc.program import lower_layers

        return verify(lower_layers.with_slopes(program, of, wrt))
    return verify((with_slopes if program.parts else differentiate)(program, of, wrt))

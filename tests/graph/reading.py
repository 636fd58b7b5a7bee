"""Short ways from a text to its network or its problems."""

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.graph.build import build
from flowc.graph.files.access import Files
from flowc.graph.network import Network
from flowc.source import Source
from flowc.syntax.parser import parse


def network(text: str, name: str = "test.flow", files: Files | None = None, **settings: int) -> Network:
    source = Source(name, text)
    return build(parse(source), source, settings, files)[0]


def problems(text: str, files: Files | None = None, **settings: int) -> tuple[Diagnostic, ...]:
    """The errors and warnings of the graph stage."""
    source = Source("test.flow", text)
    tree = parse(source)
    try:
        return build(tree, source, settings, files)[1]
    except FlowError as error:
        return error.diagnostics


def codes(text: str, **settings: int) -> list[str]:
    return [problem.code for problem in problems(text, **settings)]


def arrows(text: str, node: str) -> list[tuple]:
    """(source, spec, coefficient, weight or literal) of every arrow into a node."""
    return [(a.source, str(a.spec), a.coefficient, a.weight or a.literal) for a in network(text).node(node).arrows]

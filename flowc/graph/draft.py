"""The network while it is being built: nodes and weights that statements still add to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flowc.diagnostics.diagnostic import Severity
from flowc.graph.files.access import Files
from flowc.graph.files.lazy_arrows import Arrows, Table, joined
from flowc.graph.files.row_problems import Listing
from flowc.graph.network import Arrow, Axis, Draw, Index, Numbers, Operand, Role
from flowc.graph.problems import Problems
from flowc.source import NOWHERE, Source, Span
from flowc.syntax import tree as t
from flowc.syntax.names import free


@dataclass(slots=True, eq=False)
class DraftNode:
    """A node. `axes` is None while they are unknown, and stays so where a mistake hides them."""

    name: str
    role: Role
    axes: tuple[Axis, ...] | None
    name_span: Span  # where it is declared or defined
    declared: bool = False
    label: str | None = None
    activation: t.Activation | None = None
    function: str = "identity"
    parameters: tuple[float, ...] = ()
    arrows: Arrows = field(default_factory=list)
    operands: tuple[Operand, ...] = ()
    equation: t.Equation | t.Loss | None = None
    excitation: t.Equation | None = None
    owner: str | None = None
    span: Span = NOWHERE
    broken: bool = False  # something into it was reported, so nothing more is said of what is missing
    listing: Listing | None = None  # the file that declares it
    row: int = 0  # ... and where
    cell: str = ""  # ... with this activation

    def add(self, arrow: Arrow) -> None:
        """An arrow into it, after those it has."""
        if isinstance(self.arrows, list):
            self.arrows.append(arrow)
        else:
            self.arrows = joined(self.arrows, [arrow])


@dataclass(slots=True, eq=False)
class DraftWeight:
    """A weight. `start` None is the default draw; a Draw gets its fans at the end."""

    name: str
    axes: tuple[Axis, ...] | None
    learnt: bool
    start: Numbers | Draw | None
    declared: bool
    span: Span
    used: bool = False
    fan_in: int = 1
    fan_out: int = 1
    label: str | None = None


@dataclass(slots=True, eq=False)
class InPlace:
    """A weight that an arrow names: `x -> h : W ~ 0`. Its axes come from the arrow."""

    statement: t.Arrows
    carried: t.Carried
    name: t.Ref
    start: t.Start


class Draft:
    """Everything known so far, by name. Dicts keep the order of the text."""

    def __init__(self, source: Source, files: Files | None = None) -> None:
        self.source = source
        self.files = files
        self.listings: list[Listing] = []
        self.tables: dict[t.EdgesFile, Table] = {}  # arrows of files, in the order of the statements
        self.problems = Problems()
        self.indices: dict[str, tuple[Axis, Span]] = {}
        self.resized: dict[str, int] = {}  # those set to another size than the text's
        self.nodes: dict[str, DraftNode] = {}
        self.weights: dict[str, DraftWeight] = {}
        self.in_place: dict[str, InPlace] = {}
        self.equations: dict[str, t.Equation] = {}
        self.loss: t.Loss | None = None
        self.loss_name: str | None = None
        self.places: dict[str, Span] = {}  # every name of the namespace, where it was made
        self.merged: dict[str, t.Equation] = {}  # excitations' names that belong to a circle
        self.unknown: set[str] = set()  # names already reported

    def free(self, name: str) -> str:
        """`name`, with as many `_` behind as make it new."""
        return free(name, self.places)

    def listing(self, statement: t.NodesFile | t.EdgesFile) -> Listing:
        """The file of a statement, about to be read."""
        self.listings.append(Listing(self.problems, statement))
        return self.listings[-1]

    def report(self, node: DraftNode, code: str, message: str, *, hint: str = "", severity: Severity = "error") -> None:
        """Report a problem of a node where it is declared: in the text, or in a row of a file."""
        if node.listing is not None:
            node.listing.report(code, node.row, message, hint=hint, severity=severity)
        else:
            self.problems.report(code, message, node.name_span, hint=hint, severity=severity)

    def text(self, span: Span) -> str:
        """What was written there."""
        return self.source.text[span.start : span.end]

    def place(self, span: Span) -> str:
        line, column = self.source.position(span.start)
        return f"{line}:{column}"


def references(expression: t.Expression | t.Range | None) -> Iterator[t.Ref]:
    """Every name in a value's place, in the order of the text, without those inside brackets."""
    stack: list[t.Expression | t.Range | None] = [expression]
    while stack:
        here = stack.pop()
        match here:
            case t.Ref():
                yield here
            case t.Binary():
                stack += [here.right, here.left]
            case t.Negative() | t.Transpose():
                stack.append(here.operand)
            case t.Call():
                stack += [*(value for _, value, _ in reversed(here.keywords)), *reversed(here.args)]
            case t.List():
                stack += reversed(here.items)


def calls(expression: t.Expression | t.Range | None) -> Iterator[t.Call]:
    """Every call, outermost first."""
    stack: list[t.Expression | t.Range | None] = [expression]
    while stack:
        here = stack.pop()
        match here:
            case t.Call():
                yield here
                stack += [*(value for _, value, _ in reversed(here.keywords)), *reversed(here.args)]
            case t.Binary():
                stack += [here.right, here.left]
            case t.Negative() | t.Transpose():
                stack.append(here.operand)
            case t.List():
                stack += reversed(here.items)


def whole(index: Index, axes: tuple[Axis, ...]) -> Index:
    """The same index, () where it takes everything."""
    takes_all = all(isinstance(i, tuple) and i == (0, len(a)) for i, a in zip(index, axes))
    return () if takes_all else index

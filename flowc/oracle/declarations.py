"""What a text and the files that it names declare: axes, activations, equations, arrows, weights, the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowc.oracle.lists import Edge, edges_of, nodes_of
from flowc.oracle.tensor import Axis, count_axis
from flowc.syntax import tree as t

Files = Callable[[str], bytes]  # the bytes of a file by the name in its statement
Sources = tuple[t.Ref | t.Number, ...]


@dataclass(frozen=True)
class Drawn:
    """One hop of an arrow statement."""

    sources: Sources
    targets: Sources
    carried: t.Carried


@dataclass(frozen=True)
class Listed:
    """The rows of a file of edges; the learnt ones are one vector of weights."""

    edges: tuple[Edge, ...]
    weight: str


@dataclass
class Declarations:
    """`axes` are those of declared nodes and weights; a node without an entry gets its own from its equation."""

    indices: dict[str, Axis] = field(default_factory=dict)
    axes: dict[str, tuple[Axis, ...]] = field(default_factory=dict)
    activations: dict[str, t.Activation | None] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    weights: dict[str, t.Start] = field(default_factory=dict)
    equations: dict[str, t.Expression] = field(default_factory=dict)
    arrows: list[Drawn | Listed] = field(default_factory=list)
    loss: t.Expression | None = None
    names: set[str] = field(default_factory=set)

    def position(self, axis: Axis, index: t.Expression) -> int | None:
        """The place of an element: by its number or its name; None where the axis has none of that name."""
        word = _index_word(index)
        return axis.index(word) if word in axis else None


def read_declarations(tree: t.Tree, settings: Mapping[str, int], files: Files | None) -> Declarations:
    """`settings`: sizes in place of those that an index has as a count."""
    declarations = Declarations()
    for statement in sorted(tree.statements, key=lambda s: not isinstance(s, t.Indices)):
        _read_statement(declarations, statement, settings, files)
    return declarations


def _read_statement(found: Declarations, s: t.Statement, settings: Mapping[str, int], files: Files | None) -> None:
    match s:
        case t.Indices():
            for i in s.items:
                high = settings.get(i.name, i.high) if i.counted else i.high
                found.indices[i.name] = i.names or tuple(map(str, range(i.low, high + 1)))
                found.names.add(i.name)
        case t.Declaration():
            for item in s.items:
                _declare_node(found, item.name, s.role, item.activation, _axes_of_size(found, item.size))
        case t.NodesFile():
            assert files is not None
            for name, role, activation in nodes_of(files(s.path)):
                _declare_node(found, name, role, activation, ())
        case t.Weights():
            for w in s.items:
                found.weights[w.name] = w.start
                found.axes[w.name] = _axes_of_size(found, w.size)
                found.names.add(w.name)
        case t.Arrows():
            assert s.carried is not None
            if s.carried.name and s.carried.start:
                found.weights[s.carried.name.name] = s.carried.start
                found.names.add(s.carried.name.name)
            found.arrows += [Drawn(a, b, s.carried) for a, b in zip(s.ends, s.ends[1:], strict=False)]
        case t.PlainArrows():
            for source, target, weight, *_ in s.arrows:
                end = t.Number(1, "1", s.span) if source == "1" else t.Ref(source, None, s.span)
                carried = t.Carried(t.Number(weight, "", s.span), None, None, s.span)
                found.arrows.append(Drawn((end,), (t.Ref(target, None, s.span),), carried))
        case t.EdgesFile():
            assert files is not None
            listed = Listed(edges_of(files(s.path)), f"w_{_file_stem(s.path)}")
            found.arrows.append(listed)
            found.weights[listed.weight] = t.Start("learnt", None, s.span)
            found.axes[listed.weight] = (count_axis(sum(edge.learnt for edge in listed.edges)),)
        case t.Equation():
            found.equations[s.left.name] = s.right
            found.names.add(s.left.name)
        case t.Loss():
            found.loss = s.expression
            found.names.add(s.name or "")


def _declare_node(found: Declarations, name: str, role: str, activation: t.Activation | None, axes: tuple[Axis, ...]) -> None:
    found.axes[name], found.activations[name], found.roles[name] = axes, activation, role
    found.names.add(name)


def _axes_of_size(found: Declarations, size: tuple[Any, ...] | None) -> tuple[Axis, ...]:
    return tuple(_axis_of_entry(found, entry) for entry in size or ())


def _axis_of_entry(found: Declarations, size: Any) -> Axis:
    match size:
        case t.Ref():
            return found.indices[size.name]
        case t.Range():
            return tuple(map(str, range(_whole_number(size.low), _whole_number(size.high) + 1)))
    return count_axis(_whole_number(size))


def _whole_number(e: t.Expression) -> int:
    """A whole number, perhaps with a sign."""
    if isinstance(e, t.Negative):
        return -_whole_number(e.operand)
    assert isinstance(e, t.Number)
    return int(e.value)


def _index_word(index: t.Expression) -> str | None:
    match index:
        case t.Number() | t.Negative():
            return str(_whole_number(index))
        case t.Text():
            return index.value
        case t.Ref(index=None):
            return index.name
    return None


def _file_stem(path: str) -> str:
    """The file's name without its folder and its ending; what may not stand in a name is `_`."""
    stem = path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return "".join(c if f"w{c}".isidentifier() else "_" for c in stem).strip("_") or "edges"

"""Which lowering a diagram gets: how its nodes become steps. `--style` and `--lower` ask, `choose` decides.

nodes      a line for each excitation and each activation, as the slide has it
layers     scalar nodes of one level and one activation gathered into a vector, their arrows into a matrix
mesh       scalar nodes gathered into one array, level after level, a level's arrows dense or sparse
scalar     every element a Python number, one token after the other
chunked    the nodes' lines, on so many tokens at a time that what they make stays in the cache
dense      vectors and matrices as they were drawn, in the library's fastest words
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from numbers import Integral
from typing import Literal

from flowc.diagnostics.shorten import in_code
from flowc.graph.files.lazy_arrows import source_names
from flowc.graph.network import Arrow, Network, Node
from flowc.maths.functions import lookup
from flowc.records import Record

Name = Literal["nodes", "layers", "mesh", "scalar", "chunked", "dense"]
Matrices = Literal["auto", "dense", "sparse"]

STYLES = ("nodes", "layers", "fast")
FORCED = ("auto", "dense", "sparse", "scalar", "chunked")

# Lines times tokens that plain Python multiplies and adds in the time of one level's calls of numpy: a line and token
# costs 16 to 20 ns there, a level 2 to 3 µs here (CPython 3.11, numpy 2.4, two cores, medians of 7 rounds).
SCALAR_PER_LEVEL = 100
# So few scalar lines that a vector of tokens for each node costs less than gathering the nodes.
FEW_LINES = 64
# So many lines that plain Python is not worth it, and so many arrows that it need not be tried.
SCALAR_LINES, SCALAR_ARROWS = 5000, 25_000
# So many nodes that matrices of theirs, written out, may have 10^6 numbers.
MANY_NODES = 1000


class Lowering(Record):
    """`matrices`: of a mesh, whether its levels are dense or sparse; `auto`: each as `matrices.py` reckons."""

    name: Name
    matrices: Matrices = "auto"

MOST_TOKENS = 10**15  # at a time, as on the command line


class Unsuitable(ValueError):
    """A choice that does not go with another, or with the backend: the message says what does."""


def choose(
    network: Network, style: str | None = None, lower: str | None = None, batch: int | None = None,
    able: Iterable[str] = FORCED,
) -> Lowering:  # fmt: skip
    """The lowering for a style. `lower` forces one; `able` are those that the backend prints. Raises Unsuitable."""
    if batch is not None and (isinstance(batch, bool) or not isinstance(batch, Integral) or not 1 <= batch < MOST_TOKENS):
        raise Unsuitable(f"the batch is how many tokens there are at a time, from 1 on, not {in_code(batch)}")
    if batch is not None and style != "fast":
        raise Unsuitable("`--batch` goes with `--style fast`")
    if style in (None, "nodes"):
        if lower is not None:
            raise Unsuitable("`--lower` goes with `--style layers` and `--style fast`")
        return Lowering("nodes")
    if lower not in (None, *able):
        raise Unsuitable(f"this backend has no lowering `{lower}`; it has {', '.join(f'`{a}`' for a in able)}")
    if style == "layers":
        return _layer_lowering(network, lower or "auto")
    return _fast_lowering(network, lower or "auto", batch, tuple(able))


def _layer_lowering(network: Network, lower: str) -> Lowering:
    if lower in ("scalar", "chunked"):
        raise Unsuitable(f"`--style layers` has matrices; `--lower {lower}` goes with `--style fast`")
    if lower == "auto" and network.edges and len(network.nodes) > MANY_NODES:
        return Lowering("mesh")
    return Lowering("mesh", "sparse") if lower == "sparse" and gathered(network) else Lowering("layers")


def _fast_lowering(network: Network, lower: str, batch: int | None, able: tuple[str, ...]) -> Lowering:
    if lower == "scalar":
        _check_scalar(network)
        return Lowering("scalar")
    if lower == "chunked":
        return Lowering("chunked")
    scalars = gathered(network)
    meshes = "sparse" in able and bool(scalars)
    if lower in ("dense", "sparse"):
        return Lowering("mesh", "dense" if lower == "dense" else "sparse") if meshes else Lowering("dense")
    lines, deep = size(network), depth(network)
    if "scalar" in able and batch is not None and lines * batch <= SCALAR_PER_LEVEL * deep:
        return Lowering("scalar")
    if not meshes:
        return Lowering("dense")
    if sum(len(node.arrows) for node in scalars) <= FEW_LINES:
        return Lowering("chunked" if "chunked" in able else "dense")
    return Lowering("mesh")


def too_long() -> str:
    """Why there is no plain Python."""
    number = f"{SCALAR_LINES:,}"
    return f"`--lower scalar` has a line for every element, here more than {number}; take `--lower dense`, or leave it away"


def _check_scalar(network: Network) -> None:
    """Before the lines are written: each number that learns has one for its gradient. Raises Unsuitable."""
    learnt = sum(prod(w.shape) for w in network.weights if w.learnt) if network.loss else 0
    if learnt > SCALAR_LINES or size(network) > SCALAR_ARROWS:
        raise Unsuitable(too_long())


# ------------------------------------------------------------------ measures


def gathered(network: Network) -> list[Node]:
    """The nodes that meshes and layers are made of, but for those of the loss."""
    return [node for node in network.nodes if _can_gather(node) and (node.owner is None or node.owner != network.loss)]


def _can_gather(node: Node) -> bool:
    """A scalar sum of scalar lines under an elementwise function."""
    if node.shape or node.operands or node.role in ("input", "target", "loss") or node.learning_only:
        return False
    function = lookup(node.function)
    assert function is not None, node.function
    return function.kind == "elementwise" and bool(node.arrows) and only_lines(node.arrows)


def only_lines(arrows: Sequence[Arrow]) -> bool:
    """Whether all are scalar lines; those of files are."""
    return getattr(arrows, "from_files_alone", False) or all(map(is_line, arrows))


def is_line(arrow: Arrow) -> bool:
    """One scalar times one number, into a scalar."""
    return arrow.spec.is_scalar and (arrow.literal is None or not isinstance(arrow.literal, tuple))


def size(network: Network) -> int:
    """How many scalar lines a network has, those of matrices counted one by one."""
    shapes = {node.name: node.shape for node in network.nodes}
    return sum(_lines_into(node, shapes) for node in network.nodes)


def _lines_into(node: Node, shapes: dict[str, tuple[int, ...]]) -> int:
    if getattr(node.arrows, "from_files_alone", False):
        return len(node.arrows)
    return sum(_lines_of_arrow(arrow, node, shapes.get(arrow.source, ())) for arrow in node.arrows)


def _lines_of_arrow(arrow: Arrow, node: Node, source: tuple[int, ...]) -> int:
    if arrow.spec.is_scalar:
        return 1
    return max(prod(node.shape), prod(source)) if arrow.spec.is_one_to_one else prod(node.shape) * prod(source)


def depth(network: Network) -> int:
    """The most sums and functions that follow one another; at least 1."""
    level: dict[str, int] = {}
    for node in network.nodes:
        before = source_names(node.arrows) + [o.node for o in node.operands if o.node]
        level[node.name] = max((level.get(name, 0) for name in before), default=-1) + 1
    return max([1, *level.values()])

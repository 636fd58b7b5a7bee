"""Makes the trace of a network: forward, the loss, backward, the weights' gradients, one step of learning."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flowc.graph.network import Arrow, Network, Node
from flowc.learning.trace.arrow_terms import arrow_wires
from flowc.learning.trace.backward import Backward
from flowc.learning.trace.formula import Call, Formula, Leaf, Number, Quantity, add, leaves, parts, times
from flowc.learning.trace.forward import Forward
from flowc.learning.trace.model import Block, Found, Line, Section, Trace
from flowc.learning.trace.names import Names
from flowc.learning.trace.precision import Digits, choose_digits
from flowc.learning.trace.quantities import MANY, Ledger
from flowc.program.batch_loss import belongs_to_loss
from flowc.program.scalar_arrows import Element

Carrier = tuple[Node, Arrow]  # of a weight: an arrow that it is on, and the node fed

PARTS = {"forward": ("forward",), "loss": ("loss",), "backward": ("backward", "weights"), "update": ("step",)}  # their sections
SURE = {"float32": 6, "float16": 3, "bfloat16": 2}  # digits that survive computing; of float64 there are 15


def trace(
    network: Network, found: Found, token: str = "", least: int = 4, whole: bool = False, dtype: str = "float64", many: int = MANY,
    part: str = "all",
) -> Trace:  # fmt: skip
    """What a net found for one token, and how. `token` says which; rounded numbers have at least `least` digits; of more than
    `many` elements, and of long sums, some are left out, but none where it is `whole`. `part`: one of `PARTS`, in the digits that it has among all, or all."""
    ledger = Ledger(network, found, whole, many)
    sections = tuple(section for section in _write_sections(ledger) if section.blocks)
    lines = [line for section in sections for line in section.lines()]
    digits = Digits(ledger.numbers, least, SURE.get(dtype, 15))
    close = frozenset(line.left for line in choose_digits(lines, digits))
    sections = tuple(section for section in sections if section.name in PARTS.get(part, (section.name,)))
    lines = [line for section in sections for line in section.lines()]
    used = dict.fromkeys(leaf for line in lines for leaf in _leaves_of_line(line))
    return Trace(
        network=network,
        token=token,
        sections=sections,
        numbers={leaf: digits.exact_value(leaf) for leaf in used},
        written={leaf: digits.written_number(leaf).text for leaf in used},
        close=close & {line.left for line in lines},
        functions=tuple(dict.fromkeys(name for line in lines if line.formula for name in _functions_in(line.formula))),
        names=Names(network, ledger.xi),
        xi=ledger.xi,
        loss=network.loss or "",
        rate=found.rate,
        rate_from=found.rate_from,
    )


def _leaves_of_line(line: Line) -> Iterator[Leaf]:
    yield line.left
    if line.formula is not None:
        yield from leaves(line.formula)


def _functions_in(formula: Formula) -> Iterator[str]:
    if isinstance(formula, Call):
        yield formula.function
    for part in parts(formula):
        yield from _functions_in(part)


def _write_sections(ledger: Ledger) -> Iterator[Section]:
    forward = Forward(ledger)
    network, numbers = ledger.network, ledger.found
    late = {n.name for n in network.nodes if _of_loss(network, n)} if network.loss else set()
    complete = all(n.name in numbers.values for n in network.nodes if n.role == "target")
    learns = complete and (numbers.loss is not None or not network.loss)
    # without the targets there is neither a loss nor what needs them
    shown = [n for n in network.nodes if learns or not _of_loss(network, n)]
    yield Section("forward", tuple(forward.write_block(n) for n in shown if n.name not in late))
    if numbers.loss is None:
        return
    yield Section("loss", tuple(forward.write_block(n) for n in shown if n.name in late))
    backward = Backward(ledger, forward)
    yield Section("backward", tuple(backward.write_blocks()))
    learnt = [w.name for w in network.weights if w.learnt]
    carriers = _carriers_of_weights(network, backward.leading)
    yield Section("weights", tuple(_weight_block(ledger, name, carriers.get(name, [])) for name in learnt))
    if numbers.after is not None:
        yield Section("step", tuple(_step_blocks(ledger, learnt)))


def _of_loss(network: Network, node: Node) -> bool:
    """What stands in the section of the loss: the targets, and what needs them."""
    return belongs_to_loss(network, node) or node.role == "target" or node.learning_only


def _carriers_of_weights(network: Network, leading: set[str]) -> dict[str, list[Carrier]]:
    """By weight: the arrows that it is on, of those that lead to the loss."""
    carriers: dict[str, list[Carrier]] = {}
    for node in network.nodes:
        for arrow in node.arrows if node.name in leading else ():
            if arrow.weight is not None:
                carriers.setdefault(arrow.weight, []).append((node, arrow))
    return carriers


def _weight_block(ledger: Ledger, name: str, carriers: list[Carrier]) -> Block:
    """The loss's derivative by each element of a weight: over every arrow that it is on, δ times the source."""

    def gradient_lines(element: Element) -> list[Line]:
        terms: list[Formula] = []
        for node, arrow in carriers:
            for wire in arrow_wires(arrow, ledger.shapes, node.shape, "weight", element):
                source = [wire.source] if wire.source else []
                terms.append(times(Number(wire.factor), ledger.delta_of(node, wire.target), *source))
        return [ledger.make_line("weight", Quantity("d", name, element), add(*((1, term) for term in terms)))]

    return Block(name, tuple(ledger.lines_of_elements(ledger.shapes[name], gradient_lines, whole=False)))


def _step_blocks(ledger: Ledger, learnt: list[str]) -> Iterator[Block]:
    """Each weight after the step, and the loss then."""

    def step_lines(name: str, element: Element) -> list[Line]:
        down = times(Number(ledger.found.rate), Quantity("d", name, element))
        formula = add((1, Quantity("", name, element)), (-1, down))
        return [ledger.make_line("step", Quantity("'", name, element), formula)]

    for name in learnt:
        lines = ledger.lines_of_elements(ledger.shapes[name], partial(step_lines, name), whole=False)
        yield Block(name, tuple(lines))
    loss = ledger.network.loss or ""
    after = Quantity("'", loss)
    ledger.numbers[after] = ledger.found.after or 0.0
    yield Block(loss, (ledger.make_line("after", after),))

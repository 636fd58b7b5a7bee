"""From a network to pictures: what `flowc draw`, a notebook and `flowc.render` call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flowc.drawing import alt, states
from flowc.drawing.arrange import arrange
from flowc.drawing.compose import Text, compose
from flowc.drawing.diagram import Diagram
from flowc.drawing.layout import Direction
from flowc.drawing.numbers import Numbers
from flowc.drawing.picture import Picture
from flowc.drawing.sketch import Content, sketch
from flowc.drawing.state import STRUCTURE, State
from flowc.graph.network import Network
from flowc.graph.network import Numbers as Start
from flowc.program.scalar_arrows import End

Show = Literal["structure", "values", "gradients"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn; the words of the command line.

    direction: "right", or "up", as the lecture draws. loss: targets and the loss, too. vectors: "column" of elements, or
    one "circle". many: of a layer with more circles some are left out. legend: always, never or (None) where needed.
    alt: in place of the generated sentence. name: of the picture, in its ids.
    """

    direction: Direction = "right"
    loss: bool = False
    vectors: Literal["column", "circle"] = "column"
    many: int = 8
    legend: bool | None = None
    alt: str | None = None
    name: str | None = None


def draw(network: Network, how: Drawing = Drawing(), show: Show = "structure", numbers: Numbers | None = None) -> Picture:
    """One picture; `numbers` where values or gradients are shown.

    Raises ValueError for gradients that there are not, fonts.NoLettering.
    """
    if show != "structure":
        _check_numbers(network, how)
    diagram = _diagram(network, how)
    return _compose_pictures(network, how, diagram, [_state_shown(diagram, show, numbers)])[0]


def draw_steps(network: Network, how: Drawing, numbers: Numbers) -> tuple[Picture, ...]:
    """The forward pass a circle at a time, then the backward pass; all of one size. Raises as `draw`."""
    _check_numbers(network, how)
    diagram = _diagram(network, how)
    pictures = _compose_pictures(network, how, diagram, [*states.steps(diagram, numbers)])
    size = max(p.size[0] for p in pictures), max(p.size[1] for p in pictures)
    return tuple(replace(picture, size=size) for picture in pictures)


def _check_numbers(network: Network, how: Drawing) -> None:
    """Raises ValueError."""
    vectors = [n.name for n in network.nodes if n.shape and n.shape != (1,)]
    if how.vectors == "circle" and vectors:
        raise ValueError(f"`{vectors[0]}` as one circle has no single number; draw it as a column, or without numbers")


def _state_shown(diagram: Diagram, show: Show, numbers: Numbers | None) -> State:
    if show == "structure" or numbers is None:
        return STRUCTURE
    if show == "gradients" and not numbers.gradients:
        raise ValueError("there are no gradients without a loss and its targets")
    return states.with_gradients(diagram, numbers) if show == "gradients" else states.with_values(diagram, numbers)


def _diagram(network: Network, how: Drawing) -> Diagram:
    return sketch(network, Content(how.loss, how.vectors, how.many), _fixed_weights(network))


def _compose_pictures(network: Network, how: Drawing, diagram: Diagram, shown: Sequence[State]) -> list[Picture]:
    arranged = arrange(diagram, how.direction)
    pictures = []
    for state in shown:
        sentence = how.alt if how.alt is not None else alt.sentence(network, state)
        text = Text(sentence, alt.description(network, diagram, state), how.legend)
        pictures.append(compose(arranged, state, text, how.name or network.name))
    return pictures


def _fixed_weights(network: Network) -> Mapping[End, float]:
    """The weights that stay at a number."""
    numbers: dict[End, float] = {}
    for weight in network.weights:
        if not weight.learnt and isinstance(weight.start, (int, float, tuple)):
            numbers |= {(weight.name, element): n for element, n in _numbers_by_place(weight.start, weight.shape)}
    return numbers


def _numbers_by_place(start: Start, shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
    if not shape:
        return [((), float(start))] if not isinstance(start, tuple) else []
    rows = start if isinstance(start, tuple) else (start,) * shape[0]
    return [((k, *rest), n) for k, row in enumerate(rows) for rest, n in _numbers_by_place(row, shape[1:])]

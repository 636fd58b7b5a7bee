"""From a network to pictures: what `flowc draw`, a notebook and `flowc.render` call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from flowc.drawing import alt, states
from flowc.drawing.arrange import arrange
from flowc.drawing.captions import Equation, with_captions
from flowc.drawing.compact import compact
from flowc.drawing.compose import Text, compose
from flowc.drawing.content import Content
from flowc.drawing.diagram import Diagram
from flowc.drawing.exercise import Exercise, Hidden
from flowc.drawing.label import DIGITS
from flowc.drawing.layout import Direction
from flowc.drawing.listing import with_listing
from flowc.drawing.numbers import Arrays, Numbers
from flowc.drawing.picture import Picture
from flowc.drawing.sketch import sketch
from flowc.drawing.state import STRUCTURE, State
from flowc.graph.network import Network
from flowc.graph.network import Numbers as Start
from flowc.program.scalar_arrows import End

Show = Literal["structure", "values", "gradients", "backprop"]
OnArrows = Literal["names", "numbers", "both"]


class Walk(Protocol):
    """What is said of the steps of a picture."""

    @property
    def code(self) -> tuple[str, ...]:
        """A function, line by line."""

    def equations_of_step(self, state: State) -> Sequence[Equation]:
        """What is computed in a step."""

    def lines_of_step(self, state: State) -> frozenset[int]:
        """The places of the lines of code that compute it, from 0."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn; the words of the command line.

    direction: "right", or "up", as the lecture draws. loss: targets and the loss, too. vectors: "column" of elements, or one
    "circle" or "box". many: of a layer with more circles some are left out. compact: names alone, in large letters. symbolic:
    sizes and the last index after dots by the name of an `index`. inhibition: negative weights end in a bar, as nerves do.
    arrows: of weights the "names", "numbers" or "both", as `w₁₁ = 0.5`; None: what is shown says it. digits: of the numbers
    of a token or of weights, those that count. blank: whose labels or numbers are empty boxes, hide: "weights" or "values",
    which are left away, as `Exercise` has them. legend: always, never or (None) where needed. alt: in place of the generated
    sentence. name: of the picture, in its ids. captions: under each step what is computed in it; listing: beside it the
    code, the lines of the step marked.
    """

    direction: Direction = "right"
    loss: bool = False
    vectors: Literal["column", "circle", "box"] = "column"
    many: int = 8
    compact: bool = False
    symbolic: bool = False
    inhibition: bool = False
    arrows: OnArrows | None = None
    digits: int = DIGITS
    blank: tuple[str, ...] = ()
    hide: tuple[Hidden, ...] = ()
    legend: bool | None = None
    alt: str | None = None
    name: str | None = None
    captions: bool = False
    listing: bool = False

    @property
    def exercise(self) -> Exercise:
        return Exercise(self.blank, self.hide)


def draw(network: Network, how: Drawing = Drawing(), show: Show = "structure", numbers: Numbers | None = None) -> Picture:
    """One picture; `numbers` where values or gradients are shown, or those of weights.

    Raises ValueError for gradients that there are not, fonts.NoLettering.
    """
    return _Pictures(network, how, show, numbers).drawn()[0][1]


def draw_steps(network: Network, how: Drawing, numbers: Numbers, walk: Walk | None = None) -> tuple[Picture, ...]:
    """The forward pass a circle at a time, then the backward pass; all of one size. `walk` says what is computed in a step: in its
    alt text, and beside and under its picture where that is asked for. Raises as `draw`."""
    shown, pictures = zip(*_Pictures(network, how, "steps", numbers).drawn())
    silent = walk is None or how.blank or how.hide  # an exercise does not say it
    equations = [() if silent or walk is None else walk.equations_of_step(state) for state in shown]
    size = max(p.size[0] for p in pictures), max(p.size[1] for p in pictures)
    sentences = [alt.of_step(k, len(pictures), computed) for k, computed in enumerate(equations)]
    steps = tuple(replace(p, size=size, alt=f"{p.alt} {words}", step=words) for p, words in zip(pictures, sentences, strict=True))
    steps = with_captions(steps, equations) if how.captions else steps
    return with_listing(steps, walk.code, [walk.lines_of_step(state) for state in shown]) if how.listing and walk is not None else steps


class _Pictures:
    """Raises as `draw`."""

    def __init__(self, network: Network, how: Drawing, show: Show | Literal["steps"], numbers: Numbers | None):
        self.network, self.how, self.show, self.numbers = network, how, show, numbers
        self.weights = _fixed_weights(network) | (_elements_of_weights(numbers.weights) if numbers else {})
        if show != "structure":
            _check_numbers(network, how)
        if (how.captions or how.listing) and show != "steps":
            raise ValueError(f"{'captions are' if how.captions else 'a listing is'} of steps; show those")
        if (how.captions or how.listing) and (how.blank or how.hide):
            raise ValueError(f"{'captions say' if how.captions else 'a listing says'} what an exercise hides; leave one of them away")
        if how.compact and (show != "structure" or how.arrows is not None or numbers is not None):
            raise ValueError("a compact picture has no labels on arrows and no numbers; leave `compact` away, or show the structure alone")
        if how.arrows is not None and show in ("gradients", "steps"):
            raise ValueError(f"on the arrows of {show} stand their numbers; names and numbers of weights are for structure, values and backprop")

    def drawn(self) -> list[tuple[State, Picture]]:
        how, exercise, on_arrows = self.how, self.how.exercise, self._on_arrows()
        diagram = self._diagram(on_arrows)
        exercise.check(self.network, diagram, self.show != "structure")
        shown = [exercise.of_state(diagram, replace(state, digits=how.digits)) for state in self._states(diagram)]
        shorter = self._shorter(on_arrows)
        room = [*shown, *(exercise.of_state(diagram, replace(state, digits=how.digits)) for state in self._beside(diagram))]
        arranged = arrange(exercise.of_diagram(diagram), how.direction, room, None if shorter is None else exercise.of_diagram(shorter))
        name = how.name or self.network.name
        return [(state, compose(arranged, state, self._text(arranged.diagram, state), name)) for state in shown]

    def _on_arrows(self) -> OnArrows:
        """Names where nothing says which numbers; with values they give way to products."""
        if self.how.arrows is not None:
            return self.how.arrows
        if self.show == "backprop":
            return "numbers"
        return "both" if self.show == "structure" and self.numbers is not None else "names"

    def _shorter(self, on_arrows: OnArrows) -> Diagram | None:
        """The diagram with shorter labels, if there are any: numbers without names, names without the words of classes."""
        worded = any(axis.names for weight in self.network.weights for axis in weight.axes)
        return self._diagram("numbers") if on_arrows == "both" else self._diagram(on_arrows, numbered=True) if worded else None

    def _diagram(self, on_arrows: OnArrows, numbered: bool = False) -> Diagram:
        weights = None if on_arrows == "names" else self.weights
        return diagram_of(self.network, self.how, on_arrows, weights, names_outside=self.show == "backprop", numbered=numbered)

    def _states(self, diagram: Diagram) -> Iterator[State]:
        if self.show == "structure" or self.numbers is None:
            yield STRUCTURE
            return
        if self.show != "values":
            self.numbers.check_gradients()
        if self.show == "steps":
            yield from states.steps(diagram, self.numbers)
        elif self.show == "values":
            values = states.with_values(diagram, self.numbers)
            yield values if self.how.arrows is None else states.with_weights(values)
        elif not self.numbers.gradients:
            raise ValueError("there are no gradients without a loss and its targets")
        else:
            yield (states.with_gradients if self.show == "gradients" else states.with_backprop)(diagram, self.numbers)

    def _beside(self, diagram: Diagram) -> Iterator[State]:
        """The pictures that may stand beside this one on a slide, where circles must not move."""
        if self.numbers is not None and self.show in ("values", "gradients", "steps"):
            yield STRUCTURE
            yield states.with_values(diagram, self.numbers)
            yield states.with_gradients(diagram, self.numbers)

    def _text(self, diagram: Diagram, state: State) -> Text:
        sentence = self.how.alt if self.how.alt is not None else alt.sentence(self.network, state)
        weights = self.how.exercise.open_weights(self.network, diagram)
        return Text(sentence, alt.description(self.network, diagram, state, weights), self.how.legend)


def diagram_of(
    network: Network, how: Drawing = Drawing(), on_arrows: OnArrows = "names", weights: Mapping[End, float] | None = None,
    names_outside: bool = False, numbered: bool = False,
) -> Diagram:  # fmt: skip
    """What a picture shows. weights: their elements that are numbers; None: those that stay at one."""
    content = Content(how.loss, how.vectors, how.many, on_arrows, how.digits, names_outside, how.symbolic, how.inhibition, numbered)
    diagram = sketch(network, content, _fixed_weights(network) if weights is None else weights)
    return compact(diagram) if how.compact else diagram


def _check_numbers(network: Network, how: Drawing) -> None:
    """Raises ValueError."""
    vectors = [n.name for n in network.nodes if n.shape and n.shape != (1,)]
    if how.vectors != "column" and vectors:
        raise ValueError(f"`{vectors[0]}` as one {how.vectors} has no single number; draw it as a column, or without numbers")


def _fixed_weights(network: Network) -> dict[End, float]:
    """The weights that stay at a number."""
    numbers: dict[End, float] = {}
    for weight in network.weights:
        if not weight.learnt and isinstance(weight.start, (int, float, tuple)):
            numbers |= {(weight.name, element): n for element, n in _numbers_by_place(weight.start, weight.shape)}
    return numbers


def _elements_of_weights(weights: Arrays) -> dict[End, float]:
    """Every element of arrays."""
    from numpy import asarray, ndenumerate

    return {(name, at): float(n) for name, array in weights.items() for at, n in ndenumerate(asarray(array))}


def _numbers_by_place(start: Start, shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
    if not shape:
        return [((), float(start))] if not isinstance(start, tuple) else []
    rows = start if isinstance(start, tuple) else (start,) * shape[0]
    return [((k, *rest), n) for k, row in enumerate(rows) for rest, n in _numbers_by_place(row, shape[1:])]

"""A picture as an exercise: what students are to find is an empty box, or is not there; nothing of the file gives it away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from flowc.diagnostics.suggest import closest
from flowc.drawing.diagram import Arrow, Bias, Diagram, Key
from flowc.drawing.label import BLANK
from flowc.drawing.layout import Link
from flowc.drawing.state import Number, Pair, State
from flowc.graph.network import Network, Weight
from flowc.records import Record

Hidden = Literal["weights", "values"]
_OUTER_COMMA = re.compile(r",(?![^\[]*\])")
Place = TypeVar("Place", Key, Link)
Carrier = TypeVar("Carrier", Arrow, Bias)


class Exercise(Record):
    """`blank`: whose labels or numbers are empty boxes, by names, as `h1`, `W[1,2]`, `x1->h1`, `1->h1`. `hide`: what
    is not there at all: labels on arrows with their widths and colours, or the numbers of all but inputs and targets."""

    blank: tuple[str, ...] = ()
    hide: tuple[Hidden, ...] = ()

    def check(self, network: Network, diagram: Diagram, numbers: bool) -> None:
        """Raises ValueError for a name that nothing has; nodes have something to be filled in where they have `numbers`."""
        arrows = [name for a in diagram.arrows for name in _names_of_arrow(diagram, a)]
        biases = [name for b in diagram.biases for name in _names_of_bias(diagram, b)]
        nodes = {*(n.name for n in network.nodes), *(_without_blanks(diagram.name_of(c.key)) for c in diagram.circles())}
        names = {*(nodes if numbers else ()), *arrows, *biases}
        for name in self.blank:
            if (bare := _without_blanks(name)) in nodes and not numbers:
                raise ValueError(f"`{name}` has no number that could be left blank; show values, or name a weight")
            if bare not in names:
                nearest = closest(name, sorted(names))
                raise ValueError(f"there is no `{name}` in the picture to be left blank" + (f"; did you mean `{nearest}`?" if nearest else ""))

    def of_diagram(self, diagram: Diagram) -> Diagram:
        """The diagram as it is handed out."""
        arrows = tuple(self._without_answer(a, self._blanks(_names_of_arrow(diagram, a))) for a in diagram.arrows)
        biases = tuple(self._without_answer(b, self._blanks(_names_of_bias(diagram, b))) for b in diagram.biases)
        return replace(diagram, arrows=arrows, biases=biases)

    def of_state(self, diagram: Diagram, state: State) -> State:
        """The numbers that are handed out; `diagram` is the one with answers."""
        arrows = {(a.source, a.target): self._blanks(_names_of_arrow(diagram, a)) for a in diagram.arrows}
        biases = {b.target: self._blanks(_names_of_bias(diagram, b)) for b in diagram.biases}
        silent = bool(self.hide)
        return replace(
            state,
            circles=self._open_circles(diagram, state, {key for key in _weights_alone(diagram) if biases[key]}),
            arrows={} if silent else _blank_numbers(state.arrows, arrows),
            biases={} if silent else _blank_numbers(state.biases, biases),
            slopes={} if silent else _blank_numbers(state.slopes, arrows),
            bias_slopes={} if silent else _blank_numbers(state.bias_slopes, biases),
        )

    def _open_circles(self, diagram: Diagram, state: State, blank: set[Key]) -> dict[Key, Pair]:
        """The numbers in circles; `blank`: those of circles that are nothing but a weight that is blank."""
        circles = dict(state.circles)
        if "values" in self.hide:
            samples = {c.key for c in diagram.circles() if c.role in ("input", "target")}
            circles = {} if state.backward else {k: (p[0], None) if state.together else p for k, p in circles.items() if k in samples}
        if "weights" in self.hide:
            alone = _weights_alone(diagram)
            circles = {key: pair for key, pair in circles.items() if key not in alone}
        blank = blank | {key for key in circles if self._blanks((key[0], _without_blanks(diagram.name_of(key))))}
        return {key: _blank_pair(pair) if key in blank else pair for key, pair in circles.items()}

    def open_weights(self, network: Network, diagram: Diagram) -> tuple[Weight, ...]:
        """Those of which nothing is to be found."""
        if "weights" in self.hide:
            return ()
        blank = {a.weight[0] for a in diagram.arrows if a.weight and self._blanks(_names_of_arrow(diagram, a))}
        blank |= {b.weight[0] for b in diagram.biases if b.weight and self._blanks(_names_of_bias(diagram, b))}
        return tuple(weight for weight in network.weights if weight.name not in blank)

    def _without_answer(self, carrier: Carrier, blank: bool) -> Carrier:
        if "weights" in self.hide:
            return replace(carrier, label=None, value=None, inhibits=False)
        return replace(carrier, label=carrier.blank, value=None, inhibits=False) if blank and carrier.label is not None else carrier

    def _blanks(self, names: Sequence[str]) -> bool:
        blank = {*map(_without_blanks, self.blank)}
        return any(name in blank for name in names)


def names_in(text: str) -> tuple[str, ...]:
    """`h1,W[1,2]` -> `h1`, `W[1,2]`."""
    return tuple(_without_blanks(name) for name in _OUTER_COMMA.split(text) if name.strip())


def _without_blanks(name: str) -> str:
    return "".join(name.split())


def _names_of_arrow(diagram: Diagram, arrow: Arrow) -> tuple[str, ...]:
    line = f"{diagram.name_of(arrow.source)}->{diagram.name_of(arrow.target)}"
    return (_without_blanks(line), *_names_of_weight(diagram, arrow))


def _names_of_bias(diagram: Diagram, bias: Bias) -> tuple[str, ...]:
    return (_without_blanks(f"1->{diagram.name_of(bias.target)}"), *_names_of_weight(diagram, bias))


def _names_of_weight(diagram: Diagram, carrier: Arrow | Bias) -> Iterator[str]:
    if carrier.weight is not None:
        yield from dict.fromkeys((carrier.weight[0], _without_blanks(diagram.name_of(carrier.weight))))


def _weights_alone(diagram: Diagram) -> set[Key]:
    """The circles that are nothing but a weight, as that of a penalty in a loss: their number is its."""
    fed = {arrow.target for arrow in diagram.arrows}
    return {bias.target for bias in diagram.biases if bias.weight is not None and bias.target not in fed}


def _blank_pair(pair: Pair) -> Pair:
    above, below = (None if number is None else BLANK for number in pair)
    return above, below


def _blank_numbers(numbers: Mapping[Place, Number], blank: Mapping[Place, bool]) -> dict[Place, Number]:
    return {place: BLANK if blank.get(place) else number for place, number in numbers.items()}

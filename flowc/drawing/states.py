"""The states of a picture: with a token's values, with its gradients, and step by step from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flowc.drawing.diagram import Arrow, Bias, Circle, Diagram, Key
from flowc.drawing.label import Label
from flowc.drawing.numbers import Arrays, Numbers
from flowc.drawing.state import Number, Pair, State

NOTHING: Pair = (None, None)

VALUES = (
    Label("in a circle: ξ, below it h", r"\text{in a circle: } \xi \text{, below it } h"),
    Label("on an arrow: weight times value"),
)
GRADIENTS = (
    Label(
        "in a circle: δ = ∂L/∂ξ, below it ∂L/∂h",
        r"\text{in a circle: } \delta = \partial\mathcal{L}/\partial\xi \text{, below it } \partial\mathcal{L}/\partial h",
    ),
    Label("on an arrow: ∂L/∂w", r"\text{on an arrow: } \partial\mathcal{L}/\partial w"),
)
BACKPROP = (
    Label(
        "in a circle: h, below it δ = ∂L/∂ξ, or ∂L/∂h without a ξ",
        r"\text{in a circle: } h \text{, below it } \delta = \partial\mathcal{L}/\partial\xi \text{, or } "
        r"\partial\mathcal{L}/\partial h \text{ without a } \xi",
    ),
    Label(
        "on an arrow: its weight w, below it ∂L/∂w",
        r"\text{on an arrow: its weight } w \text{, below it } \partial\mathcal{L}/\partial w",
    ),
)
WEIGHTS = Label("on an arrow: its weight")
WAY_BACK = (
    Label(
        "where arrows lead back: δ = ∂L/∂ξ, below it ∂L/∂h, else ξ and h",
        r"\text{where arrows lead back: } \delta = \partial\mathcal{L}/\partial\xi \text{, below it } "
        r"\partial\mathcal{L}/\partial h \text{; else } \xi \text{ and } h",
    ),
    Label(
        "on their arrows: ∂L/∂w, else weight times value",
        r"\text{on the arrows into them: } \partial\mathcal{L}/\partial w \text{, else weight times value}",
    ),
)


def with_values(diagram: Diagram, numbers: Numbers) -> State:
    """ξ and h in each circle, what each arrow adds."""
    circles = {c.key: _value_pair(c, numbers) for c in diagram.circles()}
    circles = {key: pair for key, pair in circles.items() if pair != NOTHING}
    arrows = {(a.source, a.target): p for a in diagram.arrows if (p := _product_on_arrow(a, numbers)) is not None}
    biases = {b.target: v for b in diagram.biases if (v := _carried_number(b, numbers)) is not None}
    return State(circles, arrows, biases, legend=VALUES, says="with the values of one token")


def with_weights(values: State) -> State:
    """Values in circles alone; on the arrows stands what they multiply by."""
    return replace(values, arrows={}, biases={}, legend=(VALUES[0], WEIGHTS))


def with_gradients(diagram: Diagram, numbers: Numbers) -> State:
    """δ and ∂L/∂h in each circle, ∂L/∂w on the arrows, which run backwards."""
    circles = {c.key: _slope_pair(c, numbers) for c in diagram.circles()}
    circles = {key: pair for key, pair in circles.items() if pair != NOTHING}
    arrows = {(a.source, a.target): g for a in diagram.arrows if (g := _gradient_of_weight(a, numbers)) is not None}
    biases = {b.target: g for b in diagram.biases if (g := _gradient_of_weight(b, numbers)) is not None}
    roles = {c.key: c.role for c in diagram.circles()}
    back = {(a.source, a.target) for a in diagram.arrows if a.target in circles and roles[a.source] != "target"}
    back |= {(b.target, b.target) for b in diagram.biases if b.target in circles}
    return State(circles, arrows, biases, backward=frozenset(back), legend=GRADIENTS, says="with the gradients of one token")


def with_backprop(diagram: Diagram, numbers: Numbers) -> State:
    """h and below it δ in each circle, on arrows, below what they carry, ∂L/∂w; so that ∂L/∂w = δ·h can be read off.
    Where there is no excitation, ∂L/∂h stands in the place of δ."""
    values, gradients = with_values(diagram, numbers), with_gradients(diagram, numbers)
    keys = dict.fromkeys((*values.circles, *gradients.circles))
    circles = {key: (values.circles.get(key, NOTHING)[1], _delta(gradients.circles.get(key, NOTHING))) for key in keys}
    circles = {key: pair for key, pair in circles.items() if pair != NOTHING}
    return State(
        circles, slopes=gradients.arrows, bias_slopes=gradients.biases, together=True, legend=BACKPROP,
        says="with the values and gradients of one token",
    )  # fmt: skip


def _delta(gradients: Pair) -> Number | None:
    delta, slope = gradients
    return slope if delta is None else delta


def steps(diagram: Diagram, numbers: Numbers) -> Iterator[State]:
    """The forward pass a circle at a time, then, where there are gradients, the backward pass."""
    values = with_values(diagram, numbers)
    samples = [c.key for c in diagram.circles() if c.role in ("input", "target")]
    order = [c.key for c in diagram.circles() if c.key in values.circles and c.key not in samples]
    seen = list(samples)
    yield replace(_state_until(values, seen, frozenset(samples)), phase="given")
    for key in order:
        seen.append(key)
        yield replace(_state_until(values, seen, frozenset([key])), phase="forward")
    gradients = with_gradients(diagram, numbers)
    passed: list[Key] = []
    for key in reversed([k for k in (*samples, *order) if k in gradients.circles]):
        passed.append(key)
        yield replace(_back_to(values, gradients, passed), phase="backward")


def _state_until(values: State, seen: Sequence[Key], active: frozenset[Key]) -> State:
    """The values that are known so far."""
    circles = {key: pair for key, pair in values.circles.items() if key in seen}
    arrows = {link: product for link, product in values.arrows.items() if link[1] in seen}
    biases = {key: value for key, value in values.biases.items() if key in seen}
    return replace(values, circles=circles, arrows=arrows, biases=biases, active=active)


def _back_to(values: State, gradients: State, passed: Sequence[Key]) -> State:
    """The gradients that are known so far, and the values of what is still to come."""
    arrows = {link: product for link, product in values.arrows.items() if link[1] not in passed}
    return State(
        {**values.circles, **{key: gradients.circles[key] for key in passed}},
        {**arrows, **{link: g for link, g in gradients.arrows.items() if link[1] in passed}},
        {key: n for key, n in values.biases.items() if key not in passed}
        | {key: g for key, g in gradients.biases.items() if key in passed},
        backward=frozenset(link for link in gradients.backward if link[0] in passed),
        active=frozenset(passed[-1:]),
        legend=WAY_BACK,
        says=gradients.says,
    )


# ----------------------------------------------------------------------------------------------------------------- numbers


def _value_pair(circle: Circle, numbers: Numbers) -> Pair:
    name, element = circle.key
    above = _single_number(numbers.excitations, name, element) if circle.inside is None or circle.name is not None else None
    return above, _single_number(numbers.activations, name, element)


def _slope_pair(circle: Circle, numbers: Numbers) -> Pair:
    name, element = circle.key
    if circle.role == "target":
        return None, None
    above = _single_number(numbers.deltas, name, element) if circle.inside is None or circle.name is not None else None
    return above, _single_number(numbers.gradients, name, element)


def _single_number(arrays: Arrays, name: str, element: tuple[int, ...]) -> float | None:
    """A number; None of what is not there, or is no single number."""
    if name not in arrays or arrays[name].ndim != len(element):
        return None
    return float(arrays[name][element])


def _carried_number(what: Arrow | Bias, numbers: Numbers) -> float | None:
    """The number that an arrow multiplies by."""
    if what.weight is None:
        return what.value
    value = _single_number(numbers.weights, *what.weight)
    return None if value is None else what.factor * value


def _product_on_arrow(arrow: Arrow, numbers: Numbers) -> float | None:
    carried, value = _carried_number(arrow, numbers), _single_number(numbers.activations, *arrow.source)
    return None if carried is None or value is None or arrow.label is None else carried * value


def _gradient_of_weight(what: Arrow | Bias, numbers: Numbers) -> float | None:
    return None if what.weight is None else _single_number(numbers.weight_gradients, *what.weight)

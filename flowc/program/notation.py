"""The mathematical symbols of a diagram: one rule for its pictures and its equations.

A scalar `h1` is h₁ and its excitation ξ₁; the vector `h1[5]` is the layer h⁽¹⁾, its elements h⁽¹⁾ⱼ; `W1` is W⁽¹⁾, its
elements w⁽¹⁾ⱼₖ; `W_z` is W_z. An array that the author left without a name is called after its target. A label `"$…$"` overrides.
No two things of a diagram have one symbol.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from flowc.graph.files.arrow_names import arrow_names
from flowc.graph.network import Axis, Network, Node, Weight
from flowc.graph.sizes import element_name
from flowc.maths.labels import formula_of
from flowc.maths.symbols import Sign, latex_text, latex_words, lowered, raised, signs
from flowc.records import Record


class Letter(Record):
    """A letter that runs over the elements of an axis; `low` is what it says of the first of them."""

    name: str
    low: int = 1


Place = int | Letter  # an element, counted from 0, or a letter
Element = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter or word, its indices below, the layer in brackets above."""

    base: Sign
    below: tuple[Sign, ...] = ()
    layer: tuple[Sign, ...] = ()

    @property
    def latex(self) -> str:
        above = f"^{{({_join_indices(s.latex for s in self.layer)})}}" if self.layer else ""
        below = f"_{{{_join_indices(s.latex for s in self.below)}}}" if self.below else ""
        return self.base.latex + above + below

    @property
    def text(self) -> str:
        """In Unicode, as `h⁽¹⁾₂`; where it has no such index, as `W^(h)_12`."""
        layer, below = _join_indices(s.text for s in self.layer), _join_indices(s.text for s in self.below)
        above = (raised(layer) or f"^({layer})") if layer else ""
        return self.base.text + above + (lowered(below) if below else "")

    def at(self, *indices: Sign) -> Symbol:
        """With these indices; they join the one that an author's label ends in, as the t of `{x_t}`."""
        if self.below and indices:  # w_{z,jk} of a W_z
            return replace(self, below=(_join_signs((_join_signs(self.below), _join_signs(indices)), ","),))
        match = _INDEXED.fullmatch(self.base.latex)
        if match is None or not indices:
            return replace(self, below=(*self.below, *indices))
        label = Sign(f"{{{match[1]}}}", self.base.text)
        return replace(self, base=label, below=(Sign(f"{{{match[2].strip('{}')}}}", ""), *self.below, *indices))


_INDEXED = re.compile(r"\{(.+)_(\{[^{}]*\}|[A-Za-z0-9]|\\[a-z]+)\}")


def _join_indices(indices: Iterable[str]) -> str:
    """`12` of single digits and letters, `1,12` of others."""
    parts = list(filter(None, indices))
    return ("" if all(len(part) == 1 for part in parts) else ",").join(parts)


def _join_signs(indices: tuple[Sign, ...], between: str | None = None) -> Sign:
    latex, text = ([s.latex for s in indices], [s.text for s in indices])
    return Sign(*(_join_indices(parts) if between is None else between.join(parts) for parts in (latex, text)))


LOSS, XI = Sign(r"\mathcal{L}", "L"), Sign(r"\xi", "ξ")
LOSS_BESIDE_L = Sign(LOSS.latex, "ℒ")  # where the diagram has an L of its own


class Notation:
    """The symbols of a network. A letter in place of an element stays a letter, as `j`, or `j+1` where its axis begins later."""

    def __init__(self, network: Network, gathered: Container[str] = ()):
        """`gathered`: arrays put together from scalars, whose elements may have the symbols of those."""
        self.network = network
        self._nodes = {node.name: node for node in network.nodes}
        self._weights = {weight.name: weight for weight in network.weights}
        self._targets = _targets_of_weights(network)
        self._taken: dict[str, str] = {}  # LaTeX -> whose symbol
        self._symbols: dict[str, Symbol] = {}
        self._arrows = {e.weight: arrow_names(e) for e in network.edges if e.weight}
        self._indices = {n.name: signs(n.name)[1:] for n in network.nodes if has_excitation(n)}
        self._alike = Counter(self._indices.values())
        self._drawn = Counter(self._targets[w.name] for w in network.weights if _is_drawn(w) and w.name in self._targets)
        self._letters = Counter(signs(w.name)[0] for w in network.weights if w.shape)
        self._summed = sum(bool(n.arrows) and n.role != "loss" and not n.anonymous for n in network.nodes)
        fed = {self._targets[w.name] for w in network.weights if w.shape and w.name in self._targets}
        self._layers = Counter(signs(names[0])[1:] for names in fed if len(names) == 1)
        self._declared = {signs(w.name) for w in network.weights if w.declared and w.shape}
        axes = [axis for node in network.nodes for axis in node.axes] + [axis for weight in network.weights for axis in weight.axes]
        self._classes = {name for axis in axes for name in axis.names or ()}
        self._lists = {symbol.base.latex for symbol in self._arrays(gathered) if not symbol.layer}
        for node in network.nodes:
            self._keep_symbol(node.name, self._of_loss() if _is_unnamed_loss(node) else _of_node(node), node.name)
        for weight in network.weights:
            self._keep_symbol(weight.name, self._of_weight(weight), weight.name)
        for node in network.nodes:
            if has_excitation(node):
                self._keep_symbol(excitation_key(node.name), *self._of_excitation(node))

    def node(self, name: str, element: Element = ()) -> Symbol:
        """h₁; h⁽¹⁾₂. The loss is 𝓛, if the author gave it no name."""
        return self._symbol_of_element(self._symbols[name], self._nodes[name].axes, element)

    def excitation(self, name: str, element: Element = ()) -> Symbol:
        """ξ₁: of the node of that name. A node that is its own excitation has that of its value."""
        symbol = self._symbols.get(excitation_key(name))
        return self.node(name, element) if symbol is None else self._symbol_of_element(symbol, self._nodes[name].axes, element)

    def weight(self, name: str, element: Element = (), numbered: bool = False) -> Symbol:
        """w₁₂, [target, source]; W as a whole. Its elements are written small. `numbered`: by their places, from 1, where they have names."""
        if name in self._arrows and element and isinstance(element[0], int):
            base, *below = signs(self._arrows[name][element[0]])
            return Symbol(base, tuple(below))
        array = self._symbols[name]
        if len(element) > 1 and len(array.base.text) == 1 and array.base.text.isupper():
            small = replace(array, base=_small_sign(array.base))
            array = array if small.latex in self._taken else small
        axes = self._weights[name].axes or tuple(Axis(1, size) for size in self._weights[name].shape)
        if numbered:
            axes = tuple(Axis(1, len(axis)) if axis.names else axis for axis in axes)
        return self._symbol_of_element(array, axes, element)

    def delta(self, name: str, element: Element = ()) -> Symbol:
        """δ₁, the loss's derivative by the excitation ξ₁: with the indices of ξ, or of the author's name for it."""
        delta, excitation = Sign(r"\delta", "δ"), self.excitation(name)
        if excitation.base.text == "ξ" and (excitation != Symbol(XI) or self._summed == 1):
            symbol = replace(excitation, base=delta)
        else:
            index = Sign(excitation.latex, excitation.text) if self._nodes[name].excitation_name else _as_index(name)
            symbol = Symbol(delta, *_place_indices(self._nodes[name], (index,)))
        return self._symbol_of_element(symbol, self._nodes[name].axes, element)

    # ------------------------------------------------------------------------------------------------------------ rules

    def _arrays(self, gathered: Container[str]) -> Iterator[Symbol]:
        """The symbols of vectors and matrices."""
        yield from (_of_node(n) for n in self.network.nodes if n.axes and n.name not in gathered)
        yield from (self._of_weight(w) for w in self.network.weights if w.shape and w.name not in gathered)

    def _keep_symbol(self, key: str, symbol: Symbol, name: str) -> None:
        """A symbol that another thing, or the element of an array, has already gives way to the name as it is written."""
        alone = symbol.below[0].text if len(symbol.below) == 1 else ""
        element = symbol.base.latex in self._lists and (alone.isdigit() or alone in self._classes)
        if self._taken.setdefault(symbol.latex, key) != key or element:
            symbol = Symbol(Sign(f"\\mathtt{{{latex_words(name)}}}", name))
            self._taken[symbol.latex] = key
        self._symbols[key] = symbol

    def _symbol_of_element(self, symbol: Symbol, axes: tuple[Axis, ...], element: Element) -> Symbol:
        return symbol.at(*(_sign_of_place(place, axis) for place, axis in zip(element, axes)))

    def _of_loss(self) -> Symbol:
        """The loss that the author gave no name."""
        return Symbol(LOSS_BESIDE_L if "L" in self._nodes or "L" in self._weights else LOSS)

    def _of_weight(self, weight: Weight) -> Symbol:
        if (formula := formula_of(weight.label)) is not None:
            return Symbol(Sign(f"{{{formula}}}", weight.name))
        base, *indices = signs(weight.name)
        if not weight.shape:
            return Symbol(base, tuple(indices))
        targets = self._targets.get(weight.name, ())
        if _is_drawn(weight) and len(targets) == 1 and self._drawn[targets] == 1:
            indices = indices[:1]
        if not weight.declared and len(indices) == 1 and self._letters[base] == 1:
            indices = []
        if weight.declared:
            return Symbol(base, *_written_indices(tuple(indices)))
        return Symbol(base, (), self._layer_of_target(weight, targets) or tuple(indices))

    def _layer_of_target(self, weight: Weight, targets: tuple[str, ...]) -> tuple[Sign, ...]:
        """The 1 of h⁽¹⁾ for its weights W⁽¹⁾ and b⁽¹⁾, where no other layer has it."""
        base, *indices = signs(weight.name)
        layer = signs(targets[0])[1:] if len(targets) == 1 and not weight.declared else ()
        if len(layer) != 1 or not layer[0].text.isdigit() or self._layers[layer] > 1 or (base, *layer) in self._declared:
            return ()
        return layer if len(indices) == 1 or _is_drawn(weight) and self._drawn[targets] == 1 else ()

    def _of_excitation(self, node: Node) -> tuple[Symbol, str]:
        name = node.excitation_name or f"xi_{node.name}"
        if node.excitation_name:
            base, *indices = signs(name)
            return Symbol(base, *(_written_indices(tuple(indices)) if node.axes else (tuple(indices), ()))), name
        if len(self._indices) == 1:
            return Symbol(XI), name
        indices_of_node = self._indices[node.name]
        if len(indices_of_node) == 1 and indices_of_node[0].text.isdigit() and self._alike[indices_of_node] == 1:
            return Symbol(XI, *_place_indices(node, indices_of_node)), name
        return Symbol(XI, *_place_indices(node, (_as_index(node.name),))), name


def _small_sign(sign: Sign) -> Sign:
    """w of W, θ of Θ."""
    small = sign.text.lower()
    return Sign(sign.latex.lower() if sign.latex.startswith("\\") else small, small)


def _is_drawn(weight: Weight) -> bool:
    """Whether it is a matrix without an author's name."""
    return not weight.declared and len(weight.shape) > 1


def _is_unnamed_loss(node: Node) -> bool:
    return node.role == "loss" and node.name == "loss" and formula_of(node.label) is None


def _of_node(node: Node) -> Symbol:
    formula = formula_of(node.label)
    if formula is not None:
        return Symbol(Sign(f"{{{formula}}}", node.name))
    base, *indices = signs(node.name)
    return Symbol(base, *(_written_indices(tuple(indices)) if node.axes else (tuple(indices), ())))


def _written_indices(indices: tuple[Sign, ...]) -> tuple[tuple[Sign, ...], tuple[Sign, ...]]:
    """Of an array as its author called it: the words of z_t and W_z stay below, the number of h1 is that of a layer."""
    return tuple(s for s in indices if not s.text.isdigit()), tuple(s for s in indices if s.text.isdigit())


def _place_indices(node: Node, indices: tuple[Sign, ...]) -> tuple[tuple[Sign, ...], tuple[Sign, ...]]:
    """The indices of a scalar are below, those of a layer above."""
    return ((), indices) if node.axes else (indices, ())


def _as_index(name: str) -> Sign:
    """A name as an index of another."""
    base, *below = signs(name)
    under = ",".join(sign.latex for sign in below)
    return Sign(base.latex + (f"_{{{under}}}" if under else ""), base.text + ",".join(sign.text for sign in below))


def low_of(axis: Axis) -> int:
    """What a letter says of the first element: names are counted from 1."""
    return 1 if axis.names else axis.low


def counted(place: Place, low: int) -> Sign:
    """A number, or a letter, from an axis that begins at `low`."""
    if isinstance(place, int):
        return Sign(str(low + place), str(low + place).replace("-", "−"))
    shift = f"{low - place.low:+d}" if low != place.low else ""
    return Sign(place.name + shift, place.name + shift.replace("-", "−"))


def _sign_of_place(place: Place, axis: Axis) -> Sign:
    if axis.names is None or isinstance(place, Letter):
        return counted(place, low_of(axis))
    written = element_name(axis, place)
    return Sign(latex_text(written), written) if "_" in written else _as_index(written)


def excitation_key(name: str) -> str:
    return f"ξ of {name}"


def has_excitation(node: Node) -> bool:
    """Whether arrows add up to something that its function then changes."""
    return bool(node.arrows) and not node.operands and node.function != "identity"


def _targets_of_weights(network: Network) -> dict[str, tuple[str, ...]]:
    """For every weight the nodes that its arrows lead into."""
    targets: dict[str, dict[str, None]] = {}
    for node in network.nodes:
        for arrow in node.arrows:
            if arrow.weight is not None:
                targets.setdefault(arrow.weight, {})[node.name] = None
    return {name: tuple(nodes) for name, nodes in targets.items()}

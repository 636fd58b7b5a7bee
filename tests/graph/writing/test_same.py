"""What makes two networks two: every fact of a network but its places in a text."""

from dataclasses import fields, replace

import flowc
from flowc.graph.equality import differences, same
from flowc.graph.network import Arrow, Axis, Network, Node, Weight
from flowc.maths.index_map import index_map
from flowc.source import Span

TEXT = "input x[2]\ntarget y\nnode h[3] : tanh\noutput f\nx -> h : W ~ 0.5\nh -> f : ~\nloss mse(f, y) + sum(W^2)\ntrain gd(rate=1)\n"
NETWORK = flowc.loads(TEXT).network

OTHER = {
    Node: {
        "name": "g", "role": "output", "axes": (Axis(0, 2),), "function": "sin", "parameters": (1.0,), "arrows": (),
        "operands": (1,), "excitation_name": "z", "anonymous": True, "owner": "f", "label": "l", "learning_only": True,
        "comment": "c", "excitation_comment": "c",
    },
    Weight: {"name": "V", "shape": (2,), "learnt": False, "start": 0.25, "declared": False, "axes": (Axis(0, 2), Axis(1, 2)), "label": "l"},
    Arrow: {
        "source": "y", "spec": index_map("i,ij->j"), "coefficient": 2.0, "weight": "V", "literal": (1.0,), "source_index": (0,),
        "weight_index": (0,), "target_index": (0,),
    },
    Network: {"name": "n", "title": "t", "loss": "L", "train": None, "header_comments": ("c",), "weights": (), "nodes": ()},
}  # fmt: skip
PLACES = {"span", "excitation_span", "source"}


def changed(thing, name, value):
    """The network with one fact of its node h, the weight W, the arrow into h, or of itself changed."""
    if isinstance(thing, Network):
        return replace(thing, **{name: value})
    if isinstance(thing, Arrow):
        node = NETWORK.node("h")
        return changed(node, "arrows", (replace(thing, **{name: value}),))
    kind = "nodes" if isinstance(thing, Node) else "weights"
    others = tuple(replace(each, **{name: value}) if each is thing else each for each in getattr(NETWORK, kind))
    return replace(NETWORK, **{kind: others})


def things():
    node = NETWORK.node("h")
    return NETWORK, node, node.arrows[0], NETWORK.weights[0]


def test_a_text_read_twice_is_one_network():
    assert same(NETWORK, flowc.loads(TEXT).network)


def test_places_in_the_text_are_not_compared():
    assert same(NETWORK, flowc.loads("# A comment.\n\n" + TEXT.replace("input", "input ")).network) is False  # its first comment
    assert same(NETWORK, flowc.loads("\n\n" + TEXT.replace("\n", "\n\n")).network)
    assert same(NETWORK, changed(NETWORK.node("h"), "span", Span(1, 2)))


def test_the_letters_of_axes_are_not_compared():
    arrow = NETWORK.node("h").arrows[0]
    assert arrow.spec == index_map("i,ji->j") and same(NETWORK, changed(arrow, "spec", index_map("a,ba->b")))


def test_every_other_fact_is():
    for thing in things():
        for name, value in OTHER[type(thing)].items():
            found = list(differences(NETWORK, changed(thing, name, value)))
            assert found, f"{type(thing).__name__}.{name} is not compared"


def test_no_fact_is_forgotten():
    """A new field of the network is compared, or is named here as a place."""
    elsewhere = {Network: {"data", "edges"}}  # held in test_round_trip
    for kind, facts in OTHER.items():
        assert {f.name for f in fields(kind)} == {*facts, *elsewhere.get(kind, ())} | {f.name for f in fields(kind)} & PLACES

"""Networks built by hand, so that this room is tested without the rooms before it."""

from flowc.graph.network import Arrow, Axis, Draw, Network, Node, Operand, Weight
from flowc.maths.index_map import index_map
from flowc.source import NOWHERE, Source

TEXT = Source("hand.flow", "")


def axes(*sizes):
    return tuple(Axis(1, n) for n in sizes)


def arrow(source, spec, weight=None, coefficient=1.0, literal=None, **index):
    return Arrow(source, index_map(spec), coefficient, weight, literal, NOWHERE, **index)


def weight(name, *shape):
    return Weight(name, shape, True, Draw("default"), True, NOWHERE)


def network(nodes, weights=(), loss="loss"):
    return Network("hand", None, TEXT, tuple(nodes), tuple(weights), loss)


def node(name, role, shape=(), function="identity", arrows=(), operands=(), **more):
    return Node(name, role, axes(*shape), function, arrows=tuple(arrows), operands=tuple(operands), **more)


def loss_part(name, function, *operands, shape=(), arrows=()):
    return node(name, "hidden", shape, function, arrows, operands, anonymous=True, owner="loss")


def value(name, *index):
    return Operand(name, index)


def number(x):
    return Operand(None, number=x)


NET232 = network(
    [
        node("x", "input", (2,)),
        node("y", "target", (2,)),
        node("h", "hidden", (3,), "logistic", [arrow("x", "i,ji->j", "W1"), arrow("1", ",i->i", "b1")]),
        node("f", "output", (2,), "identity", [arrow("h", "i,ji->j", "W2"), arrow("1", ",i->i", "b2")]),
        node("loss", "loss", (), "mse", operands=[value("f"), value("y")]),
    ],
    [weight("W1", 3, 2), weight("b1", 3), weight("W2", 2, 3), weight("b2", 2)],
)

TIED = network(
    [
        node("x", "input", (4,)),
        node("h", "hidden", (2,), "tanh", [arrow("x", "i,ji->j", "W"), arrow("1", ",i->i", "b")]),
        node("f", "output", (4,), "identity", [arrow("h", "i,ij->j", "W"), arrow("1", ",i->i", "c")]),
        loss_part("loss_4", "identity", shape=(2, 4), arrows=[arrow("1", ",ij->ij", "W")]),
        loss_part("loss_3", "power", value("loss_4"), number(2.0), shape=(2, 4)),
        loss_part("loss_2", "sum", value("loss_3")),
        loss_part("loss_1", "mse", value("f"), value("x")),
        node("loss", "loss", (), arrows=[arrow("loss_1", ",->"), arrow("loss_2", ",->", coefficient=0.001)]),
    ],
    [weight("W", 2, 4), weight("b", 2), weight("c", 4)],
)

SOFTMAX = network(
    [
        node("x", "input", (2,)),
        node("y", "target", (3,)),
        node("p", "output", (3,), "softmax", [arrow("x", "i,ji->j", "W"), arrow("1", ",i->i", "b")]),
        node("loss", "loss", (), "cross_entropy", operands=[value("p"), value("y")]),
    ],
    [weight("W", 3, 2), weight("b", 3)],
)

XOR = network(
    [
        node("x1", "input"),
        node("x2", "input"),
        node("h1", "hidden", (), "step", [arrow("1", ",->", None, 0.5), *(arrow(x, ",->", None, -1.0) for x in ("x1", "x2"))]),
        node("h2", "hidden", (), "step", [arrow("1", ",->", None, -1.5), *(arrow(x, ",->") for x in ("x1", "x2"))]),
        node("f", "output", (), "step", [arrow("1", ",->", None, 0.5), *(arrow(h, ",->", None, -1.0) for h in ("h1", "h2"))]),
    ],
    loss=None,
)  # fmt: skip

MIXED = network(
    [
        node("x", "input", (3,)),
        node("s", "input"),
        node("y", "target", (3,)),
        node(
            "h", "hidden", (3,), "silu",
            [
                arrow("x", "i,i->i", "w"),
                arrow("s", ",i->i", "v"),
                arrow("x", "i,->j", "a"),
                arrow("s", ",->", "b", 2.0, target_index=(1,)),
                arrow("x", ",->", None, 3.0, source_index=(0,), target_index=(2,)),
                arrow("1", ",->i", "a"),
            ],
        ),
        node("largest", "hidden", (), "max", operands=[value("h")]),
        node("triple", "hidden", (), "product", operands=[value("h", 0), value("largest"), value("s")]),
        node("all", "hidden", (), "product", operands=[value("h")]),
        node("ratio", "hidden", (3,), "quotient", operands=[value("h"), value("largest")]),
        node(
            "f", "output", (3,), "log_softmax",
            [
                arrow("ratio", "i,i->i", literal=(1.0, 2.0, 3.0)),
                arrow("triple", ",->i"),
                arrow("all", ",i->i", "w", -2.0),
                arrow("h", "i,ji->j", "M"),
            ],
        ),
        node("inner", "hidden", (), "dot", operands=[value("h"), value("f")]),
        loss_part("loss_1", "mae", value("f"), value("y")),
        node(
            "loss", "loss", (), "identity",
            [arrow("loss_1", ",->", coefficient=0.5), arrow("inner", ",->", "a"), arrow("1", ",->", "b")],
        ),
    ],
    [weight("w", 3), weight("v", 3), weight("a"), weight("b"), weight("M", 3, 3)],
)  # fmt: skip

GRID = network(
    [
        node("x", "input", (2, 3)),
        node("y", "target"),
        node("h", "hidden", (2,), "elu", [arrow("x", "ab,iab->i", "W"), arrow("x", "ij,j->i", "w"), arrow("1", ",->i", "b")]),
        node("g", "hidden", (3,), "gelu", [arrow("x", "ji,->i", None, -0.5), arrow("h", "i,ji->j", "M", 2.0)]),
        node("part", "hidden", (2,), "softplus", [arrow("g", "i,i->i", "v", source_index=((1, 3),), weight_index=((0, 2),)), arrow("1", ",->i", None, 9.0)]),
        node("f", "output", (), "identity", [arrow("part", "i,i->", "v", weight_index=((1, 3),)), arrow("g", ",->", source_index=(0,))]),
        node("loss", "loss", (), "sse", operands=[value("f"), value("y")]),
    ],
    [weight("W", 2, 2, 3), weight("w", 3), weight("b"), weight("M", 3, 2), weight("v", 3)],
)  # fmt: skip

WITH_A_LOSS = {"net232": NET232, "tied": TIED, "softmax": SOFTMAX, "mixed": MIXED, "grid": GRID}

ELEMENTS = network(
    [
        node("x", "input", (2,)),
        node("y", "target"),
        node("h", "hidden", (2,), "tanh", [arrow("x", ",->", "w", source_index=(0,), weight_index=(0,), target_index=(1,)), arrow("x", ",->", "w", source_index=(1,), weight_index=(1,), target_index=(0,)), arrow("1", ",->", "w", weight_index=(0,), target_index=(0,))]),
        node("f", "output", (), "identity", [arrow("h", ",->", "w", source_index=(0,), weight_index=(2,)), arrow("h", ",->", source_index=(1,))]),
        node("loss", "loss", (), "mse", operands=[value("f"), value("y")]),
    ],
    [weight("w", 3)],
)  # fmt: skip

WITH_A_LOSS["elements"] = ELEMENTS

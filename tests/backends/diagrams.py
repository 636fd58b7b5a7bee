"""Networks written by hand: the backends are tested without the rooms that read text."""

from __future__ import annotations

from flowc.graph.network import Arrow, Axis, Draw, Network, Node, Operand, Table, Training, Values, Weight
from flowc.maths.index_map import SCALAR_LINE, index_map
from flowc.program import differentiate, lower, verify
from flowc.program.ir import Program
from flowc.source import NOWHERE, Source, Span


def line(number: int) -> Span:
    """The place of a line in a source of lines of ten characters."""
    return Span((number - 1) * 10, (number - 1) * 10 + 5)


def source(name: str) -> Source:
    return Source(name, ("." * 9 + "\n") * 60)


def axes(*sizes: int) -> tuple[Axis, ...]:
    return tuple(Axis(1, n) for n in sizes)


def scalar(source: str, coefficient: float = 1.0, weight: str | None = None) -> Arrow:
    return Arrow(source, SCALAR_LINE, coefficient, weight, None, NOWHERE)


def layer(source: str, weight: str, spec: str = "i,ji->j") -> Arrow:
    return Arrow(source, index_map(spec), 1.0, weight, None, NOWHERE)


def bias(weight: str, spec: str = ",j->j") -> Arrow:
    return Arrow("1", index_map(spec), 1.0, weight, None, NOWHERE)


def default(name: str, shape: tuple[int, ...], fan_in: int, fan_out: int = 1) -> Weight:
    return Weight(name, shape, True, Draw("default", (), fan_in, fan_out), False, NOWHERE)


def program_of(network: Network) -> Program:
    program = verify(lower(network))
    if program.loss is None:
        return program
    learnt = {w.name for w in network.weights if w.learnt}
    return verify(differentiate(program, program.loss, [s for s in program.weights if s.owner in learnt]))


def xor() -> Network:
    def unit(name: str, role: str, at: int, words: str | None, sources: str, bias: float, w: float, xi: str) -> Node:
        arrows = (scalar("1", bias), *(scalar(s, w) for s in sources.split()))
        return Node(
            name, role, (), "step", arrows=arrows, excitation_name=xi, span=line(at + 1), comment=words,
            excitation_span=line(at),
        )  # type: ignore[arg-type]  # fmt: skip

    nodes = (
        Node("x1", "input", (), span=line(3)),
        Node("x2", "input", (), span=line(3)),
        unit("h1", "hidden", 6, "neither of them", "x1 x2", 0.5, -1.0, "xi1"),
        unit("h2", "hidden", 8, "both of them", "x1 x2", -1.5, 1.0, "xi2"),
        unit("f", "output", 10, None, "h1 h2", 0.5, -1.0, "xi3"),
    )
    cells = (("0", "0", "0"), ("0", "1", "1"), ("1", "0", "1"), ("1", "1", "0"))
    values = tuple(Values(n, tuple(float(row[i]) for row in cells)) for i, n in enumerate(("x1", "x2", "f")))
    table = Table(None, ("x1", "x2", "f"), cells, values, NOWHERE)
    return Network("xor", "The exclusive or of two bits", source("xor.flow"), nodes, (), None, (table,))


def net232() -> Network:
    nodes = (
        Node("x", "input", axes(2), span=line(3)),
        Node("y", "target", axes(2), span=line(4), learning_only=True),
        Node("h", "hidden", axes(3), "logistic", arrows=(layer("x", "W_h_x"), bias("b_h")), span=line(8)),
        Node("f", "output", axes(2), arrows=(layer("h", "W_f_h"), bias("b_f")), span=line(8)),
        Node("loss", "loss", (), "mse", operands=(Operand("f"), Operand("y")), span=line(11), learning_only=True),
    )
    weights = (
        default("W_h_x", (3, 2), 2, 3), default("b_h", (3,), 2, 3),
        default("W_f_h", (2, 3), 3, 2), default("b_f", (2,), 3, 2),
    )  # fmt: skip
    return Network("net232", "Linear, Sigmoid, Linear", source("net232.flow"), nodes, weights, "loss")


def autoencoder() -> Network:
    nodes = (
        Node("x", "input", axes(4), span=line(4)),
        Node("h", "hidden", axes(2), "tanh", arrows=(layer("x", "W"), bias("b")), span=line(8)),
        Node(
            "xhat", "output", axes(4), arrows=(layer("h", "W", "i,ij->j"), bias("c")), span=line(10),
            comment="W again: shared",
        ),
        Node("loss", "loss", (), "mse", operands=(Operand("xhat"), Operand("x")), span=line(13)),
    )  # fmt: skip
    weights = (
        Weight("W", (2, 4), True, Draw("normal", (0.0, 0.5), 4, 2), True, NOWHERE),
        Weight("b", (2,), True, 0.0, True, NOWHERE),
        Weight("c", (4,), True, 0.0, True, NOWHERE),
    )
    return Network(
        "autoencoder", "The decoder uses the encoder's weights", source("autoencoder.flow"), nodes, weights, "loss",
        train=Training("gd", (("rate", 0.5),), NOWHERE),
    )  # fmt: skip


def softmax() -> Network:
    names = ("cat", "dog", "bird")
    classes = (Axis(0, 2, names, "class"),)
    nodes = (
        Node("x", "input", axes(2), span=line(4)),
        Node("y", "target", classes, span=line(5), learning_only=True),
        Node("p", "output", classes, "softmax", arrows=(layer("x", "W_p_x"), bias("b_p")), span=line(7)),
        Node("loss", "loss", (), "cross_entropy", operands=(Operand("p"), Operand("y")), span=line(9)),
    )
    weights = (Weight("W_p_x", (3, 2), True, 0.0, False, NOWHERE), Weight("b_p", (3,), True, 0.0, False, NOWHERE))
    xs = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (2, 2))
    words = [names[i % 3] for i in range(6)]
    table = Table(
        None, ("x1", "x2", "y"), tuple((str(a), str(b), w) for (a, b), w in zip(xs, words, strict=True)),
        (
            Values("x", tuple((float(a), float(b)) for a, b in xs)),
            Values("y", tuple(tuple(float(n == w) for n in names) for w in words)),
        ),
        NOWHERE,
    )  # fmt: skip
    return Network(
        "softmax", "Softmax layer and cross-entropy", source("softmax.flow"), nodes, weights, "loss", (table,)
    )


def cubic() -> Network:
    """f = a + b*x + c*x^2 + d*x^3, powers as anonymous nodes."""

    def term(name: str, n: float) -> Node:
        return Node(
            name, "hidden", (), "power", operands=(Operand("x"), Operand(None, number=n)), anonymous=True, owner="f"
        )

    nodes = (
        Node("x", "input", ()), Node("y", "target", (), learning_only=True), term("f_1", 2.0), term("f_2", 3.0),
        Node("f", "output", (), arrows=(
            scalar("1", 1.0, "a"), scalar("x", 1.0, "b"), scalar("f_1", 1.0, "c"), scalar("f_2", 1.0, "d")), span=line(5)),
        Node("loss", "loss", (), "sse", operands=(Operand("f"), Operand("y"))),
    )  # fmt: skip
    weights = tuple(Weight(n, (), True, Draw("normal", (0.0, 1.0), 1, 1), True, NOWHERE) for n in "abcd")
    return Network(
        "cubic", None, source("cubic.flow"), nodes, weights, "loss", train=Training("gd", (("rate", 1e-6),), NOWHERE)
    )


def worked() -> Network:
    """Two inputs, two hidden units, two outputs, shared fixed biases: a worked example by numbers."""

    def unit(name: str, role: str, sources: str, weights: str, b: str) -> Node:
        arrows = tuple(scalar(s, 1.0, w) for s, w in zip(sources.split(), weights.split(), strict=True))
        return Node(name, role, (), "logistic", arrows=(*arrows, scalar("1", 1.0, b)), span=line(12))  # type: ignore[arg-type]

    nodes = (
        Node("i1", "input", ()), Node("i2", "input", ()), Node("t1", "target", ()), Node("t2", "target", ()),
        unit("h1", "hidden", "i1 i2", "w1 w2", "b1"), unit("h2", "hidden", "i1 i2", "w3 w4", "b1"),
        unit("o1", "output", "h1 h2", "w5 w6", "b2"), unit("o2", "output", "h1 h2", "w7 w8", "b2"),
        Node("loss_1", "hidden", (), "sse", operands=(Operand("o1"), Operand("t1")), anonymous=True, owner="loss", learning_only=True),
        Node("loss_2", "hidden", (), "sse", operands=(Operand("o2"), Operand("t2")), anonymous=True, owner="loss", learning_only=True),
        Node("loss", "loss", (), arrows=(scalar("loss_1", 0.5), scalar("loss_2", 0.5)), span=line(20)),
    )  # fmt: skip
    starts = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
    weights = tuple(Weight(f"w{i + 1}", (), True, v, True, NOWHERE) for i, v in enumerate(starts))
    fixed = (Weight("b1", (), False, 0.35, True, NOWHERE), Weight("b2", (), False, 0.6, True, NOWHERE))
    return Network("worked", None, source("worked.flow"), nodes, (*weights, *fixed), "loss")


ALL = {f.__name__: f for f in (xor, net232, autoencoder, softmax, cubic, worked)}

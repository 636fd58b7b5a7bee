"""Diagrams that take a name for every part: many parts of each role, so that a few of them try all names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

BLOCK = 20  # parts of each role in one diagram

Dealt = Callable[[str], list[str]]  # role -> so many names, no two of a diagram the same


@dataclass(frozen=True)
class Template:
    """`write` makes a text of names; `roles` take a block of them each."""

    roles: tuple[str, ...]
    write: Callable[[Dealt], str]

    def texts(self, names: Sequence[str], block: int = BLOCK) -> Iterator[str]:
        """Each name in each role, once. Where they do not suffice, the last block is filled up."""
        spare = max(len(self.roles) * block - len(names), -len(names) % block)
        padded = [*names, *(f"spare{k}" for k in range(spare))]
        blocks = [padded[k : k + block] for k in range(0, len(padded), block)]
        for first in range(len(blocks)):
            dealt = {role: blocks[(first + k) % len(blocks)] for k, role in enumerate(self.roles)}
            yield self.write(dealt.__getitem__)


FUNCTIONS = (
    "tanh", "logistic", "softplus", "silu", "gelu", "elu", "leaky_relu(0.1)", "abs", "relu", "square", "sin", "cos", "exp",
    "sign", "step", "identity",
)  # fmt: skip
FORMULAS = (
    "{0} + {1}", "{0}*{1}", "{0}/(2 + {1}^2)", "max({0}, {1})", "min({0}, {1})", "sqrt(1 + {0}^2)", "log(1 + {0}^2) - {1}",
    "({0} + 3)^2*{1}", "product({0}, {1}, {0})", "logistic({0}) - softplus({1})", "softmax([{0}, {1}]) @ [1, 2]",
)  # fmt: skip
LOSSES = ("mse({0}, {1})", "mae({0}, {1})", "hinge({0}, {1})", "({0} - {1})^2")
LEARN = ("adam(rate=0.01, steps=3)", "sgd(rate=0.01, batch=2, steps=3, decay=0.1)", "momentum(rate=0.01, steps=3)")


def _scalars(dealt: Dealt, learn: str = LEARN[0]) -> str:
    """A node for every function, an output for every operation; data by formulas, with helpers."""
    inputs, targets, nodes, excitations = (dealt(r) for r in ("input", "target", "node", "excitation"))
    outputs, fixed, arrays = (dealt(r) for r in ("output", "fixed weight", "fixed array"))
    learnt, helpers = (dealt(r) for r in ("weight", "helper"))
    excitations = ["q0q_loss" if name == "loss" else name for name in excitations]  # `loss = …` is no equation
    lines = [f"flow {dealt('flow')[0]}", f"input {', '.join(inputs)}, q0q_vector[2]", f"target {', '.join(targets)}", f"output {', '.join(outputs)}"]
    lines += [f"node {', '.join(nodes)}"]
    lines += [f"weight {w} ~ {0.2 + 0.05 * k:g}" for k, w in enumerate(learnt)]
    lines += [f"weight {c} = {0.1 + 0.03 * k:g}" for k, c in enumerate(fixed)]
    lines += [f"weight {a}[2] = [0.25, {k / 10}]" for k, a in enumerate(arrays)]
    for k, function in zip(range(len(nodes)), cycle(FUNCTIONS)):
        lines.append(f"{excitations[k]} = {learnt[k]}*{inputs[k]} + {fixed[k]}")
        head, _, parameter = function.partition("(")
        lines.append(f"{nodes[k]} = {head}({excitations[k]}{', ' + parameter if parameter else ')'}")
    for k, formula in zip(range(len(outputs)), cycle(FORMULAS)):
        lines.append(f"{outputs[k]} = {formula.format(nodes[k], nodes[k - 1])} + {fixed[k]}*({arrays[k]} @ q0q_vector)")
    terms = [loss.format(f, y) for f, y, loss in zip(outputs, targets, cycle(LOSSES))]
    lines += [f"loss {dealt('loss')[0]} = {' + '.join(terms)}", "data {"]
    lines += [f"  q0q_vector[{k}] = linspace(0, {k}, 5)" for k in (1, 2)]
    for k, helper in enumerate(helpers):
        series = f"linspace(-1, {1 + k}, 5)" if k % 2 else f"uniform(-1, {1 + k}, 5)"
        lines += [f"  {helper} = {series}", f"  {inputs[k]} = {helper}/2", f"  {targets[k]} = tanh({helper})"]
    return "\n".join([*lines, "}", f"train {learn}", ""])


SCALARS = Template(
    ("flow", "loss", "input", "target", "node", "excitation", "output", "fixed weight", "fixed array", "weight",
     "helper"), _scalars
)


def _vectors(dealt: Dealt, learn: str = LEARN[1]) -> str:
    """Vectors whose elements have names, grids, classes; data in a table."""
    inputs, targets, nodes, outputs = (dealt(r) for r in ("input", "target", "node", "output"))
    weights, biases, fixed = (dealt(r) for r in ("weight", "bias", "fixed weight"))
    indices, first, second = (dealt(r) for r in ("index", "element", "other element"))
    lines, terms, heads, cells = [], [], [], []
    for k, (x, y, f) in enumerate(zip(inputs, targets, outputs)):
        h, index, a, b = nodes[k], indices[k], first[k], second[k]
        grid = k % 4 == 3
        lines += [f"index {index} = {a}, {b}", f"input {x}[{index}{', 2' * grid}]", f"target {y}[{index}]"]
        lines += [f"weight {weights[k]}[2, 2{', 2' * grid}] ~ normal(0, 1)", f"weight {biases[k]}[2] ~ [0.1, {k / 10}]"]
        lines += [f"weight {fixed[k]}[2, 2] = [[0.5, -1], [{k / 10}, 1]]", f"node {h}[2] : {cycled(VECTOR_NODES, k)}"]
        lines += [f"{x} -> {h} : {weights[k]}", f"1 -> {h} : {biases[k]}"]
        if k % 3:
            lines += [f"output {f}[{index}] : softmax", f"{h} -> {f} : {fixed[k]}"]
            terms.append(f"cross_entropy({f}, {y})")
        else:
            lines += [f"output {f}[{index}]", f"{f} = {cycled(VECTOR_FORMULAS, k // 3).format(fixed[k], h, biases[k])}"]
            terms.append(f"mse({f}, {y})")
        heads += [f"{x}[{a}{end}] {x}[{b}{end}]" for end in ((",1", ",2") if grid else ("",))]
        cells += [["0.5 -1", "2 0.25", "-0.75 1.5"]] * (2 if grid else 1)
    lines += [f"loss {dealt('loss')[0]} = {' + '.join(terms)}", "data {", f"  {' '.join(heads)} | {' '.join(targets)}"]
    for row in range(3):
        words = [(first, second)[(row + k) % 2][k] for k in range(len(targets))]
        lines.append(f"  {' '.join(cell[row] for cell in cells)} | {' '.join(words)}")
    return "\n".join([*lines, "}", f"train {learn}", ""])


def cycled(of: Sequence[str], k: int) -> str:
    return of[k % len(of)]


VECTOR_NODES = ("tanh", "softplus", "relu", "log_softmax", "leaky_relu(0.2)", "softmax", "identity", "elu")
VECTOR_FORMULAS = (
    "{0} @ {1}", "{1}*{2} + {2}", "max({1}, {2})", "softmax({1})*{2}", "{0}^T @ {1} - {2}", "tanh({0} @ {1} + {2})",
)  # fmt: skip
VECTORS = Template(
    ("loss", "input", "target", "node", "output", "weight", "bias", "fixed weight", "index", "element", "other element"),
    _vectors,
)


def _chain(dealt: Dealt, learn: str = "adam(rate=0.01, steps=3)") -> str:
    """A chain of layers, whose flow, loss, input, output and target are named too."""
    (flow,), (loss,), (x,), (y,), (f,), (h,) = (dealt(r) for r in ("flow", "loss", "input", "target", "output", "node"))
    (first,), (second,), (bias,) = (dealt(r) for r in ("weight", "other weight", "bias"))
    return (
        f"flow {flow}\ninput {x}[2]\ntarget {y}[2]\nnode {h}[3] : tanh\noutput {f}[2] : softmax\n"
        f"{x} -> {h} : {first} ~ normal(0, 1)\n1 -> {h} : {bias} ~ 0.5\n{h} -> {f} : {second} ~ uniform(-1, 1)\n"
        f"loss {loss} = cross_entropy({f}, {y})\n"
        f"data {{\n  {x}[1] {x}[2] {y}[1] {y}[2]\n  0.5 1 0 1\n  -1 2 1 0\n  1 0.25 0 1\n}}\ntrain {learn}\n"
    )


CHAINS = Template(
    ("flow", "loss", "input", "target", "output", "node", "weight", "other weight", "bias"), _chain
)

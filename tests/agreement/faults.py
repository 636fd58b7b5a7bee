"""Faults seeded into flowc, one at a time, each as a patch; and the small diagrams that must notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flowc.maths.functions import FUNCTIONS
from flowc.program import rules
from flowc.program.ir import Application, Contraction, Program, Reduction, Step

Patch = Callable[[Any], None]  # takes pytest's monkeypatch

CASES = (
    # scalars, named excitations, order of sums, every place of a bias
    "input x1, x2\ntarget y\noutput f\nweight a ~ 0.3, b ~ 0.7, c ~ -0.2\nxi1 = 0.5 - a*x1 - b*x2\n"
    "h1 = logistic(xi1)\nf = c*h1 + a*x2 + b - 0.25\nloss mse(f, y)\n",
    # layers
    "input x[2]\ntarget y[2]\nnode h[2] : tanh\noutput f[2]\nx -> h -> f : ~\n1 -> h, f : ~\nloss mse(f, y)\n",
    # a shared weight and its transpose
    "input x[2]\nnode h[2] : tanh\noutput g[2]\nweight W[2, 2] ~ normal(0, 1)\nx -> h : W\nh -> g : W^T\nloss sse(g, x)\n",
    # literals, slices, elements, one to one, a scalar into a vector, parts of a node
    "input x[3], z\ntarget y[3]\nnode h[3] : silu\noutput f[3]\nx -> h : [[1, 2, 0], [0.5, -1, 3], [0, 1, -2]]\n"
    "z -> h : ~\nx[i] -> f[i] : w[i] ~\nh[1..2] -> f : V ~\nz -> f[2] : 0.7\nx[3] -> f[1] : v ~\nloss mae(f, y)\n",
    # products, powers, quotients, functions inside
    "input x, z\ntarget y\noutput f\nweight a, b, c ~ 0.6\n"
    "f = a*x*z + b*x^3 / (z^2 + 1) - c*(x^2 + 1)^tanh(b*z) + 2^(a*x)\nloss mse(f, y)\n",
    # a classifier, a penalty, two terms
    "input x[3]\ntarget t[3]\noutput p[3] : softmax\nW0[3, 3]\n".replace("W0[3, 3]\n", "weight W[3, 3] ~ normal(0, 1)\n")
    + "x -> p : W\n1 -> p : ~\nloss cross_entropy(p, t) + 1e-1*sum(W^2)\n",
    # two classes
    "input x[2]\ntarget t\noutput p : logistic\nx -> p : ~\n1 -> p : ~\nloss 2*binary_cross_entropy(p, t)\n",
    # perceptrons
    "input x[2]\ntarget t[3]\noutput p[3] : argmax\nx -> p : ~\n1 -> p : ~\nloss perceptron(p, t)\n",
    "input x[2]\ntarget t\noutput p : step\nx -> p : ~\nloss perceptron(p, t)\n",
    # several, and over elements
    "input x[3], z\ntarget y\noutput f\nweight W[3, 3] ~, a ~\nh = W @ x\n"
    "f = max(a*z, x[1], h[2]) + min(a*z, h[1]) + product(h) + sum(h) + 2*mean(h) + max(h) - min(h) + h @ x\nloss mse(f, y)\n",
    # hinge, a list of scalars, an error node
    "input x, z\ntarget y\ntarget v[2]\noutput f, g[2]\nweight a, b ~ 0.4\nf = a*x + b\ng = relu([f, b*z])\n"
    "e = g - v\nloss hinge(f, y) + mean(e^2)\n",
    # grids
    "input x[2, 2], z[2, 2]\ntarget y[2]\noutput f[2]\nnode h[2, 2] : softplus\nz[i, j] -> h[j, i] : 1\nx -> h : ~\nh -> f : ~\n"
    "loss mse(f, y)\n",
    # scalars beside vectors, numbers over elements of a grid, a constant
    "input x[2, 2], z\ntarget y\noutput f\nweight a ~\nc = 3\nf = a*product(x)*c + max(x)*z + sum(z*x) / 2\nloss mse(f, y)\n",
    # what comes before a place, a quotient, a repetition, a grid's product
    "input x[3], z\ntarget y[3]\noutput f[3], g\nnode c[3]\nweight a, b ~ 0.5, c0[3] ~\ns = tanh(a*z)\nr = b*s\nc = c0\n"
    "x[1..2] -> f[2..3] : V ~\ns, r, c -> f : ~\ng = tanh(a*z) / ((b*z)^2 + 1)\nloss mse(f, y) + g^2\n",
    "input x[2, 2]\ntarget y\noutput f\nweight a ~\ng = tanh(a*x)\nf = product(g) + max(g)\nloss mse(f, y)\n",
    # ties, exactly
    "input x[2]\noutput f[2], g, s\nf = argmax(0*x)\ng = step(0*x[1])\ns = sign(0*x[2]) + step(x[1] - x[1])\n",
)  # fmt: skip


def activation_case(name: str) -> str:
    """One function alone between two weights."""
    if FUNCTIONS[name].kind == "vector":
        return f"input x[3]\ntarget y[3]\noutput f[3] : {name}\nx -> f : ~ 0.7\n1 -> f : b ~ 0.3\nloss mse(f, y)\n"
    inside = "a*x^2 + 0.3" if name in ("log", "sqrt") else "a*x + 0.3"
    return f"input x\ntarget y\noutput f\nweight a ~ 0.7\nf = {name}({inside})\nloss mse(f, y)\n"


@dataclass(frozen=True)
class Fault:
    name: str
    patch: Patch
    printing: bool = False


# ------------------------------------------------------------- lowering


Change = Callable[[Step], Step | None]  # None: this step is none that the fault can be in


def _args(step: Step, *args: Any) -> Step:
    return replace(step, args=tuple(args))


def _flip_sign(step: Step) -> Step:
    return replace(step, data=(*step.data[:-1], -step.data[-1]))


def _drop_term(step: Step) -> Step | None:
    kept = step.args[:-1]
    same = any(getattr(a, "type", None) == step.symbol.type for a in kept)
    return replace(step, args=kept, data=step.data[:-1]) if kept and same else None


def _transpose(step: Step) -> Step | None:
    operands, result = step.data.spec.split("->")
    first, *second = operands.split(",")
    if not second or len(second[0]) != 2 or len(set(getattr(step.args[1], "type").shape)) != 1:  # noqa: B009
        return None
    return replace(step, data=Contraction(f"{first},{second[0][::-1]}->{result}", step.data.sum_batch))


def _other_index(step: Step) -> Step | None:
    last = step.data[-1]
    if isinstance(last, int):
        return replace(step, data=(*step.data[:-1], last - 1 if last else last + 1))
    return replace(step, data=(*step.data[:-1], (last[0] + 1, last[1] + 1)))


def _other_mean(step: Step) -> Step:
    how = "mean" if step.data.how == "sum" else "sum"
    return replace(step, data=Reduction(how, step.data.batch, step.data.axes, step.data.keep))  # type: ignore[arg-type]


def _other_function(step: Step) -> Step | None:
    other = {"logistic": "tanh", "tanh": "sin", "softmax": "log_softmax", "step": "sign", "silu": "gelu"}
    found = other.get(step.data.function)
    return replace(step, data=Application(found)) if found else None


def _turned_literal(step: Step) -> Step:
    rows = step.data
    return replace(step, data=tuple(zip(*rows, strict=True)) if isinstance(rows[0], tuple) else rows[::-1])


LOWERING: tuple[tuple[str, str, Change], ...] = (
    ("add", "sign of the last term", _flip_sign),
    ("add", "the last term is missing", _drop_term),
    ("add", "sign of the first term", lambda s: replace(s, data=(-s.data[0], *s.data[1:]))),
    ("multiply", "a factor is missing", lambda s: _args(s, *s.args[:-1], 1.0)),
    ("multiply", "a factor twice", lambda s: _args(s, *s.args, s.args[-1])),
    ("divide", "the divisor is missing", lambda s: _args(s, s.args[0], 1.0)),
    ("power", "the exponent is one more", lambda s: _args(s, s.args[0], 4.0)),
    ("contract", "transposed", _transpose),
    ("select", "the element beside it", _other_index),
    ("place", "the place beside it", _other_index),
    ("stack", "the other way round", lambda s: _args(s, *reversed(s.args))),
    ("reduce", "sum for mean", _other_mean),
    ("apply", "another function", _other_function),
    ("literal", "transposed", _turned_literal),
)


def _lowered(op: str, change: Change, which: int) -> Callable[[Program], Program]:
    """The program with one step changed: of those that can be, the first or the last."""

    def mutated(program: Program) -> Program:
        places = [i for i, s in enumerate(program.steps) if s.op == op and change(s) is not None]
        if not places:
            return program
        at = places[which]
        changed = change(program.steps[at])
        assert changed is not None
        return replace(program, steps=(*program.steps[:at], changed, *program.steps[at + 1 :]))

    return mutated


def lowering() -> Iterator[Fault]:
    import flowc.program as room
    import flowc.testing.reference as reference

    lower = room.lower
    for op, words, change in LOWERING:
        for which, place in ((0, "first"), (-1, "last")):
            mutated = _lowered(op, change, which)

            def patch(monkeypatch: Any, mutated: Any = mutated) -> None:
                for module in (room, reference):
                    monkeypatch.setattr(module, "lower", lambda network: mutated(lower(network)))

            yield Fault(f"lowering, {place} {op}: {words}", patch)


# ------------------------------------------------------- differentiation


REACHED = (
    "copy", "add", "multiply", "divide", "power", "where", "maximum", "abs", "reduce", "contract", "select", "place",
    "stack", "lift", "spread", "greatest", "prod", "apply", "reshape",
)  # fmt: skip


def differentiation() -> Iterator[Fault]:
    """Every rule that the diagrams reach: the wrong sign, and nothing at all."""
    for op in REACHED:
        rule = rules.RULES[op]
        for words, wrong in (
            ("wrong sign", lambda b, step, place, d, rule=rule: b.negative(rule(b, step, place, d))),
            ("nothing", lambda b, step, place, d: 0.0),
        ):
            yield Fault(f"rule of {op}: {words}", lambda m, op=op, wrong=wrong: m.setitem(rules.RULES, op, wrong))


def slopes() -> Iterator[Fault]:
    """Every record's slope: half of it; where it is 0, what arrives."""
    for name, record in FUNCTIONS.items():
        if not record.rule.pullback or name == "identity":  # which is no step of a program
            continue
        halved = tuple(("d" if p in ("d * 0", "d * (0)") else f"0.5 * ({p})") if p else "" for p in record.rule.pullback)
        wrong = replace(record, rule=replace(record.rule, pullback=halved))
        if record.kind in ("elementwise", "vector", "loss"):
            yield Fault(f"slope of {name}", lambda m, name=name, wrong=wrong: m.setitem(FUNCTIONS, name, wrong))


VALUES = {
    "step": "indicator(xi > 0)",
    "sign": "where(xi >= 0, 1.0, -1.0)",
    "relu": "abs(xi)",
    "logistic": "tanh(xi)",
    "leaky_relu": "where(xi > 0, slope * xi, xi)",
    "softplus": "maximum(xi, 0)",
    "max": "where(a <= b, a, b)",
    "min": "a",
    "mse": "sum((f - y)**2)",
    "mae": "mean(f - y)",
    "hinge": "mean(maximum(1 + y * f, 0))",
    "cross_entropy": "sum(y * log_softmax(xi))",
    "binary_cross_entropy": "mean(softplus(xi))",
    "perceptron": "sum(xi * (y - f))",
    "sum": "mean(xi)",
    "softmax": "exp(xi)",
}


def values() -> Iterator[Fault]:
    for name, formula in VALUES.items():
        record = FUNCTIONS[name]
        wrong = replace(record, rule=replace(record.rule, value=formula))
        yield Fault(f"value of {name}", lambda m, name=name, wrong=wrong: m.setitem(FUNCTIONS, name, wrong))


# --------------------------------------------------------------- printing


PRINTING = (
    ("numpy", " - ", " + "), ("numpy", " + ", " - "), ("numpy", ".T", ""), ("numpy", "axis=0", "axis=-1"),
    ("numpy", "np.tanh", "np.sin"), ("numpy", "[:, 1]", "[:, 0]"), ("numpy", "d_", "2 * d_"), ("numpy", "**", "*"),
    ("numpy", ".sum()", ".mean()"), ("numpy", " / len(", " * len("), ("numpy", ">= 0", "> 0"), ("numpy", " @ ", " * "),
    ("torch", " - ", " + "), ("torch", ".T", ""), ("torch", "torch.tanh", "torch.sin"), ("torch", "[:, 1]", "[:, 0]"),
    ("torch", "**", "*"), ("torch", " @ ", " * "), ("torch", ".sum()", ".mean()"), ("torch", "dim=0", "dim=-1"),
)  # fmt: skip


def printing() -> Iterator[Fault]:
    """A wrong word in the printed source, wherever it stands in a function's lines."""
    from flowc.backends import find

    for backend, right, wrong in PRINTING:
        kind = type(find(backend))

        def patch(monkeypatch: Any, kind: Any = kind, right: str = right, wrong: str = wrong) -> None:
            for method in ("emit", "emit_values"):
                printed = getattr(kind, method)
                monkeypatch.setattr(kind, method, lambda *a, printed=printed: _spoilt(printed(*a), right, wrong))

        yield Fault(f"printing for {backend}: `{wrong}` for `{right}`", patch, printing=True)


def _spoilt(source: str, right: str, wrong: str) -> str:
    """The first line of a calculation in which it can be wrong."""
    lines = source.split("\n")
    for i, line in enumerate(lines):
        name, equals, formula = line.partition("return " if line.startswith("    return ") else " = ")
        if equals and line.startswith("    ") and right in formula and "given" not in formula:
            lines[i] = name + equals + formula.replace(right, wrong, 1)
            break
    return "\n".join(lines)


def every() -> list[Fault]:
    return [*lowering(), *differentiation(), *slopes(), *values(), *printing()]

"""Faults seeded into flowc, one at a time, each as a patch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flowc.maths.functions import FUNCTIONS
from flowc.maths.index_map import index_map
from flowc.program import ops
from flowc.program.ir import Program, Step

OPERATIONS = {kind.name: kind for kind in ops.OPERATIONS}

Patch = Callable[[Any], None]  # takes pytest's monkeypatch


@dataclass(frozen=True)
class Fault:
    """`check` is the name of the test that is to notice it."""

    name: str
    patch: Patch
    check: str = "meaning"


# ------------------------------------------------------------- lowering


Change = Callable[[Step], Step | None]  # None: this step is none that the fault can be in


def _args(step: Step, *args: Any) -> Step:
    return replace(step, args=tuple(args))


def _flip_sign(step: Step) -> Step:
    return replace(step, op=ops.Add((*step.op.signs[:-1], -step.op.signs[-1])))


def _drop_term(step: Step) -> Step | None:
    kept = step.args[:-1]
    same = any(getattr(a, "type", None) == step.symbol.type for a in kept)
    return replace(step, args=kept, op=ops.Add(step.op.signs[:-1])) if kept and same else None


def _transpose(step: Step) -> Step | None:
    first, *second = step.op.spec.letters
    if not second or len(second[0]) != 2 or len(set(getattr(step.args[1], "type").shape)) != 1:  # noqa: B009
        return None
    return replace(step, op=replace(step.op, spec=index_map(f"{first},{second[0][::-1]}->{step.op.spec.target}")))


def _other_index(step: Step) -> Step | None:
    *before, last = step.op.index
    beside = (last - 1 if last else last + 1) if isinstance(last, int) else (last[0] + 1, last[1] + 1)
    return replace(step, op=replace(step.op, index=(*before, beside)))


def _other_mean(step: Step) -> Step:
    return replace(step, op=replace(step.op, how="mean" if step.op.how == "sum" else "sum"))


def _other_function(step: Step) -> Step | None:
    other = {"logistic": "tanh", "tanh": "sin", "softmax": "log_softmax", "step": "sign", "silu": "gelu"}
    found = other.get(step.op.function)
    return replace(step, op=ops.Apply(found)) if found else None


def _turned_literal(step: Step) -> Step:
    rows = step.op.numbers
    turned = tuple(zip(*rows, strict=True)) if isinstance(rows[0], tuple) else rows[::-1]
    return replace(step, op=ops.Constant(turned))


LOWERING: tuple[tuple[str, str, Change], ...] = (
    ("add", "sign of the last term", _flip_sign),
    ("add", "the last term is missing", _drop_term),
    ("add", "sign of the first term", lambda s: replace(s, op=ops.Add((-s.op.signs[0], *s.op.signs[1:])))),
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


def with_fault(op: str, change: Change, which: int) -> Callable[[Program], Program]:
    """The program with one step changed: of those that can be, the first or the last."""

    def mutated(program: Program) -> Program:
        places = [i for i, s in enumerate(program.steps) if s.op.name == op and change(s) is not None]
        if not places:
            return program
        at = places[which]
        changed = change(program.steps[at])
        assert changed is not None
        return replace(program, steps=(*program.steps[:at], changed, *program.steps[at + 1 :]))

    return mutated


def lowering() -> Iterator[Fault]:
    import flowc.program as room
    from flowc.nets.verifying import reference

    lower = room.lower
    for op, words, change in LOWERING:
        for which, place in ((0, "first"), (-1, "last")):
            mutated = with_fault(op, change, which)

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
        kind = OPERATIONS[op]
        rule = kind.pull
        for words, wrong in (
            ("wrong sign", lambda op, b, step, place, d, rule=rule: b.negative(rule(op, b, step, place, d))),
            ("nothing", lambda op, b, step, place, d: 0.0),
        ):
            yield Fault(f"rule of {op}: {words}", lambda m, kind=kind, wrong=wrong: m.setattr(kind, "pull", wrong))


def slopes() -> Iterator[Fault]:
    """Every record's slope: half of it; where it is 0, what arrives."""
    for name, record in FUNCTIONS.items():
        if not record.rule.pullback or name == "identity":  # which is no step of a program
            continue
        halved = tuple(
            ("d" if p in ("d * 0", "d * (0)") else f"0.5 * ({p})") if p else "" for p in record.rule.pullback
        )
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
    for backend, right, wrong in PRINTING:
        yield printed(backend, right, wrong, _spoilt, "printing")


def printed(backend: str, right: str, wrong: str, spoilt: Callable[[str, str, str], str], check: str) -> Fault:
    from flowc.backends import find

    kind: Any = type(find(backend))

    def patch(monkeypatch: Any) -> None:
        emit, emit_values = kind.emit, kind.emit_values
        monkeypatch.setattr(kind, "emit", lambda *a: _spoilt_file(emit(*a), right, wrong, spoilt))
        monkeypatch.setattr(kind, "emit_values", lambda *a: spoilt(emit_values(*a), right, wrong))

    return Fault(f"printing for {backend}: `{wrong}` for `{right}`", patch, check)


def _spoilt_file(printed: Any, right: str, wrong: str, spoilt: Callable[[str, str, str], str]) -> Any:
    return replace(printed, main=spoilt(printed.text, right, wrong))


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

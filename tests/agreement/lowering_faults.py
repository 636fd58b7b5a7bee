"""Faults seeded into lowerings: into what gathers, what goes back, what computes meshes, and every printed word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from flowc.program import lower_layers, ops
from flowc.program.ir import Step
from flowc.program.mesh import lower
from flowc.program.mesh.mesh import Group, Level
from tests.agreement.faults import OPERATIONS, Change, Fault, printed, with_fault

# ------------------------------------------------------------- gathering


def _levels(change: Callable[[Level], Level]) -> Change:
    """The mesh with its levels changed; None where that is the same mesh."""

    def changed(step: Step) -> Step | None:
        mesh = step.op.mesh
        levels = tuple(change(level) for level in mesh.levels)
        return replace(step, op=ops.MeshValues(replace(mesh, levels=levels))) if levels != mesh.levels else None

    return changed


def _groups(change: Callable[[Group], Group]) -> Change:
    return _levels(lambda level: replace(level, groups=tuple(map(change, level.groups))))


def _rolled(field: str) -> Change:
    """The numbers of a column, each one place further."""

    def changed(step: Step) -> Step | None:
        columns = step.op.mesh if isinstance(step.op, ops.MeshValues) else step.op.lines
        column = getattr(columns, field)
        rolled = np.roll(column, 1)
        changed = type(step.op)(replace(columns, **{field: rolled}))
        return None if np.array_equal(rolled, column) else replace(step, op=changed)

    return changed


def _other(group: Group) -> Group:
    return replace(group, function={"tanh": "sin", "logistic": "tanh"}.get(group.function, group.function))


def _from_behind(step: Step) -> Step:
    """The terms of every sum in the opposite order."""
    mesh = step.op.mesh
    order = np.concatenate([np.arange(a, b)[::-1] for a, b in zip(mesh.starts, mesh.starts[1:], strict=False)])
    return replace(step, op=ops.MeshValues(replace(mesh, sources=mesh.sources[order], weights=mesh.weights[order])))


def _assembled(change: Callable[[tuple], tuple]) -> Change:
    return lambda step: replace(step, op=ops.Assemble(step.op.shape, change(step.op.entries)))


def _beside(step: Step) -> Step | None:
    places = step.op.places
    return replace(step, op=ops.Take((*places[1:], places[0]))) if len(set(places)) > 1 else None


def _other_node(step: Step) -> Step | None:
    index = step.op.index
    return replace(step, op=ops.Select((1 - index[0],))) if index in ((0,), (1,)) else None


MESHES: tuple[tuple[str, str, Change], ...] = (
    ("mesh", "lines from the node beside", _rolled("sources")),
    ("mesh", "terms from behind", _from_behind),
    ("mesh", "another function", _groups(_other)),
    ("mesh", "a parameter is missing", _groups(lambda g: replace(g, parameters=()))),
    ("mesh", "the excitation beside is kept", _groups(lambda g: replace(g, excitations=g.excitations and g.excitations - 1))),
    ("mesh", "the excitation is not asked for", _groups(lambda g: replace(g, asked=False))),
    ("mesh", "no biases", _levels(lambda level: replace(level, bias=False))),
    ("mesh", "a matrix begins one place late", _levels(lambda level: replace(level, low=level.low and level.low + 1))),
    ("lines", "the factor of the line beside", _rolled("numbers")),
    ("lines", "the weight of the line beside", _rolled("arguments")),
    ("take", "the node beside", _beside),
)
LAYERS: tuple[tuple[str, str, Change], ...] = (
    ("assemble", "wrong sign", _assembled(lambda some: tuple((-factor, place) for factor, place in some))),
    ("assemble", "the weight beside", _assembled(lambda some: (*some[1:], some[0]))),
    ("stack", "the other way round", lambda s: replace(s, args=s.args[::-1])),
    ("select", "the node beside", _other_node),
)


def gathering() -> Iterator[Fault]:
    for room, name, check, faults in ((lower, "gather", "mesh", MESHES), (lower_layers, "layered", "layers", LAYERS)):
        make: Any = getattr(room, name)
        for op, words, change in faults:
            for which, place in ((0, "first"), (-1, "last")):
                mutated = with_fault(op, change, which)

                def patch(m: Any, room: Any = room, name: str = name, make: Any = make, mutated: Any = mutated) -> None:
                    m.setattr(room, name, lambda *a: mutated(make(*a)))

                yield Fault(f"{name}, {place} {op}: {words}", patch, check)


# ------------------------------------------------------ rules and meanings


def going_back() -> Iterator[Fault]:
    """The derivative of every operation of meshes and layers: the wrong sign, and nothing at all."""
    for op in ("lines", "mesh", "sums", "take", "assemble"):
        kind = OPERATIONS[op]
        rule = kind.pull
        for words, wrong in (
            ("wrong sign", lambda op, b, step, place, d, rule=rule: b.negative(rule(op, b, step, place, d))),
            ("nothing", lambda op, b, step, place, d: 0.0),
        ):
            check = "layers" if op == "assemble" else "mesh"
            yield Fault(
                f"rule of {op}: {words}", lambda m, kind=kind, wrong=wrong: m.setattr(kind, "pull", wrong), check
            )


MEANINGS = ("lines", "mesh", "sums", "take", "put", "deltas", "line_gradients", "pull", "collect", "assemble")


def meaning() -> Iterator[Fault]:
    """What the interpreter computes: the wrong sign, and the value beside."""
    for op in MEANINGS:
        kind = OPERATIONS[op]
        value = kind.value
        for words, wrong in (
            ("wrong sign", lambda *a, value=value: -value(*a)),
            ("the value beside", lambda *a, value=value: np.roll(value(*a), 1, axis=-1)),
        ):
            check = "layers" if op == "assemble" else "mesh"
            yield Fault(f"{op}: {words}", lambda m, kind=kind, wrong=wrong: m.setattr(kind, "value", wrong), check)


def elements() -> Iterator[Fault]:
    """An operation taken apart into numbers: nothing, and the other way round."""
    for op in ("literal", "reduce", "contract", "count", "greatest", "prod", "select", "place", "stack"):
        kind = OPERATIONS[op]
        rule = kind.scalars
        for words, wrong in (
            ("nothing", lambda op, w, step, args, rule=rule: (0.0,) * len(rule(op, w, step, args))),
            ("the other way round", lambda op, w, step, args, rule=rule: rule(op, w, step, args)[::-1]),
        ):
            if words == "nothing" or op in ("literal", "contract", "select", "place", "stack"):
                patch = lambda m, kind=kind, wrong=wrong: m.setattr(kind, "scalars", wrong)
                yield Fault(f"elements of {op}: {words}", patch, "scalar")


# --------------------------------------------------------------- printing


PRINTING = (
    ("numpy mesh", "v[0] = 1", "v[0] = 2"), ("numpy mesh", "v[row:] = 0", "v[row:] = 1"),
    ("numpy mesh", "row += len(x)", "row += 0"), ("numpy mesh", "kept[...] = xi", "kept[...] = 0"),
    ("numpy mesh", "function(xi, xi)", "function(xi, xi.copy())"), ("numpy mesh", "w[lines, None] *", "w[lines, None] +"),
    ("numpy mesh", "xi[...] += w", "xi[...] -= w"), ("numpy mesh", "reversed(self.levels)", "(self.levels)"),
    ("numpy mesh", "d[a:b] *= SLOPES", "d[a:b] /= SLOPES"), ("numpy mesh", "d[a:b] += d[kept", "d[a:b] -= d[kept"),
    ("numpy mesh", "d[low:high] += matrix.T", "d[low:high] -= matrix.T"),
    ("numpy mesh", "result[low:high] += matrix.T", "result[low:high] -= matrix.T"),
    ("numpy mesh", "self.targets[order]", "self.sources[order]"), ("numpy mesh", "v[low:high].T, matrix", "d[low:high].T, matrix"),
    ("numpy mesh", ".sum(axis=1)", ".mean(axis=1)"), ("numpy mesh", "v.take(self.sources", "v.take(self.targets"),
    ("numpy mesh", "result[rows] = x.T", "result[rows] = 2 * x.T"), ("numpy mesh", "sums[first:last]", "-sums[first:last]"),
    ("numpy mesh", "w[order].astype(v", "w.astype(v"), ("numpy mesh", "w[order].astype(d", "w.astype(d"), ("numpy mesh", "xi[first:last], how", "xi[first:last].copy(), how"),
    ("torch mesh", "torch.addmm(b, matrix", "torch.addmm(-b, matrix"), ("torch mesh", "v[0] = 1", "v[0] = 2"),
    ("torch mesh", "row += len(x)", "row += 0"), ("torch mesh", "row += count", "row += 0"),
    ("torch mesh", "w[numbers, None] *", "w[numbers, None] +"), ("torch mesh", "v[kept : kept + b - a]", "v[a:b]"),
    ("torch mesh", "SLOPES[function](xi, v[a:b])", "SLOPES[function](xi, -v[a:b])"),
    ("torch mesh", "(a, b) in ASKED", "(a, b) not in ASKED"), ("torch mesh", "reversed([*zip", "([*zip"),
    ("torch mesh", "addmm_(matrix.T", "addmm_(-matrix.T"), ("torch mesh", "targets[:1], targets", "targets[:1], sources"),
    ("torch mesh", "sources.argsort(stable=True)", "targets.argsort(stable=True)"),
    ("torch mesh", "d[first:last].sum(dim=1)", "d[first:last].mean(dim=1)"), ("torch mesh", "torch.sin(", "torch.cos("),
    ("torch mesh", "factors * torch.cat(parts)", "torch.cat(parts)"), ("torch mesh", "x.new_zeros(count", "x.new_ones(count"),
    ("torch mesh", "sums[first:last]", "-sums[first:last]"),
    ("scalar", " - ", " + "), ("scalar", " + ", " - "), ("scalar", " * ", " / "), ("scalar", " / ", " * "),
    ("scalar", "-= rate", "+= rate"), ("scalar", "+= ", "-= "), ("scalar", "tanh(", "exp("), ("scalar", "exp(-", "exp("),
    ("scalar", ">= 0.0", "> 0.0"), ("scalar", "max(", "min("), ("scalar", "scale = 2.0", "scale = 1.0"), ("scalar", "-rate)", "rate)"),
    ("numpy fast", "np.vdot(", "np.dot("), ("numpy fast", ".dot(", " - ("), ("numpy fast", "np.exp(-xi)", "np.exp(xi)"),
    ("numpy fast", "-= rate", "+= rate"), ("numpy fast", "share * ", ""), ("numpy fast", "i + CHUNK", "i + CHUNK - 1"),
    ("numpy fast", " @ ", " * "), ("torch fast", "sigmoid_backward(d, h)", "tanh_backward(d, h)"),
    ("torch fast", "torch.addmm(", "torch.addmm(2 * "), ("torch fast", "alpha=-rate", "alpha=rate"),
    ("torch fast", "threshold_backward(d, h, 0)", "threshold_backward(d, h, 1)"), ("torch fast", "dim=0", "dim=-1"),
)  # fmt: skip


def printing() -> Iterator[Fault]:
    for check, right, wrong in PRINTING:
        backend = "torch" if check.startswith("torch") else "numpy"
        yield printed(backend, right, wrong, _spoilt, check)


def _spoilt(source: str, right: str, wrong: str) -> str:
    """The first line of a function that has it, but for what says what the function does, and samples of a test."""
    lines = source.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("    ") and right in line and not any(word in line for word in ('"""', "#", "given", "rng")):
            lines[i] = line.replace(right, wrong, 1)
            break
    return "\n".join(lines)


def every() -> list[Fault]:
    return [*gathering(), *going_back(), *meaning(), *elements(), *printing()]

"""A second reading of a diagram: its tree evaluated as it stands, line by line and scalar by scalar.

It shares nothing with the compiler but the parser: no network, no program, no records of functions. Slow and plain.
Every value has the batch axis first; a weight or a number has one of length 1 there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from flowc.source import Source
from flowc.syntax import parse
from flowc.syntax import tree as t
from tests.agreement.textbook import ACTIVATIONS, LOSSES, OPERATIONS

Array = np.ndarray
Place = tuple[str, tuple[int, ...]]  # a scalar: its node ("1" is the constant) and its position


@dataclass(frozen=True)
class Lines:
    """Arrows into one node, scalar by scalar: from where, to which position, times what."""

    source: Place
    target: Place
    weight: Array


class Direct:
    """The values of one diagram. `given` are inputs and targets (n, *shape), `learnt` the learnt weights."""

    def __init__(self, text: str, given: Mapping[str, Array], learnt: Mapping[str, Array]):
        self.statements = parse(Source("t.flow", text)).statements
        self.values = dict(given)
        self.batch = len(next(iter(given.values())))
        self.learnt = learnt
        self.labels: dict[str, tuple[str, ...]] = {}  # of an index
        self.axes: dict[str, list[tuple[str, ...]]] = {}  # of a declared node
        self.activations: dict[str, t.Activation | None] = {}
        self.weights: dict[str, Array] = {}
        self.equations: dict[str, t.Expression] = {}
        self.arrows: list[tuple[tuple[Any, ...], tuple[Any, ...], t.Carried]] = []
        self.loss_expression: t.Expression | None = None
        for statement in sorted(self.statements, key=lambda s: not isinstance(s, t.Indices)):
            self._read(statement)

    # ----------------------------------------------------------- statements

    def _read(self, s: t.Statement) -> None:
        match s:
            case t.Indices():
                for i in s.items:
                    self.labels[i.name] = i.names or tuple(map(str, range(i.low, i.high + 1)))
            case t.Declaration():
                for item in s.items:
                    self.axes[item.name] = [self._axis(size) for size in item.size or ()]
                    self.activations[item.name] = item.activation
            case t.Weights():
                for w in s.items:
                    shape = [len(self._axis(size)) for size in w.size or ()]
                    self._weight(w.name, w.start, shape)
            case t.Arrows():
                assert s.carried
                if s.carried.name and s.carried.start:
                    self._weight(s.carried.name.name, s.carried.start, [])
                for sources, targets in zip(s.ends, s.ends[1:], strict=False):
                    self.arrows.append((sources, targets, s.carried))
            case t.PlainArrows():
                for source, target, number, *_ in s.arrows:
                    value = t.Number(number, str(number), s.span)
                    ends = [t.Number(1, "1", s.span) if n == "1" else t.Ref(n, None, s.span) for n in (source, target)]
                    self.arrows.append(((ends[0],), (ends[1],), t.Carried(value, None, None, s.span)))
            case t.Equation():
                self.equations[s.left.name] = s.right
            case t.Loss():
                self.loss_expression = s.expression

    def _axis(self, size: Any) -> tuple[str, ...]:
        match size:
            case t.Number():
                return tuple(map(str, range(1, int(size.value) + 1)))
            case t.Range():
                return tuple(map(str, range(int(size.low.value), int(size.high.value) + 1)))  # type: ignore[union-attr]
        return self.labels[size.name]

    def _weight(self, name: str, start: t.Start, shape: list[int]) -> None:
        if start.kind == "learnt":
            self.weights[name] = np.asarray(self.learnt[name])[None]
        else:
            assert start.value is not None
            self.weights[name] = np.broadcast_to(self.value(start.value)[0], shape)[None]

    # ---------------------------------------------------------------- nodes

    def node(self, name: str) -> Array:
        """A node's value, (n, *shape)."""
        if name not in self.values:
            if name in self.equations:
                whole = self.value(self.equations[name])
                shape = [len(a) for a in self.axes[name]] if name in self.axes else whole.shape[1:]
                if whole.ndim == 1 and shape:
                    whole = whole.reshape(-1, *(1 for _ in shape))
                self.values[name] = np.broadcast_to(whole, (self.batch, *shape))
            else:
                function = self.activations[name]
                self.values[name] = (
                    self._applied(function, self.excitation(name)) if function else self.excitation(name)
                )
        return self.values[name]

    def _applied(self, function: t.Activation, xi: Array) -> Array:
        return ACTIVATIONS[function.name](xi, *(float(self.value(a)[0]) for a in function.args))

    def excitation(self, name: str) -> Array:
        """The sum of a node's arrows, or the argument of the function that its equation is."""
        if name in self.equations:
            call = self.equations[name]
            assert isinstance(call, t.Call)
            return self.value(call.args[0])
        xi = np.zeros((self.batch, *(len(a) for a in self.axes[name])))
        for sources, targets, carried in self.arrows:
            if any(isinstance(r, t.Ref) and r.name == name for r in targets):
                for line in self._lines(sources, targets, carried):
                    if line.target[0] == name:
                        source = (
                            self.node(line.source[0])[(slice(None), *line.source[1])] if line.source[0] != "1" else 1.0
                        )
                        xi[(slice(None), *line.target[1])] += line.weight * source
        return xi

    # --------------------------------------------------------------- arrows

    def _lines(self, sources: tuple, targets: tuple, carried: t.Carried) -> Iterator[Lines]:
        variables = [v for ref in (*targets, *sources) for v in self._variables(ref)]
        if variables:
            yield from self._running(sources[0], targets[0], carried, list(dict.fromkeys(variables)))
            return
        into = [p for ref in targets for p in self._places(ref)]
        out = [p for ref in sources for p in self._places(ref)]
        if carried.start and not carried.name:
            for source, target in product(sources, targets):
                yield from self._fresh(source, target)
            return
        weight = self.value(carried.expression or t.Ref(carried.name.name, None, carried.span))[0]  # type: ignore[union-attr]
        block = (
            np.broadcast_to(weight, (len(into), len(out))) if weight.ndim == 0 else weight.reshape(len(into), len(out))
        )
        for (j, target), (i, source) in product(enumerate(into), enumerate(out)):
            yield Lines(source, target, block[j, i])

    def _fresh(self, source: Any, target: Any) -> Iterator[Lines]:
        """The learnt weights between two ends, found by the name that they have."""
        into, out = self._places(target), self._places(source)
        both = bool(self._open(target) and self._open(source))
        ends = [self._spelled(target)] + ([self._spelled(source)] if out[0][0] != "1" else [])
        name = "_".join([("W" if both else "w") if len(ends) > 1 else "b", *ends])
        block = self.learnt[name].reshape(len(into), len(out))
        for (j, a), (i, b) in product(enumerate(into), enumerate(out)):
            yield Lines(b, a, block[j, i])

    def _open(self, ref: Any) -> bool:
        return isinstance(ref, t.Ref) and ref.index is None and bool(self._shape(ref.name))

    def _spelled(self, ref: t.Ref) -> str:
        index = [str(i.value) if isinstance(i, t.Number) else i.name for i in ref.index or ()]  # type: ignore[union-attr]
        return "_".join([ref.name, *index])

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(len(a) for a in self.axes[name]) if name in self.axes else self.node(name).shape[1:]

    def _places(self, ref: Any) -> list[Place]:
        if isinstance(ref, t.Number):
            return [("1", ())]
        if ref.index is None:
            return [(ref.name, p) for p in np.ndindex(self._shape(ref.name))]
        along = [self._positions(ref.name, k, i) for k, i in enumerate(ref.index)]
        return [(ref.name, position) for position in product(*along)]

    def _positions(self, name: str, axis: int, index: Any) -> range:
        ends = (index.low, index.high) if isinstance(index, t.Range) else (index, index)
        return range(self._position(name, axis, ends[0]), self._position(name, axis, ends[1]) + 1)

    def _position(self, name: str, axis: int, index: Any) -> int:
        word = str(index.value) if isinstance(index, t.Number | t.Text) else index.name
        return self.axes[name][axis].index(word) if name in self.axes else int(word) - 1

    def _variables(self, ref: Any) -> list[str]:
        """Index variables: names in the index that no element has."""
        if not isinstance(ref, t.Ref) or ref.index is None:
            return []
        names = [i.name for i in ref.index if isinstance(i, t.Ref)]
        return [n for n in names if not any(n in axis for axis in self.axes.get(ref.name, []))]

    def _running(self, source: Any, target: t.Ref, carried: t.Carried, variables: list[str]) -> Iterator[Lines]:
        sizes = {}
        for ref in (target, source):
            if self._variables(ref):
                sizes.update(zip(self._variables(ref), self._shape(ref.name), strict=True))
        for position in product(*(range(sizes[v]) for v in variables)):
            at = dict(zip(variables, position, strict=True))
            into = (
                [(target.name, tuple(at[v] for v in self._variables(target)))] if target.index else self._places(target)
            )
            out = (
                ("1", ())
                if isinstance(source, t.Number)
                else (source.name, tuple(at[v] for v in self._variables(source)))
            )
            for place in into:
                yield Lines(out, place, self._carried_at(carried, at, source, target, position))

    def _carried_at(self, carried: t.Carried, at: dict[str, int], source: Any, target: t.Ref, position: tuple) -> Array:
        """The weight of one line: by its own index, or (fresh) by the variables, the target's first."""
        if carried.name is None and carried.start:
            ends = [target.name] if isinstance(source, t.Number) else [target.name, source.name]
            array = next(self.learnt[n] for n in ("_".join([k, *ends]) for k in "Wwb") if n in self.learnt)
            return array[position]
        ref = carried.name or carried.expression
        if isinstance(ref, t.Ref) and ref.name in self.weights:
            return self.weights[ref.name][0][tuple(at[i.name] for i in ref.index or ())]  # type: ignore[union-attr]
        assert carried.expression is not None
        return self.value(carried.expression)[0]

    # ---------------------------------------------------------- expressions

    def value(self, e: t.Expression) -> Array:
        """An expression's value, (n or 1, *shape)."""
        match e:
            case t.Number():
                return np.array([float(e.value)])
            case t.Negative():
                return -self.value(e.operand)
            case t.Transpose():
                return np.swapaxes(self.value(e.operand), 1, 2)
            case t.List():
                return np.stack(np.broadcast_arrays(*(self.value(i) for i in e.items)), axis=1)
            case t.Ref():
                return self._ref(e)
            case t.Binary():
                return self._binary(e.op, self.value(e.left), self.value(e.right))
            case t.Call():
                return self._call(e)
        raise AssertionError(e)

    def _ref(self, e: t.Ref) -> Array:
        whole = self.weights[e.name] if e.name in self.weights else self.node(e.name)
        index: list[Any] = [slice(None)]
        for axis, i in enumerate(e.index or ()):
            if isinstance(i, t.Range):
                index.append(slice(self._position(e.name, axis, i.low), self._position(e.name, axis, i.high) + 1))
            else:
                index.append(self._position(e.name, axis, i))
        return whole[tuple(index)]

    def _binary(self, op: str, a: Array, b: Array) -> Array:
        if op == "@":
            return _matrix(a, b)
        if a.ndim == 1:
            a = a.reshape(-1, *(1 for _ in b.shape[1:]))
        if b.ndim == 1:
            b = b.reshape(-1, *(1 for _ in a.shape[1:]))
        return {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}[op](a, b)

    def _call(self, e: t.Call) -> Array:
        args = [self.value(a) for a in e.args]
        if e.name in ACTIVATIONS:
            return ACTIVATIONS[e.name](args[0], *(float(a[0]) for a in args[1:]))
        if len(args) == 1:
            return OPERATIONS[e.name](args[0].reshape(len(args[0]), -1))
        result = args[0]
        for arg in args[1:]:
            result = OPERATIONS[e.name](np.stack(np.broadcast_arrays(result, arg), axis=-1))
        return result

    # ----------------------------------------------------------------- loss

    def loss(self, e: t.Expression | None = None) -> float:
        """Term by term: `sse` adds over the batch, all else is averaged over it."""
        e = e or self.loss_expression
        match e:
            case t.Binary(op="+"):
                return self.loss(e.left) + self.loss(e.right)
            case t.Binary(op="*", left=t.Number()):
                return float(self.value(e.left)[0]) * self.loss(e.right)
            case t.Call(name="sse"):
                return float(np.sum((self.value(e.args[0]) - self.value(e.args[1])) ** 2))
            case t.Call() if e.name in LOSSES:
                return float(np.mean(self._loss(e)))
        assert e is not None
        return float(np.mean(self.value(e)))

    def _loss(self, e: t.Call) -> Array:
        f, y = (self.value(a) for a in e.args)
        xi = self.excitation(e.args[0].name) if e.name == "perceptron" else f  # type: ignore[union-attr]
        flat = [np.broadcast_to(v, f.shape).reshape(len(f), -1) for v in (f, y, xi)]
        return LOSSES[e.name](*flat)


def _matrix(a: Array, b: Array) -> Array:
    """`@` of every token: one axis or two on either side."""
    left = a[:, None, :] if a.ndim == 2 else a
    right = b[:, :, None] if b.ndim == 2 else b
    result = left @ right
    if b.ndim == 2:
        result = result[..., 0]
    return result[:, 0] if a.ndim == 2 else result

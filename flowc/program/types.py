"""The type of every operation's result, from its arguments' types: used to build programs and to verify them."""

from __future__ import annotations

from math import prod
from typing import Any

from flowc.program.ir import Arg, Assembly, Contraction, Reduction, Shape, Symbol, Type

SCALAR = Type(False, ())

ELEMENTWISE = frozenset(
    ["copy", "add", "multiply", "divide", "power", "compare", "where", "indicator", "maximum", "logaddexp"]
    + ["exp", "expm1", "log", "log1p", "sqrt", "abs", "sign", "sin", "cos", "tanh"]
)
SAME = frozenset(["first_largest", "others", "zeros_like"])


class IllTyped(ValueError):
    """An operation on types that it does not take: a fault of whoever built the program."""


def type_of(arg: Arg) -> Type:
    """A number is a scalar without batch."""
    return arg.type if isinstance(arg, Symbol) else SCALAR


def broadcast(types: list[Type]) -> Type:
    """Equal shapes; single axes repeat; what has no batch and no axes goes with everything."""
    batched = any(t.batched for t in types)
    if not any(t.shape for t in types):
        return Type(batched, ())
    shapes = [t.shape for t in types if t.shape or t.batched]
    if len({len(s) for s in shapes}) > 1:
        raise IllTyped(f"shapes of different rank: {', '.join(map(str, types))}")
    result = []
    for sizes in zip(*shapes, strict=True):
        wide = {n for n in sizes if n != 1}
        if len(wide) > 1:
            raise IllTyped(f"shapes that do not fit: {', '.join(map(str, types))}")
        result.append(wide.pop() if wide else 1)
    return Type(batched, tuple(result))


def infer(op: str, args: tuple[Arg, ...], data: Any, given: Type | None = None) -> Type:
    """The result's type. `given` is it where the operation cannot tell (place, reshape, spread)."""
    types = [type_of(a) for a in args]
    if op in ELEMENTWISE:
        return broadcast(types)
    if op == "apply":
        return _applied(types, data)
    if op in SAME:
        return types[0]
    if op in ("place", "reshape", "spread"):
        if given is None:
            raise IllTyped(f"{op} must be given its type")
        if op == "spread" and broadcast([types[0], Type(given.batched, given.shape)]) != given:
            raise IllTyped(f"{types[0]} does not spread to {given}")
        return given
    if op in _RULES:
        return _RULES[op](types, data)
    from flowc.program.mesh_rules import TYPES

    return given if op == "collect" and given else TYPES[op](types, data)


def _applied(types: list[Type], data: Any) -> Type:
    """Activations keep the type; losses that are applied whole give a number a token."""
    from flowc.maths.functions import lookup

    function = lookup(data.function)
    assert function is not None, data.function
    if data.elements or function.kind in ("reduction", "loss"):
        return Type(any(t.batched for t in types), ())
    return broadcast(types)


def _literal(types: list[Type], data: Any) -> Type:
    return Type(False, shape_of(data))


def shape_of(numbers: Any) -> Shape:
    """The shape of nested rows of numbers."""
    return (len(numbers), *shape_of(numbers[0])) if isinstance(numbers, tuple) else ()


def _reduce(types: list[Type], data: Reduction) -> Type:
    (t,) = types
    if data.batch and not t.batched:
        raise IllTyped("a reduction over the batch of what has none")
    shape = [1 if i in data.axes else n for i, n in enumerate(t.shape) if data.keep or i not in data.axes]
    return Type(t.batched and not data.batch, tuple(shape))


def _contract(types: list[Type], data: Contraction) -> Type:
    sizes: dict[str, int] = {}
    operands, result = data.spec.split("->")
    for letters, t in zip(operands.split(","), types, strict=True):
        if len(letters) != len(t.shape):
            raise IllTyped(f"contract {data.spec} of {', '.join(map(str, types))}")
        for letter, n in zip(letters, t.shape, strict=True):
            if sizes.setdefault(letter, n) != n:
                raise IllTyped(f"contract {data.spec} of {', '.join(map(str, types))}")
    return Type(any(t.batched for t in types) and not data.sum_batch, tuple(sizes[c] for c in result))


def selected(shape: Shape, index: tuple) -> Shape:
    """The shape of x[index]; an index shorter than the shape takes the rest whole."""
    kept = [i[1] - i[0] for i in index if not isinstance(i, int)]
    return (*kept, *shape[len(index) :])


def _stack(types: list[Type], data: Any) -> Type:
    if any(t.shape for t in types):
        raise IllTyped("stack takes scalars")
    return Type(any(t.batched for t in types), (len(types),))


def _assemble(types: list[Type], data: Assembly) -> Type:
    if any(t != SCALAR for t in types):
        raise IllTyped(f"assemble takes scalars that are not batched, not {', '.join(map(str, types))}")
    if len(data.entries) != prod(data.shape):
        raise IllTyped(f"{len(data.entries)} entries do not fill {Type(False, data.shape)}")
    if any(place is not None and not 0 <= place < len(types) for _, place in data.entries):
        raise IllTyped(f"an entry of an argument beyond the {len(types)} given")
    return Type(False, data.shape)


def _lift(types: list[Type], positions: tuple[int, ...]) -> Type:
    shape = list(types[0].shape)
    for p in positions:
        shape.insert(p, 1)
    return Type(types[0].batched, tuple(shape))


def _drop(types: list[Type], positions: tuple[int, ...]) -> Type:
    if any(types[0].shape[p] != 1 for p in positions):
        raise IllTyped("drop takes single axes")
    return Type(types[0].batched, tuple(n for i, n in enumerate(types[0].shape) if i not in positions))


_RULES: dict[str, Any] = {
    "literal": _literal,
    "reduce": _reduce,
    "contract": _contract,
    "stack": _stack,
    "assemble": _assemble,
    "lift": _lift,
    "drop": _drop,
    "largest": lambda types, data: Type(types[0].batched, (*types[0].shape[:-1], 1)),
    "greatest": lambda types, data: Type(types[0].batched, ()),
    "prod": lambda types, data: Type(types[0].batched, ()),
    "count": lambda types, data: SCALAR,
    "select": lambda types, data: Type(types[0].batched, selected(types[0].shape, data)),
}

"""A step of learning in C: the lines of the method's record, as a function of one number of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import Any

from flowc.backends.c.words import CWords
from flowc.backends.code import tree as t
from flowc.backends.code.fill import fill_in
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.scope import names
from flowc.backends.code.typed import Declare, Parameter, Pointed, TypedFunction
from flowc.backends.python import expression as e
from flowc.maths.optimisers import Optimiser


def method_function(method: Optimiser, settings: Mapping[str, float], words: CWords) -> TypedFunction:
    """`adam(w, g, m, v, rate, t)`: changes the number at `w`, whose slope is `g`, and what the method keeps of it. `t` counts
    steps from 1."""
    code = [statement(line) for line in method.lines(settings)]
    used = names(*code)
    changed = ("w", *method.state)
    body: list[t.Statement] = [
        Declare(f"const {words.kind}", name, (), words.number(value)) for name, value in settings.items() if name in used and name != "rate"
    ]
    declared = {*changed, "g"}
    for line in code:
        (filled,) = fill_in(line, {name: Pointed(t.Name(name)) for name in changed})
        assert isinstance(filled, t.Assign) and isinstance(line, t.Assign)
        (target,), value = line.targets, in_c(filled.value, words)
        assert isinstance(target, t.Name)
        body.append(t.Assign(filled.targets, value) if target.name in declared else Declare(words.kind, target.name, (), value))
        declared.add(target.name)
    parameters = [Parameter(f"{words.kind} *", "w"), Parameter(words.kind, "g")]
    parameters += [Parameter(f"{words.kind} *", name) for name in method.state]
    parameters += [Parameter(words.kind, name) for name in method_numbers(method, settings)]
    doc = f"One step of {method.title or method.name} for one number of the weights."
    return TypedFunction("static void", method.name, tuple(parameters), doc, tuple(body))


def method_numbers(method: Optimiser, settings: Mapping[str, float]) -> list[str]:
    """What changes from step to step, of that which the lines need."""
    used = names(*map(statement, method.lines(settings)))
    return [name for name in ("rate", "t") if name in used]


def in_c(x: Any, words: CWords) -> Any:
    """An expression of Python as C computes the same: whole numbers as others, powers by a function, squares as products."""
    match x:
        case t.Number(digits):
            return words.number(float(digits))
        case t.Name("pi"):
            return words.number(pi)
        case t.Power(base, t.Number("2")):
            return e.product([in_c(base, words), in_c(base, words)])
        case t.Power(base, exponent):
            return words.power(in_c(base, words), in_c(exponent, words))
        case t.Product(((_, a), ("//", b))):
            return words.called("floor", e.quotient(in_c(a, words), in_c(b, words)))
        case t.Call(t.Name("min"), arguments):
            return e.call(f"fmin{words.ending}", *in_c(arguments, words))
        case t.Call(t.Name(name), (argument,)):
            return words.called(name, in_c(argument, words))
        case t.Node():
            return type(x)(*[in_c(value, words) for value in x.field_values])
        case tuple():
            return tuple(in_c(value, words) for value in x)
    return x

"""The record of a function: all that flowc knows of it, in one place.

Formulas are written in Python's expression syntax over a small vocabulary, once for every backend:

    + - * / **, comparisons          elementwise
    exp(x), tanh(x), ...             elementwise: every name in `VOCABULARY` of `maths/scalar.py`
    where(c, a, b)   indicator(c)    b where c is false; 1.0 where c is true, else 0.0
    maximum(a, 0)   logaddexp(a, 0)  elementwise; the second is always 0
    total(x)   largest(x)            over the last axis, which stays, with one element
    first_largest(x)                 over the last axis: 1 at the first of the largest, else 0
    sum(x)   mean(x)   greatest(x)   prod(x)       over all elements of a token
    others(x)                        for every element of a vector the product of all the others
    count(x)                         how many elements a token of x has
    NAME(x)                          a function of the registry

A value may name intermediate results on lines of their own; its last line is the value. Names: the
function's arguments and parameters; in derivatives also `h`, the result, and `d`, the gradient that arrives.
"""

from __future__ import annotations

from typing import Literal

from flowc.records import Record

Kind = Literal["elementwise", "vector", "reduction", "operation", "loss"]
Targets = Literal["number", "distribution", "probability", "sign", "outcome"]
Form = Literal["number", "class", "bit", "sign"]


class Rule(Record):
    """A value, and for each argument the gradient that it gets. Empty `pullback`: derived from the value."""

    value: str
    pullback: tuple[str, ...] = ()
    autograd: str = ""  # the value in a form whose automatic derivative is certain, where `value`'s is not


class Function(Record):
    """One function of the language.

    kind: elementwise (any shape), vector (along the last axis), reduction (a vector's elements to a scalar),
    operation (several arguments; with `elements` also one vector, over its elements), loss (of one token).
    """

    name: str
    kind: Kind
    summary: str  # the generated helper's docstring
    rule: Rule
    latex: str  # in \xi, or in the arguments' names
    source: str  # where the formula comes from
    kink: str = "smooth"  # what holds where the derivative does not exist
    arguments: tuple[str, ...] = ("xi",)
    aliases: tuple[str, ...] = ()
    parameters: tuple[tuple[str, float | None], ...] = ()  # name and default; None: must be given
    many: bool = False  # takes any number of arguments, folded from the left
    elements: Rule | None = None  # the same over the elements of one vector
    of_excitation: tuple[str, ...] = ()  # loss: takes the excitation of a node with one of these functions
    over_batch: Literal["mean", "sum"] = "mean"  # loss: how tokens are put together
    targets: Targets = "number"  # loss: what it compares with: any number, shares of classes, ...; what its node may give

    @property
    def arity(self) -> tuple[int, int | None]:
        """The least and the greatest number of node arguments; None: any."""
        written = len(self.arguments) - bool(self.of_excitation)  # the excitation is found, not written
        return 1 if self.elements else written, None if self.many else written

    def form(self, activation: str, vector: bool) -> Form:
        """loss: the plainest targets of a node with this activation: classes along the last axis, 0 or 1, -1 or 1, numbers."""
        outcome = activation if self.targets == "outcome" else ""
        if self.targets == "sign" or outcome == "sign":
            return "sign"
        if self.targets == "distribution" and vector or outcome == "argmax":
            return "class"
        return "number" if self.targets == "number" else "bit"

    @property
    def is_activation(self) -> bool:
        return self.kind in ("elementwise", "vector")

    @property
    def jumps(self) -> bool:
        """Whether the value, or which argument gets the gradient, hangs on a comparison that rounding could turn."""
        values = [rule.value for rule in (self.rule, self.elements) if rule]
        jumping = ("indicator(", "first_largest(", "greatest(", *(("where(",) if self.kind == "operation" else ()))
        return any(word in value for value in values for word in jumping)

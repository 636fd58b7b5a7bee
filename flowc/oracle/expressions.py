"""The value of an expression, for whoever knows what its names stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from flowc.oracle import functions as f
from flowc.oracle.declarations import Declarations
from flowc.oracle.ends import pick_of
from flowc.oracle.functions import Calculus, canonical_name
from flowc.oracle.tensor import Tensor, elementwise, pick_elements, product_of, scalar, stack_parts, transpose
from flowc.oracle.traced import value_of
from flowc.syntax import tree as t

Binding = Mapping[str, int]


class Expressions:
    """`named` is what a name stands for; index variables are where `binding` puts them."""

    def __init__(self, calculus: Calculus, declarations: Declarations):
        self.calculus, self.declarations = calculus, declarations

    def named(self, name: str) -> Tensor:
        raise NotImplementedError

    def excitation(self, name: str) -> Tensor:
        """Of a node that a loss takes by its excitation."""
        raise NotImplementedError

    def over_batch(self, e: t.Call) -> Tensor:
        """`sse`, which adds over the tokens."""
        raise NotImplementedError

    def number(self, x: Any) -> Any:
        return self.calculus.arithmetic.number(x)

    def value(self, e: t.Expression, binding: Binding | None = None) -> Tensor:
        match e:
            case t.Number():
                return scalar(self.number(e.value))
            case t.Negative():
                return self.value(e.operand, binding).map(lambda x: -x)
            case t.Transpose():
                return transpose(self.value(e.operand, binding))
            case t.List():
                return stack_parts([self.value(item, binding) for item in e.items])
            case t.Ref():
                return self._value_of_ref(e, binding or {})
            case t.Binary():
                return self._value_of_binary(e, binding)
            case t.Call():
                return self._value_of_call(e, binding)
        raise AssertionError(e)

    def _value_of_ref(self, e: t.Ref, binding: Binding) -> Tensor:
        if e.name == "pi" and "pi" not in self.declarations.names:
            return scalar(self.calculus.arithmetic.pi)
        tensor = self.named(e.name)
        picks = [pick_of(self.declarations, axis, i) for axis, i in zip(tensor.axes, e.index or (), strict=False)]
        return pick_elements(tensor, [binding[p] if isinstance(p, str) else p for p in picks])

    def _value_of_binary(self, e: t.Binary, binding: Binding | None) -> Tensor:
        """A sum or product of many is a long chain to the left."""
        chain: list[t.Binary] = []
        left: t.Expression = e
        while isinstance(left, t.Binary):
            chain.append(left)
            left = left.left
        value = self.value(left, binding)
        for operation in reversed(chain):
            value = self._value_of_operator(operation.op, value, self.value(operation.right, binding))
        return value

    def _value_of_operator(self, op: str, a: Tensor, b: Tensor) -> Tensor:
        if op == "@":
            return product_of(a, b, self.calculus.zero)
        operations = {
            "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": self.calculus.product,
            "/": self.calculus.quotient, "^": self.calculus.power,
        }  # fmt: skip
        return elementwise(operations[op], a, b)

    # ------------------------------------------------------------------------------------------------------ functions

    def _value_of_call(self, e: t.Call, binding: Binding | None) -> Tensor:
        name = canonical_name(e.name)
        if name == "sse":
            return self.over_batch(e)
        if name in f.LOSSES or name in f.OF_EXCITATION:
            return self.loss_of(e)
        args = [self.value(arg, binding) for arg in e.args]
        if name in f.ELEMENTWISE or name in f.VECTOR:
            return self.activation(name, args[0], args[1:], e.keywords)
        return self._value_of_operation(name, args)

    def applied(self, activation: t.Activation, xi: Tensor) -> Tensor:
        """The function of a declaration."""
        parameters = [self.value(arg) for arg in activation.args]
        return self.activation(canonical_name(activation.name), xi, parameters, activation.keywords)

    def activation(self, name: str, xi: Tensor, parameters: Sequence[Tensor], keywords: Sequence[tuple[str, t.Expression, object]]) -> Tensor:
        function = getattr(self.calculus, name)
        if name in f.VECTOR:
            return Tensor(xi.axes, [x for row in xi.rows() for x in function(row)])
        numbers = [p.items[0] for p in parameters]
        named = {keyword: self.value(value).items[0] for keyword, value, *_ in keywords}
        return xi.map(lambda x: function(x, *numbers, **named))

    def _value_of_operation(self, name: str, args: Sequence[Tensor]) -> Tensor:
        """Of several, element by element; of one, over its elements."""
        if name == "dot":
            return product_of(args[0], args[1], self.calculus.zero)
        if name in f.REDUCTIONS:
            return scalar(getattr(self.calculus, name)(args[0].items))
        function = getattr(self.calculus, f.FOLDS.get(name, name))
        if len(args) == 1:
            return scalar(reduce(function, args[0].items))
        return reduce(lambda a, b: elementwise(function, a, b), args)

    # --------------------------------------------------------------------------------------------------------- losses

    def loss_of(self, e: t.Call) -> Tensor:
        """The loss of one token."""
        name = canonical_name(e.name)
        if name in f.OF_EXCITATION:
            return scalar(self._of_excitation(name, e))
        a, b = (self.value(arg) for arg in e.args)
        axes = a.axes or b.axes
        return scalar(getattr(self.calculus, name)(a.of_size(axes).items, b.of_size(axes).items))

    def _of_excitation(self, name: str, e: t.Call) -> Any:
        assert isinstance(e.args[0], t.Ref)
        xi, node, y = self.excitation(e.args[0].name), self.value(e.args[0]), self.value(e.args[1])
        if name == "perceptron":
            return self.calculus.perceptron(xi.items, node.items, y.items)
        if name == "binary_cross_entropy" or not xi.axes:
            return self.calculus.binary_cross_entropy(xi.items, y.items)
        losses = map(self.calculus.cross_entropy, xi.rows(), y.rows())
        return self.calculus.sum([*losses])


def numbers_of(tensor: Tensor) -> list[Any]:
    return [value_of(x) for x in tensor.items]

"""Operations on nodes: products, powers, the largest of several, losses of a token."""

from __future__ import annotations

from math import prod

from flowc.graph.network import Node, Operand
from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.maths.index_map import index_map
from flowc.program.function_formulas import value
from flowc.program.ir import Arg, Symbol
from flowc.program.lower_arrows import Terms
from flowc.program.ops import Apply, Contract, Reshape
from flowc.program.values import type_of


class Operations:
    """Writes the functions of operands. `excitations` are those of the nodes before."""

    def __init__(self, terms: Terms, excitations: dict[str, Symbol]):
        self.terms, self.excitations = terms, excitations
        self.builder, self.values = terms.builder, terms.values

    def operation(self, node: Node) -> Arg:
        """The value of a node that has operands; functions of many are folded from the left."""
        function = lookup(node.function)
        assert function is not None, node.function
        args = tuple(self._operand_value(o) for o in node.operands)
        if function.of_excitation:
            return self._of_excitation(node, function, args)
        if function.name == "dot":
            return self._dot_product(args)
        if function.elements and len(args) == 1:
            return self._over_elements(function, args[0])
        args = self._same_rank(args)
        if function.name == "product":
            return self.builder.multiply(*args)
        arity = len(function.arguments)
        result = self._apply_function(function, args[:arity], node.parameters)
        for argument in args[arity:]:
            result = self._apply_function(function, (result, argument), node.parameters)
        return result

    def _apply_function(self, function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...]) -> Arg:
        """One step where the record knows the gradient; else its formula, whose gradient follows."""
        if function.rule.pullback:
            return self.builder.emit(Apply(function.name, parameters), *args)
        return value(self.builder, function, args, parameters)

    def _operand_value(self, operand: Operand) -> Arg:
        if operand.node is None:
            return operand.number
        return self.terms.part(self.values[operand.node], operand.index)

    def _same_rank(self, args: tuple[Arg, ...]) -> tuple[Arg, ...]:
        """Scalars beside vectors get single axes, to repeat along them."""
        rank = max((len(type_of(a).shape) for a in args), default=0)
        letters = "abcdefgh"[:rank]
        return tuple(self.terms.lifted(a, "" if not type_of(a).shape else letters, letters) for a in args)

    def _over_elements(self, function: Function, x: Arg) -> Arg:
        t = type_of(x)
        if len(t.shape) > 1:
            x = self.builder.emit(Reshape((prod(t.shape),)), x)
        return value(self.builder, function, (x,), elements=True)

    def _dot_product(self, args: tuple[Arg, ...]) -> Arg:
        """a @ b: over the last axis of a and the first but one of b, as numpy."""
        a, b = (len(type_of(x).shape) for x in args)
        left = "ik"[2 - a :]
        right = "kj"[:b]
        return self.builder.emit(Contract(index_map(f"{left},{right}->{left[:-1]}{right[1:]}")), *args)

    def _of_excitation(self, node: Node, function: Function, args: tuple[Arg, ...]) -> Arg:
        """A loss of a node's excitation: that, the node's value, the target."""
        name = node.operands[0].node
        assert name is not None
        excitation = self.terms.part(self.excitations[name], node.operands[0].index)
        return self._apply_function(function, (excitation, *args), node.parameters)

"""The inverse of `graph/expressions`: a node and the nodes without names that are parts of it, as one expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from flowc.graph.network import Arrow, Node, Operand, Weight
from flowc.graph.writing.kinds import (
    after,
    contracts,
    has_arrays,
    is_bare,
    is_inverse,
    is_list,
    is_product,
    is_sum,
    is_weight,
    known_letters,
    splits,
)
from flowc.graph.writing.making import Order
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.spelling import (
    Factor,
    binary,
    brackets,
    call,
    flat_product,
    literal,
    name,
    number,
    numbers_of,
    part_of,
)
from flowc.graph.writing.terms import Term, sum_of_terms
from flowc.syntax import tree as t


class Folding:
    """The expressions of one owner. `parts`: its nodes without names.

    `marked`: every sum within is written `identity(…)`, which is a node wherever it stands; else only those are that
    would be no node without. `behind`: the weight of a product stands behind its first factor, whose elements' names the
    product then has. `nested`: further weights stand in parentheses with what follows them.
    """

    def __init__(
        self, nodes: Mapping[str, Node], weights: Mapping[str, Weight], parts: Mapping[str, Node],
        marked: bool = False, behind: bool = False, nested: bool = False,
    ) -> None:  # fmt: skip
        self.nodes, self.weights, self.parts = nodes, weights, parts
        self.marked, self.behind, self.nested = marked, behind, nested

    def right_side(self, node: Node) -> t.Expression:
        """The right side of the node's equation. Raises NoText."""
        if node.operands:
            return self._operation_of(node)
        if node.function == "identity":
            return self._list_of_sums(node) if is_list(node) else self._sum_alone(node)
        return call(node.function, [self.sum(node.arrows), *numbers_of(node)])

    # ------------------------------------------------------------------- sums

    def sum(self, arrows: Sequence[Arrow]) -> t.Expression:
        """The sum of an excitation. Raises NoText."""
        if not arrows:
            raise NoText("nothing leads into it")
        if any(arrow.target_index for arrow in arrows):
            raise NoText("arrows lead into parts of it")
        return sum_of_terms([self._term_of(arrow) for arrow in arrows])

    def _sum_alone(self, node: Node) -> t.Expression:
        """A sum that has no function: of one operation alone it says so, or the operation would be the node."""
        expression = self.sum(node.arrows)
        first = node.arrows[0]
        alone = len(node.arrows) == 1 and first.source in self.parts and is_bare(first)
        return call("identity", [expression]) if alone else expression

    def _list_of_sums(self, node: Node) -> t.Expression:
        items = []
        for _, arrows in groupby(node.arrows, key=lambda arrow: arrow.target_index):
            items.append(sum_of_terms([self._term_of(arrow) for arrow in arrows]))
        return t.List(tuple(items), items[0].span)

    def _term_of(self, arrow: Arrow) -> Term:
        array = self._array_of(arrow)
        if arrow.source == "1":
            if array is None:
                return Term(arrow.coefficient)
            return Term(arrow.coefficient, (("*", array),)) if arrow.weight else Term(arrow.coefficient, (), arrow.literal)
        part = self.parts.get(arrow.source)
        if contracts(arrow):
            size = abs(arrow.coefficient)
            if array is not None and arrow.weight and size != 1:
                return Term(-1.0 if arrow.coefficient < 0 else 1.0, (("*", self._contraction(arrow, binary("*", number(size), array), part)),))
            return Term(arrow.coefficient, (("*", self._contraction(arrow, array, part)),))
        before: list[Factor] = [] if array is None else [("*", array)]
        if part is None:
            source = part_of(arrow.source, arrow.source_index, self.nodes[arrow.source].axes)
            return Term(arrow.coefficient, (*before, ("*", source)))
        if arrow.source_index:
            raise NoText("a part of an expression has no elements that could be named")
        if before and arrow.coefficient == 1 and is_inverse(part):
            return Term(1.0, (*before, ("/", self._operand_of(part.operands[1]))))
        return Term(arrow.coefficient, tuple(self._source_factors(part, before, arrow.coefficient != 1)))

    def _source_factors(self, part: Node, before: list[Factor], scaled: bool) -> list[Factor]:
        """The factors of a part that an arrow leaves, with the weight before them or among them."""
        if is_product(part):
            return self._flat_product(part, before, scaled)
        if part.function == "quotient":
            return self._flat_quotient(part, before, scaled)
        if is_sum(part):
            plain = bool(before) and has_arrays(part) and not splits(part) and not self.marked
            return [*before, ("*", self.right_side(part) if plain or is_weight(part) and before else self._as_identity(part))]
        return [*before, ("*", self.right_side(part))]

    def _contraction(self, arrow: Arrow, array: t.Expression | None, part: Node | None) -> t.Expression:
        """`W @ x`; a row of numbers is not turned round, `x @ [[1], [2]]`."""
        if array is None:
            raise NoText("an expression repeats no sum of elements")
        if part is None:
            source: t.Expression = part_of(arrow.source, arrow.source_index, self.nodes[arrow.source].axes)
        else:
            as_column = has_arrays(part) or any(not known_letters(a) for a in part.arrows)
            source = self._as_identity(part) if is_sum(part) and (not as_column or self.marked) else self.right_side(part)
        if isinstance(array, t.Transpose) and isinstance(array.operand, t.List):
            return binary("@", source, array.operand)
        return binary("@", array, source)

    def _array_of(self, arrow: Arrow) -> t.Expression | None:
        """The weight of an arrow, or its numbers, turned where it says so."""
        if arrow.weight is not None:
            weight = self.weights[arrow.weight]
            if not weight.declared:
                raise NoText(f"the weight `{weight.name}` is fresh, and no text can name it")
            array: t.Expression = name(weight.name, brackets(arrow.weight_index, weight.axes))
        elif arrow.literal is not None:
            array = literal(arrow.literal)
        else:
            return None
        (source, letters), target = arrow.spec.letters, arrow.spec.target
        order = "".join(c for c in target if c in letters) if not contracts(arrow) else after(source, target, letters)
        if letters == order:
            return array
        if letters == order[::-1] and len(letters) == 2:
            return t.Transpose(array, array.span)
        raise NoText(f"the axes of an arrow `{arrow.spec}` have no order that an expression gives")

    # ------------------------------------------------------------- operations

    def _operation_of(self, node: Node) -> t.Expression:
        operands = node.operands
        match node.function:
            case "product" if len(operands) > 1:
                return flat_product(self._flat_product(node, []))
            case "quotient":
                return flat_product(self._flat_quotient(node, [], False))
            case "dot":
                return binary("@", self._side_of_matmul(operands[0]), self._side_of_matmul(operands[1]))
        made_first = Order(self.parts).made_early(operands, weights=False)
        arguments = [self._times_one(o) if k in made_first else self._operand_of(o) for k, o in enumerate(operands)]
        if node.function == "power":
            return binary("^", *arguments)
        return call(node.function, [*arguments, *numbers_of(node)])

    def _times_one(self, operand: Operand) -> t.Expression:
        """The operand, times 1: so it is a node before the others are read."""
        part = self.parts[str(operand.node)]
        return binary("*", number(1.0), self._as_identity(part) if is_sum(part) else self.right_side(part))

    def _flat_product(
        self, product: Node, before: list[Factor], scaled: bool = False, above: Operand | None = None
    ) -> list[Factor]:
        """A product written flat, behind the weight of its arrow. `scaled`: behind a number, too. `above`: divided by that."""
        ahead, groups, called = self._operand_groups(product, before, scaled, above is not None, above)
        if called:
            groups[0] = [*ahead, *groups[0]]
            return [("*", call("product", [flat_product(factors) for factors in groups]))]
        if self.behind:
            return [*groups[0], *ahead, *(factor for factors in groups[1:] for factor in factors)]
        return [*ahead, *(factor for factors in groups for factor in factors)]

    def _product_call(self, product: Node, before: list[Factor]) -> list[Factor]:
        """The same as a call, which is a node before anything behind it is read; no weight in it stands free."""
        ahead, groups, _ = self._operand_groups(product, before, True, True)
        return [*ahead, ("*", call("product", [flat_product(factors) for factors in groups]))]

    def _operand_groups(
        self, product: Node, before: list[Factor], scaled: bool, inside: bool, above: Operand | None = None
    ) -> tuple[list[Factor], list[list[Factor]], bool]:
        """The factors of each operand, what is left to stand before them all, and whether they must be arguments of a call.

        What has to be a node before its turn (`Order`) stands with a weight, or a 1, in parentheses. `inside`: so does the
        first further weight, for the others then are nodes that nothing takes apart.
        """
        operands, weighed = product.operands, bool(before)
        alone = [k for k, operand in enumerate(operands) if self._weight_alone(operand)]
        holding = self._with_weights(operands, weighed)
        made_first = Order(self.parts).made_early(operands, below=above) | holding
        if weighed and alone and (inside or self.nested and self.behind and len(alone) == 1):
            holding, made_first = {alone[0]}, made_first | {alone[0]}
        holder = min((k for k in holding if k - 1 not in alone), default=None)  # what the weight before is kept for
        first, free, groups = scaled or weighed, weighed and not inside, []
        for place, operand in enumerate(operands):
            if place not in made_first:
                plain = place == 0 and 0 not in made_first and (above is not None or not inside)
                groups.append(self._operand_factors(operand, first=plain, after_weight=free, scaled=first))
                continue
            behind = place - 1 in alone and place - 1 not in made_first and free
            taken_along = before if holder in (None, place) and not (free and any(k < place for k in alone)) else []
            ahead = groups.pop() if behind else taken_along
            before = [] if ahead is before else before
            groups.append([("*", flat_product(self._behind_factor(operand, ahead, free)))])
        return before, groups, 0 in made_first

    def _behind_factor(self, operand: Operand, ahead: list[Factor], after_weight: bool) -> list[Factor]:
        """An operand behind a weight, or behind a 1."""
        part = self.parts.get(operand.node or "")
        if part is not None and ahead:
            return self._source_factors(part, ahead, True)
        if part is not None and not ahead:
            return [("*", self._times_one(operand))]
        return [*ahead, *self._operand_factors(operand, False, after_weight, True)]

    def _with_weights(self, operands: Sequence[Operand], weighed: bool) -> set[int]:
        """The factors that stand in parentheses for their weights: products that have some."""
        if not weighed:
            return set()
        places = set()
        for k, operand in enumerate(operands):
            part = self.parts.get(operand.node or "")
            if part is not None and is_product(part) and any(self._weight_alone(o) for o in part.operands):
                places.add(k)
            if self.nested and k and self._weight_alone(operands[k - 1]):
                places.add(k)
        return places

    def _weight_alone(self, operand: Operand) -> bool:
        part = self.parts.get(operand.node or "")
        return part is not None and is_sum(part) and is_weight(part)

    def _operand_factors(self, operand: Operand, first: bool, after_weight: bool, scaled: bool) -> list[Factor]:
        part = self.parts.get(operand.node or "")
        if part is None:
            return [("*", self._operand_of(operand))]
        if first and is_product(part):
            return self._product_call(part, [])
        if first and part.function == "quotient":
            return self._flat_quotient(part, [], scaled)
        if is_sum(part) and (self.marked or splits(part) or is_weight(part) and not after_weight):
            return [("*", self._as_identity(part))]
        return [("*", self.right_side(part))]

    def _flat_quotient(self, quotient: Node, before: list[Factor], scaled: bool) -> list[Factor]:
        """A quotient written flat, behind the weight of its arrow. `scaled`: behind a number, too."""
        above, below = quotient.operands
        part = self.parts.get(above.node or "")
        order = Order(self.parts)
        if above.node is None and (before or scaled):
            return [*before, ("*", self._operation_of(quotient))]
        if part is not None and order.made_while_reading(below) and order.number_of(part) < order.made_while_reading(below)[0]:
            top = self._flat_product(part, before, scaled) if is_product(part) else [*before, *self._operand_factors(above, False, False, scaled)]
            factors = top if before else [("*", number(1.0)), *top]
            return [("*", call("quotient", [flat_product(factors), self._operand_of(below)]))]
        if part is not None and is_product(part):
            inner = [order.number[o.node] for o in part.operands if o.node in order.number]
            divisor_first = bool(inner and order.made_while_reading(below)) and max(inner) < order.made_while_reading(below)[0]
            top = self._product_call(part, before) if divisor_first else self._flat_product(part, before, scaled, below)
        elif part is not None and part.function == "quotient":
            top = self._flat_quotient(part, before, scaled)
        else:
            top = [*before, *self._operand_factors(above, False, False, scaled)]
        return [*top, ("/", self._operand_of(below))]

    def _side_of_matmul(self, operand: Operand) -> t.Expression:
        """One side of `@`."""
        part = self.parts.get(operand.node or "")
        if part is None or not is_sum(part):
            return self._operand_of(operand)
        is_sum_of_parts = splits(part) and not part.arrows[0].spec.operands[1]
        return self._as_identity(part) if self.marked or is_weight(part) or is_sum_of_parts else self._operand_of(operand)

    def _operand_of(self, operand: Operand) -> t.Expression:
        if operand.node is None:
            return number(operand.number)
        part = self.parts.get(operand.node)
        if part is None:
            return part_of(operand.node, operand.index, self.nodes[operand.node].axes)
        if operand.index:
            raise NoText("a part of an expression has no elements that could be named")
        bare = is_sum(part) and len(part.arrows) == 1 and is_bare(part.arrows[0])
        return self._as_identity(part) if bare or self.marked and is_sum(part) else self.right_side(part)

    def _as_identity(self, part: Node) -> t.Expression:
        return call("identity", [self.sum(part.arrows)])

"""The lecture's form with the 1 appended: ξ = [W b] [h; 1], and the gradients of weights and biases in one."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.equations.algebra import add, chain, transpose
from flowc.equations.document import Equation
from flowc.equations.matrix_form import NotWhole, Whole
from flowc.equations.symbols import Symbols
from flowc.equations.tree import ONE, Derivative, Expr, Matrix
from flowc.maths.index_map import index_map
from flowc.program import ops
from flowc.program.ir import Arg, Program, Step, Symbol

INTO = ops.Contract(index_map("i,ji->j"))  # W x


class Augmented(Whole):
    """As `Whole`, but sums of products and a bias are one product."""

    def __init__(self, symbols: Symbols, made: Mapping[Arg, Step], hidden: set[Symbol]):
        super().__init__(symbols, made, hidden)
        self.blocks: list[tuple[tuple[Step, ...], Symbol]] = []  # products, and the bias

    def step(self, step: Step) -> Expr:
        block = self._block(step, step.op) if isinstance(step.op, ops.Add) else None
        return super().step(step) if block is None else block

    def _block(self, step: Step, op: ops.Add) -> Expr | None:
        products, biases, rest = [], [], []
        for sign, arg in zip(op.signs, step.args, strict=True):
            inner = self.made.get(arg) if isinstance(arg, Symbol) and arg in self.hidden else None
            if sign == 1 and inner and inner.op == INTO:
                products.append(inner)
            elif sign == 1 and isinstance(arg, Symbol) and not arg.type.batched and len(arg.type.shape) == 1:
                biases.append(arg)
            else:
                rest.append((sign, arg))
        if not products or len(biases) != 1:
            return None
        self.blocks.append((tuple(products), biases[0]))
        block = chain(self.beside(products, biases[0]), self.column(products))
        return add((1, block), *((sign, self.of(arg)) for sign, arg in rest))

    def beside(self, products: list[Step] | tuple[Step, ...], bias: Arg) -> Matrix:
        """[W b]"""
        return Matrix(((*(self.of(p.args[1]) for p in products), self.of(bias)),))

    def column(self, products: list[Step] | tuple[Step, ...]) -> Matrix:
        """[h; 1]"""
        return Matrix((*((self.of(p.args[0]),) for p in products), (ONE,)))


def gathered_gradients(program: Program, whole: Augmented) -> dict[Symbol, Equation | None]:
    """The gradients that are one: the first stands for all, the others (None) are left out."""
    makers = {s.symbol: s for s in program.steps}
    equations: dict[Symbol, Equation | None] = {}
    for products, bias in tuple(whole.blocks):  # reading δ may meet them again
        weights = [w for w in (*(p.args[1] for p in products), bias) if isinstance(w, Symbol)]
        gradients = [program.gradients.get(w) for w in weights]
        steps = [makers[g] for g in gradients if g is not None]
        if len(steps) != len(gradients) or not _are_one(steps, products):
            continue
        delta = steps[-1].args[0]
        by = Matrix((tuple(map(whole.symbols.named, weights)),))
        try:
            right = whole.over_tokens(chain(whole.of(delta), transpose(whole.column(products))))
        except NotWhole:
            continue
        first, *others = [s.symbol for s in program.steps if s.symbol in {s.symbol for s in steps}]
        equations[first] = Equation(Derivative(whole.symbols.loss, by), right)
        equations |= dict.fromkeys(others)
    return equations


def _are_one(steps: list[Step], products: tuple[Step, ...]) -> bool:
    """Each the sum over the tokens of the same δ, times what the weight multiplies."""
    *weights, bias = steps
    if not isinstance(bias.op, ops.Reduce) or bias.op.axes or not bias.op.batch or bias.op.how != "sum":
        return False
    for step, forward in zip(weights, products, strict=True):
        same = step.op == ops.Contract(index_map("j,i->ji"), sum_batch=True)
        if not same or step.args != (bias.args[0], forward.args[0]):
            return False
    return True

"""A product and the bias after it as one step, for a library that has one call for both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from flowc.program.ir import Step, Symbol
from flowc.program.ops import Add, Contract, step_of, steps_of
from flowc.program.ops.fused import Affine
from flowc.program.values import type_of

STRAIGHT, TRANSPOSED = "i,ij->j", "i,ji->j"  # x @ W, x @ W.T


def with_affine(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """x @ W.T + b as one step; terms after them are added to it."""
    uses = Counter(a for s in steps for a in s.args)
    products = steps_of(steps, Contract)
    makers = {s.symbol: s for s in products if s.symbol.kind == "temporary" and uses[s.symbol] == 1}
    moved: dict[Symbol, Step] = {}
    result: list[Step] = []
    for step in steps:
        total = step_of(step, Add)
        terms = _affine_terms(total, makers) if total else None
        if total and terms:
            product, bias = terms
            moved[product.symbol] = step
            affine = Affine(product.op.spec.is_like(TRANSPOSED))
            step_with_bias = Step(product.symbol, affine, (bias, *product.args), product.span, product.comment)
            rest = list(zip(total.op.signs, step.args, strict=True))
            rest.remove((1, product.symbol))
            rest.remove((1, bias))  # once: it may be there again
            if rest:
                result.append(step_with_bias)
                signs, args = zip(*[(1, product.symbol), *rest], strict=True)
                step = replace(step, op=Add(signs), args=args)
            else:
                step = replace(step, op=step_with_bias.op, args=step_with_bias.args)
        result.append(step)
    return [s for s in result if not (isinstance(s.op, Contract) and s.symbol in moved)]


def _affine_terms(step: Step[Add], made: dict[Symbol, Step[Contract]]) -> tuple[Step[Contract], Symbol] | None:
    """The product of a batch of vectors with a matrix, and a vector, among the terms that are added."""
    added = [a for sign, a in zip(step.op.signs, step.args, strict=True) if sign > 0 and isinstance(a, Symbol)]
    products = [made[a] for a in added if a in made and _is_layer(made[a])]
    biases = [a for a in added if not type_of(a).batched and type_of(a).shape == step.symbol.type.shape]
    return (products[0], biases[0]) if products and biases else None


def _is_layer(product: Step[Contract]) -> bool:
    if product.op.sum_batch or len(product.args) != 2:
        return False
    batched = [type_of(a).batched for a in product.args]
    return batched == [True, False] and (product.op.spec.is_like(STRAIGHT) or product.op.spec.is_like(TRANSPOSED))

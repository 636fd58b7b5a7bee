"""torch's words where speed decides: a product and the bias after it in one call, and torch's own backward functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step, Symbol
from flowc.program.types import type_of

BACKWARD = {
    "relu_backward": '''\
def relu_backward(d, h):
    """d where h = relu(xi) is positive, else 0: as torch itself goes back."""
    return torch.ops.aten.threshold_backward(d, h, 0)''',
    "logistic_backward": '''\
def logistic_backward(d, h):
    """d * h * (1 - h), in one call, as torch itself goes back."""
    return torch.ops.aten.sigmoid_backward(d, h)''',
    "tanh_backward": '''\
def tanh_backward(d, h):
    """d * (1 - h**2), in one call, as torch itself goes back."""
    return torch.ops.aten.tanh_backward(d, h)''',
}


class FastTorchSpelling(TorchSpelling):
    def rewritten(self, steps: Sequence[Step]) -> Sequence[Step]:
        """`affine` for a product with a bias, `backward` for a slope; both are of this file alone."""
        return _with_backward(_with_affine(steps))

    def _affine(self, step: Step, args: Sequence[Expression]) -> Expression:
        bias, x, W = args
        return e.call("torch.addmm", bias, x, e.suffix(W, ".T") if step.data else W)

    def _backward(self, step: Step, args: Sequence[Expression]) -> Expression:
        self.helpers[step.data] = None
        return e.call(step.data, *args)


def _with_affine(steps: Sequence[Step]) -> list[Step]:
    """x @ W.T + b as one step; terms after them are added to it."""
    uses = Counter(a for s in steps for a in s.args)
    made = {s.symbol: s for s in steps if s.op == "contract" and s.symbol.kind == "temporary" and uses[s.symbol] == 1}
    moved: dict[Symbol, Step] = {}
    result: list[Step] = []
    for step in steps:
        found = _affine_terms(step, made) if step.op == "add" else None
        if found is not None:
            product, bias = found
            moved[product.symbol] = step
            _, weight = product.data.spec.split("->")[0].split(",")
            whole = replace(product, op="affine", args=(bias, *product.args), data=weight[1] in _source(product))
            rest = list(zip(step.data, step.args, strict=True))
            rest.remove((1, product.symbol))
            rest.remove((1, bias))  # once: it may be there again
            if rest:
                result.append(whole)
                signs, args = zip(*[(1, product.symbol), *rest], strict=True)
                step = replace(step, args=args, data=signs)
            else:
                step = replace(step, op="affine", args=whole.args, data=whole.data)
        result.append(step)
    return [s for s in result if not (s.op == "contract" and s.symbol in moved)]


def _source(product: Step) -> str:
    return product.data.spec.split(",")[0]


def _affine_terms(step: Step, made: dict[Symbol, Step]) -> tuple[Step, Symbol] | None:
    """The product of a batch of vectors with a matrix, and a vector, among the terms that are added."""
    added = [a for sign, a in zip(step.data, step.args, strict=True) if sign > 0 and isinstance(a, Symbol)]
    products = [made[a] for a in added if a in made and _is_layer(made[a])]
    biases = [a for a in added if not type_of(a).batched and type_of(a).shape == step.symbol.type.shape]
    return (products[0], biases[0]) if products and biases else None


def _is_layer(product: Step) -> bool:
    if product.data.sum_batch or len(product.args) != 2:
        return False
    operands, result = product.data.spec.split("->")
    source, weight = operands.split(",")
    batched = [type_of(a).batched for a in product.args]
    return batched == [True, False] and len(source) == len(result) == 1 and set(weight) == {source, result}


def _with_backward(steps: Sequence[Step]) -> list[Step]:
    """The gradient of an excitation that arrives from its activation alone."""
    activations = {s.args[0]: s for s in steps if s.op == "apply" and len(s.args) == 1}
    return [_pulled(step, activations.get(step.symbol.of or step.symbol)) for step in steps]


def _pulled(step: Step, activation: Step | None) -> Step:
    if activation is None or step.op != "multiply" or not isinstance(step.args[0], Symbol):
        return step
    name = f"{activation.data.function}_backward"
    d, h = step.args[0], activation.symbol
    if name not in BACKWARD or d.of != h or d.type != step.symbol.type:
        return step
    return replace(step, op="backward", args=(d, h), data=name)

"""torch's words where speed decides: a product and the bias after it in one call, and torch's own backward functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.table import spells
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step, Symbol
from flowc.program.ops import Add, Apply, Contract, Multiply, Operation, step_of, steps_of
from flowc.program.ops.operation import Machine
from flowc.program.values import Type, type_of

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


class Affine(Operation):
    """A bias, and a batch of vectors times a matrix, or the `transposed` one."""

    transposed: bool

    name: ClassVar[str] = "affine"

    def result_type(self, types: Sequence[Type]) -> Type:
        bias, _, _ = types
        return Type(True, bias.shape)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        bias, x, W = args
        return bias + x @ (W.T if self.transposed else W)


class Backward(Operation):
    """What an activation hands on, from what arrives and its value; `function` is the helper that does it."""

    function: str

    name: ClassVar[str] = "backward"

    def result_type(self, types: Sequence[Type]) -> Type:
        return types[0]


class FastTorchSpelling(TorchSpelling):
    def rewritten(self, steps: Sequence[Step]) -> Sequence[Step]:
        """`affine` for a product with a bias, `backward` for a slope; both are of this file alone."""
        return _with_backward(_with_affine(steps))

    @spells(Affine)
    def _affine(self, step: Step[Affine], args: Sequence[Expression]) -> Expression:
        bias, x, W = args
        return e.call("torch.addmm", bias, x, e.suffix(W, ".T") if step.op.transposed else W)

    @spells(Backward)
    def _backward(self, step: Step[Backward], args: Sequence[Expression]) -> Expression:
        self.helpers[step.op.function] = None
        return e.call(step.op.function, *args)


def _with_affine(steps: Sequence[Step]) -> list[Step]:
    """x @ W.T + b as one step; terms after them are added to it."""
    uses = Counter(a for s in steps for a in s.args)
    products = steps_of(steps, Contract)
    made = {s.symbol: s for s in products if s.symbol.kind == "temporary" and uses[s.symbol] == 1}
    moved: dict[Symbol, Step] = {}
    result: list[Step] = []
    for step in steps:
        total = step_of(step, Add)
        found = _affine_terms(total, made) if total else None
        if total and found:
            product, bias = found
            moved[product.symbol] = step
            _, weight = product.op.letters
            affine = Affine(weight[1] == product.op.letters[0])
            whole = Step(product.symbol, affine, (bias, *product.args), product.span, product.comment)
            rest = list(zip(total.op.signs, step.args, strict=True))
            rest.remove((1, product.symbol))
            rest.remove((1, bias))  # once: it may be there again
            if rest:
                result.append(whole)
                signs, args = zip(*[(1, product.symbol), *rest], strict=True)
                step = replace(step, op=Add(signs), args=args)
            else:
                step = replace(step, op=whole.op, args=whole.args)
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
    result = product.op.result
    source, weight = product.op.letters
    batched = [type_of(a).batched for a in product.args]
    return batched == [True, False] and len(source) == len(result) == 1 and set(weight) == {source, result}


def _with_backward(steps: Sequence[Step]) -> list[Step]:
    """The gradient of an excitation that arrives from its activation alone."""
    activations = {s.args[0]: s for s in steps_of(steps, Apply) if len(s.args) == 1}
    return [_pulled(step, activations.get(step.symbol.of or step.symbol)) for step in steps]


def _pulled(step: Step, activation: Step[Apply] | None) -> Step:
    if activation is None or not isinstance(step.op, Multiply) or not isinstance(step.args[0], Symbol):
        return step
    name = f"{activation.op.function}_backward"
    d, h = step.args[0], activation.symbol
    if name not in BACKWARD or d.of != h or d.type != step.symbol.type:
        return step
    return replace(step, op=Backward(name), args=(d, h))

"""Operations that no lowering makes: passes make them of others, for printers whose library has a call for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

from flowc.program.elements import Elements, Value
from flowc.program.ops.operation import Machine, NumberWriter, Operation, Step
from flowc.program.ops.reduce import Count
from flowc.program.values import SCALAR, Type


class CountOf(Count):
    """A count of something that has a name, instead of what was counted: `size` elements a token."""

    size: int

    name: ClassVar[str] = "count_of"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.asarray({"token": self.size, "batch": m.batch, "all": self.size * m.batch}[self.of])

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        if self.of == "token":
            return (float(self.size),)
        return (w.tokens if self.of == "batch" else w.multiply(float(self.size), w.tokens),)


class Products(Operation):
    """The sum of all elements of a product of two. `count`: by which number it is divided, that of all elements, of the
    tokens, or none."""

    negative: bool
    count: Literal["", "batch", "all"]

    name: ClassVar[str] = "products"

    def result_type(self, types: Sequence[Type]) -> Type:
        return SCALAR

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        total = m.np.vdot(*args) / {"": 1, "batch": m.batch, "all": args[0].size}[self.count]
        return -total if self.negative else total


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


SLOPES: dict[str, Callable[[Any], Any]] = {"relu": lambda h: h > 0, "logistic": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2}


class Backward(Operation):
    """What an activation of SLOPES hands on, from what arrives and its value."""

    activation: str

    name: ClassVar[str] = "backward"

    def result_type(self, types: Sequence[Type]) -> Type:
        return types[0]

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        d, h = args
        return d * SLOPES[self.activation](h)


FUSED: tuple[type[Operation], ...] = (CountOf, Products, Affine, Backward)

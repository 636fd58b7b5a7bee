"""torch's words for data, tables, loops and tests."""

from __future__ import annotations

from flowc.backends.code.tree import Do, Expression, Named, Product, Statement, Sum, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line
from flowc.backends.python.selftest import SelfTest
from flowc.program.ops import Add, Contract, Reduce

DOUBLE = "torch.float64"  # for finite differences
CONVERSIONS = {"torch.float32": "float", DOUBLE: "", "torch.float16": "half", "torch.bfloat16": "bfloat16"}


class TorchLibrary(Library):
    """`doubled`: the file's `normal` and `uniform` give tensors of double precision."""

    module, maker = "torch", "tensor"
    axis = "dim"
    roots_of_numbers = False
    decorators = (e.call("torch.no_grad"),)
    test = SelfTest(
        "torch.manual_seed(0)",
        {
            "number": f"torch.randn(SIZES, dtype={DOUBLE})",
            "class": "torch.eye(COUNT).double()[torch.randint(COUNT, SHAPE)]",
            "bit": "torch.randint(2, SHAPE).double()",
            "sign": "2 * torch.randint(2, SHAPE).double() - 1",
        },
        {
            "initial_weights": f"lambda: initial_weights(dtype={DOUBLE})",
            "perturbed": "lambda w: w + 0.1 * torch.randn_like(w)",
            "direction": "lambda w: torch.randn_like(w)",
        },
    )

    def __init__(self, dtype: str, doubled: bool = False):
        kind = f"torch.{dtype}"
        super().__init__(kind, Named("dtype", e.atom(kind)), dtype == "float32")
        self.kind_of_ones = ()
        self.conversion = CONVERSIONS[kind] if doubled else ""

    def start_array(self, rows: Expression) -> Expression:
        """A list, of which a tensor is made later."""
        return rows

    def constant_array(self, tokens: Expression, value: Expression) -> Expression:
        return super().constant_array(Tuple((tokens,)), value)

    def constant_argument(self, value: Expression) -> Expression:
        return self.convert_array(value)

    def convert_draws(self, call: Expression) -> Expression:
        return e.method(call, self.conversion) if self.conversion else call

    def copy_array(self, array: Expression) -> Expression:
        return e.method(array, "clone")

    def step_downhill(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[Statement]]:
        """Products and sums go into the weight without a copy of their own."""
        products = _products(gradient) if alone else []
        if products:
            return False, [Do(e.call(f"{parameter}.addmm_", a, b, alpha="-rate")) for a, b in products]
        short = alone and isinstance(gradient.step.op, Reduce)
        change = gradient.expression if short else e.atom(gradient.name)
        return not short, [Do(e.call(f"{parameter}.sub_", change, alpha="rate"))]

    def overwrite_array(self, parameter: Expression, value: Expression) -> Statement:
        return Do(e.method(parameter, "copy_", value))


def _products(gradient: Line) -> list[tuple[Expression, Expression]]:
    """The factors of a matrix that is a product, or a sum of products; else none."""
    if len(gradient.step.symbol.type.shape) != 2 or not isinstance(gradient.step.op, (Contract, Add)):
        return []
    total = gradient.expression
    terms = total.terms if isinstance(total, Sum) else ((1, total),)
    pairs = [_factors(term) for _, term in terms]
    if any(pair is None for pair in pairs) or any(sign < 0 for sign, _ in terms):
        return []
    return [pair for pair in pairs if pair is not None]


def _factors(term: Expression) -> tuple[Expression, Expression] | None:
    match term:
        case Product(((_, first), ("@", second))):
            return first, second
    return None

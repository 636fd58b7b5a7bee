"""Operations as numpy spells them."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.fill import Tree
from flowc.backends.code.tree import Index, Name
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.mesh_spelling import MeshSpelling
from flowc.backends.python.spelling import Spelling, axes, is_number, literal, nested
from flowc.backends.python.table import spells
from flowc.backends.python.text import decimal
from flowc.maths.function import Function
from flowc.program import ops
from flowc.program.ir import Step
from flowc.program.values import type_of

WIDE = 1000  # elements of a vector whose identity matrix is not made


class NumpySpelling(MeshSpelling, Spelling):
    library = "np"
    axis, keep = "axis", "keepdims"

    @property
    def single(self) -> bool:
        return self.dtype != "float64"

    @property
    def holes(self) -> dict[str, dict[str, Tree]]:
        """What hangs on the element type in the functions that operations need."""
        kind = Name(f"np.{self.dtype}")
        return {"placed": {"kind": (kind,) if self.single else ()}, "sign": {"kind": kind}}

    def array(self, numbers: str) -> str:
        return f"np.array({numbers}, np.{self.dtype})" if self.single else f"np.array({numbers})"

    def scalar(self, value: float) -> Expression:
        """A number that does not widen a narrow type."""
        return e.atom(f"np.{self.dtype}({decimal(value)})" if self.single else decimal(value))

    @spells(ops.Copy)
    def _copy(self, step: Step[ops.Copy], args: Sequence[Expression]) -> Expression:
        """A weight's gradient is a float, also where it is the same number for all values."""
        of_weight = step.symbol.of is not None and step.symbol.of.kind == "weight"
        return self.scalar(step.args[0]) if of_weight and is_number(step.args[0]) else args[0]

    def size(self, array: Expression) -> Expression:
        return e.suffix(array, ".size")

    @spells(ops.Where)
    def _where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        """Two plain numbers would be float64."""
        if is_number(step.args[1]) and is_number(step.args[2]):
            return e.call("np.where", args[0], *(self.scalar(a) for a in step.args[1:]))  # type: ignore[arg-type]
        return e.call("np.where", *self.floats(step, args))

    @spells(ops.Indicator)
    def _indicator(self, step: Step[ops.Indicator], args: Sequence[Expression]) -> Expression:
        return e.call("np.where", args[0], self.scalar(1.0), self.scalar(0.0))

    @spells(ops.Maximum)
    def _maximum(self, step: Step[ops.Maximum], args: Sequence[Expression]) -> Expression:
        return e.call("np.maximum", args[0], "0")

    @spells(ops.LogAddExp)
    def _logaddexp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        return e.call("np.logaddexp", args[0], self.scalar(0.0) if self.single else "0")

    @spells(ops.Largest)
    def _largest(self, step: Step[ops.Largest], args: Sequence[Expression]) -> Expression:
        return e.method(args[0], "max", axis="-1", keepdims="True")

    @spells(ops.Greatest)
    def _greatest(self, step: Step[ops.Greatest], args: Sequence[Expression]) -> Expression:
        return e.method(args[0], "max", axis="-1")

    @spells(ops.Prod)
    def _prod(self, step: Step[ops.Prod], args: Sequence[Expression]) -> Expression:
        return e.method(args[0], "prod", axis="-1")

    @spells(ops.FirstLargest)
    def _first_largest(self, step: Step[ops.FirstLargest], args: Sequence[Expression]) -> Expression:
        """Rows of the identity matrix, as long as it is none that takes the memory."""
        shape = type_of(step.args[0]).shape
        if shape and shape[-1] > WIDE:
            places = e.call("np.arange", str(shape[-1]))
            first = e.method(args[0], "argmax", axis="-1", keepdims="True")
            return e.method(e.compare(places, "==", first), "astype", f"np.{self.dtype}")
        size = str(shape[-1]) if shape and shape[-1] > 0 else f"{e.flat(args[0])}.shape[-1]"
        eye = e.call("np.eye", size, **({"dtype": f"np.{self.dtype}"} if self.single else {}))
        return Index(eye, (e.method(args[0], "argmax", axis="-1"),))

    @spells(ops.Others)
    def _others(self, step: Step[ops.Others], args: Sequence[Expression]) -> Expression:
        self.helpers["others"] = None
        return e.call("others", args[0])

    @spells(ops.Stack)
    def _stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        batched = {type_of(a).batched for a in step.args}
        stacked = e.bracketed("[", self.floats(step, args), "]")
        if step.op.columns:
            return e.suffix(e.call("np.stack", stacked), ".T")
        if len(batched) > 1:
            stacked = e.bracketed("np.broadcast_arrays(", self.floats(step, args), ")")
        if self.single and batched == {False}:
            return e.call("np.stack", stacked, axis="-1", dtype=f"np.{self.dtype}")
        return e.call("np.stack", stacked, axis="-1")

    @spells(ops.Assemble)
    def _assemble(self, step: Step[ops.Assemble], args: Sequence[Expression]) -> Expression:
        arguments = (
            f"{self.batch}.dtype" if self.batch and step.symbol.owner else f"np.{self.dtype}"
        )  # of a layer, the data's
        kind = [e.atom(arguments)] if self.single else []
        return e.bracketed("np.array(", [nested(self.entries(step, args), step.op.shape), *kind], ")")

    @spells(ops.Spread)
    def _spread(self, step: Step[ops.Spread], args: Sequence[Expression]) -> Expression:
        shape = self.shape(step.symbol)
        value = step.args[0]
        if not is_number(value):
            return e.call("np.broadcast_to", args[0], shape)
        kind = {"dtype": f"np.{self.dtype}"} if self.single else {}
        if value in (0, 1):
            return e.call("np.ones" if value else "np.zeros", axes(shape), **kind)
        return e.call("np.full", shape, decimal(value), **kind)

    @spells(ops.Constant)
    def _literal(self, step: Step[ops.Constant], args: Sequence[Expression]) -> Expression:
        return literal(step.op.numbers, "np.array(", ")" if not self.single else f", np.{self.dtype})")

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        if function.name == "relu":
            return e.call("np.maximum", args[0], "0")
        return super().library_call(function, args, parameters)

    @spells(ops.WeightVector)
    def _lines(self, step: Step[ops.WeightVector], args: Sequence[Expression]) -> Expression:
        """Numbers, or factors times the weights that they belong to."""
        factors = e.atom(self.table_name("factors", step.op.lines))
        if not args:
            return factors
        parts = [e.call("np.ravel", a) for a in args]
        vector = e.bracketed(
            "np.concatenate(", [e.bracketed("[", [e.atom(f"np.ones(1, np.{self.dtype})"), *parts], "]")], ")"
        )
        return e.product([factors, e.suffix(vector, f"[{self.table_name('slots', step.op.lines)}]")])

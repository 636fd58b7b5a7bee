"""Operations as numpy spells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code.fill import Tree
from flowc.backends.code.tree import Attribute, List, Name
from flowc.backends.numpy.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.mesh_spelling import MeshSpelling
from flowc.backends.python.spelling import Spelling, is_number, nested_list, nested_numbers, spell_as
from flowc.backends.python.table import spells
from flowc.backends.python.text import decimal
from flowc.maths.function import Function
from flowc.program import ops
from flowc.program.ir import Step
from flowc.program.values import type_of

WIDE = 1000  # elements of a vector whose identity matrix is not made


class NumpySpelling(MeshSpelling, Spelling):
    library = "np"
    templates = HELPERS
    axis, keep = "axis", "keepdims"

    @property
    def single(self) -> bool:
        return self.dtype != "float64"

    @property
    def kind(self) -> str:
        return f"np.{self.dtype}"

    @property
    def kind_arguments(self) -> tuple[str, ...]:
        """The element type as an argument, where it is not numpy's own."""
        return (self.kind,) if self.single else ()

    @property
    def named_kinds(self) -> dict[str, str]:
        return {"dtype": self.kind} if self.single else {}

    @property
    def template_holes(self) -> Mapping[str, Mapping[str, Tree]]:
        """What hangs on the element type in the functions that operations need."""
        return {"placed": {"kind": tuple(map(Name, self.kind_arguments))}, "sign": {"kind": Name(self.kind)}}

    def typed_scalar(self, value: float) -> Expression:
        """A number that does not widen a narrow type."""
        return e.call(self.kind, decimal(value)) if self.single else e.decimal(value)

    @spells(ops.Copy)
    def _spell_copy(self, step: Step[ops.Copy], args: Sequence[Expression]) -> Expression:
        """A weight's gradient is a float, also where it is the same number for all values."""
        of_weight = step.symbol.of is not None and step.symbol.of.kind == "weight"
        return self.typed_scalar(step.args[0]) if of_weight and is_number(step.args[0]) else args[0]

    def size(self, array: Expression) -> Expression:
        return Attribute(array, "size")

    @spells(ops.Where)
    def _spell_where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        """Two plain numbers would be float64."""
        if is_number(step.args[1]) and is_number(step.args[2]):
            return e.call("np.where", args[0], *(self.typed_scalar(a) for a in step.args[1:]))  # type: ignore[arg-type]
        return e.call("np.where", *self.as_floats(step, args))

    @spells(ops.Indicator)
    def _spell_indicator(self, step: Step[ops.Indicator], args: Sequence[Expression]) -> Expression:
        return e.call("np.where", args[0], self.typed_scalar(1.0), self.typed_scalar(0.0))

    _spell_maximum = spell_as("np.maximum(x, 0)", ops.Maximum)
    _spell_largest = spell_as("x.max(axis=-1, keepdims=True)", ops.Largest)
    _spell_greatest = spell_as("x.max(axis=-1)", ops.Greatest)
    _spell_prod = spell_as("x.prod(axis=-1)", ops.Prod)

    @spells(ops.LogAddExp)
    def _spell_logaddexp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        return e.call("np.logaddexp", args[0], self.typed_scalar(0.0) if self.single else "0")

    @spells(ops.FirstLargest)
    def _spell_first_largest(self, step: Step[ops.FirstLargest], args: Sequence[Expression]) -> Expression:
        """Rows of the identity matrix, as long as it is none that takes the memory."""
        shape = type_of(step.args[0]).shape
        if shape and shape[-1] > WIDE:
            places = e.call("np.arange", str(shape[-1]))
            first = e.method(args[0], "argmax", axis="-1", keepdims="True")
            return e.method(e.compare(places, "==", first), "astype", self.kind)
        size = str(shape[-1]) if shape and shape[-1] > 0 else f"{e.flat(args[0])}.shape[-1]"
        return e.index(e.call("np.eye", size, **self.named_kinds), e.method(args[0], "argmax", axis="-1"))

    @spells(ops.Stack)
    def _spell_stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        batched = {type_of(a).batched for a in step.args}
        columns = self.as_floats(step, args)
        if step.op.columns:
            return e.transposed(e.call("np.stack", List(tuple(columns))))
        stacked = e.call("np.broadcast_arrays", *columns) if len(batched) > 1 else List(tuple(columns))
        return e.call("np.stack", stacked, axis="-1", **(self.named_kinds if batched == {False} else {}))

    @spells(ops.Assemble)
    def _spell_assemble(self, step: Step[ops.Assemble], args: Sequence[Expression]) -> Expression:
        of_data = self.single and self.batch and step.symbol.owner  # of a layer, the data's
        kinds = (f"{self.batch}.dtype",) if of_data else self.kind_arguments
        return e.call("np.array", nested_list(self.spell_entries(step, args), step.op.shape), *kinds)

    @spells(ops.Spread)
    def _spell_spread(self, step: Step[ops.Spread], args: Sequence[Expression]) -> Expression:
        shape, value = self.shape(step.symbol), step.args[0]
        if not is_number(value):
            return e.call("np.broadcast_to", args[0], shape)
        if value in (0, 1):
            return e.call("np.ones" if value else "np.zeros", e.extent(shape), **self.named_kinds)
        return e.call("np.full", shape, decimal(value), **self.named_kinds)

    @spells(ops.Constant)
    def _spell_literal(self, step: Step[ops.Constant], args: Sequence[Expression]) -> Expression:
        return e.call("np.array", nested_numbers(step.op.numbers), *self.kind_arguments)

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        if function.name == "relu":
            return e.call("np.maximum", args[0], "0")
        return super().library_call(function, args, parameters)

    @spells(ops.WeightVector)
    def _spell_lines(self, step: Step[ops.WeightVector], args: Sequence[Expression]) -> Expression:
        """Numbers, or factors times the weights that they belong to."""
        factors = e.atom(self.table_name("factors", step.op.lines))
        if not args:
            return factors
        parts = [e.call("np.ravel", a) for a in args]
        vector = e.call("np.concatenate", List((e.call("np.ones", "1", self.kind), *parts)))
        return e.product([factors, e.index(vector, e.atom(self.table_name("slots", step.op.lines)))])

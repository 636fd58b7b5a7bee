"""Operations as torch spells them: no value ever travels to the host, and every derivative is the certain one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from flowc.backends.code.python_words import quoted
from flowc.backends.code.scope import variables
from flowc.backends.code.tree import Compare, List, Slice
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.mesh import index_of
from flowc.backends.python.mesh_spelling import MeshSpelling
from flowc.backends.python.spelling import Spelling, is_number, nested_numbers, spell_as
from flowc.backends.python.table import spells
from flowc.backends.python.text import decimal
from flowc.backends.torch.templates import HELPERS
from flowc.maths.function import Function
from flowc.program import ops
from flowc.program.ir import Step, Symbol
from flowc.program.ops.fused import Affine, Backward
from flowc.program.values import type_of

# Native calls whose value and derivative agree with the record everywhere, kinks included.
NATIVE = {
    "logistic": "torch.sigmoid", "relu": "torch.relu", "tanh": "torch.tanh", "silu": "torch.nn.functional.silu",
    "elu": "torch.nn.functional.elu",
}  # fmt: skip

ARITHMETIC = (ops.Add, ops.Multiply, ops.Divide)


@dataclass
class TorchSpelling(MeshSpelling, Spelling):
    library = "torch"
    templates = HELPERS
    axis, keep = "dim", "keepdim"
    copy = "clone"
    counted: set[Symbol] = field(default_factory=set)  # numbers of the file, numbers of tokens, and what is made of these: no tensors

    def spell_step(self, step: Step, args: Sequence[Expression]) -> Expression:
        if isinstance(step.op, ops.Count) or isinstance(step.op, ARITHMETIC) and all(is_number(a) or a in self.counted for a in step.args):
            self.counted.add(step.symbol)
        return super().spell_step(step, args)

    @property
    def alone(self) -> str:  # type: ignore[override]
        return "torch.zeros(())" if self.dtype == "float32" else f"torch.zeros((), dtype=torch.{self.dtype})"

    def size(self, array: Expression) -> Expression:
        return e.method(array, "numel")

    def tensor(self, x: Expression | None = None) -> str:
        """A tensor whose element type and device are those of the values."""
        return e.flat(x) if x is not None and x.is_name else self.like

    @spells(ops.Where)
    def _spell_where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        """Of two plain numbers torch would make the default type, not that of the values."""
        condition, first, second = self.as_floats(step, args)
        if all(is_number(a) or a in self.counted for a in step.args[1:]):
            return e.call("torch.where", condition, first, self._full_beside(condition, second))
        return e.call("torch.where", condition, first, second)

    def _full_beside(self, condition: Expression, number: Expression) -> Expression:
        """A number of the values' type, which repeats to the shape of the condition."""
        if isinstance(condition, Compare) and condition.operands[0][1].is_name:
            return e.call("torch.full_like", condition.operands[0][1], number)
        return e.method(e.atom(self.like), "new_full", "()", number)

    @spells(ops.Indicator)
    def _spell_indicator(self, step: Step[ops.Indicator], args: Sequence[Expression]) -> Expression:
        """The element type is that of a name in the condition `a >= b`."""
        like = next(variables(args[0]), self.like) if isinstance(args[0], Compare) else self.like
        return e.method(args[0], "to", f"{like}.dtype")

    _spell_maximum = spell_as("torch.relu(x)", ops.Maximum)
    _spell_largest = spell_as("x.max(dim=-1, keepdim=True).values", ops.Largest)
    _spell_greatest = spell_as("x.max(dim=-1).values", ops.Greatest)
    _spell_prod = spell_as("x.prod(dim=-1)", ops.Prod)
    _spell_first_largest = spell_as("torch.zeros_like(x).scatter(-1, x.argmax(dim=-1, keepdim=True), 1.0)", ops.FirstLargest)

    @spells(ops.LogAddExp)
    def _spell_logaddexp(self, step: Step[ops.LogAddExp], args: Sequence[Expression]) -> Expression:
        if args[0].is_name:
            return e.call("torch.logaddexp", args[0], e.call("torch.zeros_like", args[0]))
        return e.call("torch.logaddexp", args[0], e.method(e.atom(self.like), "new_zeros", "()"))

    @spells(ops.Stack)
    def _spell_stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        batched = {type_of(a).batched for a in step.args}
        parts = [self._as_tensor(arg, text, len(batched) > 1) for arg, text in zip(step.args, args, strict=True)]
        if len(batched) > 1:
            return e.call("torch.stack", e.call("torch.broadcast_tensors", *parts), dim="-1")
        listed = List(tuple(parts))
        if step.op.columns:
            return e.transposed(e.call("torch.stack", listed))
        return e.call("torch.stack", listed, dim="-1")

    @spells(ops.Assemble)
    def _spell_assemble(self, step: Step[ops.Assemble], args: Sequence[Expression]) -> Expression:
        """Numbers become tensors on the device, by filling."""
        like = next((a for a in args if a.is_name), e.atom(self.like))
        entries = [
            self._filled_scalar(like, c) if place is None else text
            for (c, place), text in zip(step.op.entries, self.spell_entries(step, args), strict=True)
        ]
        stacked = e.call("torch.stack", List(tuple(entries)))
        shape = step.op.shape
        return stacked if len(shape) == 1 else e.method(stacked, "reshape", *map(str, shape or ("()",)))

    def _filled_scalar(self, like: Expression, number: float) -> Expression:
        return e.method(like, "new_full", "()", decimal(number)) if number else e.method(like, "new_zeros", "()")

    def _as_tensor(self, arg: object, text: Expression, mixed: bool) -> Expression:
        tensor = isinstance(arg, Symbol) and arg not in self.counted
        return text if tensor else e.method(e.atom(self.like), "new_tensor", text)

    @spells(ops.Copy)
    def _spell_copy(self, step: Step[ops.Copy], args: Sequence[Expression]) -> Expression:
        """A gradient is a tensor, also where it is the same number for all weights."""
        as_tensor = step.symbol.kind == "gradient" and is_number(step.args[0])
        return self.spread_value(step, args) if as_tensor else super()._spell_copy(step, args)

    @spells(ops.Spread)
    def _spell_spread(self, step: Step[ops.Spread], args: Sequence[Expression]) -> Expression:
        return self.spread_value(step, args)

    def spread_value(self, step: Step, args: Sequence[Expression]) -> Expression:
        """The argument in the type of the value."""
        value, shape = step.args[0], self.shape(step.symbol)
        if value in (0, 1):
            return e.method(e.atom(self.like), "new_ones" if value else "new_zeros", e.extent(shape))
        if is_number(value) or value in self.counted:
            return e.method(e.atom(self.like), "new_full", shape, self.as_floats(step, args)[0])
        return e.call("torch.broadcast_to", args[0], shape)

    @spells(ops.Constant)
    def _spell_literal(self, step: Step[ops.Constant], args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.like}.new_tensor", nested_numbers(step.op.numbers))

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        name = function.name
        if name in NATIVE:
            return e.call(NATIVE[name], args[0], *(p for p in parameters if p != "1"))  # which elu has of its own
        if name in ("softmax", "log_softmax"):
            return e.call(f"torch.{name}", args[0], dim="-1")
        return super().library_call(function, args, parameters)

    # ----------------------------------------------- where speed decides

    @spells(Affine)
    def _spell_affine(self, step: Step[Affine], args: Sequence[Expression]) -> Expression:
        """A product and the bias after it in one call."""
        bias, x, W = args
        return e.call("torch.addmm", bias, x, e.transposed(W) if step.op.transposed else W)

    @spells(Backward)
    def _spell_backward(self, step: Step[Backward], args: Sequence[Expression]) -> Expression:
        """torch's own way back through a function."""
        return self.call_helper(f"{step.op.activation}_backward", *args)

    # -------------------------------------------------------------- meshes

    @spells(ops.MeshValues)
    def _spell_mesh(self, step: Step[ops.MeshValues], args: Sequence[Expression]) -> Expression:
        """By way of autograd, where that is to find the way back."""
        return e.call("Traced.apply", self.meshes[id(step.op.mesh)], *args) if self.autograd else super()._spell_mesh(step, args)

    @spells(ops.Take)
    def _spell_take(self, step: Step[ops.Take], args: Sequence[Expression]) -> Expression:
        """Places that do not follow one another are an index, which is on the device already."""
        index = index_of(step.op.places)
        if isinstance(index, Slice):
            return super()._spell_take(step, args)
        places = e.call("places", f"{self.tensor(args[0])}.device", *index.items)
        return e.transposed(e.method(args[0], "index_select", "0", places))

    @spells(ops.WeightVector)
    def _spell_lines(self, step: Step[ops.WeightVector], args: Sequence[Expression]) -> Expression:
        """Numbers, or factors times the weights that they belong to."""
        like = next((e.flat(a) for a in args if a.is_name), self.like)
        return e.call("joined", quoted(self.meshes[id(step.op.lines)]), like, *args)

    @spells(ops.Collect)
    def _spell_collect(self, step: Step[ops.Collect], args: Sequence[Expression]) -> Expression:
        """Of one weight: the sum of what arrives at its lines, times their factors."""
        lines, shape = step.op.lines, step.op.shape
        first = int(self.meshes[id(lines), step.op.place])
        end = quoted(self.meshes[id(lines)])
        return e.call("collected", end, args[0], str(first), str(first + prod(shape)), e.shape(shape))

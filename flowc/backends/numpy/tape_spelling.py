"""numpy's words where values may be tensors: operators and methods are as numpy has them, functions are the file's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flowc.backends.backend import Refused
from flowc.backends.code.tree import Attribute, Call, List, Name, Tuple
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.spelling import PRIMITIVES
from flowc.backends.python.table import spells
from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS
from flowc.program import ops
from flowc.program.ir import Arg, Step
from flowc.program.values import type_of

# Operations that the registry has as functions.
RECORDS: dict[type[ops.Operation], str] = {type(op): name for name, op in PRIMITIVES.items() if name in FUNCTIONS}
RECORDS |= {ops.LogAddExp: "softplus", ops.Maximum: "relu"}
# What numpy spells by operators, indices and methods, which tensors have too.
AS_ARRAYS = (
    ops.Copy, ops.Add, ops.Multiply, ops.Divide, ops.Power, ops.Select, ops.Lift, ops.Drop, ops.Reshape, ops.Greatest, ops.Prod,
    ops.Apply, ops.Place,
)  # fmt: skip


def is_cut(step: Step) -> bool:
    """Whether no gradient comes through: a decision, a number of elements, a function that is flat, x^0."""
    if isinstance(step.op, ops.Apply):
        return is_flat(step.op.record)
    if isinstance(step.op, ops.Power) and step.args[1] == 0:
        return True
    return type(step.op).pull is ops.Operation.pull or isinstance(step.op, ops.Elementary) and not step.op.slope


def is_flat(function: Function) -> bool:
    """Whether its slope is 0 everywhere."""
    return function.is_activation and function.rule.pullback in (("d * (0)",), ("d * 0",))


@dataclass
class TapeSpelling(NumpySpelling):
    """`tensors`: the values that are on the tape, weights first."""

    tensors: set[Arg] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)  # "EXPONENTS", where one is a tensor; "VECTORS", where matrices multiply some

    def spell_step(self, step: Step, args: Sequence[Expression]) -> Expression:
        on_tape = [arg in self.tensors for arg in step.args]
        if any(on_tape) and not is_cut(step):
            self.tensors.add(step.symbol)
            return self.spell_saved(step, args)
        if not isinstance(step.op, (ops.Compare, ops.Apply)):
            args = [e.call("array_of", a) if saved else a for a, saved in zip(args, on_tape, strict=True)]
        return NumpySpelling.table[type(step.op)](self, step, args)

    def spell_saved(self, step: Step, args: Sequence[Expression]) -> Expression:
        """A value that is saved, with how it came about."""
        if type(step.op) in RECORDS:
            return self.function_call(FUNCTIONS[RECORDS[type(step.op)]], args[:1], [])
        if isinstance(step.op, AS_ARRAYS):
            if isinstance(step.op, ops.Power) and step.args[1] in self.tensors:
                self.needs.add("EXPONENTS")
            return NumpySpelling.table[type(step.op)](self, step, args)
        if type(step.op) not in self.table or self.table[type(step.op)] is NumpySpelling.table.get(type(step.op)):
            raise Refused(f"the tape has no `{step.op.name}`; leave `--gradient tape` away")
        return super().spell_step(step, args)

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        """Functions are the file's own, but for those that are operators."""
        return super().library_call(function, args, parameters) if function.name in ("identity", "square") else None

    @spells(ops.Contract)
    def _spell_contract(self, step: Step[ops.Contract], args: Sequence[Expression]) -> Expression:
        code = super()._spell_contract(step, args)
        if isinstance(code, Call) and code.function == Attribute(Name("np"), "einsum"):
            return Call(Name("einsum"), code.arguments)
        if any(type_of(a).batched + len(type_of(a).shape) < 2 for a in step.args):
            self.needs.add("VECTORS")
        return code

    @spells(ops.Reduce)
    def _spell_reduce(self, step: Step[ops.Reduce], args: Sequence[Expression]) -> Expression:
        match super()._spell_reduce(step, args):
            case Call(Attribute(Name("np"), how), (x, *named)):
                return Call(Attribute(x, how), tuple(named))
            case code:
                return code

    @spells(ops.Expm1, ops.Log1p)
    def _spell_elementary(self, step: Step[ops.Elementary], args: Sequence[Expression]) -> Expression:
        return e.call(step.op.name, *args)

    @spells(ops.Where)
    def _spell_where(self, step: Step[ops.Where], args: Sequence[Expression]) -> Expression:
        return e.call("where", *self.as_floats(step, args))

    @spells(ops.Stack)
    def _spell_stack(self, step: Step[ops.Stack], args: Sequence[Expression]) -> Expression:
        return e.call("stack", List(tuple(self.as_floats(step, args))))

    @spells(ops.Assemble)
    def _spell_assemble(self, step: Step[ops.Assemble], args: Sequence[Expression]) -> Expression:
        elements = e.call("stack", List(tuple(self.spell_entries(step, args))))
        return elements if len(step.op.shape) == 1 else e.method(elements, "reshape", *map(str, step.op.shape or ("()",)))

    def placed_at(self, x: Expression, shape: Tuple, index: Tuple) -> Expression:
        return e.call("place", x, shape, index)

    @spells(ops.Spread)
    def _spell_spread(self, step: Step[ops.Spread], args: Sequence[Expression]) -> Expression:
        return e.call("repeat", args[0], self.shape(step.symbol))

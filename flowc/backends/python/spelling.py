"""Operations as text, as far as numpy and torch agree; each library's own words are in its subclass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, ClassVar, TypeGuard

from flowc.backends.code.fill import Tree, fill
from flowc.backends.code.quote import read
from flowc.backends.code.template import Templates
from flowc.backends.code.tree import Constant, List, Negative, Number, Power, Slice, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.contractions import ContractionSpelling
from flowc.backends.python.expression import PRIMARY, Expression
from flowc.backends.python.table import Spelled, spells
from flowc.backends.python.text import number
from flowc.maths.function import Function
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops.fused import CountOf
from flowc.program.values import SCALAR, type_of

PRIMITIVES = {op.name: op() for op in ops.OPERATIONS if issubclass(op, ops.Elementary) and not issubclass(op, ops.OfZero)}
RESULT = Symbol("temporary", "", SCALAR)
COLON = Slice(None, None)


def spell_as(text: str, *kinds: type[ops.Operation]) -> Spelled[Any, Any]:
    """A method that spells these operations by a text of Python, in which `x` is the argument, and `y` the second."""

    def method(spelling: Spelling, step: Step, args: Sequence[Expression]) -> Expression:
        return fill(read(text), dict(zip("xy", args)))

    return spells(*kinds)(method)


@dataclass
class Spelling(ContractionSpelling, ABC):
    """How one library spells a program. Collects the helper functions that the text needs.

    `dtype` is its own name of the element type; `autograd`: formulas in the form whose derivative is certain.
    """

    dtype: str
    autograd: bool = False
    batch: str = ""  # an array whose length is the number of tokens
    like: str = ""  # an array of the element type, on the device
    helpers: dict[str, Function | None] = field(default_factory=dict)
    meshes: dict[Any, str] = field(default_factory=dict)  # what the file calls its meshes: see `mesh_spelling.py`
    learning: bool = False  # the lines that are printed go backwards, too

    library = ""
    templates: ClassVar[Templates]  # of helpers without a record
    alone = ""  # what `like` is where there is no argument
    axis, keep = "", ""

    @property
    def template_holes(self) -> Mapping[str, Mapping[str, Tree]]:
        """What stands in the templates of helpers without a record, by their names."""
        return {}

    # ------------------------------------------------------------- entrance

    def spell_step(self, step: Step, args: Sequence[Expression]) -> Expression:
        """The value of a step, its arguments already spelled."""
        return self.table[type(step.op)](self, step, args)

    @spells(
        ops.Exp, ops.Expm1, ops.Log, ops.Log1p, ops.Sqrt, ops.Abs, ops.Sign, ops.Sin, ops.Cos, ops.Tanh,
    )  # fmt: skip
    def _spell_elementary(self, step: Step[ops.Elementary], args: Sequence[Expression]) -> Expression:
        """The library has it under its own name."""
        return e.call(f"{self.library}.{step.op.name}", args[0])

    def number(self, value: float) -> Expression:
        return e.number(value)

    def call_helper(self, name: str, *args: Expression) -> Expression:
        """A helper without a record."""
        self.helpers[name] = None
        return e.call(name, *args)

    # ----------------------------------------------------------- arithmetic

    _spell_copy = spell_as("x", ops.Copy)
    _spell_power = spell_as("x**y", ops.Power)

    @spells(ops.Add)
    def _spell_add(self, step: Step[ops.Add], args: Sequence[Expression]) -> Expression:
        return e.total(list(zip(step.op.signs, args, strict=True)))

    @spells(ops.Multiply)
    def _spell_multiply(self, step: Step[ops.Multiply], args: Sequence[Expression]) -> Expression:
        """A condition comes last: a sign in front of it would be Python's."""
        args = sorted(args, key=lambda a: a.level == e.COMPARE)
        return e.flattened(args) if step.symbol.kind == "gradient" else e.product(args)

    @spells(ops.Divide)
    def _spell_divide(self, step: Step[ops.Divide], args: Sequence[Expression]) -> Expression:
        return e.quotient(args[0], args[1])

    @spells(ops.Compare)
    def _spell_compare(self, step: Step[ops.Compare], args: Sequence[Expression]) -> Expression:
        return e.compare(args[0], step.op.sign, args[1])

    def as_floats(self, step: Step, args: Sequence[Expression]) -> list[Expression]:
        """Numbers as floats, where an integer would decide the type of the result."""
        return [
            text if isinstance(arg, Symbol) else e.decimal(arg) for arg, text in zip(step.args, args, strict=True)
        ]

    # --------------------------------------------------------------- shapes

    def shape(self, symbol: Symbol) -> Tuple:
        """The shape of a symbol's array."""
        tokens = e.call("len", self.batch) if self.batch else Number("1")
        return Tuple((*[tokens] * symbol.type.batched, *e.numbers(symbol.type.shape)))

    @spells(ops.Select)
    def _spell_select(self, step: Step[ops.Select], args: Sequence[Expression]) -> Expression:
        places = [Number(str(i)) if isinstance(i, int) else Slice(*e.numbers(i)) for i in step.op.index]
        return e.index(args[0], *[COLON] * type_of(step.args[0]).batched, *places)

    @spells(ops.Place)
    def _spell_place(self, step: Step[ops.Place], args: Sequence[Expression]) -> Expression:
        places = [Number(str(i)) if isinstance(i, int) else e.call("slice", *e.numbers(i)) for i in step.op.index]
        places += [e.call("slice", "None")] * (len(step.symbol.type.shape) - len(places))
        return self.placed_at(args[0], self.shape(step.symbol), Tuple((*[Constant("...")] * step.symbol.type.batched, *places)))

    def placed_at(self, x: Expression, shape: Tuple, index: Tuple) -> Expression:
        """Zeros of this shape, with x at this index."""
        return self.call_helper("placed", x, shape, index)

    @spells(ops.Lift)
    def _spell_lift(self, step: Step[ops.Lift], args: Sequence[Expression]) -> Expression:
        t = type_of(step.args[0])
        if not t.batched and not t.shape:
            return args[0]
        return self._at_axes(args[0], t.batched, len(step.symbol.type.shape), step.op.positions, Constant("None"))

    @spells(ops.Drop)
    def _spell_drop(self, step: Step[ops.Drop], args: Sequence[Expression]) -> Expression:
        t = type_of(step.args[0])
        return self._at_axes(args[0], t.batched, len(t.shape), step.op.positions, Number("0"))

    def _at_axes(self, x: Expression, batched: bool, rank: int, axes: Sequence[int], mark: Expression) -> Expression:
        """x with `None` or `0` at these axes of the token; only the last axes need no colons before them."""
        if list(axes) == list(range(rank - len(axes), rank)):
            return e.index(x, Constant("..."), *[mark] * len(axes))
        return e.index(x, *[COLON] * batched, *(mark if i in axes else COLON for i in range(rank)))

    @spells(ops.Reshape)
    def _spell_reshape(self, step: Step[ops.Reshape], args: Sequence[Expression]) -> Expression:
        return e.method(args[0], "reshape", *self.shape(step.symbol).items)

    @spells(ops.Others)
    def _spell_others(self, step: Step[ops.Others], args: Sequence[Expression]) -> Expression:
        return self.call_helper("others", args[0])

    @spells(ops.ZerosLike)
    def _spell_zeros_like(self, step: Step[ops.ZerosLike], args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.library}.zeros_like", args[0])

    @spells(ops.Count, CountOf)
    def _spell_count(self, step: Step[ops.Count], args: Sequence[Expression]) -> Expression:
        what = step.op.of
        token = step.op.size if isinstance(step.op, CountOf) else prod(type_of(step.args[0]).shape)
        if what == "token":
            return e.atom(str(token))
        if what == "all" and token > 1 and prod(type_of(step.args[0]).shape) == token:
            return self.size(args[0])
        tokens = e.call("len", self.batch or args[0])
        return tokens if what == "batch" or token == 1 else e.product([e.atom(str(token)), tokens])

    @abstractmethod
    def size(self, array: Expression) -> Expression:
        """How many elements an array has."""

    # ----------------------------------------------------------- reductions

    @spells(ops.Reduce)
    def _spell_reduce(self, step: Step[ops.Reduce], args: Sequence[Expression]) -> Expression:
        t, op, x = type_of(step.args[0]), step.op, args[0]
        if isinstance(x, Negative):
            return e.negative(self._spell_reduce(step, [x.operand]))
        batch = op.batch and t.batched
        axes = ([0] if batch else []) + [a + t.batched for a in op.axes]
        if not axes:
            return x
        named: dict[str, str] = {}
        if len(axes) < len(t.shape) + t.batched:
            last = len(t.shape) + t.batched - 1
            plain = "-1" if axes == [last] and t.batched else str(axes[0]) if len(axes) == 1 else str(tuple(axes))
            named[self.axis] = plain
        if op.keep:
            named.setdefault(self.axis, "-1" if len(axes) == 1 else str(tuple(axes)))
            named[self.keep] = "True"
        short = x.level == PRIMARY or step.symbol.kind == "gradient" or op.keep
        if op.how == "sum" and t.batched and short:
            return e.method(x, "sum", **named)
        return e.call(f"{self.library}.{op.how}", x, **named)

    # ------------------------------------------------------------- assembly

    def spell_entries(self, step: Step[ops.Assemble], args: Sequence[Expression]) -> list[Expression]:
        """The elements of an assembled array, row by row."""
        return [self._spell_entry(c, None if place is None else args[place]) for c, place in step.op.entries]

    def _spell_entry(self, coefficient: float, argument: Expression | None) -> Expression:
        if argument is None:
            return e.decimal(coefficient)
        if abs(coefficient) == 1:
            return argument if coefficient > 0 else e.negative(argument)
        return e.product([self.number(coefficient), argument])

    # ------------------------------------------------------------ functions

    @spells(ops.Apply)
    def _spell_apply(self, step: Step[ops.Apply], args: Sequence[Expression]) -> Expression:
        function = step.op.record
        defaults = [default for _, default in function.parameters]
        parameters_given = [*step.op.parameters, *defaults[len(step.op.parameters) :]]
        parameters = [] if parameters_given == defaults else [number(p) for p in parameters_given if p is not None]
        return self.function_call(function, args, parameters)

    def function_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression:
        """The library's own, else that of a helper."""
        call = self.library_call(function, args, parameters)
        if call is None:
            self.helpers[function.name] = function
        return call or e.call(function.name, *args, *parameters)

    def library_call(self, function: Function, args: Sequence[Expression], parameters: list[str]) -> Expression | None:
        """The library's own call of a function, where value and derivative are certain."""
        if function.name == "identity":
            return args[0]
        if function.name == "square":
            return Power(args[0], Number("2"))
        if function.name == "sqrt" and self.autograd:
            return None
        op = primitive_of(function)
        return self.table[type(op)](self, Step(RESULT, op, ()), args) if op else None


def primitive_of(function: Function) -> ops.Elementary | None:
    """The operation that a function is, and nothing else."""
    op = PRIMITIVES.get(function.name)
    return op if op and function.rule.value == f"{function.name}(xi)" else None


def is_number(arg: Arg) -> TypeGuard[float]:
    return not isinstance(arg, Symbol)


def nested_list(elements: Sequence[Expression], shape: Sequence[int], kind: type[List | Tuple] = List) -> Expression:
    """Elements, row by row, as a list of lists, or a tuple of tuples."""
    if not shape:
        return elements[0]
    size = len(elements) // shape[0] if shape[0] else 0
    return kind(tuple([nested_list(elements[i * size : (i + 1) * size], shape[1:], kind) for i in range(shape[0])]))


def nested_numbers(numbers: object) -> Expression:
    """Nested numbers as a list of lists."""
    if not isinstance(numbers, (tuple, list)):
        return e.decimal(numbers)  # type: ignore[arg-type]
    return List(tuple([nested_numbers(n) for n in numbers]))

"""A file whose gradients are found by a tape: the class `Tensor`, with what this diagram needs of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowc.backends.code import scope
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.numpy.tape_spelling import TapeSpelling, is_flat
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import defaults, helper, lines_of_record, symbols_of
from flowc.backends.python.printer import Printer
from flowc.backends.python.text import sentence
from flowc.maths.function import Function
from flowc.program.function_steps import pulled
from flowc.program.ir import Symbol

OPERATORS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "@": "matmul"}
COMPARISONS = {">": ("gt", "lt"), ">=": ("ge", "le"), "<": ("lt", "gt"), "<=": ("le", "ge"), "==": ("eq", "eq")}
ALWAYS = ("__init__", "backward", "add_gradient", "__sub__")  # the last takes a step downhill in `mistakes`


def saving_function(function: Function, spelling: TapeSpelling) -> t.Function:
    """A record as a function of a tensor: its value, and what it hands on of a gradient."""
    spelling = replace(spelling, tensors=set())  # within a function all are arrays
    if not function.rule.pullback:
        return helper(function, spelling)
    lines, value = lines_of_record(function, spelling)
    lines = [assign("xi", e.call("array_of", "x")), *lines]
    if not is_flat(function):
        back = _spell_pullback(function, spelling)
        if "h" in scope.names(back):
            lines, value = [*lines, assign("h", value)], t.Name("h")
        value = e.call("save", value, t.Tuple((t.Name("x"), t.Lambda(("d",), back))))
    arguments = e.arguments_of("x", *defaults(function))
    return t.Function(function.name, arguments, sentence(function.summary), (*lines, t.Return(value)))


def _spell_pullback(function: Function, spelling: TapeSpelling) -> t.Expression:
    """What a function makes of the gradient d, from its argument and its value."""
    symbols = symbols_of(function)
    others = [Symbol("temporary", name, symbols[0].type, number=len(symbols) + k) for k, name in enumerate("hd")]
    by_name = {s.owner: s for s in (*symbols, *others)}
    steps, result = pulled(function.name, (), by_name)
    gradient = Symbol("gradient", "", symbols[0].type, of=symbols[0])
    printer = Printer({s: s.owner for s in by_name.values()}, spelling)
    *inner, last = steps
    assert last.symbol == result, function.name
    printer.lines(inner, [step.symbol for step in inner])
    args = [printer.value(a) for a in last.args]
    return spelling.spell_step(last.__class__(gradient, last.op, last.args), args)


# ----------------------------------------------------------------------------------------------------------- the class


class UsedMethods:
    """Which methods of `Tensor` some lines need: those of the operators between tensors, and what is called of one."""

    def __init__(self, tensors: Iterable[str], flat: Iterable[str]):
        """`tensors`: names of arguments that are tensors; `flat`: functions that never give one."""
        self.tensors, self.flat = {*tensors}, {*flat, "array_of", "len"}
        self.names = {*ALWAYS}
        self.along_axes: set[str] = set()  # those that are called so, as `sum`

    def add_lines(self, code: Iterable[t.Statement]) -> None:
        for line in code:
            match line:
                case t.Noted(statement):
                    self.add_lines([statement])
                case t.For(_, _, body) | t.With(_, body):
                    self.add_lines(body)
                case t.Assign((target,), _, "-") if self.is_tensor(target):
                    self.names.add("__isub__")
                case t.Assign((target,), value) if self.is_tensor(value):
                    self.tensors |= scope.names(target)

    def is_tensor(self, code: object) -> bool:
        """Whether a value is a tensor; what it takes to compute it is noted."""
        match code:
            case t.Name(name):
                return name in self.tensors
            case t.Sum(terms):
                return self._is_chain([("+" if sign > 0 else "-", x) for sign, x in terms])
            case t.Product(factors):
                return self._is_chain(factors)
            case t.Negative(x):
                return self._has(x, "__neg__")
            case t.Power(base, exponent):
                return self._is_pair(base, exponent, "__pow__", "__rpow__")
            case t.Compare(((_, first), (sign, second))):
                method, reflected = COMPARISONS[sign]
                self._is_pair(first, second, f"__{method}__", f"__{reflected}__")
                return False
            case t.Index(x):
                return self._has(x, "__getitem__")
            case t.Attribute(_, "value" | "grad"):
                return False
            case t.Attribute(x, name):
                return self._has(x, name)
            case t.Call(t.Attribute(t.Name("np")), arguments):
                return self.is_tensor(arguments) and False
            case t.Call(t.Name("Tensor")):
                return True
            case t.Call(t.Name(name), arguments):
                return self.is_tensor(arguments) and name not in self.flat
            case t.Call(t.Attribute(x, name), arguments) if self._has(x, name):
                self.along_axes |= {name} if arguments else set()
                return True
            case t.Node():
                return self.is_tensor(code.field_values)
            case tuple():
                parts = [self.is_tensor(part) for part in code]
                return any(parts)
        return False

    def _has(self, x: t.Expression, method: str) -> bool:
        if not self.is_tensor(x):
            return False
        self.names.add(method)
        return True

    def _is_chain(self, parts: Sequence[tuple[str, t.Expression]]) -> bool:
        """Operands from the left, each with the operator before it."""
        left = self.is_tensor(parts[0][1])
        for operator, x in parts[1:]:
            name = OPERATORS.get(operator, "")  # none of another, as of whole numbers
            left = self._note_pair(left, self.is_tensor(x), f"__{name}__", f"__r{name}__")
        return left

    def _is_pair(self, first: t.Expression, second: t.Expression, method: str, reflected: str) -> bool:
        return self._note_pair(self.is_tensor(first), self.is_tensor(second), method, reflected)

    def _note_pair(self, first: bool, second: bool, method: str, reflected: str) -> bool:
        self.names |= {method} if first else {reflected} if second else set()
        return first or second

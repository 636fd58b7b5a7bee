"""Steps as formulas of vectors and matrices: W h + b, δ hᵀ, ⊙. A vector is a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from flowc.equations.algebra import chain, each, over, power, times, transpose
from flowc.equations.element_form import Elements
from flowc.equations.functions import COMPARED, WRITTEN, function, truth
from flowc.equations.numbers import exact
from flowc.equations.sums import NotIndexed, together
from flowc.equations.symbols import WIDEST, Symbols
from flowc.equations.tree import ONE, ZERO, Call, Chain, Compare, Expr, Fraction, Matrix, Name, Norm, Number, within
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.values import type_of

ONES = Name(r"\mathbf{1}", "𝟏")
TWO = Number(2.0)


class NotWhole(Exception):
    """No formula of vectors and matrices says this."""


class Whole:
    """Formulas of arrays. `hidden` values are written out where they are used; others have names."""

    def __init__(self, symbols: Symbols, made: Mapping[Arg, Step], hidden: set[Symbol]):
        self.symbols, self.made, self.hidden = symbols, made, hidden
        self.elements = Elements(symbols, made, hidden, expand=True)

    def of(self, arg: Arg) -> Expr:
        """Raises NotWhole."""
        if not isinstance(arg, Symbol):
            return exact(float(arg))
        if arg not in self.hidden:
            return self.symbols.whole(arg)
        return self.step(self.made[arg])

    def step(self, step: Step) -> Expr:
        rule = RULES.get(type(step.op))
        if rule is not None:
            return rule(self, step)
        if step.symbol.type.shape == ():
            return self.scalar(step)
        if len(step.args) == 1 and isinstance(step.op, ops.Elementary):
            return function(step.op.name, self.of(step.args[0]))
        raise NotWhole(step.op.name)

    def scalar(self, step: Step) -> Expr:
        """A single number."""
        try:
            return self.elements.step(step, ())
        except NotIndexed:
            raise NotWhole(step.op.name) from None

    def is_thin(self, arg: Arg) -> bool:
        """Whether it is a vector of one element, and no number; a sum over elements is a number."""
        if not isinstance(arg, Symbol) or not arg.type.shape or prod(arg.type.shape) != 1:
            return False
        step = self.made.get(arg) if arg in self.hidden else None
        return step is None or not isinstance(step.op, ops.Reduce) and (not step.args or any(map(self.is_thin, step.args)))

    def over_tokens(self, body: Expr) -> Expr:
        return self.elements.over_tokens(body)


def is_scalar(arg: Arg) -> bool:
    """One number, of a token or of all."""
    return prod(type_of(arg).shape) == 1


def _spell_add(w: Whole, step: Step[ops.Add]) -> Expr:
    """A number beside a vector stands for each of its elements; another scalar is spread out."""
    terms = []
    for sign, arg in zip(step.op.signs, step.args, strict=True):
        term = w.of(arg)
        alone = is_scalar(arg) and not is_scalar(step.symbol) and not isinstance(term, Number)
        if alone and w.is_thin(arg):
            raise NotWhole("a vector of one element that is spread out")
        terms.append((sign, _scaled(term, ONES) if alone else term))
    return together(*terms)


def _scaled(number: Expr, array: Expr) -> Expr:
    """A number beside an array; a product of vectors that is one number is one thing, in parentheses."""
    if not isinstance(number, Chain):
        return chain(number, array)
    return Chain((number, *(array.factors if isinstance(array, Chain) else (array,))))


def _spell_multiply(w: Whole, step: Step[ops.Multiply]) -> Expr:
    scalars = [_spell_truth(w.of(a)) for a in step.args if is_scalar(a)]
    arrays = [_spell_truth(w.of(a)) for a in step.args if not is_scalar(a)]
    if not arrays:
        return times(*scalars)
    product = each(*arrays)
    return _scaled(times(*scalars), product) if scalars else product


def _spell_truth(x: Expr) -> Expr:
    return truth(x) if isinstance(x, Compare) else x


def _spell_divide(w: Whole, step: Step[ops.Divide]) -> Expr:
    a, b = (w.of(arg) for arg in step.args)
    return over(a, b) if is_scalar(step.args[1]) else Fraction(a, b)


def _spell_compare(w: Whole, step: Step[ops.Compare]) -> Expr:
    return Compare(w.of(step.args[0]), COMPARED[step.op.sign], w.of(step.args[1]))


def _spell_cases(w: Whole, step: Step) -> Expr:
    return WRITTEN[step.op.name](*(w.of(a) for a in step.args))


def _spell_reduce(w: Whole, step: Step[ops.Reduce]) -> Expr:
    (x,), op = step.args, step.op
    shape = type_of(x).shape
    if shape and prod(shape) == 1 and step.symbol.type.shape == ():
        return w.scalar(step)
    if not op.axes:
        body = w.of(x)
    elif len(shape) == 1 or prod(shape) == 1:
        body = _sum_elements(w, x)
    else:
        raise NotWhole("reduce")
    total = w.over_tokens(body) if op.batch else body
    size = Number(float(prod(shape[a] for a in op.axes)))
    return over(total, times(size, w.elements.tokens if op.batch else ONE)) if op.how == "mean" else total


def _sum_elements(w: Whole, x: Arg) -> Expr:
    """Of squares the square of the length; of products the inner product."""
    step = w.made.get(x) if isinstance(x, Symbol) and x in w.hidden else None
    if is_scalar(x):
        return w.of(x)
    if step is not None and isinstance(step.op, ops.Power) and step.args[1] == 2:
        return Norm(w.of(step.args[0]))
    if step is not None and isinstance(step.op, ops.Multiply) and len([a for a in step.args if not is_scalar(a)]) == 2:
        scalars = [w.of(a) for a in step.args if is_scalar(a)]
        a, b = (w.of(a) for a in step.args if not is_scalar(a))
        if ONES in within(a) or ONES in within(b):
            raise NotWhole("a product with ones is a sum")
        return chain(*scalars, transpose(a), b)
    raise NotWhole("sum")


def _spell_contract(w: Whole, step: Step[ops.Contract]) -> Expr:
    letters, result = step.op.spec.letters, step.op.spec.target
    if any(len(axes) > 2 or len(set(axes)) < len(axes) for axes in (*letters, result)):
        raise NotWhole(str(step.op.spec))
    body = _contract_single(w, step, letters[0], result) if len(letters) == 1 else _contract_pair(w, step, letters, result)
    return w.over_tokens(body) if step.op.sum_batch else body


def _contract_single(w: Whole, step: Step[ops.Contract], own: str, result: str) -> Expr:
    if sorted(own) != sorted(result):
        raise NotWhole(str(step.op.spec))
    x = w.of(step.args[0])
    return x if own == result else transpose(x)


def _contract_pair(w: Whole, step: Step[ops.Contract], letters: Sequence[str], result: str) -> Expr:
    """Two operands: the first letter of the result is the left one's; without one, a weight is at the left."""
    left, right = (0, 1) if (result[0] in letters[0] if result else _is_weight(step.args[0])) else (1, 0)
    a, b = letters[left], letters[right]
    x, y = w.of(step.args[left]), w.of(step.args[right])
    if ONES in within(x) or ONES in within(y):
        raise NotWhole("a product with ones is a sum")
    both = set(a) & set(b)
    if both & set(result):
        if a == b == result:
            return each(x, y)
        raise NotWhole(str(step.op.spec))
    if not a or not b:
        if (a or b) != result:
            raise NotWhole(str(step.op.spec))
        return chain(*((x, y) if not a else (y, x)))
    if not both:
        if len(a) == len(b) == 1 and result == a + b:
            return chain(x, transpose(y))
        raise NotWhole(str(step.op.spec))
    if len(both) > 1:
        raise NotWhole(str(step.op.spec))
    (s,) = both
    if a.replace(s, "") + b.replace(s, "") != result:
        raise NotWhole(str(step.op.spec))
    first = x if len(a) == 2 and a[1] == s else transpose(x)
    second = y if b[0] == s else transpose(y)
    return chain(first, second)


def _is_weight(arg: Arg) -> bool:
    """What stands in front where both could: wᵀ x."""
    return not type_of(arg).batched


def _spell_select(w: Whole, step: Step[ops.Select]) -> Expr:
    if step.symbol.type.shape == ():
        return w.scalar(step)
    raise NotWhole("select")


def _spell_same(w: Whole, step: Step) -> Expr:
    """Axes of one element come and go; a number is the element itself."""
    if step.symbol.type.shape == () and type_of(step.args[0]).shape:
        return w.scalar(step)
    if is_scalar(step.args[0]):
        return w.of(step.args[0])
    raise NotWhole(step.op.name)


def _spell_spread(w: Whole, step: Step[ops.Spread]) -> Expr:
    x = w.of(step.args[0])
    if type_of(step.args[0]).shape == step.symbol.type.shape or is_scalar(step.symbol):
        return x
    if is_scalar(step.args[0]) and len(step.symbol.type.shape) == 1 and not w.is_thin(step.args[0]):
        return chain(x, ONES)
    raise NotWhole("spread")


def _spell_column(w: Whole, step: Step) -> Expr:
    if len(step.args) > WIDEST:
        raise NotWhole("stack")
    return Matrix(tuple((w.of(a),) for a in step.args))


def _spell_entries(w: Whole, step: Step) -> Expr:
    """An array put together, or of numbers, row by row."""
    shape = step.symbol.type.shape
    if len(shape) > 2:
        raise NotWhole(step.op.name)
    rows = shape if len(shape) == 2 else (shape[0], 1)
    show = w.symbols.settings.most is None or max(rows) <= 2 * WIDEST
    if not show:
        raise NotWhole(step.op.name)
    at = w.elements.step
    return Matrix(
        tuple(tuple(at(step, (j, k) if len(shape) == 2 else (j,)) for k in range(rows[1])) for j in range(rows[0]))
    )


def _spell_apply(w: Whole, step: Step[ops.Apply]) -> Expr:
    record = step.op.record
    if step.op.elements or record.kind not in ("elementwise", "vector") or len(type_of(step.args[0]).shape) > 1:
        if step.symbol.type.shape == ():
            raise NotWhole(record.name)
        if record.kind != "elementwise":
            raise NotWhole(record.name)
    x = w.of(step.args[0])
    return Call(record.name, (x,)) if record.kind == "vector" else function(record.name, x, step.op.parameters)


RULES: dict[type[ops.Operation], Callable[..., Expr]] = {
    ops.Copy: lambda w, step: w.of(step.args[0]),
    ops.Add: _spell_add,
    ops.Multiply: _spell_multiply,
    ops.Divide: _spell_divide,
    ops.Power: lambda w, step: power(*(w.of(a) for a in step.args)),
    ops.Compare: _spell_compare,
    ops.Where: _spell_cases,
    ops.Indicator: _spell_cases,
    ops.Reduce: _spell_reduce,
    ops.Contract: _spell_contract,
    ops.Select: _spell_select,
    ops.Lift: _spell_same,
    ops.Drop: _spell_same,
    ops.Spread: _spell_spread,
    ops.Stack: _spell_column,
    ops.Assemble: _spell_entries,
    ops.Constant: _spell_entries,
    ops.Apply: _spell_apply,
    ops.ZerosLike: lambda w, step: ZERO,
}

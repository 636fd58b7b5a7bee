"""The functions of the language as a textbook writes them; their definitions, where a name stands for them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping

from flowc.equations.algebra import add, negative, over, power, times
from flowc.equations.tree import ONE, ZERO, Call, Cases, Compare, Expr, Name, Number, Power, Truth, within
from flowc.maths.functions import FUNCTIONS, HELPERS, lookup
from flowc.program import ops

XI = Name(r"\xi", "ξ")
E = Name("e", "e")
TWO = Number(2.0)

# Of these the formula stands where they are used.
WRITTEN: dict[str, Callable[..., Expr]] = {
    "identity": lambda x: x,
    "tanh": lambda x: Call("tanh", (x,)),
    "relu": lambda x: Call("max", (ZERO, x)),
    "leaky_relu": lambda x, slope: add((1, Call("max", (ZERO, x))), (1, times(slope, Call("min", (ZERO, x))))),
    "elu": lambda x, alpha: Cases(
        ((x, Compare(x, ">", ZERO)), (times(alpha, add((1, exp(x)), (-1, ONE))), None)),
    ),
    "softplus": lambda x: Call("log", (add((1, ONE), (1, exp(x))),)),
    "abs": lambda x: Call("abs", (x,)),
    "exp": lambda x: exp(x),
    "log": lambda x: Call("log", (x,)),
    "sqrt": lambda x: Call("sqrt", (x,)),
    "square": lambda x: power(x, TWO),
    "sin": lambda x: Call("sin", (x,)),
    "cos": lambda x: Call("cos", (x,)),
    "sqrt_slope": lambda x: over(ONE, times(TWO, Call("sqrt", (x,)))),
    "expm1": lambda x: add((1, exp(x)), (-1, ONE)),
    "log1p": lambda x: Call("log", (add((1, ONE), (1, x)),)),
    "maximum": lambda x: Call("max", (x, ZERO)),
    "logaddexp": lambda x: Call("log", (add((1, ONE), (1, exp(x))),)),
    "indicator": lambda x: truth(x),
    "where": lambda c, a, b: where(c, a, b),
}

OPERATIONS = {op.name for op in ops.OPERATIONS if issubclass(op, ops.Elementwise) and op.called} - {*FUNCTIONS, *HELPERS}

# Of these a name stands there, and this is what it means.
DEFINED: dict[str, str] = {
    "step": "1 if xi >= 0 else 0",
    "sign": "1 if xi > 0 else 0 if xi == 0 else -1",
    "logistic": "1 / (1 + exp(-xi))",
    "gelu": "0.5 * xi * (1 + tanh(sqrt(2 / pi) * (xi + 0.044715 * xi**3)))",
}

SIGNS = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "="}
COMPARED = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "="}


def exp(x: Expr) -> Expr:
    return Power(E, x)


def where(condition: Expr, a: Expr, b: Expr) -> Expr:
    """The larger or the smaller of two by its name; what is 0 else, times the truth."""
    if isinstance(condition, Compare) and (condition.left, condition.right) == (a, b) and condition.sign in "≥≤":
        return Call("max" if condition.sign == "≥" else "min", (a, b))
    if a == ONE and b == ZERO:
        return truth(condition)
    return Cases(((a, condition), (b, None)))


def truth(condition: Expr) -> Expr:
    return condition if isinstance(condition, Truth) else Truth(condition)


def function(name: str, x: Expr, parameters: Iterable[float] = ()) -> Expr:
    """An elementwise function of the registry, or of the program, at `x`."""
    numbers = [Number(p) for p in parameters]
    if name in OPERATIONS:
        return WRITTEN[name](x) if name in WRITTEN else Call(name, (x,))
    record = lookup(name)
    if record is not None and record.name in WRITTEN:
        values = dict(zip((p for p, _ in record.parameters), numbers, strict=False))
        return WRITTEN[record.name](x, *(values.get(p, Number(d or 0.0)) for p, d in record.parameters))
    assert record is not None, name
    return Call(record.name, (x, *numbers))


def definitions(formulas: Iterable[Expr]) -> list[tuple[Expr, Expr]]:
    """What the named functions in these formulas mean, those in their definitions too."""
    waiting = [_functions_called(f) for f in formulas]
    meanings: dict[str, tuple[Expr, Expr]] = {}
    while waiting:
        for name, parameters in waiting.pop(0).items():
            if name not in meanings:
                left, right = _define_function(name, parameters)
                meanings[name] = left, right
                waiting.append(_functions_called(right))
    return list(meanings.values())


def define_functions(names: Iterable[str]) -> list[tuple[Expr, Expr]]:
    """What elementwise functions mean, also those that equations write out where they are used; and those in their definitions."""
    meanings: dict[Expr, Expr] = {}
    for name in names:
        record = lookup(name)
        if record is None or record.kind != "elementwise" or record.rule.value == f"{record.name}(xi)":
            continue
        left, right = _define_function(record.name, len(record.parameters))
        if record.name in WRITTEN:
            right = WRITTEN[record.name](*left.arguments)
        meanings |= {left: right, **dict(definitions([right]))}
    return [*meanings.items()]


def _functions_called(formula: Expr) -> dict[str, int]:
    """The named functions in a formula, and how many parameters they have."""
    calls = [x for x in within(formula) if isinstance(x, Call)]
    arities = [(c.function, len(c.arguments) - 1) for c in calls if _is_named(c.function)]
    return dict(arities)


def _is_named(name: str) -> bool:
    record = lookup(name)
    if record is None or record.kind != "elementwise" or name in WRITTEN:
        return False
    return record.rule.value != f"{name}(xi)"  # a primitive means itself


def _define_function(name: str, parameters: int) -> tuple[Call, Expr]:
    record = lookup(name)
    assert record is not None, name
    names = {p: Name(rf"\{p}" if p == "alpha" else rf"\mathrm{{{p}}}", p) for p, _ in record.parameters[:parameters]}
    right = formula(DEFINED.get(name, record.rule.value), {"xi": XI, **names})
    return Call(name, (XI, *names.values())), right


# --------------------------------------------------------------------------------------------- formulas of the records


def formula(text: str, names: Mapping[str, Expr]) -> Expr:
    """A formula in Python's syntax; of several lines the last, the others put in."""
    scope = dict(names)
    *lines, last = ast.parse(text).body
    for line in lines:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        scope[line.targets[0].id] = _read_expression(line.value, scope)
    assert isinstance(last, ast.Expr)
    return _read_expression(last.value, scope)


def _read_expression(node: ast.expr, scope: Mapping[str, Expr]) -> Expr:
    match node:
        case ast.Constant(float() | int() as value):
            return Number(float(value))
        case ast.Name():
            return scope[node.id] if node.id in scope else Name(r"\pi", "π", "count")
        case ast.UnaryOp(op=ast.USub()):
            return negative(_read_expression(node.operand, scope))
        case ast.Compare():
            a, b = _read_expression(node.left, scope), _read_expression(node.comparators[0], scope)
            return Compare(a, SIGNS[type(node.ops[0])], b)
        case ast.IfExp():
            return _read_cases(node, scope)
        case ast.BinOp():
            return _combine_binary(node.op, _read_expression(node.left, scope), _read_expression(node.right, scope))
        case ast.Call(func=ast.Name(id=name)):
            return _call_function(name, [_read_expression(a, scope) for a in node.args])
    raise AssertionError(f"a formula with {ast.dump(node)}")


def _read_cases(node: ast.expr, scope: Mapping[str, Expr]) -> Expr:
    cases: list[tuple[Expr, Expr | None]] = []
    while isinstance(node, ast.IfExp):
        cases.append((_read_expression(node.body, scope), _read_expression(node.test, scope)))
        node = node.orelse
    return Cases((*cases, (_read_expression(node, scope), None)))


def _combine_binary(op: ast.operator, a: Expr, b: Expr) -> Expr:
    match op:
        case ast.Add():
            return add((1, a), (1, b))
        case ast.Sub():
            return add((1, a), (-1, b))
        case ast.Mult():
            return times(a, b)
        case ast.Div():
            return over(a, b)
        case ast.FloorDiv():
            return Call("floor", (over(a, b),))
        case ast.Pow():
            return power(a, b)
    raise AssertionError(f"a formula with {ast.dump(op)}")


def _call_function(name: str, arguments: list[Expr]) -> Expr:
    if name == "min":
        return Call("min", tuple(arguments))
    if name in ("maximum", "logaddexp"):
        return WRITTEN[name](arguments[0])
    if name in ("where", "indicator"):
        return WRITTEN[name](*arguments)
    return function(name, arguments[0])

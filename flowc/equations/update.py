"""How the weights learn: the step of the diagram's method, and for a perceptron the lecture's three cases."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from flowc.equations.algebra import add, times
from flowc.equations.document import Equation, Group, Row, ranges
from flowc.equations.element_form import Elements
from flowc.equations.functions import formula
from flowc.equations.likelihood import of_one_loss
from flowc.equations.sums import NotIndexed
from flowc.equations.symbols import Symbols
from flowc.equations.tree import ONE, Both, Cases, Compare, Derivative, Expr, Name, Number, Product
from flowc.graph.network import Network
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser
from flowc.maths.symbols import latex, unicode
from flowc.program import ops
from flowc.program.ir import Program, Symbol

MANY = 12  # weights that are updated each in a line of its own
HAT = "_hat"  # of a name such as `m_hat`
OUTCOMES = {"argmax": (0.0, 1.0), "step": (0.0, 1.0), "sign": (-1.0, 1.0)}  # of a perceptron's node


def update(network: Network, program: Program, symbols: Symbols, e: Elements) -> Group:
    """One step of learning."""
    method = Method(network)
    learnt = [w for w in program.weights if w in program.gradients]
    if (cases := _perceptron_rows(method, program, symbols, e, learnt)) is not None:
        return Group("Update", cases)
    says = (f"{method.record.name}, ",) if network.train else ()
    listed = {e.weight for e in network.edges}
    if len(method.lines) > 1 or len(learnt) > MANY or any(w.owner in listed for w in learnt):
        return Group("Update", (*method.schedule(), *_general_rows(method, symbols)), (*says, "for every learnt weight"))
    rows = [_of_weight(method, symbols, w) for w in learnt]
    return Group("Update", (*method.schedule(), *rows), (method.record.name,) if network.train else ())


class Method:
    """The diagram's way to learn, and its symbols."""

    def __init__(self, network: Network):
        self.given = dict(network.train.settings) if network.train else {}
        self.record: Optimiser = OPTIMISERS[network.train.method if network.train else DEFAULT]
        self.values = self.record.values(self.given)
        self.lines = self.record.lines(self.given)
        self.said = network.train is not None
        self.schedules = self.record.schedules(self.values)

    @property
    def rate(self) -> Name:
        return Name(r"\eta_{t}", "ηₜ", "count") if self.schedules else self.symbol("rate")

    @property
    def first_step(self) -> int | None:
        """What `t` is in the first step; None where no line says it."""
        if any("t" in _names_in(line) for line in self.lines):
            return 1
        return 0 if self.schedules else None

    def symbol(self, name: str) -> Name:
        """Of a setting, of what is kept, or of what a line gives, as `m_hat`."""
        setting = self.record.setting(name)
        if setting is not None and setting.symbol:
            return Name(*setting.symbol, "count" if name == "rate" else "weight")
        if name.endswith(HAT):
            base = name.removesuffix(HAT)
            return Name(rf"\hat{{{latex(base)}}}", f"{unicode(base)}\u0302", "weight")
        return Name(latex(name), unicode(name), "value")

    def scope(self, more: Mapping[str, Expr]) -> dict[str, Expr]:
        names = {n: self.symbol(n) for n in (*self.values, *self.record.state, *self.record.names(self.given), "t")}
        return {**names, "rate": self.rate, **more}

    def schedule(self) -> list[Row]:
        """The rate of a step."""
        numbers = {name: Number(float(value)) for name, value in self.values.items()}
        step = add((1, Name("t", "t")), (-1, ONE)) if self.first_step else Name("t", "t")
        factors = [formula(s.factor, {**numbers, "t": step}) for s in self.schedules]
        return [Equation(self.rate, times(self.symbol("rate"), *factors))] if factors else []

    def constants(self) -> list[tuple[Expr, float]]:
        """The numbers that its lines name, with their values."""
        used = {name for line in self.lines for name in _names_in(line)} | {"rate"}
        return [(self.symbol(n), float(v)) for n, v in self.values.items() if n in used and (n in self.given or self.said)]


def _names_in(line: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}


def _of_weight(method: Method, symbols: Symbols, weight: Symbol) -> Equation:
    """w ← w − η ∂L/∂w"""
    w, g = symbols.named(weight), symbols.named(symbols.program.gradients[weight])
    right = formula(_right_side(method.lines[0]), method.scope({"w": w, "g": g}))
    return Equation(w, right, "←")


def _right_side(line: str) -> str:
    return line.split(" = ", 1)[1]


def _general_rows(method: Method, symbols: Symbols) -> list[Row]:
    """Of any weight w, with what is kept from step to step."""
    names = map(symbols.named, symbols.program.weights)
    w = Name(r"\theta", "θ") if any(isinstance(n, Name) and n.text == "w" for n in names) else Name("w", "w")
    g = Derivative(symbols.loss, w)
    rows: list[Row] = []
    if len(method.lines) > 1:
        rows.append(Equation(Name("g", "g"), g))
    scope = method.scope({"w": w, "g": Name("g", "g") if rows else g})
    for line in method.lines:
        left = line.split(" = ", 1)[0]
        sign = "←" if left in ("w", "g", *method.record.state) else "="
        rows.append(Equation(scope[left], formula(_right_side(line), scope), sign))
    return rows


# ------------------------------------------------------------------------------------------------------------ perceptron


def _perceptron_rows(
    method: Method, program: Program, symbols: Symbols, e: Elements, learnt: list[Symbol]
) -> tuple[Row, ...] | None:
    """Added to where the class is missed, taken away where it is found wrongly, else nothing."""
    loss = of_one_loss(program, e)
    if loss is None or loss.op.function != "perceptron" or e.all or method.lines != ("w = w - rate * g",):
        return None
    xi, f, y = loss.args
    step = ops.step_of(e.made.get(f), ops.Apply)
    if step is None or not isinstance(xi, Symbol) or not isinstance(y, Symbol):
        return None
    outcomes = OUTCOMES[step.op.function]
    indexed = Elements(symbols, e.made, e.hidden, expand=False)
    try:
        return tuple(
            _three_cases(method, w, program.gradients[w], (xi, step.symbol, y), outcomes, indexed) for w in learnt
        )
    except NotIndexed:
        return None


def _three_cases(
    method: Method, weight: Symbol, gradient: Symbol, of: tuple[Symbol, Symbol, Symbol], outcomes: tuple[float, float],
    e: Elements,
) -> Equation:  # fmt: skip
    """Raises NotIndexed."""
    letters = e.symbols.letters_of(weight)
    e.scope = letters
    xi, f, y = of
    at = letters[:1] if f.type.shape else ()
    factor = _factor_beside(e.of_made(gradient, letters), e.symbols.delta(xi, at))
    w = e.symbols.named(weight, letters)
    low, high = outcomes
    output, true = e.of(f, at), e.of(y, at)
    moved = times(method.rate, Number(high - low), factor)

    def when(a: float, b: float) -> Expr:
        return Both((Compare(true, "=", Number(a)), Compare(output, "=", Number(b))))

    cases = ((add((1, w), (1, moved)), when(high, low)), (add((1, w), (-1, moved)), when(low, high)), (w, None))
    return Equation(w, Cases(cases), "←", ranges(letters, weight.type.shape))


def _factor_beside(gradient: Expr, delta: Expr) -> Expr:
    """What multiplies δ. Raises NotIndexed where nothing does."""
    if gradient == delta:
        return ONE
    if not isinstance(gradient, Product) or gradient.factors.count(delta) != 1:
        raise NotIndexed
    return times(*(x for x in gradient.factors if x != delta))

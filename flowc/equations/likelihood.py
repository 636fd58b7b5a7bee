"""The likelihood that a cross-entropy comes from: the loss is the negative log probability of the training data."""

from __future__ import annotations

from math import prod

from flowc.equations.algebra import add, negative, over, power, times
from flowc.equations.document import Equation, Row
from flowc.equations.element_form import Elements
from flowc.equations.sums import NotIndexed, summed
from flowc.equations.tree import ONE, Call, Expr, Name, Number
from flowc.equations.vectors import every
from flowc.program import ops
from flowc.program.ir import Program, Step
from flowc.program.notation import Place
from flowc.program.values import type_of

DATA = Name(r"P(\mathcal{D})", "P(𝒟)")


def likelihood(program: Program, e: Elements) -> tuple[Row, ...]:
    """Of a loss that is a cross-entropy and nothing else."""
    loss_step = of_one_loss(program, e)
    if loss_step is None or loss_step.op.function not in ("cross_entropy", "binary_cross_entropy"):
        return ()
    binary = loss_step.op.function == "binary_cross_entropy"
    _, p, y = loss_step.args
    shape = type_of(p).shape

    def chance(*at: Place) -> Expr:
        h, t = e.of(p, at), e.of(y, at if type_of(y).shape else ())
        one = power(h, t)
        return times(one, power(add((1, ONE), (-1, h)), add((1, ONE), (-1, t)))) if binary else one

    try:
        body = every(e, p, chance, "product")
    except NotIndexed:
        return ()
    body = summed(e.symbols.token, 1, e.symbols.count, body, "product") if e.all else body
    count = times(e.tokens, Number(float(prod(shape))) if binary else ONE)
    loss = over(negative(Call("log", (DATA,))), count)
    return Equation(DATA, body), Equation(e.symbols.loss, loss)


def of_one_loss(program: Program, e: Elements) -> Step[ops.Apply] | None:
    """The step of the loss of one token, where the loss is the mean of that and nothing else."""
    makers = e.made
    step = makers.get(program.loss) if program.loss else None
    if step is None or not isinstance(step.op, ops.Reduce) or step.op.how != "mean" or not step.op.batch or step.op.axes:
        return None
    inner = makers.get(step.args[0])
    while inner is not None and isinstance(inner.op, ops.Copy):
        inner = makers.get(inner.args[0])
    return ops.step_of(inner, ops.Apply)

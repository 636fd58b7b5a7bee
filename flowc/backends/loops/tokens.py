"""A whole function: what is done before all tokens, the loop over them, what follows from sums."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from math import prod

from flowc.backends.code.build import Group, assign, headed, paragraphs
from flowc.backends.code.tree import Expression, Statement
from flowc.backends.code.typed import Count, Declare
from flowc.backends.loops.inside import written_inside
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.nest import Nest
from flowc.backends.loops.stages import Stage, adds_tokens, staged
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Step, Symbol
from flowc.program.values import type_of

Parts = Callable[[Sequence[Step]], list[tuple[str, list[Step]]]]  # steps with a heading each, "" for none


def function_body(
    nest: Nest, steps: Sequence[Step], results: Iterable[Symbol], token: str, parts: Parts = lambda steps: [("", list(steps))],
    zeros: Collection[Symbol] = (),
) -> list[Statement]:  # fmt: skip
    """The statements that compute `results`. `token` is what the loop over the tokens calls the one it is at; `parts` are
    those of the loop; `zeros` are results that are zero already."""
    symbols = list(results)
    before, stages = staged(steps, symbols)
    inside = written_inside([before, *(group for stage in stages for group in (stage.per_token, stage.after))], symbols)
    body = nest.written(before, inside)
    for stage in stages:
        body += _stage(nest, stage, inside, token, parts, zeros)
    return body


def _stage(
    nest: Nest, stage: Stage, inside: set[Symbol], token: str, parts: Parts, zeros: Collection[Symbol]
) -> list[Statement]:  # fmt: skip
    sums = [step for step in stage.per_token if adds_tokens(step)]
    statements = [s for step in sums if step.symbol not in zeros for s in _zeros(nest, step.symbol)]
    if stage.per_token:
        groups = [_headed(words, nest.written(some, inside)) for words, some in parts(stage.per_token)]
        statements.append(Count(token, ZERO, nest.tokens, paragraphs(*groups)))
    statements += [s for step in sums for s in _divided(nest, step)]
    return [*statements, *nest.written(stage.after, inside)]


def _zeros(nest: Nest, symbol: Symbol) -> list[Statement]:
    """What is to grow, where it begins."""
    zero = nest.words.number(0.0)
    if symbol not in nest.atoms and prod(symbol.type.shape) == 1:
        return [Declare(nest.kind, nest.named(symbol), (), zero)]
    declared = [] if symbol in nest.atoms else [Declare(nest.kind_of(symbol.type.shape), nest.named(symbol), symbol.type.shape)]
    return [*declared, *nest.looped(symbol.type.shape, lambda at: assign(nest.atoms[symbol](at), zero))]


def _divided(nest: Nest, step: Step) -> list[Statement]:
    """Of a sum over tokens the mean."""
    op = step.op
    if not isinstance(op, ops.Reduce) or op.how == "sum":
        return []
    shape = type_of(step.args[0]).shape
    count: Expression = nest.words.as_number(nest.tokens)
    size = prod(shape[k] for k in op.axes)
    count = e.product([nest.words.number(float(size)), count]) if size > 1 else count
    return nest.looped(step.symbol.type.shape, lambda at: assign(nest.atoms[step.symbol](at), count, "/"))


def _headed(words: str, statements: list[Statement]) -> Group:
    return headed(words, statements) if words else statements

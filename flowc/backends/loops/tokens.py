"""A whole function: what is done before all tokens, the loop over them, what follows from sums."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from flowc.backends.code.build import Group, headed, paragraphs
from flowc.backends.code.tree import Statement
from flowc.backends.code.typed import Count
from flowc.backends.loops.inside import written_inside
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.nest import Nest
from flowc.backends.loops.stages import Stage, adds_tokens, staged
from flowc.program.ir import Step, Symbol

Parts = Callable[[Sequence[Step]], list[tuple[str, list[Step]]]]  # steps with a heading each, "" for none
Around = Callable[[Sequence[Statement]], Sequence[Statement]]  # of what is done for a token what is done for all


def function_body(
    nest: Nest, steps: Sequence[Step], results: Iterable[Symbol], token: str, parts: Parts = lambda steps: [("", list(steps))],
    zeros: Collection[Symbol] = (), apart: Collection[Symbol] = (), around: Around | None = None,
) -> list[Statement]:  # fmt: skip
    """The statements that compute `results`. `token` is what the loop over the tokens calls the one it is at; `parts` are
    those of the loop; `zeros` are results that are zero already; `apart` is what stands in no formula. `around`: loops over
    the tokens of another kind."""
    symbols = list(results)
    before, stages = staged(steps, symbols)
    inside = written_inside([before, *(group for stage in stages for group in (stage.per_token, stage.after))], symbols)
    inside -= set(apart)
    body = nest.written(before, inside)
    for stage in stages:
        body += _stage(nest, stage, inside, parts, zeros, around or partial(_token_by_token, nest, token))
    return body


def _token_by_token(nest: Nest, token: str, body: Sequence[Statement]) -> Sequence[Statement]:
    return [Count(token, ZERO, nest.tokens, tuple(body))]


def _stage(
    nest: Nest, stage: Stage, inside: set[Symbol], parts: Parts, zeros: Collection[Symbol], around: Around
) -> list[Statement]:  # fmt: skip
    sums = [step for step in stage.per_token if adds_tokens(step)]
    statements = [s for step in sums if step.symbol not in zeros for s in nest.begin_sum(step.symbol)]
    if stage.per_token:
        groups = [_headed(words, nest.written(some, inside)) for words, some in parts(stage.per_token)]
        statements += around(paragraphs(*groups))
    statements += [s for step in sums for s in nest.end_sum(step)]
    return [*statements, *nest.written(stage.after, inside)]


def _headed(words: str, statements: list[Statement]) -> Group:
    return headed(words, statements) if words else statements

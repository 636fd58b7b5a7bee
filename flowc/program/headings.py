"""Forward, loss, backward: under which heading of a function that does all three a step stands."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.program.ir import Program, Step, Symbol


def forward_loss_backward(program: Program, steps: Sequence[Step]) -> tuple[set[Symbol], set[Symbol], set[Symbol]]:
    """What each part computes. `steps` are those of a function of the program, in order; each part needs earlier ones alone."""
    place = {step.symbol: i for i, step in enumerate(program.steps)}
    end = place[program.loss] if program.loss else len(place)
    forward_and_loss = [step for step in steps if place.get(step.symbol, 0) <= end]
    loss = _needing_targets(program, forward_and_loss)
    others = [step.symbol for step in forward_and_loss if step.symbol not in loss]
    last_node = max((i for i, symbol in enumerate(others) if symbol.kind != "temporary"), default=-1)
    forward = set(others[: last_node + 1])  # behind every node are shared parts of the loss that no target enters
    loss |= set(others[last_node + 1 :])
    return forward, loss, {step.symbol for step in steps} - forward - loss


def _needing_targets(program: Program, steps: Sequence[Step]) -> set[Symbol]:
    """What needs a target, and what needs that; passes make steps that `program.learning` does not list."""
    needing = set(program.learning)
    for step in (*program.steps, *steps):
        if not needing.isdisjoint(a for a in step.args if isinstance(a, Symbol)):
            needing.add(step.symbol)
    return needing & {step.symbol for step in steps}

"""What is computed in each step of a picture: the equations of the token's trace, and the code that does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowc.learning.trace.build import trace
from flowc.learning.trace.step_equations import StepEquations
from flowc.nets.net import Net
from flowc.nets.step_code import StepCode
from flowc.nets.trace_values import find_values
from flowc.records import Record

if TYPE_CHECKING:
    from flowc.drawing.captions import Equation
    from flowc.drawing.numbers import Numbers
    from flowc.drawing.state import State
    from flowc.nets.opened import Opened

MANY = 64  # elements of a vector that a picture may draw


class StepWalk(Record, eq=False):
    equations: StepEquations
    listed: StepCode | None

    @property
    def code(self) -> tuple[str, ...]:
        return self.listed.text if self.listed else ()

    def equations_of_step(self, state: State) -> Sequence[Equation]:
        return self.equations.equations_of_step(state)

    def lines_of_step(self, state: State) -> frozenset[int]:
        return self.listed.lines_of_step(state) if self.listed else frozenset()


def explain_steps(diagram: Opened, numbers: Numbers, digits: int, listing: bool) -> StepWalk:
    """`numbers`: of the picture's token; `digits`: those that count, more where an equation could not be recomputed.

    Raises FloatingPointError where a number is not finite.
    """
    network, net = diagram.network, Net(diagram)
    token = {name: numbers.activations[name][None] for name in (*net.inputs, *net.targets) if name in numbers.activations}
    weights = {name: numbers.weights[name] for name in net.weights}
    traced = trace(network, find_values(network, net, weights, token), least=digits, many=MANY)
    code = StepCode(network, bool(numbers.gradients)) if listing else None
    return StepWalk(StepEquations(network, traced), code)

"""What a diagram means, in numbers: the interpreter's values and gradients, each under its name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property

import numpy as np

from flowc.graph.network import Network
from flowc.nets.net import Net
from flowc.nets.opened import Opened, opened_text
from flowc.nets.verifying.diagram import Diagram, describe_network
from flowc.nets.verifying.exactness import is_exact
from flowc.nets.verifying.numbers import some_inputs, some_weights, start_values
from flowc.nets.verifying.tolerance import TINY_SINGLE, Scales
from flowc.program import differentiate, lower, verify
from flowc.program.ir import Program, Symbol
from flowc.program.run import run
from flowc.records import Record

Array = np.ndarray
Key = tuple[str, str]  # "node", "excitation", "loss" or "gradient", and a name of the diagram

LARGEST_SINGLE = 1e15  # float32 is not asked about larger numbers, whose squares it could not hold


class Reference(Record):
    """One diagram with numbers for it. `learnt` are the weights that a caller gives; fixed ones are known."""

    __slots__ = ("__dict__",)

    opened: Opened
    diagram: Diagram
    learnt: Mapping[str, Array]
    inputs: Mapping[str, Array]  # targets too

    @staticmethod
    def of(
        flow: str | Diagram | Opened, weights: Mapping[str, Array] | None = None, inputs: Mapping[str, Array] | None = None,
        seed: int = 1, batch: int = 4,
    ) -> Reference:  # fmt: skip
        """Of a text, a Diagram, or one that is opened, as a `flowc.Flow` is; numbers that are not given are those of the seed."""
        diagram = flow if isinstance(flow, Diagram) else None
        if isinstance(flow, str):
            flow = opened_text(flow)
        elif isinstance(flow, Diagram):
            flow = flow.load()
        diagram = diagram or describe_network(flow.network)
        shapes = {w.name: w.shape for w in flow.network.weights if w.learnt}
        drawn = some_weights(shapes, seed, diagram.exact) if weights is None else weights
        return Reference(flow, diagram, drawn, some_inputs(diagram, seed, batch) if inputs is None else inputs)

    @property
    def network(self) -> Network:
        return self.opened.network

    @cached_property
    def nets(self) -> dict[Hashable, Net]:
        """Those that have been printed so far, by their ways."""
        return {}

    @cached_property
    def exact(self) -> bool:
        """Whether every way must give the same bits: numbers are short, and long chains have not made them too long."""
        return self.diagram.exact and is_exact(self.program, self.values, self.scales)

    @cached_property
    def program(self) -> Program:
        """With the gradients of the loss, where there is one, for the learnt weights."""
        program = lower(self.network)
        wrt = [w for w in program.weights if w.owner in self.learnt]
        return verify(differentiate(program, program.loss, wrt) if program.loss and wrt else program)

    @cached_property
    def given(self) -> dict[Symbol, Array]:
        """Inputs, targets and weights, as the interpreter takes them."""
        program = self.program
        fixed = {w.name: start_values(w.start, w.shape) for w in self.network.weights if not w.learnt}
        values = {**self.inputs, **self.learnt, **fixed}
        return {s: values[s.owner] for s in (*program.inputs, *program.targets, *program.weights)}

    @cached_property
    def values(self) -> dict[Symbol, Array]:
        return run(self.program, self.given)

    @cached_property
    def scales(self) -> Scales:
        return Scales(self.program, self.values)

    @cached_property
    def finite(self) -> bool:
        return all(np.isfinite(v).all() for v in self.values.values())

    @cached_property
    def moderate(self) -> bool:
        """Whether float32 can hold all of it, and of no number that a jump looks at makes nothing."""
        largest = max((np.max(np.abs(s), initial=0) for s in self.scales.of.values()), default=0)
        return bool(largest < LARGEST_SINGLE) and self.scales.least_gap > TINY_SINGLE

    @cached_property
    def symbols(self) -> dict[Key, Symbol]:
        """What backends are asked for: every named node and excitation, the loss, the gradients."""
        program = self.program
        named = {n.name for n in self.network.nodes if not n.anonymous}
        asked: dict[Key, Symbol] = {}
        for kind, symbols in (("node", program.activations), ("excitation", program.excitations)):
            asked.update({(kind, name): s for name, s in symbols.items() if name in named})
        if program.loss:
            asked["loss", program.loss.owner] = program.loss
        asked.update({("gradient", s.owner): g for s, g in program.gradients.items()})
        return asked

    def expected_value(self, key: Key) -> tuple[Array, Array]:
        """The value and its scale; a gradient's is the largest of its array."""
        symbol = self.symbols[key]
        scale = self.scales.of[symbol]
        return self.values[symbol], np.full_like(scale, np.max(scale, initial=0)) if key[0] == "gradient" else scale

    def failure_of(self, who: str, key: Key, what: str) -> AssertionError:
        """All that is needed to see it again."""
        numbers = {**self.inputs, **self.learnt}
        shown = "\n".join(f"{name} = {value.tolist()}" for name, value in numbers.items())
        return AssertionError(f"{who}: {key[0]} of `{key[1]}` {what}\n\n{self.diagram.text}\n{shown}")

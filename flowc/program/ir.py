"""The program: what to compute. Straight-line, single assignment; one step, one operation.

The operations are in `ops/`, the values that steps are about in `values.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowc.program.mesh.mesh import Part
from flowc.program.notes import Notes
from flowc.program.ops.operation import Step
from flowc.program.values import Arg, Shape, Symbol, Type

__all__ = ["Arg", "Program", "Shape", "Step", "Symbol", "Type"]


@dataclass(frozen=True)
class Program:
    """`gradients` maps what was asked for to the symbol of its gradient (after `differentiate`).

    `learning` are the symbols that need a target: absent from inference.
    """

    inputs: tuple[Symbol, ...]
    targets: tuple[Symbol, ...]
    weights: tuple[Symbol, ...]  # learnt and fixed, in the network's order
    steps: tuple[Step, ...]
    outputs: tuple[Symbol, ...]
    loss: Symbol | None
    excitations: dict[str, Symbol] = field(default_factory=dict)  # node -> symbol of its excitation
    activations: dict[str, Symbol] = field(default_factory=dict)  # node -> symbol of its value, inputs too
    learning: frozenset[Symbol] = frozenset()
    gradients: dict[Symbol, Symbol] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)  # node -> where in a mesh it is, if it has no symbol
    records: tuple[Any, ...] | None = None  # packed: the weights as the file has them, instead of the network's
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # packed: role -> the node in each column
    lowering: str = "nodes"  # how it was made: a name of `lowering.py`
    notes: Notes = field(default_factory=Notes)  # for a printer, by `passes/`

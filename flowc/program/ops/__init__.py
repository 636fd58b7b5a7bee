"""The operations of the program: each a class that holds all that flowc knows of it but its spellings."""

from __future__ import annotations

from flowc.program.ops.apply import Apply
from flowc.program.ops.arithmetic import Add, Compare, Copy, Divide, Indicator, Multiply, Power, Where
from flowc.program.ops.assemble import Assemble, Constant, Stack, ZerosLike
from flowc.program.ops.contract import Contract
from flowc.program.ops.index import Drop, Lift, Place, Reshape, Select, Spread
from flowc.program.ops.mesh import (
    Collect,
    Deltas,
    LineGradients,
    MeshSums,
    MeshValues,
    Pull,
    Put,
    Take,
    WeightVector,
)  # fmt: skip
from flowc.program.ops.operation import Elementwise, Operation, Ranges, Step, step_of, steps_of
from flowc.program.ops.primitives import (
    Abs,
    Cos,
    Elementary,
    Exp,
    Expm1,
    Log,
    Log1p,
    LogAddExp,
    Maximum,
    OfZero,
    Sign,
    Sin,
    Sqrt,
    Tanh,
)  # fmt: skip
from flowc.program.ops.reduce import Count, FirstLargest, Greatest, Largest, Others, Prod, Reduce

OPERATIONS: tuple[type[Operation], ...] = (
    Constant, Copy, Add, Multiply, Divide, Power, Compare, Where, Indicator, Maximum, LogAddExp,
    Exp, Expm1, Log, Log1p, Sqrt, Abs, Sign, Sin, Cos, Tanh,
    Reduce, Largest, FirstLargest, Greatest, Prod, Others, Count, Contract,
    Select, Place, Stack, Assemble, Lift, Drop, Reshape, Spread, ZerosLike, Apply,
    WeightVector, Collect, MeshValues, MeshSums, Take, Put, Deltas, LineGradients, Pull,
)  # fmt: skip

__all__ = [
    "OPERATIONS", "Abs", "Add", "Apply", "Assemble", "Collect", "Compare", "Constant", "Contract", "Copy", "Cos", "Count",
    "Deltas", "Divide", "Drop", "Elementary", "Elementwise", "Exp", "Expm1", "FirstLargest", "Greatest", "Indicator",
    "Largest", "Lift", "LineGradients", "Log", "Log1p", "LogAddExp", "Maximum", "MeshSums", "MeshValues", "Multiply",
    "OfZero", "Operation", "Others", "Place", "Power", "Prod", "Pull", "Put", "Ranges", "Reduce", "Reshape", "Select",
    "Sign", "Sin", "Spread", "Sqrt", "Stack", "Step", "Take", "Tanh", "WeightVector", "Where", "ZerosLike", "step_of", "steps_of",
]  # fmt: skip

"""Program: what to compute, as one straight line of steps. It knows networks, not backends.

values: symbols and their types.  ops: the operations, each with all that is known of it.  ir: programs of steps.
builder: writes steps.  formula: the records' formulas as steps; expand: apart from any program.  lower: from a network
(terms: its arrows; operands: functions of nodes; over_batch: the loss).  differentiate: the backward pass.  verify: the
invariants.  run: the reference meaning.  dump: a program to read.
passes: what happens to a program before it is spelled; phases and notes: what they say to printers besides; parts: which steps
lead where.  over_tokens: losses that may be taken in parts.
"""

from flowc.program.differentiate import differentiate
from flowc.program.lower import lower
from flowc.program.verify import verify

__all__ = ["differentiate", "lower", "verify"]

"""A second reading of a diagram, from docs/language.md and docs/functions.md alone: slow, plain, and independent.

It shares the parser with the compiler, and nothing else: no network, no program, no records of functions. Everything is
scalars, one token after the other, in float64 or, with mpmath, in as many digits as are asked for.

arithmetic: float64, or many digits.  traced: a number that knows its derivatives.  functions: what each means.
tensor: scalars with axes.  declarations, lists: what a text and its files declare.  ends, lines: arrows, scalar by
scalar.  token: the values of one.  reading: those of a batch, the loss and its gradients.
"""

from flowc.oracle.arithmetic import FLOAT, Arithmetic, digits
from flowc.oracle.reading import Reading

__all__ = ["FLOAT", "Arithmetic", "Reading", "digits"]

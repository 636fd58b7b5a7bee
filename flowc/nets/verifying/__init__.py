"""What `flowc verify` and `flowc.testing` share: a diagram's meaning in numbers, and every way in which it is computed.

diagram: what inputs and targets must be.  numbers: drawn for them.  reference: the interpreter's values, gradients and
scales.  tolerance: how far results may be apart.  compare: one result beside the reference.  differences: gradients
another way.  second: the oracle.  results, printed, forms: what a backend's source gives, executed.  ways: all of them,
and what must hold of each.  saved: weights in files.
Of `flowc verify` alone, findings: what each way gave, as data.  verification: rounds of them.  report: words.
"""

"""The printed loop: a script that learns, as the lecture has it.

plan: how to learn, in numbers and words.  script: a diagram about to be printed so.  loop: the function `train`, as a tree,
of which a library overrides what is its own.  data: what makes the data.  columns: which are which node's.  files: read
from a file.  formulas, assembly: computed by formulas.  reading: what both ask of them.  order: which tokens a step takes.
step: what it does to a weight.  result, equations: what is printed at the end.
"""

"""The printed loop: a script that learns, as the lecture has it.

plan: how to learn, in numbers and words.  script: a diagram about to be printed so.  words: what every library has a
word for.  data: the lines that make the data.  files, columns: from a file, by the names of its columns.  formulas,
assembly, facts: from formulas.  order: which tokens a step takes.  step: what it does to a weight.  loop: the function
around all this.  result, equations: what is printed at the end.
"""

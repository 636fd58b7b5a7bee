"""What the backends that print Python share.

naming: identifiers.  inline, tidy: which steps stand inside a line.  spelling: operations as expressions, to be completed by
each library.  expression, layout: precedence and 79 columns.  printer: lines and comments.  helpers, weights: the functions
before `forward`.  header, sheet: the file.  fit: learning in one function.  sharing: `gradients` of style `fast`.  ending,
selftest: what running it does.  training: the loop that learns, as a script.
"""

"""Random diagrams of a stranger: valid texts over the whole language, written from the pages in `docs` alone.

They share no line and no idea with `flowc.testing.strategies`, so that what those never draw is drawn here. A `Stranger`
declares parts, joins them by arrows and equations in which every part may use any one before it, and shuffles all
statements. Values stay moderate: what a logarithm, a root or a quotient takes is positive by its form.

words: names, functions, sizes.  declarations, arrows, expressions, nodes, learning, data: what it writes.  writer: the
whole.  checks: flowc accepts it, one round of what `flowc verify` does agrees, and of a share of them `fmt`, pictures,
equations, trace, `run`, `test`, and what a file does by itself.
"""

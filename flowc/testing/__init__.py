"""For whoever writes a backend: random diagrams, numbers for them, and the test that backends agree.

`flowc.testing.strategies` needs hypothesis (`pip install "flowc[testing]"`); nothing else here does.
`python -m flowc.testing --seconds 60` searches: it draws diagrams and holds each to everything.

choices: where chance comes from.  make: one drawn diagram.  sketch: what is drawn so far.  words, weights, leaves, expression,
expressions, products, functions, equations, arrows, index_arrows, elements, listings, losses, datasets, learning, writing: its
parts.  census: what was drawn.  checks: what diagrams are held to.  shrink: the smallest that fails.  runner: the search.
"""

from flowc.nets.verifying.loops import assert_loops_agree
from flowc.testing.agreement import Outcome, assert_backends_agree
from flowc.testing.diagram import Diagram

__all__ = ["Diagram", "Outcome", "assert_backends_agree", "assert_loops_agree"]

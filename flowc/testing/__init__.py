"""For whoever writes a backend: random diagrams, numbers for them, and the test that backends agree.

`flowc.testing.strategies` needs hypothesis (`pip install "flowc[testing]"`); nothing else here does.
"""

from flowc.doors.verifying.diagram import Diagram
from flowc.doors.verifying.loops import assert_loops_agree
from flowc.testing.agreement import Outcome, assert_backends_agree

__all__ = ["Diagram", "Outcome", "assert_backends_agree", "assert_loops_agree"]

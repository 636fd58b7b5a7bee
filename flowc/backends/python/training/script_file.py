"""The file around the function `train`: what it calls."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.build import Group
from flowc.backends.code.tree import Do, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.terminal import main_section
from flowc.backends.python.training.loop import Loop
from flowc.backends.python.training.order import batches_section
from flowc.backends.python.training.script import Script
from flowc.backends.python.training.step import method_section


def finish_script(loop: Loop, train: Statement, sections: Mapping[str, Group]) -> Script:
    """The script whose `sections` stand above what the loop calls."""
    script = loop.script
    called = {**script.readers, **batches_section(script), **method_section(script, loop.library, loop.in_place), "train": train}
    script.sections |= {
        **sections,
        **{name: [code] for name, code in called.items()},
        ":main": main_section(script.network, Do(e.call("train"))),
    }
    return script

"""The file around the function `train`: what it imports and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code.python_statements import lines
from flowc.backends.code.tree import Import, Statement
from flowc.backends.python.sheet import imports
from flowc.backends.python.terminal import has_letters, main_section
from flowc.backends.python.training.facts import uses_pi
from flowc.backends.python.training.loop import Loop, schedule_names
from flowc.backends.python.training.order import batches_section
from flowc.backends.python.training.script import Script
from flowc.backends.python.training.step import method_section
from flowc.backends.python.weights import standard_imports
from flowc.graph.network import File, Formulas, Weight


def finish_script(
    loop: Loop, train: Statement, sections: Mapping[str, str], drawn: Sequence[Weight], library: str, more: Sequence[Import] = ()
) -> Script:
    """The script whose `sections` stand above what the loop calls. `library`: the lines that import it; `more`: imports
    that the sections need."""
    script = loop.script
    called = {**script.readers, **batches_section(script), **method_section(script, loop.library, loop.in_place), "train": train}
    script.sections |= {
        ":header": script.header(),
        ":imports": imports([*_standard(script, drawn), *more], library, system=has_letters(script.network)),
        **sections,
        **{name: "\n".join(lines(code)) for name, code in called.items()},
        ":main": main_section(script.network, "    train()"),
    }
    return script


def _standard(script: Script, drawn: Sequence[Weight]) -> list[Import]:
    """The standard library's modules in use."""
    plan = script.plan
    modules = [*standard_imports(list(drawn), script.root), *script.imports]
    modules += [Import("random")] if script.batched and plan.shuffles else []
    if isinstance(script.data, File):
        modules += [Import("pathlib", ("Path",))]
        modules += [] if script.data.path.lower().endswith(".npz") else [Import("csv")]
    modules += [Import("math", (name,)) for name in ("cos", "pi") if name in schedule_names(script)]
    modules += [Import("math", ("pi",))] if isinstance(script.data, Formulas) and uses_pi(script.data) else []
    return [*modules, *([Import("math", ("ceil",))] if script.batched and plan.steps is None else [])]

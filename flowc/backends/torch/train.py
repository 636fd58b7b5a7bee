"""torch that learns, as plain lines: tensors with gradients, `backward`, and a step that autograd does not see."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Refused
from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Call, Named
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.fit import unshared
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Line, Printer, statement_lines
from flowc.backends.python.terminal import main_section
from flowc.backends.python.training import loop, step
from flowc.backends.python.training.data import data_lines
from flowc.backends.python.training.formulas import for_data
from flowc.backends.python.training.order import batches_section
from flowc.backends.python.training.result import result_lines, right
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution, start, streams
from flowc.backends.torch import optim
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import HELPERS, Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.graph.network import File
from flowc.program.ir import Step, Symbol

DEEPER = loop.DEEPER
BLOCK = DEEPER + "    "


def train_functions(script: Script, spelling: TorchSpelling) -> Script:
    """Raises Refused."""
    library, fixed = TorchLibrary(spelling.dtype), Fixed(script)
    main = _train(script, spelling, library, fixed)
    drawn = [w for w in script.network.weights if distribution(w)] + script.drawn
    sections = script.sections
    sections[":header"] = script.header()
    sections[":imports"] = loop.imports_section(script, drawn, import_lines(script))
    sections[":constants"] = fixed.section()
    sections |= streams(drawn, f"{e.flat(library.array(e.atom('numbers')))}.reshape(shape)")
    sections |= dict(in_order(spelling, HELPERS))
    sections |= script.readers
    sections |= batches_section(script)
    sections |= step.method_section(script, "torch", in_place=True)
    sections["train"] = main
    sections[":main"] = main_section(script.network, "    train()")
    return script


def _train(script: Script, spelling: TorchSpelling, library: TorchLibrary, fixed: Fixed) -> str:
    felt = felt_by(script)
    seed = loop.seed_of(script)
    names = [script.names[s] for s in script.learnt]
    printed, steps = _lines(script, spelling, library)
    lines = data_lines(script, library, for_data(spelling), seed)
    lines += ["    # where the weights start" + ("" if script.explicit else ": tensors that ask for their gradients")]
    for symbol, name in zip(script.learnt, names):
        lines += laid_out(_start(script, symbol, library, seed), f"    {name} = ")
    lines += [*_constants(script, fixed, steps), ""]
    if script.options.optimizer:
        lines += loop.opening(script, seed, optim.made(script, e.bracketed("[", [e.atom(n) for n in names], "]")))
    else:
        lines += [*loop.kept_lines(script, names), *loop.opening(script, seed)]
    lines += loop.there_and_back(script, printed, "{}" if script.explicit else "{}.item()")
    lines += [*_down(script, felt), ""]
    detach = "" if script.explicit else ".detach()"
    lines += result_lines(script, lambda s: script.names[s], "" if script.explicit else ".item()", detach)
    lines += right(script, spelling, "dim")
    return loop.definition_of(script, lines + loop.dictionary(script, [f"{name}{detach}" for name in names]))


def felt_by(script: Script) -> set[Symbol]:
    """The weights that the loss feels. Raises Refused if none does."""
    felt = reaches(script.program, script.learnt)
    if not felt:
        raise Refused(
            "the loss does not feel any weight: no way leads to one, or each is cut by a comparison, as of `step`"
        )
    return felt


def _lines(script: Script, spelling: TorchSpelling, library: TorchLibrary) -> tuple[list[Line], list[Step]]:
    """What the loop computes: the loss and, where they are written out, the gradients."""
    wanted = [script.program.loss]
    wanted += [script.program.gradients[s] for s in script.learnt] if script.explicit else []
    steps = script.steps_of([s for s in wanted if s])
    printed = Printer(script.names, spelling).lines(steps, script.hidden)
    if script.explicit:
        printed = unshared(printed, script.program.steps, script.learnt, library)
    return printed, steps


def _start(script: Script, symbol: Symbol, library: TorchLibrary, seed: str) -> Expression:
    """A tensor, which asks for its gradient where that is autograd's to find."""
    weight = script.weight_of(symbol)
    value = start(weight, "torch", "", script.root, seed)
    track = {} if script.explicit else {"requires_grad": "True"}
    if distribution(weight):
        return value if script.explicit else e.method(value, "requires_grad_")
    if isinstance(weight.start, tuple) or not weight.shape:
        return e.call("torch.tensor", value, **library.named, **track)
    assert isinstance(value, Call)
    named = (Named(key, e.atom(text)) for key, text in {**library.named, **track}.items())
    return Call(value.function, (*value.arguments, *named))


def _constants(script: Script, fixed: Fixed, steps: Sequence[Step]) -> list[str]:
    """Fixed arrays as tensors, on the device of the data."""
    like = next(iter(script.whole.values()), script.names[script.learnt[0]])
    found = fixed.opening(steps, like)
    return ["", "    # what stays fixed", *found] if found else []


def import_lines(script: Script) -> str:
    """npz files are numpy's to read."""
    npz = isinstance(script.data, File) and script.data.path.lower().endswith(".npz")
    return "import numpy as np\nimport torch" if npz else "import torch"


# ------------------------------------------------------------------------------------------------------------- a step


def _down(script: Script, felt: set[Symbol]) -> list[str]:
    if script.explicit:
        return [f"{DEEPER}# one step downhill", *loop.rate_lines(script), *_changes(script, felt, DEEPER)]
    L = script.names[script.program.loss] if script.program.loss else ""
    if script.options.optimizer:
        return optim.step(script, L, _zeros(script, felt))
    learning = [s for s in script.learnt if s in felt]
    return [
        f"{DEEPER}# backward, by autograd",
        f"{DEEPER}{L}.backward()",
        "",
        f"{DEEPER}# one step downhill, which autograd need not see",
        *loop.rate_lines(script),
        f"{DEEPER}with torch.no_grad():",
        *_changes(script, felt, BLOCK),
        "",
        f"{BLOCK}# else the next gradients would be added to these",
        *(line for s in learning for line in statement_lines(f"{script.names[s]}.grad = None", BLOCK)),
    ]


def _zeros(script: Script, felt: set[Symbol]) -> list[str]:
    """An optimiser passes over what has no gradient; a weight that decays has one."""
    names = [script.names[s] for s in script.learnt if s not in felt] if script.plan.decays else []
    lines = [f"{DEEPER}# what the loss does not feel decays all the same"] if names else []
    for name in names:
        lines += laid_out(e.call("torch.zeros_like", name), f"{DEEPER}{name}.grad = ")
    return lines


def _changes(script: Script, felt: set[Symbol], indent: str) -> list[str]:
    lines: list[str] = []
    for symbol in script.learnt:
        name = script.names[symbol]
        gradient = script.names[script.program.gradients[symbol]] if script.explicit else f"{name}.grad"
        if not script.explicit and symbol not in felt:
            if script.plan.inline:
                continue  # nothing reaches it, and nothing decays
            gradient = f"torch.zeros_like({name})"
        lines += change(script, name, gradient, loop.kept_names(script, name), indent)
    return lines


def change(script: Script, w: str, g: str, kept: Sequence[str], indent: str) -> list[str]:
    """The statement that changes one weight in place."""
    if script.plan.inline:
        return statement_lines(f"{w} -= {script.local('rate')} * {g}", indent)
    return step.assigned(kept, step.called(script, w, g, kept), indent)

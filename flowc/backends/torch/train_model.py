"""torch that learns, as a model: an `nn.Module`, or a chain of layers, and a loop over its parameters."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Import
from flowc.backends.code.words import remark
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.sections import loss_words
from flowc.backends.python.terminal import main_section
from flowc.backends.python.training import loop, step
from flowc.backends.python.training.data import data_lines
from flowc.backends.python.training.equations import fitted
from flowc.backends.python.training.formulas import for_data
from flowc.backends.python.training.order import batches_section
from flowc.backends.python.training.result import DIGITS, into_classes, is_small, result_lines, right_lines
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution, streams
from flowc.backends.torch import optim, sequential
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.module import attributes_of, class_name, class_sections, zero, zeros
from flowc.backends.torch.shared import ARRAY, HELPERS, Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.train import change, felt_by, import_lines

DEEPER = loop.DEEPER
BLOCK = DEEPER + "    "


def train_module(script: Script, spelling: TorchSpelling) -> Script:
    """The class, and a loop that makes one of it. Raises Refused."""
    felt = felt_by(script)
    name = class_name(script)
    model, seed = script.local("model"), loop.seed_of(script)
    drawn = any(distribution(script.weight_of(s)) for s in script.learnt)
    L = script.names[script.program.loss] if script.program.loss else ""
    forward = laid_out(e.call(f"{model}.loss", *script.samples), f"{DEEPER}{L} = ")
    lines = [
        *_data(script, spelling, seed),
        *statement_lines(f"{model} = {name}({seed if drawn else ''})"),
        *_loop(script, model, seed, forward, len(felt) == len(script.learnt)),
        *_equations(script, model),
        *_right(script, model),
        f"    return {model}",
    ]
    return _file(script, class_sections(script, spelling, name), spelling, loop.definition_of(script, lines))


def train_sequential(script: Script, spelling: TorchSpelling) -> Script:
    """The chain of layers, made when the file is read, and a loop that teaches it. Raises Refused."""
    layers = sequential.chain(script.network)
    loss = sequential.loss_of(script.network, layers)
    assert loss is not None
    last, program = layers[-1].node.name, script.program
    symbol = program.excitations[last] if loss.function in sequential.FROM_EXCITATION else program.activations[last]
    f, L = script.names[symbol], script.names[program.loss] if program.loss else ""
    seed = str(script.plan.seed)
    forward = [
        f"{DEEPER}# forward",
        *statement_lines(f"{f} = model({script.inputs[0]})", DEEPER),
        "",
        *remark(f"loss: {loss_words(script.network)}", DEEPER),
        *statement_lines(f"{L} = loss_function({f}, {script.samples[-1]})", DEEPER),
    ]
    lines = [
        *_data(script, spelling, seed),
        *_loop(script, "model", seed, forward, True),
        *_parameters(script, "model", True),
        *_right(script, "model", 0 if loss.function in sequential.FROM_EXCITATION else None),
        "    return model",
    ]
    model = sequential.model_sections(script, layers, loss, script.plan.seed)
    return _file(script, model, spelling, loop.definition_of(script, lines, seeded=False))


def _file(script: Script, model: dict[str, str], spelling: TorchSpelling, train: str) -> Script:
    """The model between what it needs and the loop."""
    drawn = [w for w in script.network.weights if distribution(w)] + script.drawn
    sections = script.sections
    sections[":header"] = script.header()
    sections[":imports"] = loop.imports_section(script, drawn, import_lines(script), [Import("warnings")])
    sections |= streams(drawn, ARRAY)
    sections |= model
    sections |= {name: text for name, text in in_order(spelling, HELPERS) if name not in model}
    sections |= script.readers
    sections |= batches_section(script)
    sections |= step.method_section(script, "torch", in_place=True)
    sections["train"] = train
    sections[":main"] = main_section(script.network, "    train()")
    return script


def _data(script: Script, spelling: TorchSpelling, seed: str) -> list[str]:
    return data_lines(script, TorchLibrary(spelling.dtype, doubled=True), for_data(spelling), seed)


# ---------------------------------------------------------------------------------------------------------------- loop


def _loop(script: Script, model: str, seed: str, forward: Sequence[str], all_felt: bool) -> list[str]:
    L = script.names[script.program.loss] if script.program.loss else ""
    told = [*forward, *loop.told(script, f"{L}.item()"), ""]
    if script.options.optimizer:
        made = optim.made(script, e.atom(f"{model}.parameters()"))
        unfelt = [] if all_felt or not script.plan.decays else zeros(model, script.local("param"), DEEPER)
        return [*loop.opening(script, seed, made), *told, *optim.step(script, L, unfelt), ""]
    return [*_kept(script, model), *loop.opening(script, seed), *told, *_down(script, model, L, all_felt), ""]


def _kept(script: Script, model: str) -> list[str]:
    """What the method keeps of each parameter: nothing at first."""
    count = len(script.plan.record.state)
    nothing = "0.0" if count == 1 else f"({', '.join(['0.0'] * count)})"
    return [f"    {script.local('kept')} = [{nothing} for _ in {model}.parameters()]"] if count else []


def _down(script: Script, model: str, L: str, all_felt: bool) -> list[str]:
    param, k, kept = (script.local(n) for n in ("param", "k", "kept"))
    count = len(script.plan.record.state)
    what = ([f"{kept}[{k}]"] if count == 1 else [f"*{kept}[{k}]"]) if count else []
    change_it = change(script, param, f"{param}.grad", what, BLOCK + "    ")
    if count:
        change_it = [line.replace(f"*{kept}[{k}] = ", f"{kept}[{k}] = ") for line in change_it]
    each = f"{k}, {param} in enumerate({model}.parameters())" if count else f"{param} in {model}.parameters()"
    unfelt = zero(param, f"{BLOCK}    ") if script.plan.decays else _skipped(param)
    return [
        f"{DEEPER}# backward, by autograd",
        f"{DEEPER}{model}.zero_grad()  # else the new gradients are added to the old",
        f"{DEEPER}{L}.backward()",
        "",
        f"{DEEPER}# one step downhill, which autograd need not see",
        *loop.rate_lines(script),
        f"{DEEPER}with torch.no_grad():",
        f"{BLOCK}for {each}:",
        *([] if all_felt else unfelt),
        *change_it,
    ]


def _skipped(param: str) -> list[str]:
    return [f"{BLOCK}    if {param}.grad is None:", f"{BLOCK}        continue  # the loss does not feel it"]


# -------------------------------------------------------------------------------------------------------------- result


def _equations(script: Script, model: str) -> list[str]:
    if fitted(script.network, lambda weight: weight.name):
        attributes = attributes_of(script, Fixed(script))
        return result_lines(script, lambda s: f"{model}.{attributes[s]}", ".item()")
    return _parameters(script, model, False)


def _right(script: Script, model: str, middle: float | None = None) -> list[str]:
    """How many tokens are put into their class, where the model's one output says it; `middle`: as of `right_lines`."""
    found = into_classes(script)
    if found is None or script.program.outputs != (found.output,):
        return []
    inputs = ", ".join(script.whole[s] for s in script.program.inputs)
    wanted = script.whole[found.target]
    return [
        "",
        "    # all the data, once more",
        *right_lines(script, found.classes, f"{model}({inputs})", wanted, "dim", middle),
    ]


def _parameters(script: Script, model: str, renamed: bool) -> list[str]:
    """Every parameter by the diagram's name; only its shape, where there are many numbers."""
    name, w = script.local("name"), script.local("w")
    shown = f"NAMES[{name}]" if renamed else name
    what = f'f"{{{shown}}} =\\n{{{w}.detach()}}"' if is_small(script) else f"{shown}, tuple({w}.shape)"
    if not any(s.type.shape for s in script.learnt):
        what = f'f"{{{shown}}} = {{{w}.item(){DIGITS}}}"'
    return [f"    for {name}, {w} in {model}.named_parameters():", f"        print({what})"]

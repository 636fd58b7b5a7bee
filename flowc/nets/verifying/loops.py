"""Do the printed loops learn what `flow.train` learns? Each is run for a few steps and held to the interpreter."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np

from flowc import pipeline
from flowc.backends import find
from flowc.backends.backend import Backend, Options, Refused, lowering
from flowc.data.dataset import Dataset
from flowc.execution.python import execute
from flowc.graph.draft import calls
from flowc.graph.network import Formulas, Network
from flowc.learning.choice import change_training
from flowc.learning.loop import NotFinite
from flowc.learning.method import method_of
from flowc.learning.order import steps_of
from flowc.maths.functions import lookup
from flowc.nets.data_sample import data_sample
from flowc.nets.diagram_data import diagram_data
from flowc.nets.net import Net
from flowc.nets.opened import Opened, opened_text
from flowc.nets.training.learn import train
from flowc.nets.verifying.compare import Difference, largest_difference
from flowc.nets.verifying.course import Course, Trainer
from flowc.nets.verifying.tolerance import NEAR, NEAR_SINGLE, SINGLE_ALONE, TINY, TINY_SINGLE, VALUE
from flowc.records import Record

Array = np.ndarray

MOST_STEPS = 9  # of one epoch; a longer one is cut
UNITS = {"float64": VALUE, "float32": SINGLE_ALONE}
NEAREST = {"float64": NEAR, "float32": NEAR_SINGLE}
LEAST = {"float64": TINY, "float32": TINY_SINGLE}


class Outcome(Record):
    """How many loops were `compared`, how many combinations a backend `refused`; `skipped` says why none was."""

    compared: int = 0
    refused: int = 0
    skipped: str = ""


def assert_loops_agree(
    flow: str | Opened, backends: Sequence[str] = ("numpy", "torch"), methods: Sequence[str] = (), steps: int = 3,
    dtypes: Sequence[str] = ("float64", "float32"),
) -> Outcome:  # fmt: skip
    """`flow.train` and every loop that `flowc compile --train` prints learn the same weights by the same losses.

    `flow` is a text or a `flowc.Flow` with a loss, a learnt weight and data; a file of data lies beside it. It learns by
    its own `train` statement, or by each of the `methods` with the settings that go with it, for `steps` steps, or for
    one epoch where the statement counts epochs and that is short. A course that comes too near a jump, or leads to what
    is no number, is skipped. Raises AssertionError with the text, the loop and the first difference.
    """
    if isinstance(flow, str):
        flow = opened_text(flow)
    names: Sequence[str | None] = methods or [None]
    outcomes = [_of_method(_shorten_training(flow, name, steps), backends, dtypes) for name in names]
    compared, refused = (sum(getattr(o, count) for o in outcomes) for count in ("compared", "refused"))
    return Outcome(compared, refused, "" if compared else next((o.skipped for o in outcomes if o.skipped), ""))


def _shorten_training(flow: Opened, name: str | None, steps: int) -> Opened:
    """The flow, by this method and for so few steps."""
    training = change_training(flow.network.train, name, {})
    tokens = _training_data(flow, training.seed).tokens
    values = method_of(training, tokens)
    short = "epochs" in values.values and steps_of(1, tokens, values.batch) <= MOST_STEPS
    training = change_training(training, None, {"epochs": 1} if short else {"steps": steps})
    return replace(flow, network=replace(flow.network, train=training))


def _training_data(flow: Opened, seed: int) -> Dataset:
    data = diagram_data(flow, "train", seed)
    assert data is not None, "there are no data to learn from"
    return data


def loop_differences(flow: Opened, backends: Sequence[str], steps: int = 3) -> Iterator[tuple[int, Difference]]:
    """For each loop in float64, of the losses and of each weight how many numbers there are, and the farthest away."""
    try:
        for held in _all_lessons(_shorten_training(flow, None, steps), backends, ("float64",)):
            for name, expected in held.course.results.items() if held.learnt is not None else ():
                weights = (held.learnt or {}).get(name)
                if weights is not None and expected.size:
                    _check_shape(flow, held.who, name, weights, expected)
                    yield expected.size, largest_difference(held.who, ("learnt", name), weights, expected, held.allowed[name])
    except Skipped:
        return


def _of_method(flow: Opened, backends: Sequence[str], dtypes: Sequence[str]) -> Outcome:
    compared = refused = 0
    try:
        for held in _all_lessons(flow, backends, dtypes):
            if held.learnt is None:
                refused += 1
            else:
                _hold_lesson(flow, held)
                compared += held.printed
    except Skipped as why:
        return Outcome(compared, refused, str(why))
    return Outcome(compared, refused)


class Skipped(Exception):
    """A course that nothing can be held to; the message says why."""


class Lesson(Record):
    """What was learnt in one way, beside the interpreter's course; None where the backend refuses. `printed`: by a loop."""

    who: str
    learnt: Mapping[str, Array] | None
    course: Course
    allowed: Mapping[str, Array]
    printed: bool = True


def _all_lessons(flow: Opened, backends: Sequence[str], dtypes: Sequence[str]) -> Iterator[Lesson]:
    """Of `flow.train` and every loop. Raises Skipped."""
    trainer = _make_trainer(flow)
    jumps = _has_jumps(flow.network)
    for dtype in dtypes:
        unit = UNITS[dtype] * (1 + len(trainer.program.steps) / 32 if dtype == "float32" else 1)
        try:
            course = trainer.run_course()
            allowed = trainer.allowed_differences(course, unit)
        except NotFinite:
            raise Skipped("not finite") from None
        if course.nearest < NEAREST[dtype] or course.least_gap < LEAST[dtype]:
            raise Skipped("near a jump")
        for backend in map(find, backends):
            if jumps and (backend.name, dtype) != ("numpy", "float64"):
                continue
            who = f"flow.train on {backend.name} in {dtype}"
            yield Lesson(who, _by_engine(flow, backend, dtype), course, allowed, printed=False)
            for who, text in _all_loops(flow, backend, dtype):
                yield Lesson(who, None if text is None else _by_loop(flow, text), course, allowed)


def _has_jumps(network: Network) -> bool:
    """Whether formulas of the data have a threshold: which side a number falls on may hang on its last digit, and each
    library, and each precision, rounds by itself."""
    formulas = [f for d in network.data if isinstance(d, Formulas) for _, f in d.formulas]
    functions = [lookup(call.name) for formula in formulas for call in calls(formula)]
    return any(function and function.jumps for function in functions)


def _make_trainer(flow: Opened) -> Trainer:
    seed = flow.network.seed
    data, net = _training_data(flow, seed), Net(flow, "numpy", "float64")
    return Trainer(flow.network, method_of(flow.network.train, data.tokens), data.arrays, net.init(seed), net.fixed)


# ------------------------------------------------------------------------------------------------------------ the ways


def _by_engine(flow: Opened, backend: Backend, dtype: str) -> dict[str, Array]:
    learnt = train(flow, backend=backend.name, dtype=dtype)
    return {"": learnt.losses, **learnt.weights}


def _all_loops(flow: Opened, backend: Backend, dtype: str) -> Iterator[tuple[str, str | None]]:
    """Every loop that differs from those before it, and what it is called; None where the backend refuses."""
    sample = data_sample(flow, lambda why: None)  # that they cannot be read is said where they are learnt from
    plan = cache(partial(pipeline.plan, flow.network))
    seen: set[str] = set()
    for options in _all_options(backend, dtype):
        who = f"the loop of {backend.name} {_name_options(options)}"
        try:
            how = lowering(flow.network, backend, options.form, options.style, None, None)
            text = backend.emit(flow.network, plan(how), replace(options, sample=sample)).text
        except Refused:
            yield who, None
            continue
        if text not in seen:
            seen.add(text)
            yield who, text


def _all_options(backend: Backend, dtype: str) -> Iterator[Options]:
    for form in backend.forms if backend.trains else ():
        for style in (s for s in backend.styles if s != "fast"):
            for gradient in backend.gradients:
                for optimizer in (False, True) if backend.optimizers else (False,):
                    yield Options(form, style, gradient, dtype, train=True, optimizer=optimizer)


def _name_options(options: Options) -> str:
    choices = {"form": options.form, "style": options.style, "gradient": options.gradient, "dtype": options.dtype}
    return " ".join([*(f"--{name} {value}" for name, value in choices.items()), *["--optimizer"] * options.optimizer])


def _by_loop(flow: Opened, text: str) -> dict[str, Array]:
    """What a loop learns and prints, by the diagram's names."""
    printed: list[tuple[Any, ...]] = []
    folder = os.path.abspath(flow.folder)
    space = {"__file__": os.path.join(folder, "loop.py"), "print": lambda *words: printed.append(words)}
    module = execute(text, "loop", space)
    learnt = module["train"]()
    told = [words for words in printed if len(words) == 2 and isinstance(words[0], int)]
    losses = {"": np.array([float(loss) for _, loss in told])} if told else {}
    return losses | _weights_by_name(flow.network, module, learnt)


def _weights_by_name(network: Network, module: Mapping[str, Any], learnt: Any) -> dict[str, Array]:
    """A dict or a model lists the weights in the diagram's order; one of layers, whose order is its own, names them."""
    shapes = {w.name: w.shape for w in network.weights if w.learnt}
    if not isinstance(learnt, Mapping):
        spelled = module.get("NAMES")
        learnt = {(spelled[name] if spelled else name): w.detach() for name, w in learnt.named_parameters()}
        if spelled:
            learnt = {name: learnt[name] for name in module["initial_weights"]()}
    pairs = zip(shapes.items(), learnt.values(), strict=True)
    return {name: np.asarray(w, float).reshape(shape) for (name, shape), w in pairs}


# ------------------------------------------------------------------------------------------------------------ the bar


def _hold_lesson(flow: Opened, held: Lesson) -> None:
    """Raises AssertionError."""
    for name, expected in held.course.results.items():
        weights = (held.learnt or {}).get(name)
        if weights is None:
            continue  # a loop tells of every hundredth step, where only the data say how many there are
        _check_shape(flow, held.who, name, weights, expected)
        far = np.abs(weights - expected) > held.allowed[name]
        if np.any(far | np.isnan(weights)):
            what = f"{_name_result(name)} are {weights}, not {expected}; allowed is {held.allowed[name]}"
            raise _loop_failure(flow, held.who, what)


def _check_shape(flow: Opened, who: str, name: str, found: Array, expected: Array) -> None:
    """Raises AssertionError."""
    if found.shape != expected.shape:
        raise _loop_failure(flow, who, f"{_name_result(name)} have the shape {found.shape}, not {expected.shape}")


def _name_result(name: str) -> str:
    return f"the numbers of `{name}`" if name else "the losses"


def _loop_failure(flow: Opened, who: str, what: str) -> AssertionError:
    return AssertionError(f"{who}: {what}\n\n{flow.network.source.text}\n{flow.network.train}")

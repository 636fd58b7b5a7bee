"""torch that learns by tensors with names: gradients written out, or found by autograd."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign, headed, paragraphs
from flowc.backends.code.quote import read
from flowc.backends.python import expression as e
from flowc.backends.python.training.loop import Loop
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution_of, start_array
from flowc.backends.torch import optim
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Symbol


class TorchLoop(Loop):
    in_place = True

    def printable_number(self, value: t.Expression) -> t.Expression:
        return e.method(value, "item")


class TensorLoop(TorchLoop):
    """Gradients are formulas, as numpy has them."""

    tracked = False  # tensors ask for their gradients

    def __init__(self, script: Script, spelling: TorchSpelling, library: TorchLibrary, fixed: Fixed):
        super().__init__(script, spelling, library)
        self.fixed, self.felt = fixed, script.felt_weights
        assert self.lines  # whose temporaries have the first choice of names

    def before_loop(self) -> list[Group]:
        """Fixed arrays become tensors on the device of the data."""
        *first, state = super().before_loop()
        like = next(iter(self.script.data_names.values()), e.flat(self.weights[0]))
        fixed = self.fixed.make_tensors(self.script.steps_of(self.symbols), like)
        return [*first, headed("what stays fixed", fixed), state]

    def start_of(self, symbol: Symbol) -> t.Statement:
        weight = self.script.weight_of(symbol)
        value = start_array(weight, TorchLibrary("float32"), self.script.root, self.seed)  # the type is said below
        if distribution_of(weight):
            value = e.method(value, "requires_grad_") if self.tracked else value
        else:
            tracked = {"requires_grad": "True"} if self.tracked else {}
            named = tuple(t.Named(key, e.atom(text)) for key, text in {**self.library.named, **tracked}.items())
            function, arguments = (value.function, value.arguments) if isinstance(value, t.Call) else (e.atom("torch.tensor"), (value,))
            value = t.Call(function, (*arguments, *named))
        return assign(self.script.names[symbol], value)


class AutogradLoop(TorchLoop, ABC):
    """Gradients that autograd finds; a step is its own, or that of an optimiser of torch."""

    explicit = False
    model = ""  # what clears its gradients itself

    def start_loop(self) -> list[t.Statement]:
        return [*super().start_loop(), *(optim.make_optimizer(self.script, self.parameters) if self.script.options.optimizer else ())]

    @property
    def parameters(self) -> t.Expression:
        return t.List(tuple(self.weights))

    def step_down(self) -> list[Group]:
        cleared = self.script.local_name("optimizer") if self.script.options.optimizer else self.model
        clear = [t.Do(e.call(f"{cleared}.zero_grad"))] if cleared else []
        backward = [
            t.Comment("backward, by autograd"),
            *(t.Noted(call, "else the new gradients are added to the old") for call in clear),
            t.Do(e.method(self.loss, "backward")),
        ]
        if self.script.options.optimizer:
            return [[*backward, *self.zero_gradients()], optim.optimizer_step(self.script)]
        unseen = t.With(((read("torch.no_grad()"), None),), tuple(self.step_unseen()))
        return [backward, [t.Comment("one step downhill, which autograd need not see"), *self.rate_now(), unseen]]

    @abstractmethod
    def zero_gradients(self) -> Group:
        """Gradients of what the loss does not feel: an optimiser passes over what has none, as if it did not decay either."""

    @abstractmethod
    def step_unseen(self) -> Group:
        """The step."""

    def printable_array(self, value: t.Expression) -> t.Expression:
        return e.method(value, "detach")


class TrackedLoop(AutogradLoop, TensorLoop):
    """Tensors that ask for their gradients."""

    starts_said = "where the weights start: tensors that ask for their gradients"
    tracked = True

    def zero_gradients(self) -> Group:
        unfelt = [w for s, w in zip(self.script.learnt, self.weights) if s not in self.felt and self.plan.decays]
        return headed("what the loss does not feel decays all the same", [assign(_gradient_of(w), _zeros_like(w)) for w in unfelt])

    def step_unseen(self) -> Group:
        """Where the loss feels nothing and nothing decays, nothing changes."""
        weights = dict(zip(self.script.learnt, self.weights))
        changing = {s: w for s, w in weights.items() if s in self.felt or not self.plan.is_inline}
        changes = self.change_weights({s: _gradient_of(w) if s in self.felt else _zeros_like(w) for s, w in changing.items()})
        forgotten = [assign(_gradient_of(w), t.Constant("None")) for s, w in weights.items() if s in self.felt]
        return paragraphs(changes, headed("else the next gradients would be added to these", forgotten))


def _gradient_of(w: t.Expression) -> t.Expression:
    return t.Attribute(w, "grad")


def _zeros_like(w: t.Expression) -> t.Expression:
    return e.call("torch.zeros_like", w)

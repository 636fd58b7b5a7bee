"""torch that learns as a model, an `nn.Module` or a chain of layers: a loop over its parameters."""

from __future__ import annotations

from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign
from flowc.backends.code.quote_statements import statement
from flowc.backends.python import expression as e
from flowc.backends.python.sections import loss_words
from flowc.backends.python.training.equations import fitted_equations
from flowc.backends.python.training.result import DIGITS, find_classes, is_small, shape_of, show_right, show_weights
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import distribution_of
from flowc.backends.torch import sequential
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.module import attributes_of, class_name
from flowc.backends.torch.optim import zero_gradient
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.train_tensors import AutogradLoop
from flowc.graph.network import Node


class ModelLoop(AutogradLoop):
    """A loop over what a model says are its parameters."""

    model = "model"
    renamed = False  # parameters are not called as weights are
    all_felt = True  # by the loss
    middle: float | None = None  # as `show_right` has it, of what the model gives

    def before_loop(self) -> list[Group]:
        return [self.make_data()]

    def state_at_first(self) -> Group:
        """Nothing, for each parameter."""
        count = len(self.plan.record.state)
        if not count or self.script.options.optimizer:
            return ()
        nothing = t.Number("0.0") if count == 1 else t.Tuple((t.Number("0.0"),) * count)
        return [assign(self.script.local_name("kept"), e.repeated(nothing, "_", self.parameters))]

    def start_loop(self) -> list[t.Statement]:
        return [*self.state_at_first(), *super().start_loop()]

    @property
    def parameters(self) -> t.Expression:
        return e.call(f"{self.model}.parameters")

    def zero_gradients(self) -> Group:
        if self.all_felt or not self.plan.decays:
            return ()
        param = self.script.local_name("param")
        return [t.For(t.Name(param), self.parameters, (zero_gradient(param),))]

    def step_unseen(self) -> Group:
        param, k, states = (e.atom(self.script.local_name(n)) for n in ("param", "k", "kept"))
        count = len(self.plan.record.state)
        slot = [e.index(states, k)] if count else []
        state = [t.Starred(x) for x in slot] if count > 1 else slot
        change = self.change_weight(param, t.Attribute(param, "grad"), state, slot)
        body = (*([] if self.all_felt else [self.without_gradient(e.flat(param))]), change)
        if count:
            return [t.For(t.Tuple((k, param)), e.call("enumerate", self.parameters), body)]
        return [t.For(param, self.parameters, body)]

    def without_gradient(self, param: str) -> t.Statement:
        if self.plan.decays:
            return zero_gradient(param)
        return statement(f"if {param}.grad is None:\n    continue  # the loss does not feel it")

    # --------------------------------------------------------- after the loop

    def learnt_values(self) -> t.Expression:
        return e.atom(self.model)

    def show_weights(self) -> Group:
        """Every parameter by the diagram's name; only its shape, where there are many numbers."""
        name, w = e.atom(self.script.local_name("name")), e.atom(self.script.local_name("w"))
        called = e.index(e.atom("NAMES"), name) if self.renamed else name
        if not any(s.type.shape for s in self.script.learnt):
            words: t.Expression = t.Format(((called, ""), " = ", (self.printable_number(w), DIGITS)))
        elif is_small(self.script):
            words = t.Format(((called, ""), " =\n", (self.printable_array(w), "")))
        else:
            words = t.Row((called, shape_of(w)))
        parameters = e.call(f"{self.model}.named_parameters")
        return [t.For(t.Tuple((name, w)), parameters, (t.Do(e.call("print", words)),))]

    def count_right(self) -> Group:
        """How many tokens are put into their class, where the model's one output says it."""
        script, sorting = self.script, find_classes(self.script.network, self.script.program)
        if sorting is None or script.program.outputs != (sorting[1],):
            return ()
        classes, _, target = sorting
        output = e.call(self.model, *(script.data_names[s] for s in script.program.inputs))
        return show_right(script, classes, (), output, script.data_names[target], "dim", self.middle)


class ModuleLoop(ModelLoop):
    """A module that is made here, by its `name`."""

    def __init__(self, script: Script, spelling: TorchSpelling, library: TorchLibrary):
        super().__init__(script, spelling, library)
        self.all_felt = len(script.felt_weights) == len(script.learnt)
        self.name, self.model = class_name(script), script.local_name("model")

    def start_loop(self) -> list[t.Statement]:
        drawn = any(distribution_of(self.script.weight_of(s)) for s in self.script.learnt)
        return [assign(self.model, e.call(self.name, *([self.seed] if drawn else []))), *super().start_loop()]

    def there_and_back(self) -> list[Group]:
        return [[assign(self.loss, e.call(f"{self.model}.loss", *self.script.samples)), self.tell_loss()]]

    def show_weights(self) -> Group:
        if not fitted_equations(self.script.network):
            return super().show_weights()
        attributes = attributes_of(self.script, Fixed(self.script))
        weights = {s: t.Attribute(e.atom(self.model), attributes[s]) for s in self.script.learnt}
        return show_weights(self.script, weights, self.printable_number, self.printable_array)


class LayerLoop(ModelLoop):
    """A chain of layers; where the loss function takes them, it ends with the excitations."""

    renamed = True
    seeded = False

    def __init__(self, script: Script, spelling: TorchSpelling, library: TorchLibrary, last: Node, loss: Node):
        super().__init__(script, spelling, library)
        self.seed = str(script.plan.seed)  # with which the model was made
        excited = loss.function in sequential.FROM_EXCITATION
        of = script.program.excitations if excited else script.program.activations
        self.output, self.middle = e.atom(script.names[of[last.name]]), 0 if excited else None

    def there_and_back(self) -> list[Group]:
        inputs, targets = self.script.inputs[0], self.script.samples[-1]
        return [
            [t.Comment("forward"), assign(self.output, e.call(self.model, inputs))],
            [
                t.Comment(f"loss: {loss_words(self.script.network)}"),
                assign(self.loss, e.call("loss_function", self.output, targets)),
                self.tell_loss(),
            ],
        ]

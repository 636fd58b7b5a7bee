"""How a module of torch is saved and loaded: a state is the learnt weights by the names of the diagram; one with the fixed
arrays, too, is taken without them."""

import sys
import warnings

import torch

SAMPLES = ()  # draws the arguments of a test
samples = ()
weights: dict[str, torch.Tensor] = {}
NAMES: dict[str, str] = {}
x = y = 0
UNFELT = True  # there are weights that the loss does not feel
CALLED = FIXED = True  # whether a weight is called otherwise in the diagram, and whether the module has fixed arrays


class Module(torch.nn.Module):
    NAMES: dict[str, str] = {}

    def _load_from_state_dict(self, state, prefix, *more):
        if CALLED:
            """In a state weights are called as in the diagram."""
            names = {prefix + theirs: name for name, theirs in self.NAMES.items()}
            for key, w in [(k, state.pop(k)) for k in names if k in state]:
                state[prefix + names[key]] = w
        if FIXED:
            """What is fixed is as this file has it, whatever the state has."""
            for name, _ in self.named_buffers():
                if state.pop(prefix + name, None) is not None:
                    warnings.warn(
                        f"`{name}` is fixed and not loaded", stacklevel=2
                    )
        super()._load_from_state_dict(state, prefix, *more)

    def _save_to_state_dict(self, state, prefix, keep_vars):
        """In a state weights are called as in the diagram."""
        super()._save_to_state_dict(state, prefix, keep_vars)
        names = {prefix + name: theirs for name, theirs in self.NAMES.items()}
        for key, w in [(k, state.pop(k)) for k in names if k in state]:
            state[prefix + names[key]] = w


MODEL = model = Module()
loss = loss_function = max


def learn_model(model, optimizer, *samples):
    """One step downhill; the loss is that before the step."""
    optimizer.zero_grad()  # else the new gradient is added to the old
    L = model.loss(*samples)
    L.backward()
    if UNFELT:
        for param in model.parameters():
            if param.grad is None:  # the loss does not feel it
                param.grad = torch.zeros_like(param)
    optimizer.step()
    return L.detach()


def learn_chain(optimizer, *samples):
    """One step downhill; the loss is that before the step."""
    optimizer.zero_grad()  # else the new gradient is added to the old
    f = model(x)
    loss = loss_function(f, y)
    loss.backward()
    optimizer.step()
    return loss.detach()


def selftest_of_model(eps=1e-6):
    """The gradients against finite differences, at drawn numbers."""
    SAMPLES
    model = MODEL
    for w in model.parameters():
        w.data += 0.1 * torch.randn_like(w)
    L = loss(model)
    L.backward()
    for name, w in model.named_parameters():
        v = torch.randn_like(w)
        w.data += eps * v
        up = loss(model)
        w.data -= 2 * eps * v
        down = loss(model)
        w.data += eps * v
        slope = ((up - down) / (2 * eps)).item()
        found = 0.0 if w.grad is None else (w.grad * v).sum().item()
        if not abs(found - slope) <= 1e-4 * abs(slope) + 1e-7 * (1 + abs(L)):
            sys.exit(f"the gradient of {name} is {found}, not {slope}")
    print("ok")


def start_from_weights():
    model.load_state_dict({
        key: weights[NAMES[key]].reshape(w.shape)
        for key, w in model.state_dict().items()
    })

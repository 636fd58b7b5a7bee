"""How weights learn: the methods of `train`, each a record. To add one, add one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of a method. `default` None: it must be given, or has no value unless it is.

    Its value lies in low..high; `open_low` and `open_high` leave the bound itself out.
    """

    name: str
    default: float | None
    summary: str
    whole: bool = False
    low: float = 0.0
    high: float = float("inf")
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True, slots=True)
class Optimiser:
    """A method: the step from a weight `w` with the gradient `g`, and its numbers. `source` is where it comes from."""

    name: str
    summary: str
    step: str
    settings: tuple[Setting, ...]
    source: str

    def setting(self, name: str) -> Setting | None:
        return next((s for s in self.settings if s.name == name), None)


def _rate(default: float) -> Setting:
    return Setting("rate", default, "the factor of the gradient in a step", open_low=True)


STEPS = Setting("steps", 1000, "how many steps", whole=True, low=1)
EPOCHS = Setting("epochs", None, "passes over the data, instead of steps", whole=True, low=1)
BATCH = Setting("batch", None, "tokens of one step; all of them by default", whole=True, low=1)
SEED = Setting("seed", 0, "of the weights' draws and the order of the tokens", whole=True)
REPLACE = Setting("replace", 0, "1: a batch draws tokens with replacement", whole=True, high=1)
ORDERED = Setting("ordered", 0, "1: tokens keep the order of the data", whole=True, high=1)
DECAY = Setting("decay", 0, "the rate of step t is rate / (1 + decay t)")
BETA1 = Setting("beta1", 0.9, "how much of the mean gradient is kept", high=1, open_high=True)
BETA2 = Setting("beta2", 0.999, "how much of the mean square is kept", high=1, open_high=True)
EPS = Setting("eps", 1e-8, "keeps the divisor from 0", open_low=True)
WEIGHT_DECAY = Setting("weight_decay", 0, "how far a step pulls weights to 0, times the rate")

_RUN = (STEPS, EPOCHS, BATCH, SEED, REPLACE, ORDERED, DECAY)

OPTIMISERS: dict[str, Optimiser] = {
    o.name: o
    for o in (
        Optimiser(
            "gd", "Gradient descent over all the data.", "w - rate * g",
            (_rate(0.1), STEPS, EPOCHS, SEED, DECAY), "Cauchy 1847, Méthode générale pour la résolution des systèmes",
        ),
        Optimiser(
            "sgd", "Stochastic gradient descent: a batch a step.", "w - rate * g", (_rate(0.1), *_RUN),
            "Robbins and Monro 1951, A stochastic approximation method",
        ),
        Optimiser(
            "momentum", "Gradient descent that keeps a part of the last step.", "v = momentum * v + g; w - rate * v",
            (_rate(0.1), Setting("momentum", 0.9, "how much of the last step is kept", high=1, open_high=True), *_RUN),
            "Polyak 1964, Some methods of speeding up the convergence of iteration methods; torch.optim.SGD",
        ),
        Optimiser(
            "adam", "Steps of the mean gradient over the root of the mean square.",
            "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w - rate * m_hat / (sqrt(v_hat) + eps)",
            (_rate(0.001), BETA1, BETA2, EPS, *_RUN), "Kingma and Ba 2015, Adam: a method for stochastic optimization",
        ),
        Optimiser(
            "adamw", "Adam with weights pulled to 0 beside the gradient.", "w * (1 - rate * weight_decay), then adam",
            (_rate(0.001), BETA1, BETA2, EPS, Setting("weight_decay", 0.01, WEIGHT_DECAY.summary), *_RUN),
            "Loshchilov and Hutter 2019, Decoupled weight decay regularization",
        ),
        Optimiser(
            "rmsprop", "Steps of the gradient over the root of its mean square.",
            "v = beta2 v + (1 - beta2) g^2; w - rate * g / (sqrt(v) + eps)",
            (_rate(0.01), Setting("beta2", 0.99, BETA2.summary, high=1, open_high=True), EPS, *_RUN),
            "Tieleman and Hinton 2012, Lecture 6.5; torch.optim.RMSprop",
        ),
    )
}  # fmt: skip

"""How weights learn: the methods of `train` and the schedules of their rate, each a record. To add one, add one.

A step is lines of Python, which training executes, generated code prints and equations write: `w` is a weight, `g` its
gradient, `rate` that of this step, `t` the number of the step, from 1; the names in `state` are arrays like the weight,
0 at first; others are settings, or names that a line before gives. `sqrt` is the library's. The last line gives `w`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite, sqrt

from flowc.execution.python import execute
from flowc.records import Record


class Setting(Record):
    """One number of a method. `default` None: it must be given, or has no value unless it is.

    Its value lies in low..high; `open_low` and `open_high` leave the bound itself out. `words`: it is given by a word,
    whose place is the number. `symbol`: what equations call it, in LaTeX and in letters, where that is not its name.
    """

    name: str
    default: float | None
    summary: str
    is_whole: bool = False
    low: float = 0.0
    high: float = float("inf")
    open_low: bool = False
    open_high: bool = False
    words: tuple[str, ...] = ()
    symbol: tuple[str, str] | None = None

    def complaint(self, value: float, text: str) -> str:
        """What is wrong with a value, written as `text`; "" if nothing is."""
        if not isfinite(value):
            return f"`{self.name}` is a finite number, not `{text}`"
        if self.is_whole and value != int(value):
            return f"`{self.name}` is a whole number, not `{text}`"
        low = value <= self.low if self.open_low else value < self.low
        high = value >= self.high if self.open_high else value > self.high
        return f"`{self.name}` is {self._bounds()}, not {value:g}" if low or high else ""

    def _bounds(self) -> str:
        low = f"{'more than' if self.open_low else 'at least'} {self.low:g}"
        if self.high == float("inf"):
            return low
        return f"{low} and {'less than' if self.open_high else 'at most'} {self.high:g}"


class Optimiser(Record):
    """A method: its step, what it keeps from one to the next, and its numbers. `source` is where it comes from.

    `takes_all`: a step takes all tokens. `pulls`: weight_decay acts on the weight itself, not by the gradient. `title`:
    its name in words, where the name itself is none.
    """

    name: str
    summary: str
    step: tuple[str, ...]
    state: tuple[str, ...]
    settings: tuple[Setting, ...]
    source: str
    takes_all: bool = False
    pulls: bool = False
    title: str = ""

    def setting(self, name: str) -> Setting | None:
        return next((s for s in self.settings if s.name == name), None)

    def values(self, given: Mapping[str, float]) -> dict[str, float]:
        """Every setting that has a value: those given, and the defaults of others."""
        values = {s.name: given.get(s.name, s.default) for s in self.settings}
        if "epochs" in given:
            values["steps"] = None
        return {name: value for name, value in values.items() if value is not None}

    def lines(self, given: Mapping[str, float]) -> tuple[str, ...]:
        """The step, with the line that decays weights where they do."""
        if not self.values(given).get("weight_decay"):
            return self.step
        return (PULLED if self.pulls else ADDED, *self.step)

    def drifts(self, given: Mapping[str, float]) -> bool:
        """Whether a step changes a weight whose gradient is 0, now and before."""
        state = dict.fromkeys(self.state, 0.0)
        variables = {**self.values(given), **state, "w": 1.0, "g": 0.0, "t": 1, "sqrt": sqrt}
        return bool(execute("\n".join(self.lines(given)), "flowc method", variables)["w"] != 1)

    def names(self, given: Mapping[str, float]) -> list[str]:
        """What the lines of the step give, in their order."""
        return list(dict.fromkeys(line.partition(" = ")[0] for line in self.lines(given)))

    def schedules(self, values: Mapping[str, float]) -> list[Schedule]:
        """Those of the rate that are in force."""
        defaults = {s.name: s.default for s in self.settings}
        return [s for s in SCHEDULES if s.setting in defaults and values.get(s.setting) != defaults[s.setting]]


class Schedule(Record):
    """How the rate changes: a factor of step t, counted from 0 here, in Python. In force where `setting` is not its default."""

    setting: str
    factor: str
    summary: str
    source: str


DEFAULT = "gd"  # of a diagram that does not say how to learn

# What weight_decay adds, as in torch.optim: to the gradient, or beside it (Loshchilov and Hutter 2019).
ADDED = "g = g + weight_decay * w"
PULLED = "w = w - rate * weight_decay * w"


def _rate_setting(default: float) -> Setting:
    return Setting("rate", default, "the factor of the gradient in a step", open_low=True, symbol=(r"\eta", "η"))


STEPS = Setting("steps", 1000, "how many steps", is_whole=True, low=1)
EPOCHS = Setting("epochs", None, "passes over the data, instead of steps", is_whole=True, low=1)
BATCH = Setting("batch", None, "tokens of one step; all of them by default", is_whole=True, low=1)
SEED = Setting("seed", 0, "of the weights' draws and the order of the tokens", is_whole=True)
REPLACE = Setting(
    "replace", 0, "true: a step draws its tokens with replacement", is_whole=True, high=1, words=("false", "true")
)
ORDER = Setting("order", 0, "data: tokens keep the order of the data", is_whole=True, high=1, words=("shuffled", "data"))
DECAY = Setting("decay", 0, "the rate of step t is divided by 1 + decay t")
GAMMA = Setting("gamma", 1, "the rate is multiplied by it after every `every` steps", high=1, open_low=True)
EVERY = Setting("every", 1, "how many steps `gamma` waits", is_whole=True, low=1)
WARMUP = Setting("warmup", 0, "the rate grows evenly over so many steps", is_whole=True)
COSINE = Setting(
    "cosine", 0, "true: the rate falls to 0 along half a cosine", is_whole=True, high=1, words=("false", "true")
)
BETA1 = Setting("beta1", 0.9, "how much of the mean gradient is kept", high=1, open_high=True, symbol=(r"\beta_{1}", "β₁"))
BETA2 = Setting("beta2", 0.999, "how much of the mean square is kept", high=1, open_high=True, symbol=(r"\beta_{2}", "β₂"))
EPS = Setting("eps", 1e-8, "keeps the divisor from 0", open_low=True, symbol=(r"\epsilon", "ϵ"))
WEIGHT_DECAY = Setting("weight_decay", 0, "how far a step pulls weights to 0, times the rate", symbol=(r"\lambda", "λ"))
MOMENTUM = Setting(
    "momentum", 0.9, "how much of the last step is kept", high=1, open_high=True, symbol=(r"\mu", "μ")
)

_SCHEDULED = (DECAY, GAMMA, EVERY, WARMUP, COSINE)
_RUN = (STEPS, EPOCHS, BATCH, SEED, REPLACE, ORDER, WEIGHT_DECAY, *_SCHEDULED)

SCHEDULES: tuple[Schedule, ...] = (
    Schedule(
        "decay", "1 / (1 + decay * t)", "The rate falls as the reciprocal of the steps.",
        "Robbins and Monro 1951, A stochastic approximation method",
    ),
    Schedule("gamma", "gamma ** (t // every)", "The rate falls by a factor.", "torch.optim.lr_scheduler.StepLR"),
    Schedule(
        "warmup", "min(1, (t + 1) / warmup)", "The rate grows evenly at first.",
        "Goyal et al. 2017, Accurate, large minibatch SGD: training ImageNet in 1 hour",
    ),
    Schedule(
        "cosine", "(1 + cos(pi * t / steps)) / 2", "The rate falls along half a cosine.",
        "Loshchilov and Hutter 2017, SGDR: stochastic gradient descent with warm restarts",
    ),
)  # fmt: skip

_ADAM = (
    "m = beta1 * m + (1 - beta1) * g",
    "v = beta2 * v + (1 - beta2) * g**2",
    "m_hat = m / (1 - beta1**t)",
    "v_hat = v / (1 - beta2**t)",
    "w = w - rate * m_hat / (sqrt(v_hat) + eps)",
)

OPTIMISERS: dict[str, Optimiser] = {
    o.name: o
    for o in (
        Optimiser(
            "gd", "Gradient descent over all the data.", ("w = w - rate * g",), (),
            (_rate_setting(0.1), STEPS, EPOCHS, SEED, WEIGHT_DECAY, *_SCHEDULED),
            "Cauchy 1847, Méthode générale pour la résolution des systèmes", takes_all=True, title="gradient descent",
        ),
        Optimiser(
            "sgd", "Stochastic gradient descent: a batch a step.", ("w = w - rate * g",), (), (_rate_setting(0.1), *_RUN),
            "Robbins and Monro 1951, A stochastic approximation method; torch.optim.SGD", title="stochastic gradient descent",
        ),
        Optimiser(
            "momentum", "Gradient descent that keeps a part of the last step.",
            ("v = momentum * v + g", "w = w - rate * v"), ("v",),
            (_rate_setting(0.1), MOMENTUM, *_RUN),
            "Polyak 1964, Some methods of speeding up the convergence of iteration methods; torch.optim.SGD",
            title="gradient descent with momentum",
        ),
        Optimiser(
            "adam", "Steps of the mean gradient over the root of the mean square.", _ADAM, ("m", "v"),
            (_rate_setting(0.001), BETA1, BETA2, EPS, *_RUN),
            "Kingma and Ba 2015, Adam: a method for stochastic optimization; torch.optim.Adam", title="Adam",
        ),
        Optimiser(
            "adamw", "Adam with weights pulled to 0 beside the gradient.", _ADAM, ("m", "v"),
            (
                _rate_setting(0.001), BETA1, BETA2, EPS, replace(WEIGHT_DECAY, default=0.01),
                *(s for s in _RUN if s is not WEIGHT_DECAY),
            ),
            "Loshchilov and Hutter 2019, Decoupled weight decay regularization; torch.optim.AdamW", pulls=True, title="AdamW",
        ),
        Optimiser(
            "rmsprop", "Steps of the gradient over the root of its mean square.",
            ("v = beta2 * v + (1 - beta2) * g**2", "w = w - rate * g / (sqrt(v) + eps)"), ("v",),
            (_rate_setting(0.01), replace(BETA2, default=0.99), EPS, *_RUN),
            "Tieleman and Hinton 2012, Lecture 6.5; torch.optim.RMSprop", title="RMSprop",
        ),
    )
}  # fmt: skip

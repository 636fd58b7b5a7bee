"""Traces of diagrams, and their printed lines read and computed again, with many digits and by other formulas."""

import re
from dataclasses import dataclass

import mpmath as mp
import numpy as np

import flowc
from flowc.learning.trace.build import trace
from flowc.learning.trace.formula import Quantity
from flowc.learning.trace.text import as_text
from flowc.nets.trace_values import find_values

mp.mp.dps = 40

FUNCTIONS = {
    "step": lambda x: mp.mpf(x >= 0),
    "sign": mp.sign,
    "logistic": lambda x: 1 / (1 + mp.exp(-x)),
    "tanh": mp.tanh,
    "relu": lambda x: max(x, mp.mpf(0)),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * (mp.exp(x) - 1),
    "gelu": lambda x: x * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3))) / 2,
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "abs": abs,
    "exp": mp.exp,
    "log": mp.log,
    "sqrt": mp.sqrt,
    "square": lambda x: x * x,
    "sin": mp.sin,
    "cos": mp.cos,
    "max": lambda *xs: max(xs),
    "min": lambda *xs: min(xs),
    "argmax": lambda *xs: xs.index(max(xs)),
}
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?")
SIZED = re.compile(r"\((\d+) more, (?:together|at most|at least) ([^()]*)\)")
ASKED = re.compile(r"(argmax\((?:[^()]|\([^()]*\))*\))\[([^\]]*)\]")


@dataclass(frozen=True)
class Printed:
    """A line as it is printed: what it is of, what stands between the signs of equality, the last sign, the result."""

    name: str
    pieces: tuple[str, ...]
    sign: str
    result: str

    @property
    def numbers(self):
        """The formula in numbers; "" where there is none."""
        last = self.pieces[-1] if self.pieces else ""
        names = re.findall(r"[^\W\d]\w*\b(?!\()", NUMBER.sub("", SIZED.sub("", ASKED.sub("", last))))
        return "" if names else last


def traced(text, values, *, backend="numpy", dtype="float64", weights=None, seed=0, rate=None, **choices):
    """The trace of a diagram, text or compiled, for one token: names to numbers, or to arrays of a batch of one."""
    flow = flowc.loads(text) if isinstance(text, str) else text
    net = flow.compile(backend, dtype=dtype)
    weights = net.init(seed) | {name: np.array(w, float) for name, w in (weights or {}).items()}
    batch = {name: np.array(x, float)[None] if np.ndim(x) == ndim(flow, name) else x for name, x in values.items()}
    return trace(flow.network, find_values(flow.network, net, weights, batch, rate), dtype=dtype, **choices)


def ndim(flow, name):
    return len(flow.network.node(name).shape)


def of_example(path, values, **choices):
    return traced(flowc.load(f"examples/{path}"), values, **choices)


def number(trace, name):
    """The number of that name, with all of its digits."""
    return {trace.names.name_of(q): value for q, value in trace.numbers.items() if isinstance(q, Quantity)}[name]


def last_name(head):
    """The last word, with those before it whose bracket it ends: an element's name may hold blanks."""
    *words, name = head.split()
    while name.count("]") > name.count("["):
        name = f"{words.pop()} {name}"
    return name


def rows(trace):
    """The printed lines."""
    found = []
    for line in as_text(trace, width=10**9).partition("\nwhere\n")[0].splitlines():
        if line.startswith("  ") and (" = " in line or " ≈ " in line):
            head, *pieces, result = (piece.strip() for piece in re.split(r" [=≈] ", line))
            found.append(Printed(last_name(head), tuple(pieces), "≈" if " ≈ " in line else "=", result))
    return found


def computed(row):
    """The value of a printed formula in numbers; the element that argmax is asked about is found among its names."""
    text = SIZED.sub(r"(\2)", row.numbers)
    for (names, element), (call, _) in zip(ASKED.findall(row.pieces[0]), ASKED.findall(text), strict=True):
        place = [name.split(",")[-1] for name in re.findall(r"\[([^\]]*)\]|more", names)].index(element)
        text = text.replace(f"{call}[{element}]", f"({call} == {place})")
    numbers = NUMBER.sub(lambda found: f"mpf('{found[0]}')", text.replace("^", "**"))
    return mp.mpf(eval(numbers, {"__builtins__": {}, "mpf": mp.mpf, **FUNCTIONS}))


def unit(result, least):
    """One of the last digit of a printed number; of a number with fewer digits than `least`, of that digit."""
    digits, _, exponent = result.lstrip("-").partition("e")
    if not mp.mpf(result):
        return mp.mpf(10) ** -least
    decimals = len(digits.partition(".")[2]) - int(exponent or 0)
    first = int(mp.floor(mp.log10(abs(mp.mpf(result)))))
    return mp.mpf(10) ** min(0, -decimals, first - least + 1)


def assert_recomputed(trace, least=4):
    """Every printed line gives its result to the last digit. How many there were, and those marked ≈, which need not."""
    close, count, results = [], 0, {}
    for row in rows(trace):
        assert results.setdefault(row.name, row.result) == row.result, f"{row.name} is printed in two ways"
        if row.sign == "≈":
            close.append(row)
        elif row.numbers:
            off = abs(computed(row) - mp.mpf(row.result))
            assert off <= unit(row.result, least) / 2 * (1 + mp.mpf("1e-9")), row
            count += 1
        elif row.pieces:  # the same number by another name
            name = row.pieces[-1].lstrip("-")
            assert results.get(name, row.result.lstrip("-")).lstrip("-") == row.result.lstrip("-"), row
    return count, close

"""What a stranger has to write with: names, functions, sizes, and what is written of them."""

from __future__ import annotations

from dataclasses import dataclass, field

Dims = tuple[int, ...]

SIMPLE = ["x", "y", "z", "a", "b", "c", "d", "f", "g", "h", "m", "n", "o", "p", "q", "r", "s", "u", "v", "w"]
NUMBERED = ["x1", "x2", "h1", "h2", "h10", "w1", "w2", "y1", "f1", "xi1", "b1", "x_1", "h_1", "f_1", "loss_1", "W1", "e0"]
KEYWORDS = ["flow", "index", "input", "target", "node", "nodes", "output", "weight", "edges", "loss", "data", "train"]
PYTHON = ["lambda", "class", "None", "True", "def", "print", "np", "torch", "math", "self", "model", "forward", "gradients", "learn", "rate", "seed", "len", "is"]
FUNCTIONS = ["exp", "tanh", "max", "sum", "mean", "softmax", "step", "normal", "he", "mse", "dot", "power", "sse"]
LETTERS = ["ξ", "θ", "größe", "変数", "x̂", "ñandu", "жук", "σ", "ξ₁", "λ", "é_2", "Ω"]
CODE = ["xi_h", "d_x", "d_f", "W_h_x", "b_h", "w_h1_x1", "L", "e", "h_", "_", "__", "xi", "d_xi_h", "T", "size", "rows", "batch", "out", "value", "grad"]
POOLS = (SIMPLE, SIMPLE, NUMBERED, KEYWORDS, PYTHON, FUNCTIONS, LETTERS, CODE)
ELEMENTS = ("cat dog bird", "red green blue", "if not or", "setosa 'Iris versicolor' virginica", "l r q_7", "ja nein ä")
VARIABLES = ("i", "j", "k", "t", "α", "ii")

SMOOTH = ["identity", "logistic", "sigmoid", "σ", "tanh", "gelu", "silu", "swish", "softplus", "sin", "cos", "square"]
KINKED = ["relu", "ReLU", "abs", "leaky_relu", "elu"]
JUMPS = ["step", "u", "heaviside", "sign", "sgn", "signum"]
OF_VECTORS = ["softmax", "log_softmax", "ln_softmax", "argmax"]
SUM, PRODUCT, MINUS, POWER, ATOM = range(5)  # how tightly an expression binds


@dataclass(frozen=True)
class Axis:
    """As it is written in a declaration, and the elements' names."""

    written: str
    labels: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return self.labels[0].lstrip("-").isdigit()


@dataclass(frozen=True)
class Part:
    """A node or a weight. `axes` are None where the text does not say what elements are called; `late`: of a target."""

    name: str
    dims: Dims
    axes: tuple[Axis, ...] | None
    role: str
    late: bool = False
    function: str = ""
    fixed: bool = False


@dataclass(frozen=True)
class Text:
    """What was written, its statements, and the files beside it."""

    text: str
    statements: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


def words(text: str) -> list[str]:
    """Words, or texts in quotes that may hold blanks."""
    words, inside = [""], False
    for sign in text:
        inside ^= sign == "'"
        if sign == " " and not inside:
            words.append("")
        else:
            words[-1] += sign
    return words

"""Prints docs/functions.md from the registry:  python docs/make_functions.py > docs/functions.md"""

from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS
from flowc.maths.initialisers import INITIALISERS
from flowc.maths.optimisers import OPTIMISERS, SCHEDULES, Setting

HEAD = """# The functions

Made from the records of `flowc/maths/` by `python docs/make_functions.py > docs/functions.md`; a test keeps them equal.

An activation stands after a declaration's `:`, as in `node h : tanh`, or in an equation, as in `h = tanh(x + 1)`.
Where a derivative does not exist, the column "at kinks" says what every backend gives."""

SECTIONS = (
    ("Activations of each element", ("elementwise",)),
    ("Activations of a vector, over its last index", ("vector",)),
    ("Operations of nodes, or over a vector's elements", ("reduction", "operation")),
    ("Losses of one token", ("loss",)),
)


def usage(function: Function) -> str:
    """How a diagram writes it, as `leaky_relu(xi, slope=0.01)`."""
    written = [a for a in function.arguments if not (function.of_excitation and a == "xi")]
    parameters = [name if default is None else f"{name}={default:g}" for name, default in function.parameters]
    return f"{function.name}({', '.join([*written, *(['...'] if function.many else []), *parameters])})"


def row(function: Function) -> str:
    notes = [function.summary.removesuffix(".") + "."]
    if function.aliases:
        notes.append(f"Also written {', '.join(f'`{alias}`' for alias in function.aliases)}.")
    if function.of_excitation:
        nodes = " or ".join(f"`{name}`" for name in function.of_excitation)
        notes.append(f"`f` is the name of a {nodes} node: the loss uses its excitation.")
    if function.over_batch == "sum":
        notes.append("The one loss that adds over the batch.")
    latex = function.latex.replace("|", r"\vert ")
    return f"| `{usage(function)}` | ${latex}$ | {' '.join(notes)} | {function.kink} | {function.source} |"


def page() -> str:
    lines = [HEAD]
    for title, kinds in SECTIONS:
        lines += [f"\n## {title}\n", "| | formula | | at kinks | source |", "|---|---|---|---|---|"]
        lines += [row(function) for function in FUNCTIONS.values() if function.kind in kinds]
    lines += [
        "\n## How weights start\n",
        "| after `~` | distribution | its two numbers | source |",
        "|---|---|---|---|",
    ]
    for initialiser in INITIALISERS.values():
        call = f"`{initialiser.name}({', '.join(initialiser.parameters)})`" if initialiser.parameters else None
        written = call or ("nothing" if initialiser.name == "default" else f"`{initialiser.name}()`")
        numbers = ", ".join(f"`{text}`" for text in initialiser.spelled)
        lines.append(f"| {written} | {initialiser.distribution} | {numbers} | {initialiser.source} |")
    return "\n".join([*lines, *learning()]) + "\n"


def learning() -> list[str]:
    """The methods of `train`, and the schedules of their rate."""
    lines = ["\n## How weights learn\n", "| method | a step, from the weight `w` with the gradient `g` | settings of its own | source |", "|---|---|---|---|"]
    shared = [s for s in OPTIMISERS["sgd"].settings if s.name != "rate"]
    for method in OPTIMISERS.values():
        steps = "; ".join(f"`{line}`" for line in method.step)
        own = ", ".join(f"`{s.name}={s.default:g}`" for s in method.settings if s not in shared)
        lines.append(f"| `{method.name}` | {steps} | {own} | {method.source} |")
    lines += ["\n`t` is the number of the step, from 1. The settings that most methods share:\n"]
    lines += ["| setting | default | |", "|---|---|---|"]
    lines += [f"| `{s.name}` | {default_of(s)} | {s.summary} |" for s in shared]
    lines += ["\nThe rate of step t, which count from 0 here, is `rate` times\n", "| setting | factor | source |", "|---|---|---|"]
    return [*lines, *(f"| `{s.setting}` | `{s.factor}` | {s.source} |" for s in SCHEDULES)]


def default_of(setting: Setting) -> str:
    if setting.default is None:
        return ""
    return f"`{setting.words[int(setting.default)]}`" if setting.words else f"{setting.default:g}"


if __name__ == "__main__":
    print(page(), end="")

"""Every example in every form that flowc prints. As a script: the sources of all of them, as JSON."""

import contextlib
import io
import json
import sys
from pathlib import Path

from flowc.__main__ import main

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.flow"))

# The diagrams that are a chain of torch's standard layers.
CHAINS = ("iris", "layers", "net232", "softmax")

OPTIONS = {
    "numpy": ["--backend", "numpy"],
    "numpy_nodes": ["--backend", "numpy", "--style", "nodes"],
    "torch_autograd": ["--backend", "torch", "--gradient", "autograd"],
    "torch_explicit": ["--backend", "torch", "--gradient", "explicit"],
    "torch_nodes": ["--backend", "torch", "--gradient", "explicit", "--style", "nodes"],
    "torch_module": ["--backend", "torch", "--form", "module"],
    "torch_sequential": ["--backend", "torch", "--form", "sequential"],
}
FUNCTIONS = ("numpy", "numpy_nodes", "torch_autograd", "torch_explicit", "torch_nodes")
VARIANTS = [(name, form) for name in NAMES for form in OPTIONS if form != "torch_sequential" or name in CHAINS]


def flowc(*arguments):
    """Exit status, standard output and standard error of the command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(a) for a in arguments])
    return status, out.getvalue(), err.getvalue()


def source(name, form, *more):
    status, out, err = flowc("compile", EXAMPLES / f"{name}.flow", *OPTIONS[form], *more)
    assert status == 0, err
    return out


def everything():
    return {f"{name}_{form}": source(name, form) for name, form in VARIANTS}


if __name__ == "__main__":
    json.dump(everything(), sys.stdout)

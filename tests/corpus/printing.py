"""Every way in which `flowc compile` prints a diagram, and the texts that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

import numpy as np

import flowc
from flowc import pipeline
from flowc.backends import find
from flowc.backends.backend import Options, Refused, lowering
from flowc.graph.network import Network, Table
from flowc.nets.data_sample import data_sample
from flowc.nets.diagram_data import diagram_data
from flowc.nets.opened import Opened
from flowc.program import differentiate, lower

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
PATHS = {path.stem: path for folder in (EXAMPLES, HERE / "diagrams") for path in sorted(folder.glob("*.flow"))}

COMMAND = "flowc compile FILE"
OUTPUT = "numbers.py"
LOWERED = [(None, None), ("layers", None), ("layers", "sparse"), ("fast", None), ("fast", "dense"), ("fast", "sparse")]
PLAIN = [("fast", "scalar"), ("fast", "chunked")]


def ways() -> Iterator[tuple[str, Options]]:
    """Backend and options; with a name each, `name_of`."""
    for (style, forced), dtype in product([*LOWERED, *PLAIN], (None, "float32")):
        yield "numpy", Options(style=style, lower=forced, dtype=dtype)
    yield "numpy", Options(style="fast", lower="scalar", batch=1)
    for (style, forced), gradient in product(LOWERED, ("explicit", "autograd")):
        yield "torch", Options(style=style, lower=forced, gradient=gradient)
    for form, style in product(("module", "sequential"), (None, "layers")):
        yield "torch", Options(form=form, style=style)
    for style in (None, "layers"):
        yield "numpy", Options(train=True, style=style)
    for how in (None, "sparse"):
        yield "c", Options(style="fast", lower=how)
    yield "c", Options(style="fast", lower="dense", dtype="float32")
    yield "numpy", Options(gradient="tape")
    yield "numpy", Options(gradient="tape", train=True)
    yield "c", Options()
    yield "c", Options(dtype="float32")
    yield "c", Options(train=True)
    yield "javascript", Options()
    yield "torch", Options(train=True, gradient="explicit")
    for form, optimizer in product((None, "module", "sequential"), (False, True)):
        yield "torch", Options(train=True, form=form, optimizer=optimizer)


def name_of(backend: str, options: Options) -> str:
    """`torch-fast-dense-explicit`: the words by which options are told apart."""
    words = (backend, options.form, options.style, options.lower, options.gradient, options.dtype)
    flags = [word for word in ("train", "optimizer") if getattr(options, word)]
    return "-".join([*filter(None, words), *([f"batch{options.batch}"] if options.batch else []), *flags])


@cache
def printed(diagram: str) -> dict[str, str]:
    """The text of each way; where a backend refuses, its sentence."""
    network = flowc.load(PATHS[diagram]).network
    return {name_of(*way): _text(network, *way) for way in ways()} | {
        f"{backend}-values": _values(network, backend) for backend in ("numpy", "torch")
    }


def _text(network: Network, backend: str, options: Options) -> str:
    sample = data_sample(Opened(network), print) if options.train else None
    options = replace(options, command=COMMAND, output=OUTPUT, sample=sample, data=_rows_of_table(network) if options.train else None)
    printer = find(backend)
    try:
        how = lowering(network, printer, options.form, options.style, options.lower, options.batch)
        return printer.emit(network, pipeline.plan(network, how), options).text
    except (Refused, ValueError) as refusal:
        return f"refused: {refusal}\n"


def _rows_of_table(network: Network) -> dict[str, np.ndarray] | None:
    """The data, where every processor computes the same."""
    if not any(isinstance(d, Table) and d.part != "test" for d in network.data):
        return None
    dataset = diagram_data(Opened(network), "train", network.seed, outputs=False)
    return dataset.arrays if dataset else None


def _values(network: Network, backend: str) -> str:
    """The source of the API, of everything that has a name."""
    program = lower(network)
    program = differentiate(program, program.loss, program.weights) if program.loss else program
    wanted = {f"{s.kind} {s.owner}": s for s in (*program.activations.values(), *program.excitations.values())}
    wanted |= {f"gradient {s.owner}": d for s, d in program.gradients.items()}
    return find(backend).emit_values(network, program, wanted, Options())


def digests(diagram: str) -> str:
    """A line for each way: the first of the text's digits by SHA-256, and the way."""
    return "".join(f"{sha256(text.encode()).hexdigest()[:16]} {way}\n" for way, text in printed(diagram).items())

"""What `run`, `trace`, `test` and `train` share: the options, and what they come to: a net, its weights, its data."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowc.doors.files import name_of, read, read_numbers
from flowc.doors.guard import Trouble, say
from flowc.doors.paths import INPUT
from flowc.doors.settings import setting, settings

if TYPE_CHECKING:
    import numpy as np

    from flowc.doors.api import Flow
    from flowc.doors.net import Net
    from flowc.graph.network import Network
    from flowc.learning.dataset import Dataset


DIGITS = 15  # of a whole number on the command line


def configure(
    parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json"), training: bool = False
) -> None:  # fmt: skip
    """`training`: the verb learns from data, else it takes values, too."""
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    if not training:
        parser.add_argument(
            "values", metavar="NAME=VALUE", nargs="*", default=[], help="inputs and targets: `x1=0`, `x=1,2`, `y=cat`"
        )
    options(parser, formats)


def options(parser: argparse.ArgumentParser, formats: Sequence[str], backend: str | None = "numpy") -> None:
    """Those that say of what, how it is computed and how shown. `backend` None: all that are installed."""
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument("--row", metavar="N", type=row, help="one row of the data alone; rows count from 1")
    parser.add_argument(
        "--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    which = f"numpy or torch; {backend or 'all that are installed'} by default"
    parser.add_argument("--backend", metavar="NAME", default=backend, help=which)
    parser.add_argument("--dtype", metavar="DTYPE", default="float64", help="float64 by default, or another")
    parser.add_argument("--device", metavar="DEVICE", help="of torch, as `cuda`")
    parser.add_argument("--seed", metavar="N", type=whole, help="of the weights' draws and the order of tokens")
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"{formats[0]} by default")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def row(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        raise argparse.ArgumentTypeError(f"`{text}` is no row; they count from 1, as `--row 2`")
    return positive(text)


def positive(text: str) -> int:
    """A number that counts from 1. Raises argparse.ArgumentTypeError."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 on")
    return number


def whole(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 0 on")
    if len(text) > DIGITS:
        raise argparse.ArgumentTypeError(f"`{text}` has more than {DIGITS} digits")
    return int(text)


@dataclass(frozen=True)
class Prepared:
    """`data`: values of the command line, of a file, or the diagram's; None where there are none."""

    flow: Flow
    net: Net
    weights: dict[str, np.ndarray]
    data: Dataset | None


def prepare(chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Prepared:
    """`targets`: they are needed; `outputs`: what data say of them is read. Raises Trouble, FlowError; warnings are told."""
    values = getattr(chosen, "values", [])
    if values and (chosen.data or chosen.row):
        raise Trouble(f"values and `--{'data' if chosen.data else 'row'}` say the same in two ways; give one")
    flow = understood(chosen.file, settings(chosen.set))
    net = net_of(flow, chosen)
    weights = weights_of(flow, net, chosen)
    if values:
        from flowc.doors.values import from_values

        data: Dataset | None = from_values(flow.network, values, targets)
    else:
        data = _of_row(chosen.row, data_of(flow, chosen, targets, outputs))
    return Prepared(flow, net, weights, data)


def understood(path: str, given: dict[str, int]) -> Flow:
    """The diagram, apart from whose files outputs stand from now on. Raises Trouble, FlowError."""
    from flowc import pipeline
    from flowc.doors.api import Flow
    from flowc.doors.beside import beside, declare_data
    from flowc.doors.messages import tell
    from flowc.graph.network import File
    from flowc.syntax.text import decode

    source = decode(read(path), name_of(path))
    found = pipeline.understand(source, given, beside(path))
    declare_data((d.path for d in found.network.data if isinstance(d, File)), path)
    tell(source, found.warnings)
    return Flow(found.network, found.warnings, tuple(given.items()))


def net_of(flow: Flow, chosen: argparse.Namespace) -> Net:
    """Raises Trouble for what the backend does not have."""
    try:
        net = flow.compile(chosen.backend, dtype=chosen.dtype, device=chosen.device)
        net.check()
        return net
    except (ValueError, ModuleNotFoundError) as error:
        raise Trouble(str(error)) from None


# ------------------------------------------------------------------------------------------------------------- weights


def weights_of(flow: Flow, net: Net, chosen: argparse.Namespace) -> dict[str, np.ndarray]:
    """Of the file, or where the diagram lets them start. Raises Trouble."""
    return learnt(flow, chosen.weights) if chosen.weights else net.init(seed_of(flow, chosen))


def learnt(flow: Flow, path: str) -> dict[str, np.ndarray]:
    """The weights in a file. Raises Trouble."""
    check_safetensors()
    from flowc.learning.weights import BadWeights, read_weights

    try:
        return read_weights(flow.network, read_numbers(path))
    except BadWeights as why:
        raise Trouble(f"cannot use the weights of `{path}`: {why}") from None


def check_safetensors() -> None:
    """Raises Trouble where the package is not installed."""
    from importlib.util import find_spec

    if find_spec("safetensors") is None:
        raise Trouble("weights are kept in safetensors files: `pip install flowc[train]`")


def seed_of(flow: Flow, chosen: argparse.Namespace) -> int:
    """That of the command line, else that of the diagram's `train`, else 0."""
    return own_seed(flow.network) if chosen.seed is None else chosen.seed


def own_seed(network: Network) -> int:
    """The one that its `train` statement names, else 0."""
    return int(network.train.setting("seed", 0)) if network.train else 0


def drawn(flow: Flow, chosen: argparse.Namespace) -> bool:
    """Whether the weights are drawn, so that the numbers are an example's only."""
    from flowc.graph.network import Draw

    return chosen.weights is None and any(w.learnt and isinstance(w.start, Draw) for w in flow.network.weights)


def tell_of_draws(flow: Flow, chosen: argparse.Namespace) -> None:
    if drawn(flow, chosen):
        say(f"weights are drawn, with the seed {seed_of(flow, chosen)}; `--weights FILE` gives learnt ones")


# ---------------------------------------------------------------------------------------------------------------- data


def data_of(flow: Flow, chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Dataset | None:
    """Of the file, or the diagram's. `targets`: they are needed; `outputs`: they are read. Raises Trouble."""
    from flowc.doors.beside import beside
    from flowc.learning.dataset import BadData, dataset, from_file

    part = "train" if targets or any(d.part == "train" for d in flow.network.data) else "test"  # needs no targets
    try:
        if chosen.data:
            return from_file(flow.network, chosen.data, read_numbers(chosen.data), targets, outputs)
        return dataset(flow.network, part, beside(chosen.file), seed_of(flow, chosen), outputs)
    except BadData as error:
        raise Trouble(str(error)) from None


def _of_row(row: int | None, data: Dataset | None) -> Dataset | None:
    """One row of the data, if one is asked for. Raises Trouble."""
    if row is None:
        return data
    if data is None:
        raise Trouble("`--row` takes a row of the data, and there are none; give `--data FILE`, or values")
    if row > data.tokens:
        raise Trouble(no_row(row, data))
    return data.take([row - 1])


def no_row(row: int, data: Dataset) -> str:
    return f"there is no row {row}; {data.name} has {data.tokens}"
